import { keccak256, parseTransaction, serializeTransaction } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { assembleSigned, readSigned } from './read-signed.ts';
import type { Hex } from './types.ts';

const account = privateKeyToAccount(generatePrivateKey());
const to: Hex = `0x${'12'.repeat(20)}`;
const common = { chainId: 5, nonce: 3, to, value: 9n, data: '0xabcd' as Hex, gas: 70_000n };
const dynamic = { maxFeePerGas: 8n, maxPriorityFeePerGas: 2n };
const accessList = [{ address: to, storageKeys: [`0x${'00'.repeat(32)}` as Hex] }];

test.each([
  ['legacy', { ...common, type: 'legacy', gasPrice: 7n }, { type: 'legacy', gasPrice: 7n }],
  ['EIP-2930', { ...common, type: 'eip2930', gasPrice: 7n, accessList }, { type: 'legacy', gasPrice: 7n }],
  ['EIP-1559', { ...common, type: 'eip1559', ...dynamic }, { type: 'eip1559', ...dynamic }],
] as const)('%s bytes say who signed what', async (_type, transaction, fees) => {
  const raw = await account.signTransaction(transaction as never);
  expect(await readSigned(raw)).toMatchObject({
    ...common,
    raw,
    hash: keccak256(raw),
    from: account.address,
    fees,
  });
});

test('a creation has no recipient; without EIP-155 no chain is named', async () => {
  const raw = await account.signTransaction({
    nonce: 0,
    data: '0x6000',
    gas: 1n,
    gasPrice: 1n,
    type: 'legacy',
  });
  expect(await readSigned(raw)).toMatchObject({ to: null, chainId: null, data: '0x6000', value: 0n });
});

test.each([
  ['nothing', '0x'],
  ['no bytes of a transaction', '0xdeadbeef'],
  ['an unsigned one', serializeTransaction({ ...common, type: 'eip1559', ...dynamic })],
  ['blobs', `0x03${'c0'.repeat(30)}`],
  ['a type of the future', `0x7e${'c0'.repeat(30)}`],
] as [string, Hex][])('%s is none', async (_what, raw) => {
  expect(await readSigned(raw)).toBeNull();
});

test('one with authorizations (EIP-7702) is not taken: it does more than call', async () => {
  const authorization = await account.signAuthorization({ address: to, chainId: 5, nonce: 0 });
  const raw = await account.signTransaction({
    ...{ ...common, type: 'eip7702', ...dynamic, authorizationList: [authorization] },
  } as never);
  expect(await readSigned(raw)).toBeNull();
});

const quantity = (value: bigint | number) => `0x${value.toString(16)}`;

test('bytes are put together again from what a node says, and only where they have the hash', async () => {
  const signed = { ...common, type: 'eip1559' as const, ...dynamic, accessList };
  const raw = await account.signTransaction(signed);
  const hash = keccak256(raw);
  const { r, s, yParity } = parseTransaction(raw) as { r: Hex; s: Hex; yParity: number };
  const reply = {
    ...{
      hash,
      type: '0x2',
      chainId: '0x5',
      nonce: '0x3',
      to,
      value: '0x9',
      input: '0xabcd',
      gas: quantity(70_000),
    },
    ...{ maxFeePerGas: '0x8', maxPriorityFeePerGas: '0x2', gasPrice: '0x8', accessList },
    ...{ r, s, v: quantity(yParity), yParity: quantity(yParity), from: account.address },
    ...{ blockHash: null, blockNumber: null, transactionIndex: null },
  };
  expect(assembleSigned(reply, hash)).toBe(raw);
  expect(assembleSigned({ ...reply, value: '0xa' }, hash)).toBeNull();
  expect(assembleSigned({ ...reply, r: undefined }, hash)).toBeNull();
  expect(assembleSigned({}, hash)).toBeNull();
  expect(assembleSigned('html', hash)).toBeNull();
});
