import { invariant } from '../../lib/invariant.ts';
import type { Custody } from '../types.ts';
import { awsKms } from './aws-kms.ts';
import { external } from './external.ts';
import { local } from './local.ts';
import { vault } from './vault.ts';

/** Every way to keep a signing key. A new one is a file here and a line in this list. */
export const custodies: readonly Custody[] = [local, awsKms, vault, external];

/** @returns the custody of a signer row's `kind`. @throws InvariantError for a kind that no file describes */
export function custodyOf(kind: string): Custody {
  const found = custodies.find((custody) => custody.kind === kind);
  invariant(found, `no custody ${kind}`);
  return found;
}
