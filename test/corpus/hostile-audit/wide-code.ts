import { faulty, finding, type HostileAudit, header } from './case.ts';

const chain = (length: number) =>
  Array.from(
    { length },
    (_, at) =>
      `  function c${at}(uint a) internal { if (a > ${at}) c${at + 1}(a); else c${at + 1}(a + 1); x += a; }`,
  ).join('\n');

export const wideCode: HostileAudit = {
  name: 'wide-code',
  why: 'Paths that double with every step, in number of branches, of calls, of bases.',
  inputs: [
    {
      name: '60 functions, each of which calls the next twice',
      sources: () => ({
        'A.sol': `${header}contract A {\n  uint x;\n${chain(60)}\n  function c60(uint a) internal { x = a; }\n  function go() external { c0(1); }\n  ${faulty}\n}`,
      }),
      answer: { status: ['findings', 'partial'], finds: [finding] },
    },
    {
      name: '400 branches, one below the other',
      sources: () => ({
        'A.sol': `${header}contract A {\n  mapping(uint => uint) x;\n  function f(uint a) external {\n${Array.from({ length: 400 }, (_, at) => `    if (x[a] == ${at}) x[a + ${at}] = a; else x[${at}] += a;`).join('\n')}\n  }\n  ${faulty}\n}`,
      }),
      answer: { status: ['findings'], finds: [finding] },
    },
    {
      name: '12 contracts, each of which inherits from all before it',
      sources: () => ({ 'A.sol': family(12, (at) => Array.from({ length: at }, (_, base) => `D${base}`)) }),
      answer: { status: ['findings'], finds: [finding] },
    },
    {
      name: '80 contracts, each of which inherits from the one before it',
      sources: () => ({ 'A.sol': family(80, (at) => [`D${at - 1}`]) }),
      answer: { status: ['findings', 'partial'], finds: [finding] },
    },
  ],
};

function family(count: number, basesOf: (at: number) => string[]): string {
  const contracts = Array.from({ length: count }, (_, at) => {
    const bases = at > 0 ? `is ${basesOf(at).join(', ')}` : '';
    return `contract D${at} ${bases} { uint y${at}; function f${at}() public { y${at} += 1; } }`;
  });
  return `${header}${contracts.join('\n')}\ncontract Last is D${count - 1} { ${faulty} }`;
}
