import { type HostileCase, header, lines, oneFile, succeeded } from './case.ts';

const contract = (assembly: string) =>
  oneFile(
    `${header}contract A { function f(uint a) public pure returns (uint r) { assembly { ${assembly} } } }`,
  );

export const assembly: HostileCase = {
  name: 'assembly',
  why: 'Inline assembly with thousands of cases, labels or variables.',
  inputs: [
    {
      name: 'a switch of 2,200 cases',
      body: () => contract(`switch a ${lines(2_200, (index) => `case ${index} { r := ${index * 7} }`)}`),
      answer: succeeded('runtime-code-too-large'),
    },
  ],
};
