import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  at,
  complaints,
  contract,
  type Example,
  expectHint,
  file,
  inside,
  two,
} from '../../test/support/solidity-complaints.ts';
import { hintsByCode } from './hint-codes.ts';
import { startCompiler } from './start-compiler.ts';
import type { Compiler, CompileSettings } from './types.ts';

/** Every hint is provoked: one compiler process compiles a small source for each. */
let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler({ workers: 2 });
});
afterAll(() => compiler.close());

/** Where names, types, words or settings decide: code, source, and what the hint has to say. */
const advised: [code: string, source: string, hint: string, more?: Partial<Example>][] = [
  // Words of older Solidity and of other languages
  ['2314', inside('s = 1 finney;'), '1e15 wei'],
  ['2314', inside('s = 1 szabo;'), '1e12 wei'],
  ['9182', contract('byte b;'), 'bytes1'],
  ['6933', inside('var x = a;'), 'the type of the value in place of var'],
  ['6933', inside('let x = 1;'), 'a type in place of let'],
  ['6933', inside('address x = null;'), 'There is no null'],
  ['7576', inside('s = undefined;'), 'There is no undefined'],
  ['7920', contract('float x;'), 'no fractions at run time'],
  ['7920', contract('double x;'), 'no fractions at run time'],
  ['2314', inside('if (a > 1 and a < 2) {}'), 'Write &&'],
  ['2314', inside('if (a > 1 or a < 2) {}'), 'Write ||'],
  ['2314', contract('function f() public constant returns (uint) {}'), 'Write "view" or "pure"'],
  ['2314', contract('uint x constant = 1;'), 'between type and name'],
  ['2314', contract('uint match;'), 'match is reserved'],

  // What cannot be read at all
  ['8936', contract('string s = "ü";'), 'unicode"…"'],
  ['8936', contract('string s = "abc;\n'), 'Close the string'],
  ['8936', contract('string s = "\\q";'), 'Write a backslash as \\\\'],
  ['8936', contract('uint x = 0123;'), 'leading zero'],
  ['8936', contract('bytes b = hex"123";'), 'two hex digits'],
  ['8936', contract('string s = “x”;'), 'only ASCII is read'],

  // Names
  [
    '7576',
    contract('uint totalSupplyOfAllTokens; function f() public { totalSuplyOfAlTokns = 1; }'),
    'Did you mean totalSupplyOfAllTokens?',
  ],
  ['7576', inside('_;'), 'in modifiers only'],
  ['7576', contract('function g() external {} function f() public { g(); }'), 'only as this.g(…)'],
  [
    '7576',
    two('uint private hidden;', 'function f() public { hidden = 1; }'),
    'hidden is declared, but not to be seen',
  ],
  [
    '7920',
    contract('Toekn x;'),
    'Import it: Toekn is declared in B.sol.',
    { others: { 'B.sol': file('contract Toekn {}') } },
  ],
  [
    '7920',
    file('contract C is Ownable {}'),
    'import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";',
  ],
  [
    '9589',
    contract('using SafeMath for uint;'),
    'import {SafeMath} from "@openzeppelin/contracts/utils/math/SafeMath.sol";',
  ],
  ['7920', file('contract C is Ownabel {} contract Ownable {}'), 'Did you mean Ownable?'],
  [
    '7576',
    contract(
      'mapping(address => mapping(uint => uint)) depositsOfEveryOwner; function f() public { depsitOfEvryOwnr; }',
    ),
    'Did you mean depositsOfEveryOwner?',
  ],

  // Members
  ['9582', inside('payable(msg.sender).tranfer(a);'), 'Did you mean transfer?'],
  ['9582', inside('msg.sendr;'), 'Did you mean sender?'],
  ['9582', inside('block.hash;'), 'It has only these: basefee'],
  ['9582', contract('uint[] x; function f() public { x.psh(); }'), 'Did you mean push?'],
  ['9582', contract('string s; function f() public { s.length; }'), 'bytes(text).length'],
  ['9582', contract('enum E { Open } function f() public { E e = E.Opne; e; }'), 'Did you mean Open?'],
  [
    '9582',
    contract('struct S { uint amount; } S s; function f() public { s.amuont = 1; }'),
    'Did you mean amount?',
  ],
  [
    '9582',
    contract('function g() internal {} function f() public { this.g(); }'),
    'only public and external functions',
  ],
  [
    '9582',
    file(
      'abstract contract B { function g() public virtual; } contract C is B { function g() public override { super.g(); } }',
    ),
    'super could call',
  ],

  // Conversions: numbers
  ['7407', contract('uint8 x = 300;'), 'uint8 ends at 2**8 - 1'],
  ['7407', contract('int8 x = 128;'), 'int8 ends at 2**7 - 1'],
  ['7407', contract('uint x = -1;'), 'use int256'],
  ['9640', inside('s = uint(-1);'), 'type(uint256).max'],
  ['2326', contract('uint x = 1 / 2;'), 'multiply before you divide'],
  ['9574', inside('uint8 x = a;'), 'uint8(x), which cuts off'],
  [
    '9553',
    contract('function g(uint8 x) public {} function f(uint y) public { g(y); }'),
    'uint8(x), which cuts off',
  ],
  ['6359', contract('function f(uint a) public returns (uint8) { return a; }'), 'uint8(x), which cuts off'],
  ['9574', inside('int x = a;'), 'int256(x)'],
  [
    '9574',
    contract('function f(int x) public { uint y = x; y; }'),
    'that it is not negative first, then write uint256(x)',
  ],
  ['9640', contract('function f(int8 x) public { uint y = uint(x); y; }'), 'uint256(int256(x))'],
  [
    '9640',
    contract('function f(uint8 x) public { int y = int16(x); y; int z = int128(uint256(1)); z; }'),
    'int128(uint128(x))',
  ],
  ['7407', inside('if (a) {}'), 'Write a comparison'],
  ['9574', contract('function f(bool b) public { uint x = b; x; }'), 'x ? 1 : 0'],
  ['9574', contract('enum E { A } function f() public { E e = 0; e; }'), 'E(0)'],

  // Conversions: addresses and contracts
  ['7407', contract('address a = 0x70997970C51812dc3A010C7d01b50e0d17dc79;'), 'this has 38'],
  ['7407', contract('address a = 0;'), 'address(0)'],
  ['7407', contract('address a = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";'), 'without quotes'],
  [
    '9429',
    contract('address a = 0x70997970c51812dc3A010C7d01b50e0d17dc79C8;'),
    'Write 0x70997970C51812dc3A010C7d01b50e0d17dc79C8:',
  ],
  ['7407', contract('address payable p; function f(address a) public { p = a; }'), 'payable(x)'],
  [
    '9574',
    at('0.5.17', 'contract C { function f(address a) public { address payable p = a; p; } }'),
    'address(uint160(x))',
    { code: 'TypeError' },
  ],
  ['7407', contract('address p = this;'), 'address(x)'],
  ['9574', contract('function f() public { address payable p = this; p; }'), 'payable(address(x))'],
  ['7407', file('contract B {} contract C { B b; function f(address a) public { b = a; } }'), 'Write B(x).'],
  [
    '7407',
    file('contract B {} contract D {} contract C { B b; function f(D d) public { b = d; } }'),
    'D does not inherit from B',
  ],
  ['9640', inside('address(a);'), 'address(uint160(x))'],
  ['9640', contract('function f(address a) public { uint x = uint(a); x; }'), 'uint256(uint160(x))'],

  // Conversions: bytes and texts
  ['9640', inside('bytes4 x = bytes4(a); x;'), 'bytes4(uint32(x))'],
  ['9640', contract('function f(bytes4 b) public { uint x = uint(b); x; }'), 'uint256(uint32(x))'],
  ['7407', contract('bytes32 x = "this text is far too long for thirty-two bytes";'), 'longer than 32 bytes'],
  ['9574', contract('function f(bytes memory b) public { bytes32 x = b; x; }'), 'bytes32(x), which cuts'],
  ['9574', contract('function f(bytes memory b) public { string memory x = b; x; }'), 'string(x)'],
  ['9574', contract('function f(string memory b) public { bytes memory x = b; x; }'), 'bytes(x)'],
  ['9640', inside('string(a);'), 'Strings.toString'],

  // Conversions: places, functions, value types
  ['9574', contract('function f() public { uint[] memory x = [uint(1), 2]; x; }'), 'array of fixed length'],
  [
    '9574',
    contract('function f(uint[] memory m) public { uint[] storage p = m; p; }'),
    'only points at state',
  ],
  [
    '9553',
    contract('function g(uint[] calldata x) internal {} function f(uint[] memory m) public { g(m); }'),
    'declare the parameter memory',
  ],
  [
    '9574',
    contract('function g() public returns (uint) {} function f() public { uint x = g; x; }'),
    'call it',
  ],
  ['9574', contract('type T is uint; function f(uint a) public { T t = a; t; }'), 'T.wrap(x)'],
  ['9574', contract('type T is uint; function f(T t) public { uint a = t; a; }'), 'T.unwrap(x)'],

  // Operators
  [
    '2271',
    contract('function f(string memory a, string memory b) public { a == b; }'),
    'keccak256(bytes(a)) == keccak256(bytes(b))',
  ],
  ['2271', contract('function f(string memory a) public { a + a; }'), 'string.concat'],
  ['7366', contract('string s; function f() public { s += "x"; }'), 'string.concat'],
  ['2271', inside('s = 1 / 0;'), 'divided by zero'],
  ['2271', contract('function f(uint a, int b) public { a + b; }'), 'both are signed or both unsigned'],
  ['2271', contract('function f(bool a, uint b) public { a && b; }'), 'Both sides must be conditions'],
  ['2271', contract('type T is uint; function f(T a, T b) public { a + b; }'), 'T.unwrap(x)'],
  ['4907', inside('s = -a;'), 'int256(x)'],
  ['4907', inside('s = !a;'), 'x == 0'],

  // Data locations
  ['6651', contract('function f(uint[] x) public {}'), 'Write memory behind the type, or calldata'],
  ['6651', contract('function f() public returns (string) {}'), 'Write memory behind the type, or calldata'],
  ['6651', contract('function f() public { string x; }'), 'for a copy, or storage'],
  ['6651', contract('function f(uint memory x) public {}'), 'Remove it'],
  ['6651', contract('function f(uint[] storage x) public {}'), 'cannot pass storage'],

  // EVM versions
  ['JSONError', contract(''), 'Did you mean "shanghai"?', { settings: { evmVersion: 'shangai' } }],
  [
    'JSONError',
    at('0.8.20', 'contract C {}'),
    '0.8.24 or later to use "cancun"',
    { settings: { evmVersion: 'cancun' } },
  ],
  ['JSONError', contract(''), '0.8.37 knows: osaka, prague', { settings: { evmVersion: 'atlantis' } }],
  ['6243', inside('assembly { tstore(0, 1) }'), '"cancun" or later', { settings: { evmVersion: 'paris' } }],
  [
    '5430',
    inside('assembly { s.slot := basefee() }'),
    '"london" or later',
    { settings: { evmVersion: 'berlin' } },
  ],
  ['5921', inside('s = block.basefee;'), '"london" or later', { settings: { evmVersion: 'berlin' } }],
  ['1006', inside('s = block.blobbasefee;'), '"cancun" or later', { settings: { evmVersion: 'paris' } }],
  ['7985', contract('uint transient x;'), '"cancun" or later', { settings: { evmVersion: 'paris' } }],

  // Faults and gaps of compilers
  [
    'UnimplementedFeatureError',
    at('0.8.26', 'contract C { error E(); function f(bool b) public { require(b, E()); } }'),
    'settings.viaIR',
  ],
  [
    'InternalCompilerError',
    at('0.8.30', 'import * as M from "./M.sol"; contract C { function f() public { emit M.E(); } }'),
    'such as 0.8.37',
    { others: { 'M.sol': at('0.8.30', 'event E();') } },
  ],
];

/** Many variables that are all needed at the end. */
const variables = Array.from({ length: 20 }, (_, index) => index);
const declareAll = variables.map((v) => `uint v${v} = a + ${v};`).join(' ');
const product = variables.map((v) => `v${v}`).join(' * ');
const mixAll = variables.map((v) => `v${v} = r * v${(v + 1) % 20};`).join(' ');
const plainDeep = (version: string) =>
  at(
    version,
    `contract C { function f(uint a) public pure returns (uint) { ${declareAll} return ${product}; } }`,
  );
const assemblyDeep = `contract C { function f(uint a) public pure returns (uint r) { ${declareAll} assembly { r := mload(0) } r += ${product}; ${mixAll} r = ${product}; } }`;
const recursiveDeep = `contract C { function f(uint a) public view returns (uint r) { return g(a); }
  function g(uint a) internal view returns (uint r) { if (a == 0) return block.number; ${declareAll.replaceAll('+', '* gasleft() +')} r = g(a - 1); ${mixAll} r = ${product}; } }`;
const ir = { viaIR: true };
const unoptimized = { optimizer: { enabled: false } };

/** "Stack too deep": what helps depends on compiler and settings. */
const tooDeep: [type: string, source: string, settings: CompileSettings, hint: string, not?: string][] = [
  ['CompilerError', plainDeep('0.8.37'), {}, 'Turn on settings.viaIR:', 'optimizer'],
  ['CompilerError', plainDeep('0.8.37'), unoptimized, 'Turn on settings.viaIR:', 'optimizer'],
  ['CompilerError', plainDeep('0.8.20'), {}, 'Turn on settings.viaIR:', 'optimizer'],
  ['CompilerError', plainDeep('0.8.20'), unoptimized, 'settings.viaIR and the optimizer, which is off'],
  ['CompilerError', plainDeep('0.8.10'), {}, 'Use fewer local variables', 'viaIR'],
  ['CompilerError', plainDeep('0.4.26'), {}, 'Use fewer local variables', 'viaIR'],
  ['YulException', plainDeep('0.8.20'), { ...ir, ...unoptimized }, 'Turn the optimizer on'],
  ['YulException', at('0.8.37', assemblyDeep), ir, 'assembly ("memory-safe")'],
  [
    'YulException',
    at('0.8.37', assemblyDeep),
    { ...ir, ...unoptimized },
    'assembly ("memory-safe")',
    'optimizer',
  ],
  ['YulException', at('0.8.37', recursiveDeep), ir, 'a function that calls itself', 'memory-safe'],
];

const notIn04: [string, string, string][] = [
  ['contract C { function f() public returns (uint) { return 1; uint a; a; } }', 'Warning', '5740'],
  ['contract C { function f(address payable a) public { a.send(1); } }', 'Warning', '5878'],
  ['contract C { function f(address a) public { a.transfer(1); } }', 'TypeError', '9862'],
];
const before06: [string, string, string][] = [
  [
    'contract B { function f() public; } contract C { function g() public { new B(); } }',
    'TypeError',
    '4614',
  ],
];
const since06: [string, string, string][] = [
  [
    'contract B { function f() public virtual {} } contract C is B { function f() public {} }',
    'TypeError',
    '9456',
  ],
  [
    'contract B { function f() public {} } contract C is B { function f() public override {} }',
    'TypeError',
    '4334',
  ],
  ['contract B { function f() public virtual; }', 'TypeError', '3656'],
  ['contract C { function() external {} }', 'ParserError', '2915'],
  ['contract C { struct S { uint a; } function f() public { S storage x; x.a = 1; } }', 'TypeError', '3464'],
];

function oldComplaints(version: string): [body: string, type: string, codeOfToday: string][] {
  const is04 = version.startsWith('0.4');
  /** From 0.5 on an error. */
  const strict = (type: string) => (is04 ? 'Warning' : type);
  return [
    ['contract C { uint x = 1 }', 'ParserError', '2314'],
    ['contract C { uint x = ; }', 'ParserError', '6933'],
    ['contract C {} }', 'ParserError', '7858'],
    ['contract C { if (true) {} }', 'ParserError', '9182'],
    ['contract C { function f() public { unheardOf = 1; } }', 'DeclarationError', '7576'],
    ['contract C { UnheardOf x; }', 'DeclarationError', '7920'],
    ['contract C {} contract C {}', 'DeclarationError', '2333'],
    ['contract C { function f() {} }', strict('SyntaxError'), '4937'],
    ['contract C { function C() public {} }', strict('SyntaxError'), '5796'],
    ['contract C { uint x; function f(uint x) public { x = 1; } }', 'Warning', '2519'],
    ['contract C { function f() public { uint x; } }', 'Warning', '2072'],
    ['contract C { function f(uint x) public { 1 + 1; } }', 'Warning', '5667'],
    ['contract C { function f() public returns (uint) { return 1; } }', 'Warning', '2018'],
    ['contract C { function f() public { 1 + 1; } }', 'Warning', '6133'],
    ['contract C { uint s; function f() public pure returns (uint) { return s; } }', 'TypeError', '2527'],
    ['contract C { uint s; function f() public view { s = 1; } }', strict('TypeError'), '8961'],
    ['contract C { function f() public { msg.value; } }', strict('TypeError'), '5887'],
    ['interface I { function f() public; }', strict('TypeError'), '1560'],
    [
      'contract C { struct S { uint a; } function g(S memory x) internal {} function f() public { g(1); } }',
      'TypeError',
      '9553',
    ],
    ['contract C { struct S { uint a; } function f() public { S memory x = 1; x; } }', 'TypeError', '9574'],
    ['contract C { struct S { uint a; } S s; function f() public { uint(s); } }', 'TypeError', '9640'],
    ['contract C { struct S { uint a; } S s; function f() public { s + s; } }', 'TypeError', '2271'],
    ['contract C { function f(uint a) public { a.unheardOf; } }', 'TypeError', '9582'],
    ['contract C { function g(uint) public {} function f() public { g(); } }', 'TypeError', '6160'],
    ['contract C { function f() public { (uint a) = (1, 2); a; } }', strict('TypeError'), '7364'],
    ['contract C { event E(); function f() public { E(); } }', strict('TypeError'), '3132'],
    ['contract C { function f(address a) public { a.call(""); } }', 'Warning', '9302'],
    ['contract C { function f(uint a) public { keccak256(a, a); } }', strict('TypeError'), '4323'],
    ['contract C { function f() public { throw; } }', strict('SyntaxError'), '4538'],
    ['contract C { function f() public { sha3("a"); } }', strict('TypeError'), '3557'],
    ['contract C { function f() public { suicide(msg.sender); } }', strict('TypeError'), '8050'],
    ['contract C { function f() public { 1 years; } }', strict('TypeError'), '4820'],
    ['contract C { /// @param y z\nfunction f(uint x) public { x; } }', 'DocstringParsingError', '3881'],
    ...(is04 ? [] : notIn04),
    ...(version === '0.6.6' ? since06 : before06),
  ];
}

/** What older compilers say in the same words, without a code. */
const withoutCode: [version: string, body: string, type: string, codeOfToday: string][] = [
  '0.4.26',
  '0.5.17',
  '0.6.6',
].flatMap((version) =>
  oldComplaints(version).map(
    ([body, type, code]) => [version, body, type, code] as [string, string, string, string],
  ),
);

describe('by names, types, words and settings', () => {
  test.each(advised)('%s %s', async (code, source, hint, more) => {
    await expectHint(compiler, { code, source, hint, ...more });
  });
});

describe('stack too deep', () => {
  test.each(tooDeep)('%s, case %#', async (code, source, settings, hint, not) => {
    const example = { code, source, settings, hint };
    await expectHint(compiler, example);
    const [found] = await complaints(compiler, example);
    if (not) expect(found?.hint).not.toContain(not);
  });
});

describe('without a code, by the words', () => {
  test.each(withoutCode)('%s: %s', async (version, body, code, codeOfToday) => {
    await expectHint(compiler, { code, source: at(version, body), hint: hintsByCode[codeOfToday] ?? '' });
  });
});

test('no hint where none is right for sure', async () => {
  const source = contract('struct S { uint a; } function f() public { S.b; }');
  const [found] = await complaints(compiler, { code: '9582', source });
  expect(found?.code).toBe('9582');
  const warning = await complaints(compiler, {
    code: '',
    source: contract(''),
    settings: { evmVersion: 'berlin' },
  });
  expect(warning[0]?.message).toContain('older than london');
  expect(warning[0]?.hint).toBeUndefined();
});
