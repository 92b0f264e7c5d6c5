import { failed, type HostileCase, header, oneFile, oneOf, succeeded } from './case.ts';

const contract = (text: string) => oneFile(`${header}contract A { ${text} }`);

export const longExpressions: HostileCase = {
  name: 'long-expressions',
  why: 'A sum is read in a loop, but makes a tree as deep as it has operands; so do members and dimensions.',
  inputs: [
    {
      name: '40,000 operands',
      body: () => contract(`uint x = ${'1+'.repeat(40_000)}1;`),
      answer: succeeded(),
    },
    {
      name: 'a million operands',
      body: () => contract(`uint x = ${'1+'.repeat(1_000_000)}1;`),
      // Stack, memory or time: whatever comes to its end first.
      answer: oneOf(failed('compiler-crashed'), failed('compiler-memory'), failed('compiler-timeout')),
    },
    {
      name: '100,000 members',
      body: () => contract(`function f(uint a) public { a${'.b'.repeat(100_000)}; }`),
      answer: failed('compiler-crashed'),
    },
    {
      name: '10,000 dimensions, which take minutes',
      body: () => contract(`uint${'[1]'.repeat(10_000)} x;`),
      answer: failed('compiler-timeout'),
    },
  ],
};
