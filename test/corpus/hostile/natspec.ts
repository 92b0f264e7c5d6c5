import { type HostileCase, header, lines, notCompilable, oneFile, succeeded } from './case.ts';

const documented = (comment: string) =>
  oneFile(`${header}contract A {\n${comment}\nfunction f(uint a) public {} }`);

/** Tags hold letters only. */
const letters = (index: number) => [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

export const natspec: HostileCase = {
  name: 'natspec',
  why: 'Documentation comments have a language of their own, which is read, inherited and written out as JSON.',
  inputs: [
    {
      name: '20,000 custom tags',
      body: () => documented(lines(20_000, (index) => `/// @custom:${letters(index)} x`)),
      answer: succeeded(),
    },
    {
      name: '20,000 parameters',
      body: () => documented(lines(20_000, (index) => `/// @param p${index} x`)),
      answer: notCompilable('3881'),
    },
    {
      name: 'many lines of notice',
      body: () => documented(lines(4_000, () => `/// ${'n'.repeat(50)}`)),
      answer: succeeded(),
    },
    { name: 'an unknown tag', body: () => documented('/// @nothing at all'), answer: notCompilable('6546') },
    {
      name: 'an expression that is evaluated by wallets',
      body: () => documented('/// @notice `a + (((((` \\u0000 "\\" {{'),
      answer: succeeded(),
    },
  ],
};
