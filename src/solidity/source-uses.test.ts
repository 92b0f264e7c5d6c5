import { expect, test } from 'vitest';
import { sourceUses } from './source-uses.ts';

const bases = (source: string, contract: string) =>
  Object.fromEntries(sourceUses(source).contracts.get(contract)?.bases ?? []);
const calls = (source: string) =>
  Object.fromEntries([...sourceUses(source).calls].map(([name, arities]) => [name, [...arities]]));

test('bases, with what their constructors are given', () => {
  const source = `
    contract A is B, C(1), mod.D(f(1, 2), "x"), E {
      constructor(uint a, uint b) E() F(a, g(b)) only(a) initializer payable { H(1); }
    }
    abstract contract Half is B { constructor(address[] memory x) {} }`;
  const { B, C, D, E, F, ...rest } = bases(source, 'A');
  expect({ B, C, D, E, F }).toEqual({ B: undefined, C: 1, D: 2, E: 0, F: 2 });
  expect(Object.keys(rest)).toEqual(['only']);
  expect(sourceUses(source).contracts.get('A')).toMatchObject({ kind: 'contract', constructorParameters: 2 });
  expect(sourceUses(source).contracts.get('Half')).toMatchObject({
    kind: 'abstract',
    constructorParameters: 1,
  });
});

test('calls with the number of their arguments; of members only the name', () => {
  expect(
    calls(`contract A { function own(uint a) public only(1) ready returns (uint named) {
      one(a); two(f(1, 2), [1, 2, 3]); none(); none( /* nothing */ ); token.member(1, 2); super.above(1, 2);
      struct_({a: 1, b: 2}); emit Event(1, 2); revert Failed(); x.y.z; t.call{value: 1}(""); two("a, b");
    } }`),
  ).toMatchObject({
    ...{ one: [1], two: [2, 1], f: [2], none: [0], member: [], above: [2], struct_: [], Event: [2] },
    ...{ Failed: [0], y: [], z: [], only: [1], ready: [] },
  });
  expect(calls('contract A { function own(uint a) public returns (uint named) {} }')).not.toHaveProperty(
    'named',
  );
});

test('declarations with the number of their parameters and who may override them', () => {
  const { declared, overrides, types } = sourceUses(`
    interface I { function i(uint a, uint b) external; event E(uint indexed a); }
    contract A {
      error Failed(); struct S { uint a; } enum N { X } modifier m() virtual { _; } modifier bare { _; }
      function f() internal virtual {} function p(mapping(uint => uint) storage x) private {}
      function o(uint a) public view override(I, J) virtual returns (uint b) {}
      function (uint) external stored;
    }
    type T is uint; function free(uint a) pure {}`);
  const shown = (map: typeof declared) =>
    [...map].map(([name, [shape]]) => {
      const { parameters, isVirtual, isPrivate } = shape ?? {};
      return `${name}/${parameters}${isVirtual ? ' virtual' : ''}${isPrivate ? ' private' : ''}`;
    });
  expect(shown(declared)).toEqual([
    ...['i/2 virtual', 'E/1 virtual', 'Failed/0', 'm/0 virtual', 'bare/0', 'f/0 virtual', 'p/1 private'],
    'free/1',
  ]);
  expect(shown(overrides)).toEqual(['o/1 virtual']);
  expect([...types]).toEqual(['I', 'A', 'S', 'N', 'T']);
});

test('comments and texts hold nothing', () => {
  const { calls: found, words } = sourceUses('/* a(1) */ string s = "b(2)"; // c(3)\n d(4);');
  expect([...found.keys()]).toEqual(['d']);
  expect([...words]).toEqual(['string', 's', 'd', '4']);
});

test.each(['(', ')', '}{', 'contract', 'contract A is', 'function f(', 'super.', '((((', 'constructor('])(
  'broken text %j is left to the compiler',
  (source) => {
    expect(() => sourceUses(source)).not.toThrow();
  },
);

test('deep nesting costs no more than its length', () => {
  const depth = 200_000;
  const { calls: found } = sourceUses(
    `contract A { function f() public { ${'g('.repeat(depth)}${')'.repeat(depth)}; } }`,
  );
  expect([...(found.get('g') ?? [])]).toEqual([0, 1]);
});
