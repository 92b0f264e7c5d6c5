import { describe, expect, test } from 'vitest';
import type { Artifact } from '../../../src/solidity/types.ts';
import { differences, maskMetadata } from './compare-code.ts';
import type { ShippedArtifact } from './shipped-artifacts.ts';

const hash = (digit: string) => digit.repeat(64);
/** Metadata sections as compilers write them: ipfs (0.6 on), bzzr1 (0.5), bzzr0 (0.4), and no hash at all. */
const ipfs = (digit: string) => `a2646970667358221220${hash(digit)}64736f6c634300081a0033`;
const bzzr1 = (digit: string) => `a265627a7a72315820${hash(digit)}64736f6c63430005100032`;
const bzzr0 = (digit: string) => `a165627a7a72305820${hash(digit)}0029`;

const artifact = (parts: Partial<Artifact>): Artifact => ({
  file: 'A.sol',
  contract: 'A',
  abi: [],
  creationBytecode: '0x6001',
  runtimeBytecode: '0x6002',
  immutableReferences: {},
  creationLinkReferences: {},
  storageLayout: null,
  methodIdentifiers: {},
  gasEstimates: null,
  userdoc: null,
  devdoc: null,
  metadata: '',
  creationBytes: 2,
  runtimeBytes: 2,
  ...parts,
});
const shipped = (parts: Partial<ShippedArtifact> = {}): ShippedArtifact => ({
  ...{ file: 'A.sol', contract: 'A', creation: '6001', runtime: '6002' },
  ...parts,
});

describe('metadata', () => {
  test.each([
    ['ipfs', ipfs],
    ['bzzr1', bzzr1],
    ['bzzr0', bzzr0],
  ])('an %s hash is passed over at the end and inside, and nothing beside it is', (_, section) => {
    const code = (digit: string, end = '') => `6001${section(digit)}6002${section(digit)}${end}`;
    expect(maskMetadata(code('a'))).toBe(maskMetadata(code('b')));
    expect(maskMetadata(code('a'))).not.toContain(hash('a'));
    expect(maskMetadata(code('a'))).toHaveLength(code('a').length);
    expect(maskMetadata(code('a'))).not.toBe(maskMetadata(code('a').replace('6002', '6003')));
    expect(maskMetadata(code('a', '00'))).not.toBe(maskMetadata(code('b', '01')));
  });

  test('another compiler version is a difference', () => {
    expect(maskMetadata(ipfs('a'))).not.toBe(maskMetadata(ipfs('a').replace('081a', '081b')));
  });

  test('what only looks like a hash is left alone', () => {
    // Half a byte off, and cut short by the end of the code.
    const shifted = `6${ipfs('a')}0`;
    const cut = ipfs('a').slice(0, 60);
    expect(maskMetadata(shifted)).toBe(shifted);
    expect(maskMetadata(cut)).toBe(cut);
  });
});

describe('code', () => {
  test('equal code has no difference', () => {
    expect(differences(artifact({}), shipped())).toEqual([]);
  });

  test('one wrong byte is named, in either code', () => {
    const ours = artifact({ creationBytecode: `0x6001${'5b'.repeat(40)}`, runtimeBytecode: '0x60025b' });
    const creation = `6001${'5b'.repeat(30)}5c${'5b'.repeat(9)}`;
    expect(differences(ours, shipped({ creation, runtime: '60025b' }))).toEqual([
      'creation code differs from byte 32 on (42 bytes here, 42 shipped)',
    ]);
    expect(differences(ours, shipped({ creation: `6001${'5b'.repeat(40)}`, runtime: '60' }))).toEqual([
      'runtime code differs from byte 1 on (3 bytes here, 1 shipped)',
    ]);
  });
});

describe('places', () => {
  const placeholder = `__$${'1234567890'.repeat(4).slice(0, 34)}$__`;
  const linked = artifact({
    creationBytecode: `0x60${placeholder}00`,
    runtimeBytecode: `0x73${placeholder}00`,
    creationLinkReferences: { 'L.sol': { L: [{ start: 1, length: 20 }] } },
  });
  const shippedLinked = shipped({
    creation: `60${placeholder}00`,
    runtime: `73${placeholder}00`,
    creationLinks: { 'L.sol': { L: [{ start: 1, length: 20 }] } },
    runtimeLinks: { 'L.sol': { L: [{ start: 1, length: 20 }] } },
  });

  test('a library to link is compared by its placeholder, its place and its name', () => {
    expect(differences(linked, shippedLinked)).toEqual([]);
    const other = placeholder.replace('1', '2');
    expect(differences(linked, { ...shippedLinked, creation: `60${other}00` })).toHaveLength(1);
    expect(
      differences(linked, {
        ...shippedLinked,
        creationLinks: { 'L.sol': { M: [{ start: 1, length: 20 }] } },
      }),
    ).toEqual(['creation code is linked in other places (L.sol:L at 1+20 here, L.sol:M at 1+20 shipped)']);
    expect(
      differences(linked, { ...shippedLinked, runtimeLinks: { 'L.sol': { L: [{ start: 2, length: 20 }] } } }),
    ).toEqual(['runtime code is linked in other places (1 here, 2 shipped)']);
    expect(
      differences(artifact({}), shipped({ creationLinks: shippedLinked.creationLinks ?? {} })),
    ).toHaveLength(1);
  });

  test('immutables are compared by their places, whatever their ids are', () => {
    const ours = artifact({
      immutableReferences: { 7: [{ start: 40, length: 32 }], 9: [{ start: 4, length: 32 }] },
    });
    const same = [
      { start: 4, length: 32 },
      { start: 40, length: 32 },
    ];
    expect(differences(ours, shipped({ immutables: same }))).toEqual([]);
    expect(differences(ours, shipped())).toEqual([]);
    expect(differences(ours, shipped({ immutables: same.slice(1) }))).toEqual([
      'immutables are in other places (4+32 40+32 here, 40+32 shipped)',
    ]);
  });
});
