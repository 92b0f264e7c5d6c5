import { type HostileCase, header, lines, notCompilable, oneFile } from './case.ts';

const variables = Array.from({ length: 20 }, (_, index) => index);
const tooDeep = `function f(uint a) public pure returns (uint) { ${variables.map((v) => `uint v${v} = a + ${v};`).join(' ')} return ${variables.map((v) => `v${v}`).join(' * ')}; }`;

export const tooDeepEverywhere: HostileCase = {
  name: 'too-deep-everywhere',
  why: 'What fails as a whole for want of stack is compiled again in parts: here every part of 250 fails too.',
  inputs: [
    {
      body: () => oneFile(header + lines(250, (index) => `contract D${index} { ${tooDeep} }`)),
      answer: notCompilable('CompilerError'),
    },
  ],
};
