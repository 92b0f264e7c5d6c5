import { expect, test } from 'vitest';
import { sourceFacts } from './source-facts.ts';

test('every way of writing an import is read', () => {
  const source = `
    import "a.sol";
    import 'b.sol' as B;
    import * as C from "c.sol";
    import {D, E as F} from "d.sol";
    import /* why "not.sol" */ {
      G // from "not.sol";
    } from
      "g.sol" ;`;
  expect(sourceFacts(source).imports.map((one) => one.path)).toEqual([
    'a.sol',
    'b.sol',
    'c.sol',
    'd.sol',
    'g.sol',
  ]);
});

test('comments, strings and bodies hold no statements', () => {
  const source = `
    // import "comment.sol";
    /* pragma solidity 0.4.0; import "block.sol"; contract Gone {} */
    string constant text = "import 'string.sol'; /* ";
    string constant escaped = "\\" import 'escaped.sol';";
    contract Real { function f() public { /* } */ string memory s = "}"; uint import_; } }
    import "real.sol";`;
  const facts = sourceFacts(source);
  expect(facts.imports.map((one) => one.path)).toEqual(['real.sol']);
  expect(facts.pragmas).toEqual([]);
  expect(facts.declarations.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['contract Real']);
});

test('declarations carry their kind, pragmas their range', () => {
  const facts = sourceFacts(`
    pragma solidity >=0.8.0 /* or so */ <0.9.0;
    pragma abicoder v2;
    abstract contract A {} interface I {} library L {} contract C is A, I {} struct S { uint a; }`);
  expect(facts.pragmas.map((one) => one.range)).toEqual(['>=0.8.0 <0.9.0']);
  expect(facts.declarations.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'abstract A',
    'interface I',
    'library L',
    'contract C',
  ]);
});

test.each(['import "', '/*', 'pragma solidity', 'contract', '"\\', 'import', '}}}', 'import {'])(
  'broken text %j is left to the compiler',
  (source) => {
    expect(() => sourceFacts(source)).not.toThrow();
  },
);

test('an import tells the names that it takes, and how they are called here', () => {
  const source = `import {A, B as C} from "a.sol"; import "b.sol"; import "c.sol" as D; import * as E from "d.sol";
    import {} from "e.sol"; import { /* F, */ G as H, G , } from "f.sol";`;
  const shown = sourceFacts(source).imports.map(({ path, names, unit }) => [
    path,
    names && Object.fromEntries(names),
    unit,
  ]);
  expect(shown).toEqual([
    ['a.sol', { A: 'A', C: 'B' }, undefined],
    ['b.sol', undefined, undefined],
    ['c.sol', undefined, 'D'],
    ['d.sol', undefined, 'E'],
    ['e.sol', {}, undefined],
    ['f.sol', { H: 'G', G: 'G' }, undefined],
  ]);
});

test('other names of the file level', () => {
  const { otherNames } = sourceFacts(`
    struct S { uint inner; } enum E { X } error Failed(uint a); event Done(); type T is uint;
    uint256 constant MAX = 1; string constant NAME = "contract Fake {"; function free(uint error) pure {}
    contract C { struct Hidden { uint a; } error AlsoHidden(); } using L for uint global;`);
  expect([...otherNames]).toEqual(['S', 'E', 'Failed', 'Done', 'T', 'MAX', 'NAME', 'free']);
});

test('a body is passed over whatever stands in it', () => {
  const { declarations } = sourceFacts(
    `contract A { string s = "}"; string t = '\\'}'; /* } */ // }\n bytes b = hex"7d"; { { } } } contract B {}`,
  );
  expect(declarations.map(({ name }) => name)).toEqual(['A', 'B']);
});
