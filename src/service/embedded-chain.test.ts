import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort, isAlive, stopProcess } from '../ops/processes.ts';
import { type EmbeddedChain, startEmbeddedChain } from './embedded-chain.ts';
import { chainFiles, isWholeState, keepGoodCopy } from './embedded-chain-state.ts';

let dataDir: string;
let warnings: string[];
const running: EmbeddedChain[] = [];
const log = { info() {}, warn: (_facts: unknown, message: string) => void warnings.push(message) };

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'slipway-chain-'));
  warnings = [];
});
afterEach(async () => {
  for (const chain of running.splice(0)) await chain.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start() {
  const chain = await startEmbeddedChain({ dataDir, log });
  running.push(chain);
  return chain;
}

async function rpc(url: string, method: string, ...params: unknown[]) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: unknown };
  if (error) throw new Error(JSON.stringify(error));
  return result;
}

const someone = '0x00000000000000000000000000000000000000aa';

/** Deploys something from an account without a key, and waits for its block. @returns the transaction's hash */
async function deploy(url: string) {
  await rpc(url, 'anvil_setBalance', someone, '0xde0b6b3a7640000');
  await rpc(url, 'anvil_impersonateAccount', someone);
  const hash = await rpc(url, 'eth_sendTransaction', { from: someone, data: '0x60016001f3' });
  while ((await rpc(url, 'eth_getTransactionReceipt', hash)) === null) await wait(5);
  return hash;
}

async function untilWritten() {
  const { state } = chainFiles(dataDir);
  while (!existsSync(state) || !(await isWholeState(state))) await wait(20);
}

describe('the local chain', () => {
  test('keeps blocks, receipts and its address over a stop', async () => {
    const first = await start();
    expect(await rpc(first.url, 'eth_chainId')).toBe('0x7a69');
    expect(await rpc(first.url, 'eth_accounts')).toEqual([]);
    const hash = await deploy(first.url);
    const genesis = await rpc(first.url, 'eth_getBlockByNumber', '0x0', false);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start();
    expect(second).toMatchObject({ url: first.url, adopted: false });
    expect(await rpc(second.url, 'eth_getTransactionReceipt', hash)).toMatchObject({
      status: '0x1',
      blockNumber: '0x1',
    });
    expect(await rpc(second.url, 'eth_getBlockByNumber', '0x0', false)).toEqual(genesis);
    expect(warnings).toEqual([]);
  });

  test('takes over the chain that a killed process left', async () => {
    const left = await startInProcessAndKill();
    await deploy(left.url);
    const chain = await start();
    expect(chain).toMatchObject({ url: left.url, pid: left.pid, adopted: true });
    expect(await rpc(chain.url, 'eth_blockNumber')).toBe('0x1');
    await chain.stop();
    expect(isAlive(left.pid)).toBe(false);
  });

  test('is started again at the same address when it dies', async () => {
    const chain = await start();
    const hash = await deploy(chain.url);
    await wait(1_500);
    await untilWritten();
    const before = chain.pid;
    process.kill(before, 'SIGKILL');
    while (chain.pid === before) await wait(20);
    expect(await rpc(chain.url, 'eth_getTransactionReceipt', hash)).toMatchObject({ status: '0x1' });
  });

  test('goes back to its genesis block, and keeps the right time, when it is killed before it has written', async () => {
    const longAgo = 1_700_000_000;
    const record = { port: await freePort(), pid: 2 ** 30, startTicks: '1', genesisSeconds: longAgo };
    writeFileSync(chainFiles(dataDir).record, JSON.stringify(record));
    const chain = await start();
    const genesis = await rpc(chain.url, 'eth_getBlockByNumber', '0x0', false);
    await deploy(chain.url);
    const before = chain.pid;
    process.kill(before, 'SIGKILL');
    rmSync(chainFiles(dataDir).state, { force: true });
    while (chain.pid === before) await wait(20);
    expect(await rpc(chain.url, 'eth_getBlockByNumber', '0x0', false)).toEqual(genesis);

    await deploy(chain.url);
    const block = (await rpc(chain.url, 'eth_getBlockByNumber', 'latest', false)) as {
      number: string;
      timestamp: string;
    };
    expect(block.number).toBe('0x1');
    expect(Math.abs(Number(block.timestamp) - Date.now() / 1000)).toBeLessThan(3_600);

    // Its state holds a genesis block now: there must not be a second one beside it.
    for (let starts = 0; starts < 3; starts += 1) {
      await running.pop()?.stop();
      const { url } = await start();
      expect(await rpc(url, 'eth_getBlockByNumber', '0x0', false)).toEqual(genesis);
    }
  });

  test('ends a chain on the same state that no record names before it starts another', async () => {
    const left = await startInProcessAndKill();
    rmSync(chainFiles(dataDir).record);
    expect((await start()).adopted).toBe(false);
    expect(isAlive(left.pid)).toBe(false);
  });

  test('goes on from the last good copy when a kill tore its state, and says so', async () => {
    const chain = await start();
    const hash = await deploy(chain.url);
    await chain.stop();
    const files = chainFiles(dataDir);
    expect(await keepGoodCopy(files)).toBe(true);
    truncateSync(files.state, 700);
    expect(await keepGoodCopy(files)).toBe(false);

    const second = await start();
    expect(await rpc(second.url, 'eth_getTransactionReceipt', hash)).toMatchObject({ status: '0x1' });
    expect(warnings).toEqual([expect.stringContaining('going on from the last good copy')]);
    expect(readdirSync(dataDir).filter((name) => name.includes('.bad-'))).toHaveLength(1);
  });

  test('begins anew when neither state nor copy can be read, keeps both, and says so', async () => {
    const files = chainFiles(dataDir);
    writeFileSync(files.state, '');
    writeFileSync(files.good, '{"block":');
    const chain = await start();
    expect(await rpc(chain.url, 'eth_blockNumber')).toBe('0x0');
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toContain('beginning with an empty chain');
    expect(readdirSync(dataDir).filter((name) => name.includes('.bad-'))).toHaveLength(2);
  });

  test('does not touch a process that only has the number of the old chain', async () => {
    const other = spawn('sleep', ['60']);
    try {
      const record = { port: await freePort(), pid: other.pid, startTicks: '1' };
      writeFileSync(chainFiles(dataDir).record, JSON.stringify(record));
      expect((await start()).adopted).toBe(false);
      expect(isAlive(other.pid ?? 0)).toBe(true);
    } finally {
      await stopProcess(other.pid ?? 0, [['SIGKILL', 2_000]]);
    }
  });
});

/** Runs the start in a process of its own and kills that. */
async function startInProcessAndKill(): Promise<{ url: string; pid: number }> {
  const script = `const { startEmbeddedChain } = await import(${JSON.stringify(join(import.meta.dirname, 'embedded-chain.ts'))});
    const { url, pid } = await startEmbeddedChain({ dataDir: process.argv[1] });
    console.log(JSON.stringify({ url, pid })); setInterval(() => {}, 1000);`;
  const words = ['--input-type=module', '-e', script, dataDir];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk) => resolve(String(chunk))),
  );
  await stopProcess(child.pid ?? 0, [['SIGKILL', 2_000]]);
  return JSON.parse(line) as { url: string; pid: number };
}
