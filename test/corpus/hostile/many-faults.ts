import { type HostileCase, header, lines, notCompilable, oneFile, succeeded } from './case.ts';

const faulty = (count: number, fault: (index: number) => string) =>
  oneFile(`${header}contract A { function f() public {\n${lines(count, fault)}\n} }`);

export const manyFaults: HostileCase = {
  name: 'many-faults',
  why: 'Every diagnostic gets a place, an excerpt and a hint, in sources of megabytes in which bytes are not characters.',
  inputs: [
    {
      name: 'unknown names',
      body: () => faulty(20_000, (index) => `unknown${index} = 1; // ü${'🦄'.repeat(40)}`),
      answer: notCompilable('7576'),
    },
    {
      name: 'unused variables',
      body: () => faulty(300, (index) => `uint unused${index}; // ü${'🦄'.repeat(40)}`),
      answer: succeeded('2072'),
    },
    {
      name: 'one name declared over and over',
      body: () => oneFile(`${header}contract A {\n${lines(20_000, () => 'uint again;')}\n}`),
      answer: notCompilable('2333'),
    },
  ],
};
