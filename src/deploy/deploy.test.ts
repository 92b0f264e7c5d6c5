import { randomBytes } from 'node:crypto';
import { decodeFunctionResult, encodeFunctionData, parseAbi } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { box, boxCreation } from '../../test/support/box-contract.ts';
import { type MemoryJournal, memoryJournal, type NonceRow } from '../../test/support/memory-journal.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { local } from '../chain/networks/local.ts';
import { createKey, openSigner } from '../chain/signers/local.ts';
import type { ChainClient, Hex, Signer } from '../chain/types.ts';
import { deploy } from './deploy.ts';
import type { DeployOptions, DeployPlan, DeployResult } from './types.ts';

const kek = { id: 'test', key: randomBytes(32) };
let anvil: Anvil;
let chain: ChainClient;

beforeAll(async () => {
  anvil = await startAnvil();
  chain = connectChain({ network: local, rpcUrls: [anvil.url] });
});
afterAll(() => anvil.stop());

test('a deployment is confirmed by receipt, address and code, in two commits', async () => {
  const one = newDeployment(7n);
  const { state, done } = await one.run();
  expect(done).toBe(true);
  expect(state).toMatchObject({
    status: 'confirmed',
    nonce: 0,
    codeMatches: true,
    error: null,
    simulation: { ok: true, codeMatches: true },
    mined: { status: 'success', depth: 1, hash: state.attempts[0]?.hash },
  });
  expect(state.address).toBe(state.predictedAddress);
  expect(await storedValue(state.address)).toBe(7n);
  const receipt = await chain.receipt(state.attempts[0]?.hash ?? '0x');
  expect(state.mined?.gasUsed).toBe(receipt?.gasUsed.toString());
  expect(state.costPaid).toBe(((receipt?.gasUsed ?? 0n) * (receipt?.effectiveGasPrice ?? 0n)).toString());
  expect(one.journal.messages.map((message) => message.kind)).toEqual([
    'planned',
    'funded',
    'simulated',
    'estimated',
    'signed',
    'sent',
    'seen',
    'confirmed',
  ]);
  expect(one.journal.commits).toBeLessThanOrEqual(4);
});

test('facts and state are plain JSON', async () => {
  const one = newDeployment(8n);
  const { state } = await one.run();
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

test('a value goes to a payable constructor', async () => {
  const { state } = await newDeployment(9n, { value: '12345' }).run();
  expect(state.status).toBe('confirmed');
  expect(await chain.balance(state.address as Hex)).toBe(12_345n);
});

test('a dry run tells the cost and spends nothing', async () => {
  const one = newDeployment(10n, { dryRun: true });
  const { state, done } = await one.run();
  expect(done).toBe(true);
  expect(state.status).toBe('estimated');
  expect(BigInt(state.estimate?.costExpected ?? 0)).toBeGreaterThan(0n);
  expect(BigInt(state.estimate?.costMax ?? 0)).toBeGreaterThan(BigInt(state.estimate?.costExpected ?? 0));
  expect(state.attempts).toEqual([]);
  expect(await chain.nonce(one.signer.address, 'pending')).toBe(0);
});

describe('what ends before anything is spent', () => {
  const ends: [string, bigint, Partial<DeployPlan>, string, RegExp][] = [
    ['a constructor that reverts', 0n, {}, 'constructor-reverted', /TooSmall\(0\)/],
    [
      'creation code over EIP-3860',
      1n,
      { data: `0x${'00'.repeat(49_153)}` },
      'creation-code-too-large',
      /49153/,
    ],
    [
      'runtime code over EIP-170',
      1n,
      { runtime: { bytecode: `0x${'00'.repeat(24_577)}`, immutableReferences: {} } },
      'runtime-code-too-large',
      /24577/,
    ],
    ['no code', 1n, { data: '0x' }, 'nothing-to-deploy', /no creation code/],
    ['a missing library', 1n, { data: `${box.creation}__$6f$__` as Hex }, 'unlinked-library', /placeholder/],
    ['an invalid opcode', 1n, { data: '0xfe' }, 'constructor-reverted', /InvalidFEOpcode/],
    [
      'value for a constructor that takes none',
      1n,
      { abi: box.abi.slice(1), value: '1' },
      'constructor-not-payable',
      /1 wei/,
    ],
    [
      'a fee cap under the base fee',
      1n,
      { feeCaps: { maxFeePerGas: '1' } },
      'fee-cap-too-low',
      /cap is 1 wei/,
    ],
    ['a cost cap', 1n, { feeCaps: { costMax: '1000' } }, 'fee-cap-too-low', /whole cost/],
  ];
  test.each(ends)('%s', async (_what, given, change, code, message) => {
    const one = newDeployment(given, change);
    const { state, done } = await one.run();
    expect(done).toBe(true);
    expect(state).toMatchObject({
      status: 'failed',
      error: { code, message: expect.stringMatching(message) },
    });
    expect(await chain.nonce(one.signer.address, 'pending')).toBe(0);
    expect(one.row.next).toBe(0);
  });

  test('an empty purse on a public network', async () => {
    const one = newDeployment(11n, { networkKind: 'testnet' });
    const { state } = await one.run();
    expect(state).toMatchObject({ status: 'failed', error: { code: 'insufficient-funds' } });
    expect(state.error?.data).toMatchObject({ have: '0', address: one.signer.address });
    await chain.devSetBalance(one.signer.address, 5n);
    const two = newDeployment(11n, { networkKind: 'testnet', value: '100', from: one.signer.address });
    expect((await two.run()).state.error?.data).toMatchObject({ have: '5', need: '100', missing: '95' });
  });
});

test('a creation that is undone only when mined ends as reverted, with its reason and its cost', async () => {
  const one = newDeployment(12n, {}, async () =>
    chain.devSetBalance('0x000000000000000000000000000000000000dEaD', 1n),
  );
  try {
    const { state } = await one.run();
    expect(state).toMatchObject({
      status: 'reverted',
      address: null,
      mined: { status: 'reverted' },
      error: { code: 'deployment-reverted', message: expect.stringContaining('somebody was here') },
    });
    expect(BigInt(state.costPaid ?? 0)).toBeGreaterThan(0n);
  } finally {
    await chain.devSetBalance('0x000000000000000000000000000000000000dEaD', 0n);
  }
});

test('other code than the build is never called confirmed', async () => {
  const runtime = {
    bytecode: `${box.runtime.slice(0, 4)}ff${box.runtime.slice(6)}` as Hex,
    immutableReferences: {},
  };
  const { state } = await newDeployment(13n, { runtime }).run();
  expect(state).toMatchObject({
    status: 'failed',
    codeMatches: false,
    error: { code: 'deployed-code-differs' },
  });
});

test('many deployments of one signer at once: every nonce once, every contract once', async () => {
  const first = newDeployment(100n);
  const all = [
    first,
    ...Array.from({ length: 7 }, (_, index) => newDeployment(101n + BigInt(index), {}, undefined, first)),
  ];
  const results = await Promise.all(all.map((one) => one.run()));
  expect(results.map(({ state }) => state.status)).toEqual(all.map(() => 'confirmed'));
  expect(results.map(({ state }) => state.nonce).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const values = await Promise.all(results.map(({ state }) => storedValue(state.address)));
  expect(values).toEqual([100n, 101n, 102n, 103n, 104n, 105n, 106n, 107n]);
});

test('a nonce that somebody else used ends the deployment, on the second look', async () => {
  const one = newDeployment(14n);
  let at = Date.now();
  let taker = '';
  // The same key signs something else for the nonce, outside, between our signature and our send.
  const thief = one.withChain({
    send: async (raw) => {
      const { raw: other, hash } = await one.signer.signTransaction({
        type: 'eip1559',
        chainId: 31337,
        nonce: 0,
        to: one.signer.address,
        value: 1n,
        data: '0x',
        gas: 21_000n,
        maxFeePerGas: 10_000_000_000n,
        maxPriorityFeePerGas: 1n,
      });
      await chain.send(other);
      await expect.poll(() => chain.receipt(hash), { interval: 5 }).not.toBeNull();
      taker = hash;
      return chain.send(raw);
    },
  });
  const first = await one.run({ chain: thief, now: () => new Date(at) });
  expect(first).toMatchObject({
    done: false,
    state: { status: 'broadcast', missingSince: expect.any(String) },
  });
  at += 2_500;
  // A node that has forgotten old states cannot show who it was: then it takes longer.
  const forgetful = one.withChain({ sentBy: async () => null });
  expect(await one.run({ chain: forgetful, now: () => new Date(at) })).toMatchObject({
    done: false,
    state: { status: 'broadcast' },
  });
  const { state } = await one.run({ now: () => new Date(at) });
  expect(state).toMatchObject({
    status: 'failed',
    error: { code: 'nonce-used-elsewhere', data: { usedBy: taker } },
  });
});

test('that nobody shows who used a nonce is believed after sixty blocks', async () => {
  const one = newDeployment(16n);
  let at = Date.now();
  const now = () => new Date(at);
  // Mined, and no node has its receipt or its block: as good as somebody else's.
  const blind = one.withChain({
    send: async (raw) => {
      await chain.send(raw);
      await expect.poll(() => chain.nonce(one.signer.address, 'latest'), { interval: 5 }).toBe(1);
      return { kind: 'nonce-too-low', message: 'nonce too low' };
    },
    receipt: async () => null,
    sentBy: async () => null,
  });
  expect((await one.run({ chain: blind, now })).state.missingSince).not.toBeNull();
  at += 59_000;
  expect((await one.run({ chain: blind, now })).state.status).toBe('broadcast');
  at += 2_000;
  expect((await one.run({ chain: blind, now })).state.error?.code).toBe('nonce-used-elsewhere');
});

test('a node that hides the receipt of what was mined does not make it somebody else’s', async () => {
  const one = newDeployment(17n);
  let at = Date.now();
  const now = () => new Date(at);
  const behind = one.withChain({
    send: async (raw) => {
      await chain.send(raw);
      await expect.poll(() => chain.nonce(one.signer.address, 'latest'), { interval: 5 }).toBe(1);
      return { kind: 'nonce-too-low', message: 'nonce too low' };
    },
    receipt: async () => null,
  });
  for (let look = 0; look < 4; look += 1) {
    expect((await one.run({ chain: behind, now })).state.status).toBe('broadcast');
    at += 30_000;
  }
  expect((await one.run({ now })).state).toMatchObject({ status: 'confirmed', nonce: 0 });
});

test('a transaction that every node refuses ends, and says that its nonce stays open', async () => {
  const one = newDeployment(15n);
  const refusing = one.withChain({
    send: async () => ({ kind: 'rejected', message: 'exceeds block gas limit' }),
  });
  const { state } = await one.run({ chain: refusing });
  expect(state.error).toMatchObject({ code: 'transaction-rejected', data: { nonceOpen: true, nonce: 0 } });
});

test('a refusal after a kill ends nothing: the bytes may have left before it', async () => {
  const one = newDeployment(21n);
  const killed = one.withChain({
    send: async () => {
      throw new Error('killed');
    },
  });
  await expect(one.run({ chain: killed })).rejects.toThrow('killed');
  const refusing = one.withChain({
    send: async () => ({ kind: 'rejected', message: 'exceeds block gas limit' }),
  });
  expect(await one.run({ chain: refusing })).toMatchObject({ done: false, state: { status: 'signed' } });
  const later = () => new Date(Date.now() + 60_000);
  expect((await one.run({ now: later })).state.status).toBe('confirmed');
});

test('a chain that goes away after the signature is a wait, not a failure', async () => {
  const one = newDeployment(16n);
  const dead = connectChain({ network: local, rpcUrls: ['http://127.0.0.1:1/secret-key-path'] });
  const first = await one.run({ chain: one.withChain({ send: dead.send, receipt: dead.receipt }) });
  expect(first).toMatchObject({
    done: false,
    problem: { code: 'chain-unreachable' },
    state: { status: 'broadcast' },
  });
  expect(JSON.stringify([first, one.journal.messages])).not.toContain('secret-key-path');
  const { state } = await one.run({ now: () => new Date(Date.now() + 60_000) });
  expect(state.status).toBe('confirmed');
});

test('an abort stops between steps and loses nothing', async () => {
  const one = newDeployment(17n);
  const stop = new AbortController();
  const stopping = one.withChain({
    send: (raw) => {
      stop.abort(new Error('stopping'));
      return chain.send(raw);
    },
  });
  await expect(one.run({ chain: stopping, signal: stop.signal })).rejects.toThrow('stopping');
  expect((await one.run()).state.status).toBe('confirmed');
});

interface TestDeployment {
  signer: Signer;
  row: NonceRow;
  plan: DeployPlan;
  journal: MemoryJournal;
  run(options?: Partial<DeployOptions>): Promise<DeployResult>;
  withChain(change: Partial<ChainClient>): ChainClient;
}

function newDeployment(
  given: bigint,
  change: Partial<DeployPlan> = {},
  beforeSigning: () => Promise<void> = async () => undefined,
  like?: TestDeployment,
): TestDeployment {
  const key = like?.signer ?? openSigner(createKey({ id: 'signer', kek }), kek);
  const row = like?.row ?? { next: 0 };
  const journal = memoryJournal(row);
  const plan: DeployPlan = {
    deploymentId: `box-${given}`,
    chainId: 31337,
    networkKind: 'local',
    from: key.address,
    data: boxCreation(given),
    value: '0',
    abi: box.abi,
    runtime: { bytecode: box.runtime, immutableReferences: box.immutableReferences },
    feePolicy: 'standard',
    confirmations: 1,
    dryRun: false,
    ...change,
  };
  const signer: Signer = {
    address: key.address,
    async signTransaction(transaction) {
      await beforeSigning();
      return key.signTransaction(transaction);
    },
  };
  const signal = new AbortController().signal;
  return {
    signer: key,
    row,
    plan,
    journal,
    run: (options = {}) =>
      deploy({
        plan,
        messages: journal.messages,
        chain,
        signer,
        journal,
        now: () => new Date(),
        signal,
        ...options,
      }),
    withChain: (changes) => ({ ...chain, ...changes }),
  };
}

async function storedValue(address: Hex | null): Promise<bigint> {
  const abi = parseAbi(['function value() view returns (uint256)']);
  const data = encodeFunctionData({ abi });
  const outcome = await chain.call({ from: address as Hex, to: address as Hex, data });
  if (outcome.kind !== 'ok') throw new Error(outcome.message);
  return decodeFunctionResult({ abi, data: outcome.data });
}
