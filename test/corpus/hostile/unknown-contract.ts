import { failed, type HostileCase, header } from './case.ts';

export const unknownContract: HostileCase = {
  name: 'unknown-contract',
  why: 'Finding what a name may have meant looks through all names of a large project.',
  inputs: [
    {
      body: () => ({
        sources: Object.fromEntries(
          Array.from({ length: 1_500 }, (_, index) => [
            `src/${index}/Token${index}.sol`,
            `${header}contract Token${index} {}`,
          ]),
        ),
        contract: 'Tokens',
      }),
      answer: failed('contract-not-found'),
    },
  ],
};
