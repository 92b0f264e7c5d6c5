import { failed, type HostileCase, header, lines, oneFile } from './case.ts';

export const slowContracts: HostileCase = {
  name: 'slow-contracts',
  why: 'Forty contracts, each of which holds the code of the two before it: it grows as Fibonacci numbers do.',
  inputs: [
    {
      body: () =>
        oneFile(
          `${header}contract N0 {} contract N1 {}
${lines(40, (index) => `contract N${index + 2} { constructor() { new N${index}(); new N${index + 1}(); } }`)}`,
          { contract: 'N41', settings: { viaIR: true } },
        ),
      answer: failed('compiler-timeout'),
    },
  ],
};
