import type { Artifact, LinkReferences } from '../../../src/solidity/types.ts';
import type { Place, ShippedArtifact } from './shipped-artifacts.ts';

/**
 * What differs between our code and the package's own. Of the metadata (CBOR, contract-metadata section of the
 * compiler's manual) only the hash is passed over: it covers names and comments of all sources. The compiler version
 * beside it is not. Places of immutables and of libraries to link are compared as what they are: as zeros and as
 * placeholders in the code, and by what the package says of them.
 *
 * @returns one sentence each; none when all is equal
 */
export function differences(ours: Artifact, shipped: ShippedArtifact): string[] {
  return [
    ...codeDifference('creation code', ours.creationBytecode.slice(2), shipped.creation),
    ...codeDifference('runtime code', ours.runtimeBytecode.slice(2), shipped.runtime),
    ...linkDifference('creation code', ours.creationLinkReferences, shipped.creationLinks),
    ...runtimeLinkDifference(ours, shipped),
    ...immutableDifference(ours, shipped),
  ];
}

function codeDifference(which: string, ours: string, shipped: string): string[] {
  const [a, b] = [maskMetadata(ours), maskMetadata(shipped)];
  if (a === b) return [];
  let at = 0;
  while (a[at] === b[at]) at++;
  const bytes = (code: string) => code.length / 2;
  return [
    `${which} differs from byte ${Math.floor(at / 2)} on (${bytes(ours)} bytes here, ${bytes(shipped)} shipped)`,
  ];
}

/** Keys and heads of the hashes that a metadata section can hold: `ipfs`, `bzzr1` and `bzzr0`. */
const hashHeads = ['646970667358221220', '65627a7a72315820', '65627a7a72305820'];
const hashDigits = 64;

/** Blanks the metadata hashes: of the contract and of every contract that its code carries. */
export function maskMetadata(code: string): string {
  let masked = code;
  for (const head of hashHeads) {
    for (let at = masked.indexOf(head); at >= 0; at = masked.indexOf(head, at + 1)) {
      const start = at + head.length;
      if (at % 2 !== 0 || start + hashDigits > masked.length) continue;
      masked = masked.slice(0, start) + '0'.repeat(hashDigits) + masked.slice(start + hashDigits);
    }
  }
  return masked;
}

function linkDifference(which: string, ours: LinkReferences, shipped: LinkReferences | undefined): string[] {
  if (!shipped) return [];
  const [a, b] = [linkPlaces(ours), linkPlaces(shipped)];
  return a === b ? [] : [`${which} is linked in other places (${a || 'none'} here, ${b || 'none'} shipped)`];
}

/** Of our runtime code the placeholders alone say where it is linked: the same number has to be in the package's list. */
function runtimeLinkDifference(ours: Artifact, shipped: ShippedArtifact): string[] {
  if (!shipped.runtimeLinks) return [];
  const a = [...ours.runtimeBytecode.slice(2).matchAll(/__.{36}__/g)].map(({ index }) => index / 2).join(' ');
  const b = Object.values(shipped.runtimeLinks)
    .flatMap((libraries) => Object.values(libraries).flat())
    .map(({ start }) => start)
    .sort((x, y) => x - y)
    .join(' ');
  return a === b
    ? []
    : [`runtime code is linked in other places (${a || 'none'} here, ${b || 'none'} shipped)`];
}

function linkPlaces(references: LinkReferences): string {
  return Object.entries(references)
    .flatMap(([file, libraries]) =>
      Object.entries(libraries).map(([name, places]) => `${file}:${name} at ${listed(places)}`),
    )
    .sort()
    .join('; ');
}

function immutableDifference(ours: Artifact, { immutables }: ShippedArtifact): string[] {
  if (!immutables) return [];
  const [a, b] = [listed(Object.values(ours.immutableReferences).flat()), listed(immutables)];
  return a === b ? [] : [`immutables are in other places (${a || 'none'} here, ${b || 'none'} shipped)`];
}

function listed(places: readonly Place[]): string {
  return [...places]
    .sort((x, y) => x.start - y.start)
    .map(({ start, length }) => `${start}+${length}`)
    .join(' ');
}
