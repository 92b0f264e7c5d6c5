import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { box, boxCreation } from '../../test/support/box-contract.ts';
import { memoryJournal, type NonceRow } from '../../test/support/memory-journal.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { local } from '../chain/networks/local.ts';
import { createKey, openSigner } from '../chain/signers/local.ts';
import type { ChainClient, Signer } from '../chain/types.ts';
import { deploy } from './deploy.ts';
import type { DeployPlan, DeployResult, Journal } from './types.ts';

/** A worker's end: from here on nothing of it reaches the world any more. */
class Killed extends Error {}

let anvil: Anvil;
let chain: ChainClient;
let signer: Signer;
const row: NonceRow = { next: 0 };

beforeAll(async () => {
  anvil = await startAnvil();
  chain = connectChain({ network: local, rpcUrls: [anvil.url] });
  const kek = { id: 'test', key: randomBytes(32) };
  signer = openSigner(createKey({ id: 'signer', kek }), kek);
});
afterAll(() => anvil.stop());

describe('a worker killed at any moment', () => {
  test('once: the next one finishes, and the chain holds every contract exactly once', async () => {
    const places = [...chainMethods, 'signTransaction', 'record', 'recordSigned'].flatMap((method) => [
      `before ${method}`,
      `after ${method}`,
    ]);
    let given = 1_000n;
    for (const place of places) {
      await chain.devSetBalance(signer.address, 0n);
      const killer = makeKiller((name) => name === place);
      await runThroughKills(given++, killer);
      expect(killer.kills).toEqual([place]);
    }
    await expectOnceEach(places.length, 1_000n);
  });

  test('again and again, at random moments', async () => {
    const seed = 20_261_123;
    const random = mulberry32(seed);
    const deployments = 25;
    const journalRuns = Array.from({ length: deployments }, (_, index) => {
      const lives = Array.from({ length: 6 }, () => Math.floor(random() * 30));
      return runThroughKills(
        BigInt(5_000 + index),
        makeKiller((_name, passed, kills) => passed === lives[kills]),
      );
    });
    await Promise.all(journalRuns);
    await expectOnceEach(deployments, 5_000n);
  });
});

/** Drives one deployment with a new worker after every kill, as the queue would. */
async function runThroughKills(given: bigint, killer: Killer): Promise<void> {
  const plan = planFor(given);
  const journal = memoryJournal(row);
  for (let worker = 0; worker < 20; worker++) {
    killer.startWorker();
    try {
      const result: DeployResult = await deploy({
        plan,
        messages: structuredClone(journal.messages),
        chain: killer.watch(chain, chainMethods),
        signer: killer.watch(signer, ['signTransaction']),
        journal: killer.watch<Journal>(journal, ['record', 'recordSigned']),
        now: () => new Date(),
        signal: new AbortController().signal,
      });
      if (!result.done) continue;
      expect(result.state.status).toBe('confirmed');
      const signed = journal.messages.filter((message) => message.kind === 'signed');
      expect(signed.length).toBe(1);
      return;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
  throw new Error(`deployment ${given} did not end`);
}

const chainMethods = [
  'balance',
  'call',
  'estimateGas',
  'fees',
  'nonce',
  'send',
  'receipt',
  'block',
  'code',
  'devSetBalance',
] as const;

interface Killer {
  /** The places where a worker was killed. */
  kills: string[];
  startWorker(): void;
  /** Wraps the named methods: each call is a place to die before it happens and after it did. */
  watch<T extends object>(target: T, methods: readonly (keyof T & string)[]): T;
}

/**
 * Kills workers where `when` says so, once per place in a row: a worker that starts anew gets past it.
 *
 * @param when the place's name, how many places this worker passed, how many workers died so far
 */
function makeKiller(when: (name: string, passed: number, kills: number) => boolean): Killer {
  const kills: string[] = [];
  let passed = 0;
  let dead = false;
  const place = (name: string) => {
    if (dead) throw new Killed(name);
    if (!when(name, passed++, kills.length) || kills.includes(name)) return;
    dead = true;
    kills.push(name);
    throw new Killed(name);
  };
  return {
    kills,
    startWorker() {
      passed = 0;
      dead = false;
    },
    watch(target, methods) {
      const wrapped = { ...target };
      for (const method of methods) {
        const original = target[method] as (...args: unknown[]) => Promise<unknown>;
        Object.assign(wrapped, {
          async [method](...args: unknown[]) {
            place(`before ${method}`);
            const result = await original.apply(target, args);
            place(`after ${method}`);
            return result;
          },
        });
      }
      return wrapped;
    },
  };
}

/** Counted from the chain alone: the creations of our signer, by their bytes. */
async function expectOnceEach(count: number, firstGiven: bigint): Promise<void> {
  const creations = new Map<string, number>();
  const head = await chain.blockNumber();
  for (let number = 1n; number <= head; number++) {
    for (const hash of (await chain.block(number))?.transactions ?? []) {
      const transaction = await chain.transaction(hash);
      const receipt = await chain.receipt(hash);
      if (transaction?.from !== signer.address || receipt?.status !== 'success') continue;
      creations.set(transaction.input, (creations.get(transaction.input) ?? 0) + 1);
    }
  }
  const expected = Array.from({ length: count }, (_, index) => boxCreation(firstGiven + BigInt(index)));
  expect(expected.map((data) => creations.get(data) ?? 0)).toEqual(expected.map(() => 1));
  expect([...creations.values()].every((times) => times === 1)).toBe(true);
  expect(await chain.nonce(signer.address, 'latest')).toBe(creations.size);
}

function planFor(given: bigint): DeployPlan {
  return {
    deploymentId: `box-${given}`,
    chainId: 31337,
    networkKind: 'local',
    from: signer.address,
    data: boxCreation(given),
    value: '0',
    abi: box.abi,
    runtime: { bytecode: box.runtime, immutableReferences: box.immutableReferences },
    feePolicy: 'standard',
    confirmations: 1,
    dryRun: false,
  };
}

/** A small seeded random number generator, so that a failing run can be run again. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
