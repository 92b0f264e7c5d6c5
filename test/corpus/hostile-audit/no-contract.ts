import { type HostileAudit, header } from './case.ts';

export const noContract: HostileAudit = {
  name: 'no-contract',
  why: 'Sources in which there is nothing that could be deployed, or nothing at all.',
  inputs: [
    { name: 'an empty file', sources: () => ({ 'A.sol': '' }), answer: { status: ['passed'] } },
    { name: 'no file', sources: () => ({}), answer: { refused: 'sources-empty' } },
    {
      name: 'free functions and types only',
      sources: () => ({
        'A.sol': `${header}struct S { uint a; }\nerror E();\nfunction free(uint a) pure returns (bool) { return a >= 0; }`,
      }),
      answer: { status: ['findings'], finds: ['tautology'] },
    },
    {
      name: 'an interface only',
      sources: () => ({ 'A.sol': `${header}interface I { function f() external; }` }),
      answer: { status: ['passed'] },
    },
    { name: 'no Solidity', sources: () => ({ 'A.sol': 'Dear Sir or Madam, {' }), answer: { nothing: true } },
  ],
};
