import { type HostileCase, header, oneFile, refused, succeeded } from './case.ts';

const text = (json: string) => () => Buffer.from(json);
const source = JSON.stringify(`${header}contract A {}`);
const tooDeep = refused(400, 'json-too-deep');
const malformed = refused(400, 'malformed-json');

export const jsonForms: HostileCase = {
  name: 'json-forms',
  why: 'Bodies that make a reader of JSON call itself too often, look too long, or set what nobody meant to set.',
  inputs: [
    {
      name: '100,000 lists deep',
      body: text(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
      answer: tooDeep,
    },
    { name: '100,000 objects deep', body: text('{"a":'.repeat(100_000)), answer: tooDeep },
    {
      name: 'deep inside the sources',
      body: text(`{"sources":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`),
      answer: tooDeep,
    },
    {
      name: 'cut short in a string of 12 MB',
      body: text(`{"sources":{"A.sol":"${'x'.repeat(12_000_000)}`),
      answer: malformed,
    },
    {
      name: 'a fault behind 12 MB',
      body: text(`{"sources":{"A.sol":"${'x\\n'.repeat(4_000_000)}"},}`),
      answer: malformed,
    },
    {
      name: 'keys twice: the last one counts',
      body: text(
        `{"sources":{"A.sol":"nonsense","A.sol":${source}},"sources":{"A.sol":"nonsense","A.sol":${source}}}`,
      ),
      answer: succeeded(),
    },
    {
      name: '__proto__ in the body',
      body: text(`{"__proto__":{"polluted":true},"sources":{"A.sol":${source}}}`),
      answer: refused(422, 'validation-failed', '/__proto__'),
    },
    {
      name: '__proto__ in the settings',
      body: text(`{"settings":{"optimizer":{"__proto__":{"runs":1}}},"sources":{"A.sol":${source}}}`),
      answer: refused(422, 'validation-failed', '/settings/optimizer/__proto__'),
    },
    {
      name: 'constructor.prototype',
      body: text(`{"constructor":{"prototype":{"polluted":true}},"sources":{"A.sol":${source}}}`),
      answer: refused(422, 'validation-failed', '/constructor'),
    },
    {
      name: '__proto__ as a library',
      body: text(
        `{"settings":{"libraries":{"A.sol":{"__proto__":"0x${'1'.repeat(40)}"}}},"sources":{"A.sol":${source}}}`,
      ),
      answer: refused(422, 'validation-failed'),
    },
    {
      name: '100,000 unknown fields',
      body: () => ({
        ...Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, 1])),
        ...oneFile(''),
      }),
      answer: refused(422, 'validation-failed'),
    },
    {
      name: '100,000 sources that are numbers',
      body: () => ({
        sources: Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, 1])),
      }),
      answer: refused(422, 'validation-failed'),
    },
    {
      name: 'numbers beyond all numbers',
      body: text(`{"sources":{"A.sol":${source}},"settings":{"optimizer":{"runs":1e999}}}`),
      answer: refused(422, 'validation-failed', '/settings/optimizer/runs'),
    },
  ],
};
