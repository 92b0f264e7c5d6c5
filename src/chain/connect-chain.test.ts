import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { boxCreation } from '../../test/support/box-contract.ts';
import { type ProxyReply, type RpcProxy, startRpcProxy } from '../../test/support/rpc-proxy.ts';
import { limits } from '../lib/limits.ts';
import { type ConnectChainOptions, connectChain } from './connect-chain.ts';
import { local } from './networks/local.ts';
import { sepolia } from './networks/sepolia.ts';
import { createKey, openSigner } from './signers/local.ts';
import type { ChainClient, Hex, UnsignedTransaction } from './types.ts';

const kek = { id: 'test', key: randomBytes(32) };
const signer = openSigner(createKey({ id: 'signer', kek }), kek);
const nobody: Hex = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
const nowhere = 'http://127.0.0.1:1/v3/abcdef0123456789abcdef0123456789';
let anvil: Anvil;
let proxy: RpcProxy;
let chain: ChainClient;

const open = (options: Partial<ConnectChainOptions> = {}) =>
  connectChain({ network: local, rpcUrls: [proxy.url], timeoutMs: 300, ...options });

beforeAll(async () => {
  anvil = await startAnvil();
  proxy = await startRpcProxy(() => anvil.url);
  chain = connectChain({ network: local, rpcUrls: [anvil.url] });
  await chain.devSetBalance(signer.address, 10n ** 21n);
});
beforeEach(() => {
  proxy.methods.length = 0;
  proxy.intercept = async (_method, forward) => ({ body: await forward() });
});
afterAll(async () => {
  await proxy.stop();
  await anvil.stop();
});

const transaction = (nonce: number): UnsignedTransaction => ({
  type: 'eip1559',
  chainId: 31337,
  nonce,
  to: null,
  value: 0n,
  data: boxCreation(5n),
  gas: 300_000n,
  maxFeePerGas: 20_000_000_000n,
  maxPriorityFeePerGas: 1n,
});

describe('reading', () => {
  test('blocks by number, hash and tag; none is null', async () => {
    const genesis = await chain.block(0n);
    expect(genesis?.hash).toBe(await chain.genesisHash());
    expect(await chain.block(genesis?.hash ?? '0x')).toEqual(genesis);
    expect(genesis?.number).toBe(0n);
    expect((await chain.block('latest'))?.gasLimit).toBeGreaterThan(10_000_000n);
    expect(await chain.block(10_000_000n)).toBeNull();
  });

  test('accounts', async () => {
    expect(await chain.balance(nobody)).toBe(0n);
    expect(await chain.nonce(nobody, 'pending')).toBe(0);
    expect(await chain.code(nobody)).toBe('0x');
    expect(await chain.receipt(`0x${'00'.repeat(32)}`)).toBeNull();
    expect(await chain.transaction(`0x${'00'.repeat(32)}`)).toBeNull();
  });

  test('a failed execution is an answer', async () => {
    const data = boxCreation(0n);
    expect(await chain.call({ from: nobody, data })).toMatchObject({
      kind: 'reverted',
      data: expect.stringMatching(/^0x[0-9a-f]{72}$/),
    });
    expect(await chain.estimateGas({ from: nobody, data })).toMatchObject({ kind: 'reverted' });
    expect(await chain.call({ from: nobody, data: '0xfe' })).toMatchObject({ kind: 'reverted', data: null });
    const poor = { from: nobody, data: boxCreation(1n), value: 5n };
    expect(await chain.call(poor)).toMatchObject({ kind: 'insufficient-funds' });
    expect(await chain.estimateGas({ from: nobody, data: boxCreation(1n) })).toMatchObject({ kind: 'ok' });
  });

  test('fees rise with haste and cover the base fee', async () => {
    const [slow, fast] = await Promise.all([chain.fees('slow'), chain.fees('fast')]);
    if (slow.type !== 'eip1559' || fast.type !== 'eip1559') throw new Error('no EIP-1559 fees');
    expect(slow.maxFeePerGas).toBeGreaterThanOrEqual(slow.baseFeePerGas + slow.maxPriorityFeePerGas);
    expect(fast.maxFeePerGas).toBeGreaterThanOrEqual(slow.maxFeePerGas);
    const legacy = await open({ network: { ...local, eip1559: false } }).fees('standard');
    expect(legacy).toMatchObject({ type: 'legacy', gasPrice: expect.any(BigInt) });
  });

  test('a node without fee history leaves the gas price', async () => {
    proxy.intercept = async (method, forward) =>
      method === 'eth_feeHistory'
        ? { body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"method not found"}}' }
        : { body: await forward() };
    expect((await open().fees('standard')).type).toBe('legacy');
  });
});

describe('sending', () => {
  test('accepted, then known, then mined', async () => {
    const { raw, hash } = await signer.signTransaction(transaction(0));
    expect(await chain.send(raw)).toEqual({ kind: 'accepted', message: '' });
    expect(['already-known', 'nonce-too-low']).toContain((await chain.send(raw)).kind);
    await expect
      .poll(() => chain.receipt(hash), { interval: 5 })
      .toMatchObject({ status: 'success', transactionHash: hash });
    expect(await chain.transaction(hash)).toMatchObject({ from: signer.address, nonce: 0, to: null });
    expect((await chain.send(raw)).kind).toBe('nonce-too-low');
  });

  test('the local node speaks of funds, fees and limits as the corpus says', async () => {
    const poor = openSigner(createKey({ id: 'poor', kek }), kek);
    const outcome = async (change: Partial<UnsignedTransaction>, by = signer) =>
      (
        await chain.send(
          (
            await by.signTransaction({ ...transaction(1), ...change } as UnsignedTransaction)
          ).raw,
        )
      ).kind;
    expect(await outcome({ nonce: 0 }, poor)).toBe('insufficient-funds');
    expect(await outcome({ maxFeePerGas: 1n })).toBe('underpriced');
    expect(await outcome({ gas: 20_000n })).toBe('rejected');
    expect(await outcome({ chainId: 5 })).toBe('rejected');
    expect((await chain.send('0x02deadbeef')).kind).toBe('rejected');
  });

  test.each<[string, ProxyReply]>([
    ['silence', 'silence'],
    ['a page of HTML', { status: 502, body: '<html>' }],
    ['a redirect', { status: 302, body: '' }],
    ['too many requests', { status: 429, body: '{"error":{"code":429,"message":"slow down"}}' }],
    ['a wrapped error', { body: '{"error":{"code":-32603,"message":"Internal error"}}' }],
  ])('%s means maybe sent, even when another node refuses', async (_what, reply) => {
    let first = true;
    proxy.intercept = async (method, forward) => {
      if (method !== 'eth_sendRawTransaction' || !first) return { body: await forward() };
      first = false;
      return reply;
    };
    const { raw } = await signer.signTransaction({ ...transaction(1), gas: 20_000n });
    expect((await open({ rpcUrls: [proxy.url, anvil.url] }).send(raw)).kind).toBe('unknown');
  });

  test('a node that cannot be reached at all is unknown too', async () => {
    const outcome = await open({ rpcUrls: [nowhere] }).send('0x00');
    expect(outcome).toEqual({ kind: 'unknown', message: 'http://127.0.0.1:1 failed with ECONNREFUSED' });
    expect((await open({ rpcUrls: [] }).send('0x00')).kind).toBe('unknown');
  });
});

describe('endpoints', () => {
  test('a dead one is passed over, and not asked again while the other works', async () => {
    const client = open({ rpcUrls: [nowhere, proxy.url] });
    expect(await client.blockNumber()).toBeGreaterThanOrEqual(0n);
    proxy.intercept = async (_method, forward) => ({ body: await forward() });
    await client.blockNumber();
    // One of these is the comparison of newest blocks.
    expect(proxy.methods).toEqual(['eth_chainId', ...Array(3).fill('eth_blockNumber')]);
  });

  test('another chain is refused before anything is asked of it', async () => {
    const client = connectChain({ network: sepolia, rpcUrls: [proxy.url] });
    await expect(client.connect()).rejects.toMatchObject({
      code: 'wrong-chain',
      message: expect.stringMatching(/serves chain 31337, but sepolia is chain 11155111/),
    });
    await expect(client.send('0x00')).rejects.toMatchObject({ code: 'wrong-chain' });
    expect(proxy.methods).not.toContain('eth_sendRawTransaction');
  });

  test('the chain id is asked once, and again after an outage', async () => {
    const client = open();
    await Promise.all([client.blockNumber(), client.balance(nobody)]);
    expect(proxy.methods.filter((method) => method === 'eth_chainId').length).toBe(1);
    proxy.intercept = async () => ({ status: 503, body: '' });
    await expect(client.blockNumber()).rejects.toMatchObject({ code: 'chain-unreachable', retryable: true });
    proxy.intercept = async (method, forward) =>
      method === 'eth_chainId'
        ? { body: '{"jsonrpc":"2.0","id":1,"result":"0x1"}' }
        : { body: await forward() };
    await expect(client.blockNumber()).rejects.toMatchObject({ code: 'wrong-chain' });
  });

  test('an absence is believed only when every endpoint answered', async () => {
    const hash: Hex = `0x${'11'.repeat(32)}`;
    expect(await open({ rpcUrls: [proxy.url, anvil.url] }).receipt(hash, { everywhere: true })).toBeNull();
    await expect(
      open({ rpcUrls: [proxy.url, nowhere] }).receipt(hash, { everywhere: true }),
    ).rejects.toMatchObject({
      code: 'chain-unreachable',
    });
  });

  test('a connection that the server closed meanwhile is opened again', async () => {
    const client = connectChain({ network: local, rpcUrls: [proxy.url] });
    await client.blockNumber();
    proxy.dropConnections();
    expect(await client.blockNumber()).toBeGreaterThanOrEqual(0n);
  });
});

describe('errors', () => {
  test('keep the keys in URLs to themselves', async () => {
    const secret = 'abcdef0123456789abcdef0123456789';
    const url = `${proxy.url.replace('http://', `http://user:${secret}x@`)}/v3/${secret}y?apikey=${secret}z`;
    proxy.intercept = async () => ({
      body: JSON.stringify({ error: { code: -32000, message: `no such project: ${url} (${secret}y)` } }),
    });
    const client = open({ rpcUrls: [url] });
    const errors = await Promise.all([
      client.blockNumber().catch(String),
      client.send('0x00'),
      client.health(),
    ]);
    expect(JSON.stringify(errors)).not.toContain(secret);
    expect(JSON.stringify(errors)).toContain('no such project');
  });

  test.each<[string, ProxyReply, string]>([
    ['silence', 'silence', 'chain-unreachable'],
    ['a reply without end', { body: `"${'x'.repeat(limits.rpcReplyBytesMax)}"` }, 'chain-unreachable'],
    ['a list', { body: '[]' }, 'chain-unreachable'],
    ['the wrong type', { body: '{"result":{"number":7}}' }, 'rpc-reply-malformed'],
    ['a refusal', { body: '{"error":{"code":-32000,"message":"header not found"}}' }, 'rpc-error'],
    ['an error without a shape', { body: '{"error":"no"}' }, 'rpc-error'],
  ])('%s', async (_what, reply, code) => {
    proxy.intercept = async (method, forward) =>
      method === 'eth_chainId' ? { body: await forward() } : reply;
    await expect(open().blockNumber()).rejects.toMatchObject({ code, retryable: true });
  });

  test('health never throws', async () => {
    expect(await open().health()).toMatchObject({ ok: true, blockNumber: expect.stringMatching(/^\d+$/) });
    expect(await open({ rpcUrls: [nowhere] }).health()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await open({ rpcUrls: [nowhere] }).health()).not.toMatchObject({
      detail: expect.stringContaining('abcdef'),
    });
  });

  test('play money is for the local chain alone', async () => {
    const client = connectChain({ network: sepolia, rpcUrls: [proxy.url] });
    await expect(client.devSetBalance(nobody, 1n)).rejects.toThrow('devSetBalance on sepolia');
  });
});
