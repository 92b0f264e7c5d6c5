import { type HostileCase, header, oneFile, refused, succeeded } from './case.ts';

const comment = (bytes: number) => `${header}contract A {}\n/*${'x'.repeat(bytes)}*/`;

export const largeSource: HostileCase = {
  name: 'large-source',
  why: 'Sources of megabytes are read, counted, hashed and copied several times on their way.',
  inputs: [
    {
      name: 'of 10 MB',
      body: () => oneFile(comment(10_000_000)),
      answer: refused(422, 'validation-failed', '/sources'),
    },
    { name: 'of 2 MB', body: () => oneFile(comment(2_000_000)), answer: succeeded() },
    ...[17, 30, 60].map((megabytes) => ({
      name: `in a body of ${megabytes} MB, which is over its limit`,
      body: () => oneFile(comment(megabytes * 1_000_000)),
      answer: refused(413, 'body-too-large'),
    })),
  ],
};
