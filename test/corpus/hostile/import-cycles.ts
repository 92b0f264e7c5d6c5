import { type HostileCase, header, notCompilable, succeeded } from './case.ts';

/** Files in a ring, each of which imports the next and itself. */
const ring = (count: number) => ({
  sources: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `R${index}.sol`,
      `${header}import "./R${(index + 1) % count}.sol"; import "./R${index}.sol"; contract R${index} {}`,
    ]),
  ),
  contract: 'R0',
});

export const importCycles: HostileCase = {
  name: 'import-cycles',
  why: 'Imports may go in circles, and whoever follows them must come to an end.',
  inputs: [
    { name: 'a ring of 300 files', body: () => ring(300), answer: succeeded() },
    {
      name: 'bases in a circle',
      body: () => ({
        sources: {
          'A.sol': `${header}import "./B.sol"; contract A is B {}`,
          'B.sol': `${header}import "./A.sol"; contract B is A {}`,
        },
      }),
      answer: notCompilable('2449'),
    },
  ],
};
