import { type HostileCase, header, notCompilable, oneFile, refused, succeeded } from './case.ts';

/** A request whose source has these bytes in the middle. */
const withBytes = (...bytes: number[]) => {
  const [before = '', after = ''] = JSON.stringify(oneFile(`${header}// | \ncontract A {}`)).split('|');
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
};
const malformed = refused(400, 'malformed-json');

export const textEncoding: HostileCase = {
  name: 'text-encoding',
  why: 'Bytes that are no UTF-8, halves of surrogate pairs and NUL are kept by neither JSON nor the database.',
  inputs: [
    { name: 'a byte that begins nothing', body: () => withBytes(0xff), answer: malformed },
    { name: 'an overlong form', body: () => withBytes(0xc0, 0xaf), answer: malformed },
    { name: 'a surrogate in UTF-8', body: () => withBytes(0xed, 0xa0, 0x80), answer: malformed },
    { name: 'UTF-16', body: () => Buffer.from('\ufeff{"sources":{}}', 'utf16le'), answer: malformed },
    {
      name: 'half a pair in a source',
      body: () => oneFile(`${header}// \ud83e\ncontract A {}`),
      answer: refused(422, 'validation-failed', '/sources/A.sol'),
    },
    {
      name: 'half a pair in a path',
      body: () => ({ sources: { 'A\udc00.sol': 'contract A {}' } }),
      answer: refused(422, 'validation-failed'),
    },
    {
      name: 'NUL in a source',
      body: () => oneFile(`${header}// \0\ncontract A {}`),
      answer: refused(422, 'validation-failed', '/sources/A.sol'),
    },
    {
      name: 'a byte order mark',
      body: () => oneFile(`\ufeff${header}contract A {}`),
      answer: notCompilable('7858'),
    },
    {
      name: 'writing direction turned around',
      body: () => oneFile(`${header}contract A { /* \u202e } \u2066 if (x) \u2069 \u2066 */ }`),
      answer: notCompilable('9182'),
    },
    {
      name: 'writing direction in balance',
      body: () => oneFile(`${header}contract A { /* \u202e abc \u202c */ }`),
      answer: succeeded(),
    },
  ],
};
