import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { type ProxyReply, type RpcProxy, startRpcProxy } from '../../test/support/rpc-proxy.ts';
import { testDeployment } from '../../test/support/test-deployment.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { local } from '../chain/networks/local.ts';
import type { ChainClient, Hex, Network } from '../chain/types.ts';
import { reduceAll } from './reduce.ts';
import type { DeployPlan } from './types.ts';

/** The local chain's rules with a public chain's patience: nothing is mined or funded by itself. */
const slow: Network = { ...local, confirmations: 3 };
let anvil: Anvil;
let proxy: RpcProxy;
let chain: ChainClient;

beforeAll(async () => {
  anvil = await startAnvil();
  proxy = await startRpcProxy(() => anvil.url);
  chain = connectChain({ network: local, rpcUrls: [proxy.url], timeoutMs: 300 });
});
beforeEach(() => {
  proxy.intercept = async (_method, forward) => ({ body: await forward() });
});
afterAll(async () => {
  await proxy.stop();
  await anvil.stop();
});

describe('an unclear answer to the send means maybe sent', () => {
  const html = '<html><body>502 Bad Gateway</body></html>';
  const wrapped = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    error: { code: -32603, message: 'Internal error' },
  });
  const answers: [string, boolean, ProxyReply][] = [
    ['no answer in time, after the node took it', true, 'silence'],
    ['no answer in time, and the node never had it', false, 'silence'],
    ['an HTML page with 502, after the node took it', true, { status: 502, body: html }],
    ['an HTML page with 200, and the node never had it', false, { body: html }],
    ['a wrapped error, after the node took it', true, { body: wrapped }],
    ['half a JSON text', false, { body: '{"jsonrpc":"2.0","id":1,"res' }],
    ['a result that is no hash', false, { body: '{"jsonrpc":"2.0","id":1,"result":true}' }],
    ['an empty body', true, { body: '' }],
  ];
  test.each(answers)('%s', async (_what, taken, reply) => {
    let sends = 0;
    proxy.intercept = async (method, forward) => {
      if (method !== 'eth_sendRawTransaction' || sends++ > 0) return { body: await forward() };
      if (taken) await forward();
      return reply;
    };
    const one = newDeployment();
    const first = await one.run();
    // The pause before the second send may be longer than a worker stays.
    const { state } = first.done ? first : await one.run();
    expect(state.status).toBe('confirmed');
    expect(one.signatures).toBe(1);
    expect(sends).toBe(taken ? 1 : 2);
    expect(await chain.nonce(one.signer.address, 'latest')).toBe(1);
  });
});

test('bytes that a node took and forgot are sent again', async () => {
  proxy.intercept = async (method, forward) =>
    method === 'eth_sendRawTransaction'
      ? { body: JSON.stringify({ jsonrpc: '2.0', id: 1, result: `0x${'ab'.repeat(32)}` }) }
      : { body: await forward() };
  const one = newDeployment();
  const first = await one.run();
  expect(first).toMatchObject({ done: false, waitMs: 1_000, state: { status: 'broadcast', mined: null } });
  proxy.intercept = async (_method, forward) => ({ body: await forward() });
  const { state } = await one.run({ now: () => new Date(Date.now() + 5_000) });
  expect(state).toMatchObject({ status: 'confirmed', attempts: [{ sends: 2 }] });
});

test('bytes that the local chain keeps and never mines are taken out of its pool and put in again', async () => {
  const one = newDeployment();
  const setNonce = (nonce: number) => anvil.rpc('anvil_setNonce', [one.plan.from, `0x${nonce.toString(16)}`]);
  await setNonce(7);
  proxy.intercept = async (method, forward) => {
    if (method !== 'eth_sendRawTransaction') return { body: await forward() };
    // What comes just as its predecessor is mined waits for it for ever.
    await setNonce(6);
    const body = await forward();
    await setNonce(7);
    return { body };
  };
  const first = await one.run();
  expect(first).toMatchObject({ done: false, state: { status: 'broadcast', mined: null } });
  proxy.intercept = async (_method, forward) => ({ body: await forward() });
  const { state } = await one.run({ now: () => new Date(Date.now() + 3_000) });
  expect(state).toMatchObject({ status: 'confirmed', attempts: [{ nonce: 7, sends: 2 }] });
});

test('garbage before the signature is an error that says so, and nothing was spent', async () => {
  proxy.intercept = async (method, forward) =>
    method === 'eth_estimateGas'
      ? { body: '{"jsonrpc":"2.0","id":1,"result":"lots"}' }
      : { body: await forward() };
  const one = newDeployment();
  await expect(one.run()).rejects.toMatchObject({ code: 'rpc-reply-malformed', retryable: true });
  expect(one.signatures).toBe(0);
  expect(one.journal.messages).toEqual([]);
});

test('confirmations are counted, and a waiting deployment holds no slot', async () => {
  const one = newDeployment({ confirmations: 3 });
  const first = await one.run({ chain: connectChain({ network: slow, rpcUrls: [anvil.url] }) });
  expect(first).toMatchObject({ done: false, state: { status: 'mined', mined: { depth: 1 } } });
  expect(first.waitMs).toBeGreaterThanOrEqual(1_000);
  await anvil.rpc('anvil_mine', ['0x2']);
  const { state } = await one.run();
  expect(state).toMatchObject({ status: 'confirmed', mined: { depth: 3 } });
});

test('a reorg before the last confirmation: the same bytes are mined again elsewhere', async () => {
  const one = newDeployment({ confirmations: 3 });
  const snapshot = await anvil.rpc('evm_snapshot', []);
  const first = await one.run();
  expect(first.state.status).toBe('mined');
  const blockHash = first.state.mined?.blockHash;
  await anvil.rpc('evm_revert', [snapshot]);
  // Another block takes the place of the one that was seen.
  await anvil.rpc('anvil_mine', ['0x3', '0x7']);
  const second = await one.run();
  expect(one.kinds()).toContain('unconfirmed');
  expect(second.state).toMatchObject({ status: 'mined', fallbacks: 1 });
  expect(second.state.mined?.blockHash).not.toBe(blockHash);
  await anvil.rpc('anvil_mine', ['0x2']);
  const { state } = await one.run();
  expect(state).toMatchObject({ status: 'confirmed', address: first.state.predictedAddress, nonce: 0 });
  expect(one.signatures).toBe(1);
});

test('a local chain that lost its state after the confirmation gets the same bytes and the same address', async () => {
  const one = newDeployment();
  const before = await one.run();
  expect(before.state.status).toBe('confirmed');
  expect(await one.run({ recheck: true })).toEqual(before);

  await anvil.stop();
  anvil = await startAnvil({ port: anvil.port });
  // Without the hint a confirmed deployment is left alone.
  expect((await one.run()).state.status).toBe('confirmed');
  expect(await chain.code(before.state.address as Hex)).toBe('0x');

  // Killed between the discovery and the new send: what is known by then is written down.
  const send = () => Promise.reject(new Error('killed'));
  await expect(one.run({ recheck: true, chain: { ...chain, send } })).rejects.toThrow('killed');
  expect(reduceAll(one.journal.messages).status).toBe('broadcast');

  const { state } = await one.run();
  expect(state).toMatchObject({ status: 'confirmed', address: before.state.address, fallbacks: 1 });
  expect(state.mined?.hash).toBe(before.state.mined?.hash);
  expect(await chain.code(state.address as Hex)).not.toBe('0x');
  expect(one.signatures).toBe(1);
  expect(one.kinds().slice(8)).toEqual(['unconfirmed', 'sent', 'funded', 'sent', 'seen', 'confirmed']);
});

test('a chain that goes back while the code is read does not count against the contract', async () => {
  const one = newDeployment();
  const id = await anvil.rpc('evm_snapshot', []);
  let isBack = false;
  const backwards: ChainClient = {
    ...chain,
    async code(address, at) {
      if (!isBack) {
        isBack = true;
        await new Promise((resolve) => setTimeout(resolve, 50));
        await anvil.rpc('evm_revert', [id]);
        // Another block of that number, without the transaction.
        await anvil.rpc('anvil_mine', ['0x2']);
      }
      return chain.code(address, at);
    },
  };
  const first = await one.run({ chain: backwards });
  const { state } = first.done ? first : await one.run({ now: () => new Date(Date.now() + 5_000) });
  expect(one.kinds()).toContain('unconfirmed');
  expect(state).toMatchObject({ status: 'confirmed', codeMatches: true, error: null });
  expect(one.signatures).toBe(1);
});

test('a node that is behind shows no code, which does not count against the contract', async () => {
  const one = newDeployment();
  let looks = 0;
  const behind: ChainClient = {
    ...chain,
    network: { ...local, kind: 'testnet' },
    code: async (address, at) => (++looks > 4 ? chain.code(address, at) : '0x'),
    block: async (which) => (looks > 4 ? chain.block(which) : null),
  };
  let last = await one.run({ chain: behind, pollMs: 1 });
  while (!last.done) last = await one.run({ chain: behind, pollMs: 1 });
  expect(last.state).toMatchObject({ status: 'confirmed', codeMatches: true });
  expect(one.kinds()).not.toContain('failed');
});

test('a recheck of a public chain does not believe a node that is behind', async () => {
  const one = newDeployment();
  const { state } = await one.run();
  const behind: ChainClient = { ...chain, network: { ...local, kind: 'testnet' }, block: async () => null };
  expect(await one.run({ chain: behind, recheck: true })).toMatchObject({ state, done: true });
});

const newDeployment = (change: Partial<DeployPlan> = {}) => testDeployment(chain, change);
