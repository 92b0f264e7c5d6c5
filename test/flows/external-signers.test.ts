import { sql } from 'kysely';
import { keccak256, type TransactionSerializable } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Hex } from '../../src/chain/types.ts';
import { type Anvil, startAnvil } from '../support/anvil.ts';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** Deployments and calls whose key is in a wallet of their owner's: the platform prepares, checks and watches. */
const source = `pragma solidity ^0.8.20; contract Box {
  event Kept(uint256 value);
  uint256 public value; constructor(uint256 given) { value = given; }
  function keep(uint256 given) external { value = given; emit Kept(given); }
}`;
let anvil: Anvil;
let platform: TestPlatform;
let user: TestUser;
let buildId: string;
let wallet: PrivateKeyAccount;
let signer: string;

beforeAll(async () => {
  anvil = await startAnvil();
  platform = await startPlatform({ env: { SLIPWAY_RPC_LOCAL: anvil.url } });
  user = await platform.register();
  const job = await user.client.call('POST /api/v1/contracts/compile', {
    body: { sources: { 'Box.sol': source } },
    waitSeconds: 60,
  });
  buildId = job.subjectId;
});
beforeEach(async () => {
  await anvil.rpc('evm_setAutomine', [true]);
  wallet = privateKeyToAccount(generatePrivateKey());
  const body = { name: wallet.address, kind: 'external' as const, address: wallet.address.toLowerCase() };
  const made = await user.client.call('POST /api/v1/signers', { body });
  expect(made).toMatchObject({ kind: 'external', address: wallet.address, keyId: null });
  signer = made.id;
});
afterAll(async () => {
  await platform.stop();
  await anvil.stop();
});

async function query(text: string): Promise<unknown[]> {
  return (await sql.raw(text).execute(platform.store.read)).rows;
}

const show = (id: string) => user.client.call('GET /api/v1/deployments/:id', { params: { id } });
const unsigned = (id: string) =>
  user.client.call('GET /api/v1/deployments/:id/signature', { params: { id } });
const give = (id: string, body: { signedTransaction: string } | { transactionHash: string }) =>
  user.client.call('POST /api/v1/deployments/:id/signature', { params: { id }, body });

async function until(id: string, status: string) {
  await expect.poll(async () => (await show(id)).status, { timeout: 20_000 }).toBe(status);
  return show(id);
}

/** A deployment that waits for the wallet. */
async function prepared(value: number, more: object = {}): Promise<string> {
  const { subjectId } = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId, network: 'local', signer, constructorArgs: [value], ...more },
  });
  await until(subjectId, 'awaiting_signature');
  return subjectId;
}

/** What a wallet makes of it; fees, gas and nonce are its own. */
async function sign(id: string, change: Partial<TransactionSerializable> = {}, by = wallet): Promise<Hex> {
  const { chainId, to, value, data, gas, nonce } = await unsigned(id);
  const transaction = {
    ...{ chainId, nonce, data, value: BigInt(value), gas: BigInt(gas), ...(to ? { to } : {}) },
    ...{ type: 'eip1559', maxFeePerGas: 5_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n },
    ...change,
  } as TransactionSerializable;
  return by.signTransaction(transaction);
}

describe('what a wallet has signed', () => {
  test('is sent, watched and confirmed; nothing is sent and no nonce taken before', async () => {
    const id = await prepared(7);
    expect(await show(id)).toMatchObject({ nonce: null, transactionHash: null, attempts: [] });
    const raw = await sign(id);
    expect(await give(id, { signedTransaction: raw })).toMatchObject({ id });
    const done = await until(id, 'confirmed');
    expect(done).toMatchObject({
      transactionHash: keccak256(raw),
      nonce: 0,
      codeMatches: true,
      from: wallet.address,
    });
    const log = await user.client.call('GET /api/v1/audit-log', {
      query: { action: 'deployment.signature-given' },
    });
    expect(log.items[0]).toMatchObject({ objectId: id, data: { hash: keccak256(raw) } });
    // Once more changes nothing.
    await expect(give(id, { signedTransaction: raw })).rejects.toMatchObject({
      code: 'signature-not-wanted',
    });
  });

  test('or sent by itself is known by its hash, and its bytes are put together again', async () => {
    const id = await prepared(8);
    const price = { type: 'legacy', gasPrice: 5_000_000_000n, maxFeePerGas: undefined } as object;
    const raw = await sign(id, { ...price, maxPriorityFeePerGas: undefined } as object);
    const hash = await anvil.rpc<Hex>('eth_sendRawTransaction', [raw]);
    await give(id, { transactionHash: hash });
    expect(await until(id, 'confirmed')).toMatchObject({ transactionHash: hash, codeMatches: true });
    expect(await query(`select raw from transactions where hash = '${hash}'`)).toEqual([{ raw }]);
  });

  test('is sent anew by us after a reorg, though the wallet sent it', async () => {
    const level = await anvil.rpc('evm_snapshot', []);
    const id = await prepared(9);
    const hash = await anvil.rpc<Hex>('eth_sendRawTransaction', [await sign(id)]);
    await give(id, { transactionHash: hash });
    const first = await until(id, 'confirmed');
    await anvil.rpc('evm_revert', [level]);
    await anvil.rpc('anvil_setBalance', [wallet.address, '0xde0b6b3a7640000']);
    await anvil.rpc('evm_mine', []);
    await expect.poll(async () => (await show(id)).blockHash, { timeout: 20_000 }).not.toBe(first.blockHash);
    expect(await until(id, 'confirmed')).toMatchObject({ transactionHash: hash, address: first.address });
  });

  test('is sped up by the wallet: another one of its nonce takes its place', async () => {
    const id = await prepared(10);
    await anvil.rpc('evm_setAutomine', [false]);
    const slow = await sign(id);
    await give(id, { signedTransaction: slow });
    await until(id, 'broadcast');
    await expect(
      user.client.call('POST /api/v1/deployments/:id/cancel', { params: { id } }),
    ).rejects.toMatchObject({
      code: 'signer-external',
    });
    const other = await sign(id, { nonce: 1 });
    await give(id, { signedTransaction: other });
    await expect
      .poll(async () => (await show(id)).stuck?.code, { timeout: 10_000 })
      .toBe('signature-nonce-differs');
    const fast = await sign(id, { maxFeePerGas: 9_000_000_000n, maxPriorityFeePerGas: 3_000_000_000n });
    await give(id, { signedTransaction: fast });
    await expect.poll(async () => (await show(id)).attempts.length, { timeout: 10_000 }).toBe(2);
    await anvil.rpc('evm_setAutomine', [true]);
    await anvil.rpc('evm_mine', []);
    const done = await until(id, 'confirmed');
    expect(done.transactionHash).toBe(keccak256(fast));
    expect(done.attempts.map(({ reason }) => reason)).toEqual([null, 'wallet']);
    expect(await anvil.rpc('eth_getTransactionCount', [wallet.address, 'latest'])).toBe('0x1');
  });

  test('may be a call too', async () => {
    const id = await prepared(11);
    await give(id, { signedTransaction: await sign(id) });
    await until(id, 'confirmed');
    const { subjectId } = await user.client.call('POST /api/v1/deployments/:id/transactions', {
      params: { id },
      body: { function: 'keep', args: [12] },
    });
    await until(subjectId, 'awaiting_signature');
    await give(subjectId, { signedTransaction: await sign(subjectId) });
    expect((await until(subjectId, 'confirmed')).call?.events?.list).toMatchObject([
      { event: 'Kept', args: { value: '12' } },
    ]);
  });
});

describe('what was not prepared is refused, and the deployment waits on', () => {
  const others: [string, Partial<TransactionSerializable>, string][] = [
    ['another chain', { chainId: 1 }, 'its chain is 1, not 31337'],
    ['other code', { data: '0x600160015500' }, 'its data is other data'],
    ['a recipient', { to: `0x${'12'.repeat(20)}` }, `it goes to 0x${'12'.repeat(20)}, not to nobody`],
    ['an amount', { value: 1n }, 'it sends 1 wei, not 0'],
  ];
  test('in each of its parts, each by name', async () => {
    const id = await prepared(20);
    for (const [, change, words] of others) {
      const raw = await sign(id, change);
      await expect(give(id, { signedTransaction: raw })).rejects.toMatchObject({
        code: 'signed-transaction-differs',
        message: expect.stringContaining(words),
      });
    }
    const stranger = privateKeyToAccount(generatePrivateKey());
    await expect(give(id, { signedTransaction: await sign(id, {}, stranger) })).rejects.toMatchObject({
      message: expect.stringContaining(`it was signed by ${stranger.address}, not by ${wallet.address}`),
    });
    for (const signedTransaction of [
      '0x00',
      '0xdeadbeef',
      `0x03${'00'.repeat(40)}`,
      `0x${'ff'.repeat(131_072)}`,
    ]) {
      await expect(give(id, { signedTransaction })).rejects.toMatchObject({
        code: 'signed-transaction-unreadable',
      });
    }
    const tooLong = give(id, { signedTransaction: `0x${'ff'.repeat(131_073)}` });
    await expect(tooLong).rejects.toMatchObject({ code: 'validation-failed' });
    await expect(give(id, { transactionHash: `0x${'ab'.repeat(32)}` })).rejects.toMatchObject({
      code: 'transaction-not-known',
    });
    expect((await show(id)).status).toBe('awaiting_signature');
    await give(id, { signedTransaction: await sign(id) });
    await until(id, 'confirmed');
  });

  test('a nonce that is used up, and one of another deployment of ours', async () => {
    const first = await prepared(21);
    const second = await prepared(21);
    await give(first, { signedTransaction: await sign(first, { nonce: 0 }) });
    await until(first, 'confirmed');
    await give(second, { signedTransaction: await sign(second, { nonce: 0 }) });
    await expect
      .poll(async () => (await show(second)).stuck?.code, { timeout: 10_000 })
      .toMatch(/^(nonce-taken|signature-nonce-used|signed-transaction)/);
    expect((await show(second)).status).toBe('awaiting_signature');
    await give(second, { signedTransaction: await sign(second, { nonce: 1 }) });
    expect(await until(second, 'confirmed')).toMatchObject({ nonce: 1, stuck: null });
  });

  test('a transaction that was sent for something else', async () => {
    const id = await prepared(22);
    const to = wallet.address;
    const raw = await wallet.signTransaction({
      ...{ chainId: 31_337, nonce: 0, to, gas: 21_000n, type: 'eip1559' },
      ...{ maxFeePerGas: 5_000_000_000n, maxPriorityFeePerGas: 1n },
    });
    const transactionHash = await anvil.rpc<Hex>('eth_sendRawTransaction', [raw]);
    await expect(give(id, { transactionHash })).rejects.toMatchObject({ code: 'signed-transaction-differs' });
  });
});

describe('an end', () => {
  test('before anything is signed costs nothing, and no signature is wanted afterwards', async () => {
    const id = await prepared(30);
    const raw = await sign(id);
    await user.client.call('POST /api/v1/deployments/:id/cancel', { params: { id } });
    await until(id, 'cancelled');
    await expect(give(id, { signedTransaction: raw })).rejects.toMatchObject({
      code: 'signature-not-wanted',
    });
    await expect(unsigned(id)).rejects.toMatchObject({ code: 'signature-not-wanted' });
    expect(await anvil.rpc('eth_getTransactionCount', [wallet.address, 'latest'])).toBe('0x0');
  });

  test('comes when the wallet uses the nonce for something else; the signer is not frozen', async () => {
    const id = await prepared(32);
    await anvil.rpc('evm_setAutomine', [false]);
    await give(id, { signedTransaction: await sign(id) });
    await until(id, 'broadcast');
    const raw = await wallet.signTransaction({
      ...{ chainId: 31_337, nonce: 0, to: wallet.address, gas: 21_000n, type: 'eip1559' },
      ...{ maxFeePerGas: 50_000_000_000n, maxPriorityFeePerGas: 40_000_000_000n },
    });
    await anvil.rpc('eth_sendRawTransaction', [raw]);
    await anvil.rpc('evm_mine', []);
    await anvil.rpc('evm_setAutomine', [true]);
    expect(await until(id, 'failed')).toMatchObject({ error: { code: 'nonce-used-elsewhere' } });
    const again = await prepared(32);
    await give(again, { signedTransaction: await sign(again) });
    await until(again, 'confirmed');
  });
});

test('nothing is asked of a signer that signs here', async () => {
  const job = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId, network: 'local', constructorArgs: [40] },
    waitSeconds: 60,
  });
  await expect(unsigned(job.subjectId)).rejects.toMatchObject({ code: 'signature-not-wanted' });
});

test('a dry run and too little money end before anybody is asked to sign', async () => {
  const body = { buildId, network: 'local', signer, constructorArgs: [41], dryRun: true };
  const { result } = await user.client.call('POST /api/v1/contracts/deploy', { body, waitSeconds: 60 });
  expect(result.deployment).toMatchObject({ status: 'estimated', nonce: null });
});

test('signers are made with an address, and with nothing else', async () => {
  const make = (body: object) =>
    platform.send('POST /api/v1/signers', { token: user.accessToken, body: { name: 'w', ...body } });
  for (const body of [
    { kind: 'external' },
    { kind: 'external', address: '0x12' },
    { kind: 'external', address: `0x${'12'.repeat(20)}`, privateKey: generatePrivateKey() },
    { address: `0x${'12'.repeat(20)}` },
  ]) {
    expect((await make(body)).body.code).toBe('validation-failed');
  }
  const exported = await platform.send(`POST /api/v1/signers/${signer}/export`, {
    token: user.accessToken,
    body: { name: wallet.address },
  });
  expect(exported.status).toBeGreaterThanOrEqual(400);
});

test('the command line shows what is to be signed, and takes the result', async () => {
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: user.accessToken };
  const words = ['deploy', buildId, '--network', 'local', '--signer', signer, '--args', '[50]'];
  const deployed = await runSlipway(words, { env });
  expect(deployed.stderr).toBe('');
  expect(deployed.stdout).toContain('awaiting_signature on local');
  const id = /slipway deployments sign (\S+)`/.exec(deployed.stdout)?.[1] ?? '';
  const shown = await runSlipway(['deployments', 'sign', id], { env });
  expect(JSON.parse(shown.stdout)).toMatchObject({
    chainId: 31_337,
    to: null,
    nonce: 0,
    from: wallet.address,
  });
  const signed = await runSlipway(['deployments', 'sign', id, '--signed', await sign(id)], { env });
  expect(signed.code).toBe(0);
  await until(id, 'confirmed');
});
