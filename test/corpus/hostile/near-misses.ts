import { type HostileCase, header, refused } from './case.ts';

/** Paths of the greatest length that differ in a few characters all over. */
const path = (index: number) => {
  const digits = String(index).padStart(4, '0');
  return `${Array.from({ length: 29 }, (_, part) => `${digits}abc`.split('').reverse().join('') + (part % 10)).join('')}.sol`;
};

export const nearMisses: HostileCase = {
  name: 'near-misses',
  why: 'Looking for what a missing import may have meant compares it with all paths there are.',
  inputs: [
    {
      body: () => ({
        sources: {
          ...Object.fromEntries(Array.from({ length: 1_990 }, (_, index) => [path(index), header])),
          'Main.sol': `${header}import "${path(9_999).replace('.sol', 'x.sol')}";`,
        },
      }),
      answer: refused(422, 'import-not-found'),
    },
  ],
};
