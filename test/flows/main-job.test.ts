import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GateDecision } from '../../src/audit/types.ts';
import type { ShipReport } from '../../src/cli/ship-report.ts';
import { type Client, createClient } from '../../src/client/create-client.ts';
import { openStore, type Store } from '../../src/store/db.ts';
import { findEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { runProgram, runSlipway } from '../support/cli.ts';
import { makeDataDir, type RunningServer, startServer } from '../support/server.ts';

/** The whole main job, as a person in a fresh clone does it: the server and every command are processes. */
const prompt = 'Create an ERC20 token called GameCoin with 10M supply, 18 decimals, and burn functionality';
const vaultOwner = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const vaultArguments = ['--args', JSON.stringify([vaultOwner, 25])];

let server: RunningServer;
let client: Client;
let store: Store;

beforeAll(async () => {
  const dataDir = makeDataDir();
  server = await startServer({
    dataDir,
    env: {
      SLIPWAY_LOG_LEVEL: 'warn',
      // A network whose own policy is the strictest. Nothing answers there, and nothing is sent there.
      SLIPWAY_NETWORKS: JSON.stringify({
        earnest: { rpcUrls: ['http://127.0.0.1:9'], chainId: 4243, kind: 'mainnet' },
      }),
    },
  });
  client = createClient({ url: server.url, apiKey: server.apiKey });
  store = openStore({ url: findEmbeddedPostgres({ dataDir })?.url ?? '', connectionsMax: 2 });
});
afterAll(async () => {
  await store.close();
  await server.stop();
  rmSync(server.dataDir, { recursive: true, force: true });
});

/** The command line in the folder of the server. */
const slipway = (...words: string[]) => runSlipway(words, { env: { SLIPWAY_DATA: server.dataDir } });

/** @returns the one object on standard output, which is all there is on it */
async function shipJson(expectedCode: number, ...words: string[]): Promise<ShipReport> {
  const { code, stdout, stderr } = await slipway('ship', ...words, '--json');
  expect({ code, stderr: code === expectedCode ? '' : stderr }).toEqual({ code: expectedCode, stderr: '' });
  expect(stdout.endsWith('\n')).toBe(true);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return JSON.parse(stdout) as ShipReport;
}

/** Asks the chain itself, past the platform. */
async function askChain(method: string, params: unknown[]): Promise<string> {
  const { port } = JSON.parse(readFileSync(join(server.dataDir, 'chain.json'), 'utf8')) as { port: number };
  const response = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return ((await response.json()) as { result: string }).result;
}

const nonceOf = (address: string) => askChain('eth_getTransactionCount', [address, 'latest']);

test('a sentence becomes a token on the chain', async () => {
  const report = await shipJson(0, '--prompt', prompt, '--network', 'local');
  expect(report).toMatchObject({
    state: 'succeeded',
    template: 'erc20',
    options: { name: 'GameCoin', initialSupply: '10000000', decimals: 18, burnable: true, mintable: false },
    notUnderstood: [],
    contract: 'GameCoin',
    overall: null,
    findings: [],
    error: null,
    deployment: {
      status: 'confirmed',
      network: 'local',
      chainId: 31_337,
      address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      blockNumber: expect.any(Number),
      gasUsed: expect.stringMatching(/^\d+$/),
      codeMatches: true,
    },
  });
  expect(report.stages).toEqual(
    ['generate', 'compile', 'audit', 'gate', 'deploy'].map((name) => ({ name, state: 'succeeded' })),
  );
  expect(report.understood.map(({ option, text }) => `${option}: ${text}`)).toEqual([
    'name: called GameCoin',
    'initialSupply: 10M supply',
    'decimals: 18 decimals',
    'burnable: burn',
  ]);
  expect(report.assumed.map(({ option }) => option)).toContain('symbol');
  for (const { reason } of report.assumed) expect(reason.length).toBeGreaterThan(10);
  expect(report.tools.map(({ tool, status }) => ({ tool, status }))).toContainEqual({
    tool: 'slipway',
    status: 'passed',
  });

  const address = report.deployment?.address ?? '';
  const totalSupply = await askChain('eth_call', [{ to: address, data: '0x18160ddd' }, 'latest']);
  expect(BigInt(totalSupply)).toBe(10n ** 25n);
  const build = await client.call('GET /api/v1/builds/:id', { params: { id: report.buildId ?? '' } });
  expect(build).toMatchObject({ status: 'succeeded', contract: { name: 'GameCoin' } });
  const receipt = (await askChain('eth_getTransactionReceipt', [
    report.deployment?.transactionHash,
  ])) as unknown as { status: string; contractAddress: string };
  expect(receipt.status).toBe('0x1');
  expect(receipt.contractAddress.toLowerCase()).toBe(address.toLowerCase());
});

describe('the gate', () => {
  let fingerprint = '';

  test('stops a contract with a fault, and names finding, line and fix', async () => {
    const report = await shipJson(
      1,
      ...['examples/Vault.sol', '--network', 'local', '--policy', 'mainnet', ...vaultArguments],
    );
    expect(report).toMatchObject({
      state: 'blocked',
      deployment: null,
      overall: 'high',
      error: { code: 'policy-blocked' },
    });
    expect(report.stages.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'blocked', 'pending']);
    const gate = report.gate as GateDecision;
    expect(gate).toMatchObject({ decision: 'blocked', policy: 'mainnet' });
    const source = readFileSync('examples/Vault.sol', 'utf8').split('\n');
    const [finding] = gate.blocking;
    expect(gate.blocking).toHaveLength(1);
    expect(finding).toMatchObject({ detector: 'reentrancy', severity: 'high' });
    expect(source[(finding?.location.line ?? 0) - 1]).toContain('msg.sender.call{value: amount}');
    expect(finding?.fix).toContain('before this call');
    fingerprint = finding?.fingerprint ?? '';

    const forPeople = await slipway(
      ...['ship', 'examples/Vault.sol', '--network', 'local', '--policy', 'mainnet', ...vaultArguments],
    );
    expect(forPeople.code).toBe(1);
    for (const text of [
      `reentrancy Vault.sol:${finding?.location.line}:`,
      `fix ${finding?.fix}`,
      `--acknowledge ${fingerprint} --reason`,
    ])
      expect(forPeople.stdout).toContain(text);
    expect(forPeople.stderr).toContain('■ gate');
  });

  test('lets it pass for a stated reason, and the log keeps who, what and why', async () => {
    const words = ['examples/Vault.sol', '--network', 'local', '--policy', 'mainnet', ...vaultArguments];
    const without = await slipway('ship', ...words, '--acknowledge', fingerprint);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('reason-needed');
    await shipJson(1, ...words, '--acknowledge', 'ffff', '--reason', 'another finding');

    const reason = 'a demonstration on a chain of our own';
    const report = await shipJson(0, ...words, '--acknowledge', fingerprint, '--reason', reason);
    expect(report.deployment).toMatchObject({ status: 'confirmed', codeMatches: true });
    const me = await client.call('GET /api/v1/auth/me');
    const log = await store.read
      .selectFrom('audit_log')
      .selectAll()
      .where('action', '=', 'finding.acknowledged')
      .execute();
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({
      owner_id: me.ownerId,
      actor: { userId: me.id, via: { kind: 'api-key' } },
      object_kind: 'deployment',
      object_id: report.deployment?.id,
      data: { fingerprint, reason, detector: 'reentrancy', severity: 'high', policy: 'mainnet' },
    });
    expect(log[0]?.request_id).toBeTruthy();
    const shown = await slipway('audit-log', '--action', 'finding.acknowledged');
    expect(shown.stdout).toContain(reason);
    expect(shown.stdout).toContain(me.id);
  });

  test('a laxer policy than the network demands changes nothing', async () => {
    await client.call('POST /api/v1/signers', { body: { name: 'earnest' } });
    const words = ['examples/Vault.sol', '--network', 'earnest', '--signer', 'earnest', ...vaultArguments];
    const report = await shipJson(1, ...words, '--policy', 'local');
    expect(report.gate).toMatchObject({ decision: 'blocked', policy: 'mainnet' });
    expect(report.gate?.reasons.map(({ code }) => code).sort()).toEqual([
      'confirmation-missing',
      'finding-blocks',
    ]);
    const confirmed = await shipJson(1, ...words, '--policy', 'testnet', '--confirm');
    expect(confirmed.gate?.reasons.map(({ code }) => code)).toEqual(['finding-blocks']);
  });
});

test('the audit of a harmless source opens no gate for another, and the same source needs none of its own', async () => {
  const compile = async (text: string) => {
    const body = { sources: { 'Vault.sol': text } };
    const job = await client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 30 });
    return job.result.build?.id ?? '';
  };
  const harmless = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\ncontract Vault {}';
  const [first, same, faulty] = [
    await compile(harmless),
    await compile(harmless),
    await compile(readFileSync('examples/Vault.sol', 'utf8')),
  ];
  const audit = await client.call('POST /api/v1/contracts/audit', {
    body: { buildId: first },
    waitSeconds: 30,
  });
  const auditId = audit.result.audit?.id ?? '';
  const gate = { network: 'local', policy: 'mainnet', auditId } as const;
  await expect(
    client.call('POST /api/v1/contracts/deploy', {
      body: { buildId: faulty, ...gate, constructorArgs: [vaultOwner, 25] },
    }),
  ).rejects.toMatchObject({ status: 422, code: 'audit-of-other-source', place: { pointer: '/auditId' } });
  await expect(
    client.call('POST /api/v1/pipelines', {
      body: {
        stages: { from: 'gate', to: 'deploy' },
        ...{ buildId: faulty, auditId, policy: 'mainnet' },
        deploy: { network: 'local', constructorArgs: [vaultOwner, 25] },
      },
    }),
  ).rejects.toMatchObject({ status: 422, code: 'audit-of-other-source' });
  await expect(
    client.call('POST /api/v1/contracts/deploy', {
      body: { buildId: faulty, network: 'local', policy: 'mainnet' },
    }),
  ).rejects.toMatchObject({
    status: 409,
    code: 'policy-blocked',
    message: expect.stringContaining('none ran'),
  });

  const deployed = await client.call('POST /api/v1/contracts/deploy', {
    body: { buildId: same, ...gate },
    waitSeconds: 30,
  });
  expect(deployed.result.deployment).toMatchObject({ status: 'confirmed', auditId });
});

describe('deployments', () => {
  test('arguments go by place or by name; a dry run tells the cost and spends nothing', async () => {
    const names = JSON.stringify({ feeBasisPoints_: 30, owner_: vaultOwner });
    const words = ['examples/Vault.sol', '--network', 'local', '--args', names];
    const dry = await shipJson(0, ...words, '--dry-run');
    expect(dry.deployment).toMatchObject({
      status: 'estimated',
      address: null,
      transactionHash: null,
      constructorArgs: [vaultOwner, 30],
      estimate: { gasEstimate: expect.stringMatching(/^\d+$/), costMax: expect.stringMatching(/^\d+$/) },
    });
    const { from } = await client.call('GET /api/v1/deployments/:id', {
      params: { id: dry.deployment?.id ?? '' },
    });
    const before = await nonceOf(from);

    const { code, stdout } = await slipway(
      ...['deploy', dry.buildId ?? '', '--network', 'local', '--args', names, '--json'],
    );
    expect(code).toBe(0);
    const { deployment } = JSON.parse(stdout) as { deployment: { id: string; address: string } };
    expect(deployment).toMatchObject({ status: 'confirmed', codeMatches: true });
    expect(BigInt(await nonceOf(from))).toBe(BigInt(before) + 1n);
    const build = await client.call('GET /api/v1/builds/:id', { params: { id: dry.buildId ?? '' } });
    const selectors = build.artifacts.find(({ contract }) => contract === 'Vault')?.methodIdentifiers ?? {};
    const read = (method: string) =>
      askChain('eth_call', [{ to: deployment.address, data: `0x${selectors[method]}` }, 'latest']);
    expect(await read('owner()')).toContain(vaultOwner.slice(2));
    expect(BigInt(await read('feeBasisPoints()'))).toBe(30n);

    const list = await slipway('deployments', '--network', 'local', '--json');
    expect(list.stdout).toContain(deployment.id);
    const shown = await slipway('deployments', deployment.id);
    expect(shown.stdout).toContain(deployment.address);
  });

  test('arguments that do not fit are named one by one', async () => {
    const { code, stdout } = await slipway(
      ...['ship', 'examples/Vault.sol', '--network', 'local', '--args', '["0x7099", "many"]'],
    );
    expect(code).toBe(1);
    expect(stdout).toContain('/deploy/constructorArgs/0: expected address owner_, got "0x7099"');
    expect(stdout).toContain('/deploy/constructorArgs/1: expected uint256 feeBasisPoints_, got "many"');
  });
});

test('wrong use is 2, and a server that is away is 3, with one object and a hint', async () => {
  const cases: [code: number, error: string, ...words: string[]][] = [
    [2, 'nothing-to-ship', 'ship', '--network', 'local'],
    [2, 'file-unreadable', 'ship', 'nope.sol', '--network', 'local'],
    [2, 'option-not-json', 'ship', 'examples/Vault.sol', '--network', 'local', '--args', 'nope'],
    [2, 'unknown-network', 'ship', 'examples/Vault.sol', '--network', 'nowhere'],
    [2, 'prompt-no-template', 'ship', '--prompt', 'a recipe for pancakes', '--network', 'local'],
    [3, 'service-unreachable', 'jobs', '--url', 'http://127.0.0.1:9', '--api-key', 'none'],
  ];
  const results = await Promise.all(
    cases.map(async ([code, error, ...words]) => {
      const result = await slipway(...words, '--json');
      const lines = result.stdout.trim().split('\n');
      return {
        code: result.code,
        lines: lines.length,
        ...JSON.parse(lines[0] ?? ''),
        expected: { code, error },
      };
    }),
  );
  for (const { code, lines, error, expected } of results) {
    expect({ code, lines, error: error.code }).toEqual({ ...expected, lines: 1 });
    expect(error.hint.length).toBeGreaterThan(5);
  }
  const unknown = await slipway('ship', '--nonsense');
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toContain('--help');
});

describe('examples/first-run.sh', () => {
  const firstRun = (words: string[], env: Record<string, string>) =>
    runProgram('/bin/sh', ['examples/first-run.sh', ...words], { env });

  test('does the main job with nothing but curl', async () => {
    const { code, stdout, stderr } = await firstRun([], { SLIPWAY_DATA: server.dataDir });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Deployment \S+: confirmed/);
    expect(stdout).toContain('equals the build');
    const address = /address +(0x[0-9a-fA-F]{40})/.exec(stdout)?.[1] ?? '';
    expect((await askChain('eth_getCode', [address, 'latest'])).length).toBeGreaterThan(1_000);
    const supply = await askChain('eth_call', [{ to: address, data: '0x18160ddd' }, 'latest']);
    expect(BigInt(supply)).toBe(10n ** 25n);
    // What it tells the reader to do works.
    const again = /Read it again: +(.+)/.exec(stdout)?.[1] ?? '';
    expect((await runProgram('/bin/sh', ['-c', again])).stdout).toContain(address);
  });

  test('says what is wrong, and takes any text as the prompt', async () => {
    const odd = await firstRun(['pancakes with "quotes", \\ and\nlines'], { SLIPWAY_DATA: server.dataDir });
    expect(odd.code).toBe(1);
    expect(odd.stderr).toContain('"code":"prompt-no-template"');
    const alone = await firstRun([], { SLIPWAY_DATA: '/nonexistent' });
    expect([alone.code, alone.stderr.trim()]).toEqual([
      1,
      'first-run: no server runs in this folder. Start one with: npm start',
    ]);
    const away = await firstRun([], { SLIPWAY_URL: 'http://127.0.0.1:9', SLIPWAY_API_KEY: 'none' });
    expect(away.code).toBe(1);
    expect(away.stderr).toContain('nothing answers at http://127.0.0.1:9');
  });
});
