import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** What other tools wrote down, in their own formats. */
const address = (digit: string) => `0x${digit.repeat(40)}`;
const hash = (digit: string) => `0x${digit.repeat(64)}`;
const broadcast = {
  transactions: [
    {
      ...{ hash: hash('a'), transactionType: 'CREATE', contractName: 'Coin', contractAddress: address('1') },
      ...{ function: null, arguments: ['Coin', '1000000'], isFixedGasLimit: false, additionalContracts: [] },
      transaction: {
        from: address('2'),
        gas: '0x5208',
        value: '0x0',
        input: '0x60',
        nonce: '0x0',
        chainId: '0x2105',
      },
    },
    {
      ...{ hash: hash('b'), transactionType: 'CALL', contractName: 'Factory', contractAddress: address('3') },
      ...{ function: 'make()', arguments: null, isFixedGasLimit: false },
      transaction: { from: address('2'), to: address('3'), input: '0x01' },
      additionalContracts: [{ transactionType: 'CREATE', address: address('4'), initCode: '0x60' }],
    },
    {
      ...{ hash: hash('c'), transactionType: 'CREATE2', contractName: 'Gone', contractAddress: address('5') },
      ...{ arguments: null, transaction: { from: address('2') } },
    },
    {
      ...{ hash: null, transactionType: 'CREATE', contractName: 'Simulated', contractAddress: address('6') },
      ...{ arguments: null, transaction: { from: address('2') } },
    },
  ],
  receipts: [
    {
      transactionHash: hash('a'),
      status: '0x1',
      blockNumber: '0x10',
      gasUsed: '0x64',
      effectiveGasPrice: '0x3',
      logs: [],
    },
    {
      transactionHash: hash('b'),
      status: '0x1',
      blockNumber: '0x11',
      gasUsed: '0x64',
      effectiveGasPrice: '0x3',
      logs: [],
    },
    {
      transactionHash: hash('c'),
      status: '0x0',
      blockNumber: '0x11',
      gasUsed: '0x64',
      effectiveGasPrice: '0x3',
      logs: [],
    },
  ],
  ...{ libraries: [], pending: [], returns: {}, timestamp: 1_767_225_600, chain: 8453, commit: 'ab12cd3' },
};
const journal = [
  { chainId: 31337, type: 'DEPLOYMENT_INITIALIZE' },
  {
    ...{
      artifactId: 'M#Box',
      constructorArgs: [{ _kind: 'bigint', value: '41' }, { of: [true] }],
      contractName: 'Box',
    },
    ...{
      dependencies: [],
      from: address('2'),
      futureId: 'M#Box',
      futureType: 'NAMED_ARTIFACT_CONTRACT_DEPLOYMENT',
    },
    ...{
      libraries: {},
      strategy: 'basic',
      strategyConfig: {},
      type: 'DEPLOYMENT_EXECUTION_STATE_INITIALIZE',
    },
  },
  {
    futureId: 'M#Box',
    networkInteractionId: 1,
    nonce: 0,
    transaction: { hash: hash('d') },
    type: 'TRANSACTION_SEND',
  },
  {
    ...{ futureId: 'M#Box', hash: hash('d'), networkInteractionId: 1, type: 'TRANSACTION_CONFIRM' },
    receipt: {
      blockHash: hash('e'),
      blockNumber: 7,
      contractAddress: address('7'),
      logs: [],
      status: 'SUCCESS',
    },
  },
  {
    futureId: 'M#Box',
    result: { address: address('7'), type: 'SUCCESS' },
    type: 'DEPLOYMENT_EXECUTION_STATE_COMPLETE',
  },
  {
    futureId: 'M#Bad',
    result: { type: 'REVERTED_TRANSACTION' },
    type: 'DEPLOYMENT_EXECUTION_STATE_COMPLETE',
  },
];
const lines = journal.map((line) => JSON.stringify(line)).join('\n');
const directory = mkdtempSync(join(tmpdir(), 'slipway-import-'));
let platform: TestPlatform;
let user: TestUser;

beforeAll(async () => {
  platform = await startPlatform({ worker: false });
});
afterAll(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true });
});

const give = (record: string) => user.client.call('POST /api/v1/imported-deployments', { body: { record } });
const list = async (query: object = {}) =>
  (await user.client.call('GET /api/v1/imported-deployments', { query })).items;

describe('what another tool deployed is kept as history', () => {
  beforeAll(async () => {
    user = await platform.register();
  });

  test("of Foundry's broadcast: what was mined, with what its contracts made themselves", async () => {
    expect(await give(JSON.stringify(broadcast))).toEqual({ format: 'forge-broadcast', found: 2, added: 2 });
    const items = await list();
    expect(items.map(({ contract }) => contract).sort()).toEqual(['Coin', 'unknown']);
    expect(items.find(({ contract }) => contract === 'Coin')).toMatchObject({
      ...{
        chainId: 8453,
        network: 'base',
        address: address('1'),
        transactionHash: hash('a'),
        deployer: address('2'),
      },
      ...{
        blockNumber: 16,
        gasUsed: '100',
        costWei: '300',
        constructorArgs: ['Coin', '1000000'],
        commit: 'ab12cd3',
      },
      deployedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(await list({ address: address('4') })).toMatchObject([{ transactionHash: hash('b') }]);
  });

  test("of Hardhat Ignition's journal: what came to its end", async () => {
    expect(await give(`${lines}\n`)).toEqual({ format: 'ignition-journal', found: 1, added: 1 });
    expect(await list({ chainId: 31337 })).toMatchObject([
      {
        ...{
          contract: 'Box',
          network: 'local',
          address: address('7'),
          transactionHash: hash('d'),
          blockNumber: 7,
        },
        ...{
          deployer: address('2'),
          constructorArgs: ['41', { of: [true] }],
          deployedAt: null,
          commit: null,
        },
      },
    ]);
  });

  test('once: what is known already stays as it is', async () => {
    expect(await give(lines)).toMatchObject({ found: 1, added: 0 });
    const stranger = await platform.register();
    const theirs = await stranger.client.call('POST /api/v1/imported-deployments', {
      body: { record: lines },
    });
    expect(theirs).toMatchObject({ found: 1, added: 1 });
  });
});

test.each([
  ['prose', 'hello there'],
  ['another JSON', '{"transactions": 5}'],
  [
    'an address that is none',
    JSON.stringify({
      ...broadcast,
      transactions: [{ ...broadcast.transactions[0], contractAddress: '0x12' }],
    }),
  ],
  ['half a journal line', `${lines}\n{"type":`],
])('%s is refused, and nothing is kept', async (_what, record) => {
  user = await platform.register();
  await expect(give(record)).rejects.toMatchObject({
    code: 'history-unknown',
    place: { pointer: '/record' },
  });
  expect(await list()).toEqual([]);
});

test('as many as may be at once, and not one more', async () => {
  user = await platform.register();
  const many = (count: number) =>
    [
      journal[0],
      ...Array.from({ length: count }, (_, at) => ({
        ...{ futureId: `M#${at}`, type: 'DEPLOYMENT_EXECUTION_STATE_COMPLETE' },
        result: { address: `0x${at.toString(16).padStart(40, '0')}`, type: 'SUCCESS' },
      })),
    ]
      .map((line) => JSON.stringify(line))
      .join('\n');
  await expect(give(many(2_001))).rejects.toMatchObject({ code: 'history-too-long' });
  expect(await give(many(2_000))).toMatchObject({ found: 2_000, added: 2_000 });
});

test('the command line imports a file and lists it', async () => {
  user = await platform.register();
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: user.accessToken };
  const file = join(directory, 'journal.jsonl');
  writeFileSync(file, lines);
  const imported = await runSlipway(['deployments', 'import', file], { env });
  expect(imported).toMatchObject({ code: 0, stdout: 'ignition-journal: 1 contracts, 1 of them new\n' });
  const shown = await runSlipway(['deployments', 'imported'], { env });
  expect(shown.stdout).toMatch(/Box\s+local\s+0x7{40}\s+7\s+ignition-journal/);
});
