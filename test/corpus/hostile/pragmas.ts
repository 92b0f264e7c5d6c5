import { type HostileCase, lines, oneFile, refused, succeeded } from './case.ts';

const pragma = (range: string) => oneFile(`pragma solidity ${range};\ncontract A {}`);

export const pragmas: HostileCase = {
  name: 'pragmas',
  why: 'Ranges of versions that contradict each other, that no version is in, or that are slow to read.',
  inputs: [
    {
      name: 'that contradict each other',
      body: () => ({
        sources: {
          'A.sol': 'pragma solidity ^0.8.0; import "./B.sol"; contract A {}',
          'B.sol': 'pragma solidity ^0.7.0; contract B {}',
        },
      }),
      answer: refused(422, 'pragma-conflict'),
    },
    {
      name: 'that contradict themselves',
      body: () => pragma('>=0.8.0 <0.7.0'),
      answer: refused(422, 'pragma-unsatisfied'),
    },
    { name: 'no range', body: () => pragma('latest'), answer: refused(422, 'pragma-invalid') },
    {
      name: 'a megabyte of alternatives',
      body: () => pragma(Array(80_000).fill('^0.8.0').join(' || ')),
      answer: refused(422, 'pragma-invalid'),
    },
    {
      name: 'a megabyte of blanks',
      body: () => pragma(`^0.8.0${' '.repeat(1_000_000)}||${' '.repeat(1_000_000)}^0.7.0`),
      answer: succeeded(),
    },
    {
      name: 'a long number',
      body: () => pragma(`^0.8.${'1'.repeat(100_000)}`),
      answer: refused(422, 'pragma-invalid'),
    },
    {
      name: '200,000 of them, in three kinds that only fit two by two',
      body: () =>
        oneFile(
          lines(
            200_000,
            (index) =>
              `pragma solidity ${['^0.8.0 || ^0.7.0', '^0.7.0 || ^0.6.0', '^0.6.0 || ^0.8.0'][Math.floor(index / 66_667)]};`,
          ),
        ),
      answer: refused(422, 'pragma-conflict'),
    },
  ],
};
