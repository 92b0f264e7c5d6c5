import { type HostileCase, header, notCompilable, oneFile, refused, succeeded } from './case.ts';

const long = 'x'.repeat(65_536);

export const longWords: HostileCase = {
  name: 'long-words',
  why: 'Names and literals of any length come back in messages, excerpts, signatures and artifacts.',
  inputs: [
    {
      name: 'names of 64 KB',
      body: () =>
        oneFile(
          `${header}contract ${long} { uint public ${long}v; event ${long}e(); function ${long}f() public {} }`,
        ),
      answer: succeeded(),
    },
    {
      name: 'a mistyped name of 64 KB',
      body: () => oneFile(`${header}contract A { uint ${long}; function f() public { ${long}y = 1; } }`),
      answer: notCompilable('7576'),
    },
    {
      name: 'a wanted contract of 64 KB',
      body: () => oneFile(`${header}contract A {}`, { contract: long }),
      answer: refused(422, 'validation-failed', '/contract'),
    },
    {
      name: 'a string of 1 MB',
      body: () => oneFile(`${header}contract A { string public s = "${'y'.repeat(1_000_000)}"; }`),
      answer: succeeded('creation-code-too-large'),
    },
    {
      name: 'a number of 100 KB',
      body: () => oneFile(`${header}contract A { uint x = ${'9'.repeat(100_000)}; }`),
      answer: notCompilable('7407'),
    },
    {
      name: 'a line of 2 MB with a fault at its end',
      body: () => oneFile(`${header}contract A { ${'/*🦄*/'.repeat(250_000)} uint x = "y"; }`),
      answer: notCompilable('7407'),
    },
  ],
};
