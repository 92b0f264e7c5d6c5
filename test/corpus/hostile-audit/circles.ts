import { faulty, finding, type HostileAudit, header } from './case.ts';

export const circles: HostileAudit = {
  name: 'circles',
  why: 'Whoever follows imports, bases, calls or values must come to an end where they lead back to their beginning.',
  inputs: [
    {
      name: 'imports in a ring',
      sources: () =>
        Object.fromEntries(
          Array.from({ length: 50 }, (_, at) => [
            `R${at}.sol`,
            `${header}import "./R${(at + 1) % 50}.sol";\ncontract R${at} { ${at === 7 ? faulty : ''} }`,
          ]),
        ),
      answer: { status: ['findings'], finds: [finding] },
    },
    {
      name: 'bases in a ring, beside a contract that is none',
      sources: () => ({
        'A.sol': `${header}import "./B.sol";\ncontract A is B { function a() external {} }\ncontract Other { ${faulty} }`,
        'B.sol': `${header}import "./A.sol";\ncontract B is A { function b() external {} }`,
      }),
      answer: { status: ['partial'], finds: [finding], problem: /left out/ },
    },
    {
      name: 'functions that call each other, and values that are made of each other',
      sources: () => ({
        'A.sol': `${header}contract A {
  uint x;
  modifier m(uint n) { f(n); _; }
  function f(uint n) internal m(n) returns (uint) { uint a = n; uint b = a; a = b; b = a; return g(a + b); }
  function g(uint n) internal returns (uint) { return n > 0 ? f(n - 1) : this.h(n); }
  function h(uint n) external returns (uint) { x = f(n); return h2(h2(h2(n))); }
  function h2(uint n) internal returns (uint) { return n == 0 ? g(n) : h2(n - 1); }
  ${faulty}
}`,
      }),
      answer: { status: ['findings'], finds: [finding] },
    },
  ],
};
