import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { parseTransaction, recoverTransactionAddress } from 'viem';
import { describe, expect, test } from 'vitest';
import type { KeyEncryptionKey, SealedKey, UnsignedTransaction } from '../types.ts';
import { custodies } from './index.ts';
import { createKey, openSigner } from './local.ts';

const id = '0190f3a0-0000-7000-8000-000000000001';
const kek: KeyEncryptionKey = { id: 'test-1', key: randomBytes(32) };
const transaction: UnsignedTransaction = {
  type: 'eip1559',
  chainId: 31337,
  nonce: 3,
  to: null,
  value: 0n,
  data: '0x6001600155',
  gas: 100_000n,
  maxFeePerGas: 2_000_000_000n,
  maxPriorityFeePerGas: 1_000_000n,
};

test('every custody file is in the list', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((file) => !/^index\.|\.test\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ''));
  expect(custodies.map((custody) => custody.kind).sort()).toEqual(files.sort());
});

describe('local', () => {
  const reopen = (sealed: SealedKey, key = kek) => openSigner(JSON.parse(JSON.stringify(sealed)), key);

  test('signs what it was asked to sign, as the address it says it is', async () => {
    const sealed = createKey({ id, kek });
    const signer = reopen(sealed);
    expect(signer.address).toBe(sealed.address);
    const { raw, hash } = await signer.signTransaction(transaction);
    expect(hash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` })).toBe(
      sealed.address,
    );
    expect(parseTransaction(raw)).toMatchObject({
      chainId: 31337,
      nonce: 3,
      data: '0x6001600155',
      gas: 100_000n,
    });
    const again = await signer.signTransaction(transaction);
    expect(again.hash).toBe(hash);
  });

  test('signs legacy transactions bound to their chain (EIP-155)', async () => {
    const signer = reopen(createKey({ id, kek }));
    const { chainId, nonce, to, value, data, gas } = transaction;
    const legacy = { type: 'legacy', gasPrice: 5n, chainId, nonce, to, value, data, gas } as const;
    const { raw } = await signer.signTransaction(legacy);
    expect(parseTransaction(raw)).toMatchObject({ type: 'legacy', chainId: 31337, gasPrice: 5n });
  });

  test('every key is another one', () => {
    expect(createKey({ id, kek }).address).not.toBe(createKey({ id, kek }).address);
  });

  test('says which key-encryption key is missing', () => {
    const sealed = createKey({ id, kek });
    expect(() => reopen(sealed, { id: 'test-2', key: randomBytes(32) })).toThrow(
      expect.objectContaining({ code: 'signing-key-locked' }),
    );
  });

  test.each<[string, (sealed: SealedKey, other: SealedKey) => SealedKey]>([
    ["another signer's id", (sealed) => ({ ...sealed, id: 'other' })],
    ["another signer's address", (sealed, other) => ({ ...sealed, address: other.address })],
    [
      "another signer's key",
      (sealed, other) => ({ ...sealed, key: other.key, wrappedDataKey: other.wrappedDataKey }),
    ],
    [
      'an altered byte',
      (sealed) => ({ ...sealed, key: { ...sealed.key, ciphertext: flip(sealed.key.ciphertext) } }),
    ],
    ['a shortened tag', (sealed) => ({ ...sealed, key: { ...sealed.key, tag: sealed.key.tag.slice(0, 8) } })],
    ['a missing field', (sealed) => ({ ...sealed, key: {} as never })],
  ])('does not open with %s', (_what, change) => {
    const sealed = createKey({ id, kek });
    const changed = change(sealed, createKey({ id: 'other', kek }));
    expect(() => reopen(changed)).toThrow(expect.objectContaining({ code: 'signing-key-damaged' }));
  });

  test('another key under the same name opens nothing', () => {
    const sealed = createKey({ id, kek });
    expect(() => reopen(sealed, { id: kek.id, key: randomBytes(32) })).toThrow(
      expect.objectContaining({ code: 'signing-key-damaged' }),
    );
  });
});

function flip(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
}
