import { failed, type HostileCase, header, lines, oneFile, succeeded } from './case.ts';

const contracts = (count: number) =>
  header + lines(count, (index) => `contract C${index} { uint public x; }`);

export const manyContracts: HostileCase = {
  name: 'many-contracts',
  why: 'Each contract of a file costs code, a row and a place in the list of candidates.',
  inputs: [
    {
      name: '1,000, and the last is wanted',
      body: () => oneFile(contracts(1_000), { contract: 'C999' }),
      answer: succeeded(),
    },
    {
      name: '8,000, and a name that none of them has',
      body: () => oneFile(contracts(8_000), { contract: 'Missing' }),
      answer: failed('contract-not-found'),
    },
  ],
};
