import { type HostileCase, header, oneFile, refused, succeeded } from './case.ts';

const remapped = (remappings: string[], text = 'contract A {}') =>
  oneFile(header + text, { settings: { remappings } });

export const remappings: HostileCase = {
  name: 'remappings',
  why: 'Many, long, or circular remappings, and ones that lead out of the sources.',
  inputs: [
    {
      name: '10,000',
      body: () => remapped(Array.from({ length: 10_000 }, (_, index) => `p${index}/=q${index}/`)),
      answer: refused(422, 'validation-failed', '/settings/remappings'),
    },
    {
      name: 'of 100 KB',
      body: () => remapped([`p/=${'q'.repeat(100_000)}/`]),
      answer: refused(422, 'validation-failed', '/settings/remappings/0'),
    },
    {
      name: 'as many and as long as are taken',
      body: () => remapped(Array.from({ length: 100 }, (_, index) => `p${index}=${'q'.repeat(490)}`)),
      answer: succeeded(),
    },
    {
      name: 'in a circle',
      body: () => remapped(['a/=b/', 'b/=a/'], 'import "a/X.sol";'),
      answer: refused(422, 'import-not-found'),
    },
    {
      name: 'out of the sources',
      body: () => remapped(['a/=../../'], 'import "a/etc/passwd";'),
      answer: refused(422, 'import-invalid'),
    },
    {
      name: 'to a file of the machine',
      body: () => remapped(['a/=/etc/'], 'import "a/passwd";'),
      answer: refused(422, 'import-invalid'),
    },
  ],
};
