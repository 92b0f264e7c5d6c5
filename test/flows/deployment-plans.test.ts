import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClient } from '../../src/client/create-client.ts';
import type { ReplyOf } from '../../src/client/route-types.ts';
import { type Anvil, startAnvil } from '../support/anvil.ts';
import { runSlipway } from '../support/cli.ts';
import { makeDataDir, type RunningServer, startServer } from '../support/server.ts';

/** One contract on three chains, by a real server that is killed in the middle. */
const chainIds = [41_001, 41_002, 41_003];
const networks = chainIds.map((id) => `chain-${id}`);
const dataDir = makeDataDir();
let anvils: Anvil[];
let server: RunningServer;
let buildId: string;

beforeAll(async () => {
  anvils = await Promise.all(chainIds.map((id) => startAnvil({ args: ['--chain-id', String(id)] })));
  server = await start();
  const job = await client().call('POST /api/v1/contracts/compile', {
    body: { sources: { 'Box.sol': source } },
    waitSeconds: 60,
  });
  buildId = job.subjectId;
}, 60_000);
afterAll(async () => {
  await server.stop();
  await Promise.all(anvils.map((anvil) => anvil.stop()));
  rmSync(dataDir, { recursive: true, force: true });
});

const source =
  'pragma solidity ^0.8.20; contract Box { uint256 public v; constructor(uint256 given) { require(given != 13, "unlucky"); v = given; } }';

function start(): Promise<RunningServer> {
  const list = networks.map((name, at) => [
    name,
    { chainId: chainIds[at], kind: 'local', confirmations: 1, rpcUrls: [anvils[at]?.url] },
  ]);
  const env = { SLIPWAY_NETWORKS: JSON.stringify(Object.fromEntries(list)), SLIPWAY_LEASE_SECONDS: '3' };
  return startServer({ dataDir, env });
}
const client = () => createClient({ url: server.url, token: server.apiKey });

type Plan = ReplyOf<'GET /api/v1/deployment-plans/:id'>;

const create = (body: { salt?: string; constructorArgs: unknown[]; networks?: string[] }): Promise<Plan> =>
  client().call('POST /api/v1/deployment-plans', { body: { buildId, networks, ...body } });

function untilEnded(id: string): Promise<Plan> {
  const look = async () => {
    const plan = await client().call('GET /api/v1/deployment-plans/:id', { params: { id } });
    if (plan.state === 'running') throw new Error(`still ${JSON.stringify(plan)}`);
    return plan;
  };
  return vi.waitFor(look, { timeout: 25_000, interval: 50 });
}

/** What each chain says itself: code at the address, and how often the signer has sent something. */
async function askChains(address: string) {
  const { items } = await client().call('GET /api/v1/signers');
  return Promise.all(
    chainIds.map(async (_, at) => ({
      hasCode: (await anvils[at]?.rpc('eth_getCode', [address, 'latest'])) !== '0x',
      nonce: Number(await anvils[at]?.rpc('eth_getTransactionCount', [items[0]?.address, 'latest'])),
    })),
  );
}

describe('one plan for three chains', () => {
  test('gives one address on all three; killed in the middle it goes on, and pays for none twice', async () => {
    // The third chain does not mine yet: its deployment is under way when the server dies.
    await anvils[2]?.rpc('evm_setAutomine', [false]);
    const plan = await create({ constructorArgs: ['1'] });
    expect(plan).toMatchObject({ state: 'running', deployments: networks.map((network) => ({ network })) });
    await vi.waitFor(
      async () => {
        const { deployments } = await client().call('GET /api/v1/deployment-plans/:id', {
          params: { id: plan.id },
        });
        expect(deployments.map(({ status }) => status)).toEqual(['confirmed', 'confirmed', 'broadcast']);
      },
      { timeout: 20_000, interval: 50 },
    );
    await server.kill('SIGKILL');
    await anvils[2]?.rpc('evm_setAutomine', [true]);
    await anvils[2]?.rpc('anvil_mine', ['0x1']);
    server = await start();
    const done = await untilEnded(plan.id);
    expect(done.state).toBe('confirmed');
    expect(done.deployments).toEqual(
      networks.map((network) => expect.objectContaining({ network, status: 'confirmed', source: 'created' })),
    );
    expect(await askChains(plan.address)).toEqual(chainIds.map(() => ({ hasCode: true, nonce: 1 })));
  }, 60_000);

  test('again with the same salt costs nothing anywhere', async () => {
    const salt = `0x${'11'.repeat(32)}`;
    const first = await untilEnded(
      (await create({ salt, constructorArgs: ['2'], networks: networks.slice(1) })).id,
    );
    expect(first).toMatchObject({ state: 'confirmed' });
    // On the first chain it is new, on the others it stands already.
    const second = await untilEnded((await create({ salt, constructorArgs: ['2'] })).id);
    expect(second.address).toBe(first.address);
    expect(second.deployments.map(({ source }) => source)).toEqual(['created', 'existing', 'existing']);
    expect(second.deployments.map(({ costWei }) => costWei !== null)).toEqual([true, false, false]);
    expect(await askChains(second.address)).toEqual(chainIds.map(() => ({ hasCode: true, nonce: 2 })));
  }, 60_000);

  test('ends as partial where one chain fails, and is resumed there alone', async () => {
    const [first] = await askChains(`0x${'00'.repeat(20)}`);
    // The second chain has lost its deployer contract.
    const deployer = '0x4e59b44847b379578588920cA78FbF26c0B4956C';
    const code = await anvils[1]?.rpc('eth_getCode', [deployer, 'latest']);
    await anvils[1]?.rpc('anvil_setCode', [deployer, '0x']);
    const plan = await untilEnded((await create({ constructorArgs: ['3'] })).id);
    expect(plan).toMatchObject({
      state: 'partial',
      deployments: [
        { status: 'confirmed' },
        { status: 'failed', error: { code: 'create2-deployer-missing' } },
        {},
      ],
    });
    await anvils[1]?.rpc('anvil_setCode', [deployer, code]);
    const params = { id: plan.id };
    const resumed = await client().call('POST /api/v1/deployment-plans/:id/resume', { params, body: {} });
    expect(resumed).toMatchObject({ state: 'running', address: plan.address });
    const done = await untilEnded(plan.id);
    expect(done.state).toBe('confirmed');
    const nonce = (first?.nonce ?? 0) + 1;
    expect(await askChains(plan.address)).toEqual(chainIds.map(() => ({ hasCode: true, nonce })));
    await expect(
      client().call('POST /api/v1/deployment-plans/:id/resume', { params, body: {} }),
    ).rejects.toMatchObject({ code: 'plan-not-resumable' });
  }, 60_000);

  test('is asked for by the command line as well', async () => {
    const words = ['deploy', buildId, '--networks', networks.join(','), '--args', '["5"]', '--json'];
    const env = { SLIPWAY_URL: server.url, SLIPWAY_API_KEY: server.apiKey };
    const { code, stdout, stderr } = await runSlipway(words, { env });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'confirmed',
      deployments: networks.map((network) => ({ network, status: 'confirmed' })),
    });
  });

  test('starts nothing where one chain cannot be had, and says why of each', async () => {
    await expect(
      create({ constructorArgs: ['4'], networks: [networks[0] as string, 'nowhere', 'ethereum'] }),
    ).rejects.toMatchObject({
      code: 'plan-not-possible',
      issues: [
        { pointer: '/networks/1', code: 'unknown-network' },
        { pointer: '/networks/2', code: 'network-not-configured' },
      ],
    });
    const { items } = await client().call('GET /api/v1/deployment-plans');
    expect(items).toHaveLength(5);
  });
});
