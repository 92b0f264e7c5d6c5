import { failed, type HostileCase, header, lines, oneFile, oneOf } from './case.ts';

/** One function so large that the optimizer of the Yul pipeline is not done with it in minutes. */
const giant = (statements: number) =>
  `${header}contract A { mapping(uint => mapping(uint => uint)) m; function f(uint a, uint b) public returns (uint r) {
${lines(statements, (index) => `m[a + ${index}][b] += m[b][r] ** ${index + 3} % (r + ${index}); r += m[a][m[b][${index}]];`)}
} }`;

export const slowOptimizer: HostileCase = {
  name: 'slow-optimizer',
  why: 'A small source that keeps a compiler busy for minutes: one giant function, compiled by way of Yul.',
  inputs: [
    {
      body: () => oneFile(giant(2_000), { settings: { viaIR: true } }),
      // Which of its limits it meets first depends on the machine.
      answer: oneOf(failed('compiler-timeout'), failed('compiler-memory')),
    },
  ],
};
