import { failed, type HostileCase, header, lines, oneFile } from './case.ts';

/** Each struct holds two of the one before: what it takes doubles with every line. */
const doubling = (depth: number, use: string) => `${header}contract A { struct S0 { uint a; }
${lines(depth, (index) => `struct S${index + 1} { S${index} a; S${index} b; }`)}
${use} }`;

export const doublingStructs: HostileCase = {
  name: 'doubling-structs',
  why: 'Sixty lines describe a struct of more members than there are atoms in a room, and something is done to each.',
  inputs: [
    {
      body: () => oneFile(doubling(60, 'S60 x; function f() public { delete x; }')),
      answer: failed('compiler-memory'),
    },
  ],
};
