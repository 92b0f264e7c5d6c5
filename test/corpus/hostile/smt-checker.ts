import { failed, type HostileCase, header, oneFile, refused, succeeded } from './case.ts';

/** Arithmetic that a solver does not get to the end of. */
const hard = `contract A { uint s; function f(uint a, uint b, uint c) public {
  require(a > 2 && b > 2 && c > 2);
  for (uint i = 0; i < a; i++) { s = s * a + b ** c; assert(a * a * a + b * b * b != c * c * c); }
} }`;

export const smtChecker: HostileCase = {
  name: 'smt-checker',
  why: 'A pragma starts a theorem prover inside the compiler, which may not end for minutes.',
  inputs: [
    {
      name: 'the pragma, today',
      body: () => oneFile(`${header}pragma experimental SMTChecker;\n${hard}`),
      answer: succeeded(),
    },
    {
      name: 'the pragma, in 0.7.6',
      body: () => oneFile(`pragma solidity 0.7.6; pragma experimental SMTChecker;\n${hard}`),
      answer: succeeded(),
    },
    {
      name: 'the pragma, in 0.8.4, which cannot be told to leave it out',
      body: () => oneFile(`pragma solidity 0.8.4; pragma experimental SMTChecker;\n${hard}`),
      answer: failed('smt-checker-refused'),
    },
    {
      name: 'the pragma, in 0.5.17',
      body: () => oneFile(`pragma solidity 0.5.17; pragma experimental SMTChecker;\n${hard}`),
      answer: succeeded(),
    },
    {
      name: 'the setting',
      body: () =>
        oneFile(`${header}${hard}`, { settings: { modelChecker: { engine: 'all', timeout: 1e9 } } }),
      answer: refused(422, 'validation-failed', '/settings/modelChecker'),
    },
  ],
};
