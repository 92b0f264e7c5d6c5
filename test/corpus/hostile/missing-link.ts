import { failed, type HostileCase, header } from './case.ts';

const text = `${header}library L { function f() public pure returns (uint) { return 1; } }
contract A { function g() public pure returns (uint) { return L.f(); } }`;
const pipeline = (libraries: object) => ({
  compile: { sources: { 'A.sol': text }, contract: 'A', settings: { libraries } },
  deploy: { network: 'local' },
});

export const missingLink: HostileCase = {
  name: 'missing-link',
  why: 'A contract that calls a library without an address for it: its code has a hole that no chain may see.',
  inputs: [
    { name: 'no address', path: 'pipelines', body: () => pipeline({}), answer: failed('library-not-linked') },
    {
      name: 'an address for another library',
      path: 'pipelines',
      body: () => pipeline({ 'A.sol': { M: `0x${'1'.repeat(40)}` } }),
      answer: failed('library-not-linked'),
    },
  ],
};
