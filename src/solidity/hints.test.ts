import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  at,
  contract,
  documented,
  type Example,
  expectHint,
  file,
  inside,
  spdx,
  two,
} from '../../test/support/solidity-complaints.ts';
import { hintsByCode } from './hint-codes.ts';
import { startCompiler } from './start-compiler.ts';
import type { Compiler } from './types.ts';

/** Every hint is provoked: one compiler process compiles a small source for each. */
let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler({ workers: 2 });
});
afterAll(() => compiler.close());

/** For each code with one hint for all: a source that makes the compiler say it. */
const byCode: Record<string, string | Omit<Example, 'code'>> = {
  '1114': '// SPDX-License-Identifier: MIT or so!\npragma solidity ^0.8.20; contract C {}',
  '1878': 'pragma solidity ^0.8.20; contract C {}',
  '2904': {
    source: file('import {Foo} from "./B.sol"; contract C {}'),
    others: { 'B.sol': file('contract B {}') },
  },
  '3420': `${spdx}contract C {}`,
  '3716': `${spdx}// SPDX-License-Identifier: GPL-3.0\npragma solidity ^0.8.20; contract C {}`,
  '5333': { source: at('^0.7.0', 'contract C {}'), compiler: '0.8.37' },
  '6275': { source: file('import "./Nope.sol"; contract C {}'), compiler: '0.8.37' },
  '8491': file('pragma experimental Foo; contract C {}'),
  '8506': file('pragma experimental ABIEncoderV2; contract C {}'),
  '9511': file('pragma abicoder v1; contract C {}'),

  '1005': contract('mapping(=> uint) m;'),
  '2314': contract('uint x = 1'),
  '2915': contract('function() external payable {}'),
  '3147': contract('enum E {}'),
  '3546': contract('function f() public { uint[] memory x = new [](1); x; }'),
  '5620': inside('emit 1;'),
  '6933': contract('uint x = ;'),
  '7319': inside(`a = ${'('.repeat(3_000)}1${')'.repeat(3_000)};`),
  '7858': file('contract C {} }'),
  '9182': contract('if (true) {}'),
  '9439': contract('function f() public external {}'),
  '9636': inside('s =+ a;'),
  '9680': contract('function f() public view pure {}'),

  '1686': contract('function f() public {} function f() public {}'),
  '2333': inside('uint x; uint x;'),
  '2519': contract('uint x; function f(uint x) public {}'),
  '2319': contract('function f(uint now) public {}'),
  '5883': contract('event E(); event E();'),
  '9097': two('uint x;', 'uint x;'),

  '2072': inside('uint x;'),
  '5667': inside('s = 1;'),
  '5740': inside('return; s = a;'),
  '6133': inside('1 + 1;'),
  '6321': contract('function f(bool b) public pure returns (uint) { if (b) return 1; }'),

  '2018': contract('function f() public view returns (uint) { return 1; }'),
  '2462': contract('constructor() public {}'),
  '1845': contract('constructor() internal {}'),
  '2527': contract('uint s; function f() public pure returns (uint) { return s; }'),
  '4126': file('function f() public {} contract C {}'),
  '4937': contract('function f() {}'),
  '5587': contract('function f() internal payable {}'),
  '5796': contract('function C() public {}'),
  '5887': contract('uint s; function f() public { s = msg.value; }'),
  '7708': file('library L { function f() public payable {} }'),
  '8961': contract('uint s; function f() public view { s = 1; }'),
  '1558': contract('constructor() view {}'),
  '9712': contract('constructor() returns (uint) {}'),

  '2353': file(
    'contract A { function f() public virtual {} } contract B {} contract C is A, B { function f() public override(A, B) {} }',
  ),
  '2449': file('contract C is B {} contract B {}'),
  '2971': file('interface I {} contract C { I i = new I(); }'),
  '3364': file('contract B { constructor(uint) {} } contract C is B(1) { constructor() B(2) {} }'),
  '3415': two('constructor(uint) {}', ''),
  '3656': file('interface I { function f() external; } contract C is I {}'),
  '3942': contract('function f() private virtual {}'),
  '4327': file(
    'contract A { function f() public virtual {} } contract B { function f() public virtual {} } contract C is A, B { function f() public override {} }',
  ),
  '4334': two('function f() public {}', 'function f() public override {}'),
  '4614': file('abstract contract A {} contract C { A a = new A(); }'),
  '4822': two(
    'function f() public virtual returns (uint) {}',
    'function f() public override returns (bool) {}',
  ),
  '5005': file('contract A {} contract B is A {} contract C is B, A {}'),
  '5225': two('function f() public virtual returns (uint) {}', 'uint public override f;'),
  '5424': contract('function f() public;'),
  '6480': file(
    'contract A { function f() public virtual {} } contract B { function f() public virtual {} } contract C is A, B {}',
  ),
  '6536': file('contract A {} interface I is A {}'),
  '6959': two('function f() public view virtual {}', 'function f() public override {}'),
  '7792': contract('function f() public override {}'),
  '7813': file('contract A { B b = new B(); } contract B { A a = new A(); }'),
  '7927': file('contract B { constructor(uint) {} } contract C is B(1, 2) {}'),
  '2973': contract('modifier m(uint a) { _; } function f() public m {}'),
  '9098': two('function f() public virtual {}', 'function f() internal override {}'),
  '9456': two('function f() public virtual {}', 'function f() public {}'),
  '1452': two('uint public f;', 'function f() public {}'),

  '1159': contract('fallback() public {}'),
  '1560': file('interface I { function f() public; }'),
  '4095': contract('receive() public payable {}'),
  '4726': file('interface I { function f() external {} }'),
  '6482': file('interface I { constructor(); }'),
  '7793': contract('receive() external {}'),
  '8274': file('interface I { uint x; }'),
  '8342': file('uint x; contract C {}'),
  '9469': file('contract B {} library L is B {}'),
  '9957': file('library L { uint x; }'),
  '4357': file('contract B {} contract C { using B for uint; }'),

  '1080': inside('s = a > 1 ? 1 : "x";'),
  '1406': contract('uint[0] x;'),
  '1581': contract('uint immutable x = 1; function f() public { x = 2; }'),
  '2046': contract('struct S { S a; }'),
  '2056': contract('mapping(uint => uint) m; function f() public { abi.encode(m); }'),
  '2558': inside('uint(a, a);'),
  '2614': inside('a[0];'),
  '2658': at('0.8.20', 'contract C { uint immutable x; constructor() { } }'),
  '3383': contract('uint[2] x; function f() public { x[2]; }'),
  '3464': contract('struct S { uint a; } function f() public { S storage x; x.a = 1; }'),
  '4061': contract('struct S { mapping(uint => uint) m; } function f() public { S memory x; }'),
  '4103': contract('function f(mapping(uint => uint) memory m) public {}'),
  '4156': contract('struct S { uint a; } function f(S calldata x) external { x.a = 1; }'),
  '4182': contract('function f() public { mapping(uint => uint) memory m; }'),
  '4247': inside('msg.sender = address(0);'),
  '4266': contract('uint constant X;'),
  '4599': at('0.8.20', 'contract C { uint immutable x; constructor() { if (block.number > 1) x = 1; } }'),
  '4994': contract('function f() public { uint[] memory a = new uint[](1); a.push(1); }'),
  '5145': inside('s = 0x1 ether;'),
  '5306': contract('struct S {}'),
  '5359': contract('struct S { mapping(uint => uint) m; } S public s;'),
  '5462': contract('function f(uint n) public { uint[n] memory x; }'),
  '6182': contract('function f(uint[] calldata x) external { x[0] = 1; }'),
  '6377': contract('string immutable x;'),
  '6520': contract('uint constant X = 1; function f() public { X = 2; }'),
  '7366': contract('string s; function f() public { s -= "x"; }'),
  '7567': contract('uint[] a; function f() public { a.length++; }'),
  '8349': contract('uint constant X = block.number;'),
  '9214': contract('struct S { uint a; mapping(uint => uint) m; } S s; S t; function f() public { s = t; }'),
  '9515': contract('struct S { uint a; mapping(uint => uint) m; } S s; function f() public { s = S(1); }'),
  '9767': contract('mapping(uint => uint) m; function f() public { delete m; }'),
  '9961': contract('string s; function f() public { s[0]; }'),

  '7576': inside('s = unheardOf;'),
  '7920': contract('UnheardOf x;'),
  '9582': inside('a.unheardOf;'),
  '9589': contract('using UnheardOf for uint;'),

  '2271': contract('struct S { uint a; } function f(S memory a, S memory b) public { a == b; }'),
  '2326': contract('bytes1 x = 1 / 2;'),
  '6359': contract('struct S { uint a; } function f() public returns (S memory) { return 1; }'),
  '7407': contract('struct S { uint a; } S x; function f() public { x = 1; }'),
  '9553': contract('struct S { uint a; } function g(S memory x) public {} function f() public { g(1); }'),
  '9574': contract('struct S { uint a; } function f() public { S memory x = 1; x; }'),
  '9640': contract('struct S { uint a; } function f(S memory x) public { uint(x); }'),

  '2193': contract('function g() public payable {} function f() public { g{value: 1}(); }'),
  '3419': file('contract B { function g() public {} } contract C { function f() public { B.g(); } }'),
  '4323': inside('keccak256(a, a);'),
  '4487': contract('function g(uint8) public {} function g(uint16) public {} function f() public { g(1); }'),
  '4974': contract('function g(uint a) public {} function f() public { g({b: 1}); }'),
  '5347': inside('try a {} catch {}'),
  '2536': contract('function g() internal {} function f() public { try g() {} catch {} }'),
  '5704': inside('a();'),
  '6160': contract('function g(uint) public {} function f() public { g(); }'),
  '7006': contract('function g() public {} function f() public { this.g{value: 1}(); }'),
  '7279': contract('function f() public pure returns (bytes memory) { return abi.encodePacked(1); }'),
  '7364': contract('function g() public returns (uint, uint) {} function f() public { uint a = g(); a; }'),
  '7501': file(
    'abstract contract B { function g() public virtual; } contract C is B { function g() public override { B.g(); } }',
  ),
  '7556': inside('keccak256(a);'),
  '8051': inside('address(this).call(a);'),
  '8863': contract('function f() public returns (uint, uint) { return 1; }'),
  '9207': inside('payable(msg.sender).transfer(a);'),
  '9302': inside('address(this).call("");'),
  '9322': inside('require(a);'),
  '9755': contract('struct S { uint a; uint b; } function f() public { S memory x = S(1); x; }'),
  '5878': inside('payable(msg.sender).send(a);'),

  '1941': inside('unchecked { unchecked { s = 1; } }'),
  '2883': contract('modifier m() { }'),
  '3132': contract('event E(); function f() public { E(); }'),
  '4123': inside('continue;'),
  '4659': contract('function g() public {} function f() public g {}'),
  '6102': inside('break;'),
  '7249': contract('event E(uint indexed a, uint indexed b, uint indexed c, uint indexed d);'),
  '7757': contract('error E(); function f() public { E(); }'),
  '9292': contract('function g() public {} function f() public { emit g(); }'),

  '1400': inside('s = msg.gas;'),
  '1621': contract('function g() public payable {} function f() public { this.g.value(1)(); }'),
  '2256': inside('address(this).callcode("");'),
  '3557': inside('sha3("");'),
  '4538': inside('throw;'),
  '4820': inside('s = 1 years;'),
  '5159': inside('selfdestruct(payable(msg.sender));'),
  '7359': inside('s = now;'),
  '8050': inside('suicide(payable(msg.sender));'),
  '8113': inside('block.blockhash(1);'),
  '8417': inside('s = block.difficulty;'),
  '8429': contract('modifier m() virtual { _; }'),
  '9170': contract('function f(C a, C b) public pure returns (bool) { return a == b; }'),
  '9862': inside('msg.sender.transfer(a);'),

  '1408': inside('assembly { let x := s }'),
  '2424': inside('/// @solidity memory-safe-assembly\nassembly { }'),
  '3083': inside('assembly { add(1, 2) }'),
  '4619': inside('assembly { foo() }'),
  '4634': inside('assembly { x := 1 }'),
  '7000': inside('assembly { mstore(1) }'),
  '8198': inside('assembly { let x := y }'),

  '2604': documented('@return a\n/// @return b'),
  '3335': documented('@param'),
  '3881': documented('@param y what'),
  '6546': documented('@foo bar'),
  '9397': documented('@inheritdoc B'),

  '2394': inside('assembly { tstore(0, 1) }'),
  '7398': file(
    'contract P { receive() external payable {} } contract C { function f(address a) public { P(a); } }',
  ),
};

test('each code with one hint for all has its example', () => {
  expect(Object.keys(byCode).sort()).toEqual(Object.keys(hintsByCode).sort());
  expect(Object.keys(hintsByCode).length).toBeGreaterThanOrEqual(40);
});

describe('by the code', () => {
  test.each(Object.entries(byCode))('%s', async (code, example) => {
    await expectHint(compiler, { code, ...(typeof example === 'string' ? { source: example } : example) });
  });
});
