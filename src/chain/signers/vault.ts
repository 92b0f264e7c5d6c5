import { isAddressEqual, keccak256 } from 'viem';
import { generatePrivateKey, privateKeyToAddress, signTransaction } from 'viem/accounts';
import { fail } from '../errors.ts';
import { toViem } from '../to-viem.ts';
import type { Custody, CustodyParts, Hex, NewKey, Signer, Vault, VaultKey } from '../types.ts';
import { validPrivateKey } from './local.ts';

/**
 * Keys in the key-value store of HashiCorp Vault, made here and read for each signature. Its transit engine, whose keys
 * cannot be read, has no secp256k1.
 */
export const vault: Custody = {
  kind: 'vault',
  title: 'HashiCorp Vault',
  create: createKey,
  open: (stored, parts) => openKey(stored as VaultKey, vaultOf(parts)),
};

function vaultOf(parts: CustodyParts): Vault {
  if (parts.vault) return parts.vault;
  throw fail('custody-not-configured', { custody: vault.title, setting: 'SLIPWAY_VAULT_ADDR' });
}

/** The path is ours to choose: nobody can name a key of somebody else. */
async function createKey({ id, ownerId, privateKey }: NewKey, parts: CustodyParts): Promise<VaultKey> {
  const key = privateKey === undefined ? generatePrivateKey() : validPrivateKey(privateKey);
  const address = privateKeyToAddress(key);
  const path = `slipway/${ownerId}/${id}`;
  await vaultOf(parts).create(path, { privateKey: key, address });
  return { version: 1, path, address };
}

function openKey({ path, address }: VaultKey, store: Vault): Signer {
  return {
    address,
    async signTransaction(transaction) {
      const { privateKey } = await store.read(path);
      if (!isKeyOf(privateKey, address)) throw fail('vault-key-wrong', { path, address });
      const raw = await signTransaction({ privateKey, transaction: toViem(transaction) });
      return { raw, hash: keccak256(raw) };
    },
  };
}

function isKeyOf(value: unknown, address: Hex): value is Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{64}$/i.test(value)) return false;
  return isAddressEqual(privateKeyToAddress(validPrivateKey(value as Hex)), address);
}
