import { type HostileCase, notCompilable, oneFile } from './case.ts';

export const manyMarks: HostileCase = {
  name: 'many-marks',
  why: 'Two megabytes in which every byte is a token, a line or a fault of its own.',
  inputs: [
    { name: 'semicolons', body: () => oneFile(';'.repeat(2_000_000)), answer: notCompilable('7858') },
    {
      name: 'words of one letter',
      body: () => oneFile('a '.repeat(1_000_000)),
      answer: notCompilable('2314'),
    },
    {
      name: 'line feeds and a fault',
      body: () => oneFile(`${'\n'.repeat(2_000_000)}x`),
      answer: notCompilable('7858'),
    },
  ],
};
