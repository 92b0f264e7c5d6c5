import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { type Environment, hasEndpoints, readConfig } from './config.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-networks-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const read = (env: Environment) => readConfig(env, dir).networks;

/** Puts a list of networks, or any text, into the file and reads the settings with it. */
function readFile(content: unknown, env: Environment = {}) {
  writeFileSync(join(dir, 'nets.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return read({ SLIPWAY_NETWORKS_FILE: 'nets.json', ...env });
}

function refused(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}

/** The complaints, a line each. */
const complaints = (run: () => unknown) => refused(run).message.split('\n').slice(1);

describe('addresses', () => {
  test('come from variables, several with a limit each', () => {
    const env = {
      SLIPWAY_RPC_SEPOLIA: 'https://a.example/v3/key 25/s, https://b.example,https://c.example  0.5/s',
      SLIPWAY_RPC_BASE_SEPOLIA: 'http://127.0.0.1:8545',
      SLIPWAY_RPC_HOODI: ' ',
    };
    expect(read(env)).toEqual({
      sepolia: {
        change: {},
        endpoints: [
          { url: 'https://a.example/v3/key', requestsPerSecond: 25 },
          { url: 'https://b.example' },
          { url: 'https://c.example', requestsPerSecond: 0.5 },
        ],
      },
      'base-sepolia': { change: {}, endpoints: [{ url: 'http://127.0.0.1:8545' }] },
    });
  });

  test.each([
    'hunter2.example',
    'wss://hunter2.example',
    'https://hunter2.example,',
    'https://hunter2.example 25',
    'https://hunter2.example 0/s',
    'https://hunter2.example -1/s',
    'https://hunter2.example 1e9/s',
    'https://hunter2.example 5/m',
    Array.from({ length: limits.rpcUrlsMax + 1 }, (_, n) => `https://hunter2.example/${n}`).join(),
  ])('%s is refused, and not repeated', (text) => {
    const { message } = refused(() => read({ SLIPWAY_RPC_SEPOLIA: text }));
    expect(message).toContain('- SLIPWAY_RPC_SEPOLIA: expected at most 10 http(s) addresses');
    expect(message).not.toContain('hunter2');
  });
});

describe('networks by name (SLIPWAY_NETWORKS)', () => {
  test('inline and from a file', () => {
    const nets = '{"my-chain":{"rpcUrls":["http://127.0.0.1:1"],"chainId":7}}';
    writeFileSync(join(dir, 'map.json'), nets);
    const expected = { 'my-chain': { change: { chainId: 7 }, endpoints: [{ url: 'http://127.0.0.1:1' }] } };
    expect(read({ SLIPWAY_NETWORKS: nets })).toEqual(expected);
    expect(read({ SLIPWAY_NETWORKS: 'map.json' })).toEqual(expected);
  });

  test.each([
    [
      '{"x":',
      'JSON like {"my-chain": {"rpcUrls": ["https://…"]}}, or a file with it; this is not readable as JSON',
    ],
    ['{"X":{"chainId":7}}', 'another value: Invalid key in record'],
    ['{"x":7}', 'another value: Invalid input: expected object, received number'],
    [
      'nowhere.json',
      'JSON like {"my-chain": {"rpcUrls": ["https://…"]}}, or a file with it; this is no such file',
    ],
  ])('%s is refused', (text, expected) => {
    expect(complaints(() => read({ SLIPWAY_NETWORKS: text })).join('\n')).toContain(`expected ${expected}`);
  });
});

describe('networks by file (SLIPWAY_NETWORKS_FILE)', () => {
  test('describes new networks and changes known ones', () => {
    const networks = readFile([
      {
        name: 'my-chain',
        title: 'My Chain',
        chainId: 424_242,
        kind: 'testnet',
        currency: 'MINE',
        confirmations: 4,
        blockSeconds: 1,
        eip1559: false,
        priorityFeeMinWei: 0,
        maxFeeMinWei: '1000000000',
        rpcUrls: ['https://a.example/key', { url: 'https://b.example', requestsPerSecond: 5 }],
        requestsPerSecond: 50,
        explorerUrl: 'https://explorer.example/',
        faucetUrl: 'https://faucet.example',
        create2Deployer: null,
        verifiers: [{ kind: 'blockscout', apiUrl: 'http://blockscout.internal/' }],
      },
      { name: 'sepolia', confirmations: 6, requestsPerSecond: 10 },
    ]);
    expect(networks['my-chain']).toEqual({
      change: {
        title: 'My Chain',
        chainId: 424_242,
        kind: 'testnet',
        currency: 'MINE',
        confirmations: 4,
        blockSeconds: 1,
        eip1559: false,
        priorityFeeMinWei: 0,
        maxFeeMinWei: 1_000_000_000,
        explorerUrl: 'https://explorer.example',
        faucetUrl: 'https://faucet.example',
        create2Deployer: null,
        verifiers: [{ kind: 'blockscout', apiUrl: 'http://blockscout.internal' }],
      },
      endpoints: [
        { url: 'https://a.example/key', requestsPerSecond: 50 },
        { url: 'https://b.example', requestsPerSecond: 5 },
      ],
    });
    expect(networks['sepolia']).toEqual({ change: { confirmations: 6 }, endpoints: [] });
  });

  test('takes the example of docs/networks.md', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/networks.md'), 'utf8');
    const example = /```json\n([^`]+)```/.exec(page)?.[1] ?? '';
    const networks = readFile(example);
    expect(networks['my-chain']?.endpoints.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([
      50, 5,
    ]);
    expect(networks['polygon']).toEqual({ change: { confirmations: 128 }, endpoints: [] });
  });

  test('yields to SLIPWAY_NETWORKS, and that to SLIPWAY_RPC_…, field by field', () => {
    const networks = readFile(
      [
        {
          name: 'sepolia',
          title: 'From the file',
          confirmations: 4,
          requestsPerSecond: 10,
          rpcUrls: ['https://a.example'],
        },
      ],
      {
        SLIPWAY_NETWORKS: '{"sepolia":{"confirmations":5,"rpcUrls":["https://b.example"]}}',
        SLIPWAY_RPC_SEPOLIA: 'https://c.example, https://d.example 2/s',
      },
    );
    expect(networks).toEqual({
      sepolia: {
        change: { title: 'From the file', confirmations: 5 },
        endpoints: [
          { url: 'https://c.example', requestsPerSecond: 10 },
          { url: 'https://d.example', requestsPerSecond: 2 },
        ],
      },
    });
  });

  test('a description alone replaces no embedded chain; an address does', () => {
    const described = readConfig({ SLIPWAY_NETWORKS: '{"local":{"confirmations":2}}' }, dir);
    const replaced = readConfig({ SLIPWAY_RPC_LOCAL: 'http://127.0.0.1:1' }, dir);
    expect([described, replaced].map((config) => hasEndpoints(config, 'local'))).toEqual([false, true]);
  });

  test('that is missing, no JSON, too large or no list is refused', () => {
    const told = [
      () => read({ SLIPWAY_NETWORKS_FILE: 'nowhere.json' }),
      () => read({ SLIPWAY_NETWORKS_FILE: '.' }),
      () => readFile('[{"name": "hunter2'),
      () => readFile(`[${' '.repeat(limits.networksFileBytesMax)}]`),
      () => readFile({ sepolia: { confirmations: 3 } }),
    ].flatMap(complaints);
    expect(told.join('\n')).toMatchInlineSnapshot(`
      "- SLIPWAY_NETWORKS_FILE (given: "nowhere.json"): expected a file with a list of networks like [{"name": "my-chain", "chainId": 1234, "rpcUrls": ["https://…"]}]; this is no such file
      - SLIPWAY_NETWORKS_FILE (given: "."): expected a file with a list of networks like [{"name": "my-chain", "chainId": 1234, "rpcUrls": ["https://…"]}]; this is not readable (EISDIR)
      - SLIPWAY_NETWORKS_FILE (given: "nets.json"): expected a file with a list of networks like [{"name": "my-chain", "chainId": 1234, "rpcUrls": ["https://…"]}]; this is not readable as JSON
      - SLIPWAY_NETWORKS_FILE (given: "nets.json"): expected a file with a list of networks like [{"name": "my-chain", "chainId": 1234, "rpcUrls": ["https://…"]}]; this is over 1048576 bytes
      - nets.json: expected another value: a list of networks, each with its name"
    `);
  });

  test('names every fault with the file and a pointer, and repeats no secret', () => {
    const told = complaints(() =>
      readFile([
        { name: 'sepolia', confirmations: 0 },
        { name: 'Bad Name', chainId: 5_001_001 },
        {
          name: 'one',
          chainId: 5_001_002,
          rpcUrls: ['ftp://hunter2.example', { url: 'https://x.example', requestsPerSecond: 0 }],
          explorerUrl: 'https://user:hunter2@explorer.example',
          verifiers: [
            { kind: 'etherscan', apiUrl: 'https://api.example?apikey=hunter2' },
            { kind: 'tenderly', apiUrl: 'https://x.example' },
          ],
          create2Deployer: '0x4e59b44847b379578588920cA78FbF26c0B495',
          maxFeeMinWei: '1.5',
          rpcUrl: 'https://hunter2.example',
        },
      ]),
    );
    expect(told.join('\n')).not.toContain('hunter2');
    expect(told.join('\n')).toMatchInlineSnapshot(`
      "- nets.json at /0/confirmations: expected another value: Too small: expected number to be >=1
      - nets.json at /1/name: expected another value: a name of up to 40 lower-case letters, digits and hyphens
      - nets.json at /2/rpcUrls/0: expected another value: an http(s) address, or {"url": "https://…", "requestsPerSecond": 25}
      - nets.json at /2/rpcUrls/1/requestsPerSecond: expected another value: a number of requests a second
      - nets.json at /2/maxFeeMinWei: expected another value: whole wei
      - nets.json at /2/explorerUrl: expected another value: an http(s) address without credentials, query and fragment: everybody sees it
      - nets.json at /2/create2Deployer: expected another value: an address, or null where there is none
      - nets.json at /2/verifiers/0/apiUrl: expected another value: an http(s) address without credentials, query and fragment: everybody sees it
      - nets.json at /2/verifiers/1/kind: expected another value: Invalid option: expected one of "sourcify"|"etherscan"|"blockscout"
      - nets.json at /2: expected another value: Unrecognized key: "rpcUrl""
    `);
  });

  test('refuses what would mix up chains, with the reason', () => {
    const told = complaints(() =>
      readFile(
        [
          { name: 'sepolia', chainId: 5 },
          { name: 'base', kind: 'local' },
          { name: 'my-ethereum', chainId: 1 },
          { name: 'mine', chainId: 77_001 },
          { name: 'yours', chainId: 77_001 },
          { name: 'mine', title: 'Again' },
          { name: 'without' },
          { name: 'era', chainId: 324 },
          { name: 'zksync', rpcUrls: ['https://hunter2.example'] },
        ],
        { SLIPWAY_RPC_NOWHERE: 'https://hunter2.example' },
      ),
    );
    expect(told.join('\n')).not.toContain('hunter2');
    expect(told.join('\n')).toMatchInlineSnapshot(`
      "- nets.json at /0/chainId (given: "5"): expected 11155111, which sepolia has everywhere; another chain needs another name
      - nets.json at /1/kind (given: "local"): expected \`testnet\` or \`mainnet\`: local chains have the weakest policy, and may be made anew
      - nets.json at /7: expected another network: ZKsync Era is not supported. Its virtual machine, EraVM, takes the bytecode of another compiler (zksolc). EVM bytecode runs there in an interpreter only, and addresses are derived differently, so the predicted address and the comparison of the code would be wrong.
      - nets.json at /8: expected another network: ZKsync Era is not supported. Its virtual machine, EraVM, takes the bytecode of another compiler (zksolc). EVM bytecode runs there in an interpreter only, and addresses are derived differently, so the predicted address and the comparison of the code would be wrong.
      - nets.json at /5/name (given: "mine"): expected another name: nets.json at /3 has this one already
      - nets.json at /6: expected a known network, or a chainId for without in SLIPWAY_NETWORKS_FILE: no list knows it
      - SLIPWAY_RPC_NOWHERE: expected a known network, or a chainId for nowhere in SLIPWAY_NETWORKS_FILE: no list knows it
      - nets.json at /2/chainId (given: "1"): expected the id of another chain: this one is called ethereum here, so change that one
      - nets.json at /4/chainId (given: "77001"): expected the id of another chain: this one is called mine here, so change that one"
    `);
  });
});
