import { failed, type HostileCase, header, lines, oneFile } from './case.ts';

export const inheritance: HostileCase = {
  name: 'inheritance',
  why: 'Thirty kilobytes that take minutes: 150 contracts, each of which inherits from all before it.',
  inputs: [
    {
      body: () =>
        oneFile(
          `${header}${lines(150, (index) => {
            const bases = Array.from({ length: index }, (_, base) => `D${base}`).join(', ');
            return `contract D${index} ${index > 0 ? `is ${bases}` : ''} { function f${index}() public virtual {} }`;
          })}`,
          { contract: 'D149' },
        ),
      answer: failed('compiler-timeout'),
    },
  ],
};
