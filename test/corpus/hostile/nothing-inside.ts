import { type HostileCase, notCompilable, oneFile, succeeded } from './case.ts';

export const nothingInside: HostileCase = {
  name: 'nothing-inside',
  why: 'Files with nothing to compile in them, and ones that end in the middle.',
  inputs: [
    { name: 'an empty file', body: () => oneFile(''), answer: succeeded('1878', '3420') },
    { name: 'only comments', body: () => oneFile('// a\n/* b */\n/// c'), answer: succeeded('1878', '3420') },
    { name: 'only blanks', body: () => oneFile(' \t\r\n'.repeat(100_000)), answer: succeeded('1878') },
    {
      name: 'a comment that does not end',
      body: () => oneFile('contract A {} /* …'),
      answer: notCompilable('7858'),
    },
    {
      name: 'a string that does not end',
      body: () => oneFile('contract A { string s = "'),
      answer: notCompilable('8936'),
    },
    {
      name: 'a contract that does not end',
      body: () => oneFile('contract A {'),
      answer: notCompilable('9182'),
    },
    { name: 'one word', body: () => oneFile('contract'), answer: notCompilable('2314') },
    { name: 'no Solidity', body: () => oneFile('<html>&nbsp;</html>'), answer: notCompilable('7858') },
  ],
};
