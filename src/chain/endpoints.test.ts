import { describe, expect, test } from 'vitest';
import { makeEndpoints } from './endpoints.ts';
import { local } from './networks/local.ts';
import type { PostReply } from './post.ts';

type Node = (method: string) => Partial<PostReply> & { error?: unknown; result?: unknown };

const well: Node = (method) => ({ result: method === 'eth_chainId' ? '0x7a69' : '0x1' });
const wrong: Node = () => ({ result: '0x1' });
const down: Node = () => {
  throw new Error('failed with ECONNREFUSED');
};

/** Nodes by name, a clock that is told how late it is, and what each was asked for. */
function world(nodes: Record<string, Node>, { compareHeads = false, network = local } = {}) {
  let now = 0;
  const asked: string[] = [];
  const endpoints = makeEndpoints({
    network,
    compareHeads,
    urls: Object.keys(nodes).map((name) => ({ url: `http://${name}.example` })),
    timeoutMs: 1_000,
    now: () => now,
    random: () => 0.5,
    async post({ url, body }) {
      const name = new URL(url).hostname.split('.')[0] ?? '';
      const { method } = JSON.parse(body) as { method: string };
      asked.push(`${name} ${method}`);
      const { status = 200, text, retryAfterSeconds, ...reply } = (nodes[name] ?? down)(method);
      const waits = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
      return { status, text: text ?? JSON.stringify({ jsonrpc: '2.0', id: 1, ...reply }), ...waits };
    },
  });
  const ask = async () => {
    asked.length = 0;
    const reply = await endpoints.ask('eth_blockNumber', []);
    return {
      reply,
      by: asked.filter((call) => call.endsWith('eth_blockNumber')).map((call) => call.split(' ')[0]),
    };
  };
  return { endpoints, nodes, asked, ask, at: (ms: number) => (now = ms) };
}

test('the first of the settings is asked as long as it is well, and again when it has rested', async () => {
  const { ask, nodes, at } = world({ a: well, b: well });
  expect((await ask()).by).toEqual(['a']);
  nodes['a'] = down;
  expect((await ask()).by).toEqual(['a', 'b']);
  nodes['a'] = well;
  expect((await ask()).by).toEqual(['b']);
  at(376);
  expect((await ask()).by).toEqual(['a']);
});

test('one that is asked to leave alone is left alone for so long', async () => {
  const { ask, nodes, at } = world({ a: well, b: well });
  nodes['a'] = (method) =>
    method === 'eth_chainId' ? well(method) : { status: 429, text: 'slow down', retryAfterSeconds: 9 };
  expect((await ask()).by).toEqual(['a', 'b']);
  nodes['a'] = well;
  at(8_999);
  expect((await ask()).by).toEqual(['b']);
  at(9_001);
  expect((await ask()).by).toEqual(['a']);
});

test('when all rest, the one that is due first is asked first, and nobody waits', async () => {
  const { ask, nodes } = world({ a: down, b: well });
  await ask();
  nodes['b'] = down;
  await expect(ask()).rejects.toMatchObject({ code: 'chain-unreachable', retryable: true });
  nodes['a'] = well;
  nodes['b'] = well;
  const { by } = await ask();
  expect(by).toHaveLength(1);
});

describe('a node that is behind', () => {
  const at = (head: number): Node => {
    return (method) => ({ result: method === 'eth_chainId' ? '0x7a69' : `0x${head.toString(16)}` });
  };
  /** Twelve seconds a block: three blocks are how news travel, four are a lag. */
  const network = { ...local, blockSeconds: 12 };
  const askedFor = async ({ endpoints, asked }: ReturnType<typeof world>) => {
    asked.length = 0;
    await endpoints.ask('eth_getBalance', []);
    return asked.filter((call) => call.endsWith('eth_getBalance'));
  };

  test('is asked after those that are level, and first again when it has caught up', async () => {
    const one = world({ a: at(96), b: at(100) }, { compareHeads: true, network });
    expect(await askedFor(one)).toEqual(['b eth_getBalance']);
    one.nodes['a'] = at(97);
    one.at(11_999);
    expect(await askedFor(one)).toEqual(['b eth_getBalance']);
    one.at(12_000);
    await askedFor(one);
    expect(await askedFor(one)).toEqual(['a eth_getBalance']);
  });

  test('is asked before one that does not answer, and is better than none', async () => {
    const one = world({ a: at(96), b: at(100) }, { compareHeads: true, network });
    expect(await askedFor(one)).toEqual(['b eth_getBalance']);
    one.nodes['b'] = down;
    expect(await askedFor(one)).toEqual(['b eth_getBalance', 'a eth_getBalance']);
    expect(await askedFor(one)).toEqual(['a eth_getBalance']);
  });

  test('by so little as news take to travel is level', async () => {
    const one = world({ a: at(97), b: at(100) }, { compareHeads: true, network });
    expect(await askedFor(one)).toEqual(['a eth_getBalance']);
  });

  test('is not looked for where there is one only', async () => {
    const one = world({ a: at(96) }, { compareHeads: true, network });
    await askedFor(one);
    expect(one.asked).toEqual(['a eth_chainId', 'a eth_getBalance']);
  });
});

describe('another chain', () => {
  test('is put aside, and nothing is asked of it but its number', async () => {
    const { ask, asked } = world({ a: wrong, b: well });
    expect((await ask()).by).toEqual(['b']);
    expect(asked).toEqual(['a eth_chainId', 'b eth_chainId', 'b eth_blockNumber']);
  });

  test('is the error where all serve it, and no reason to try later where one is down', async () => {
    await expect(world({ a: wrong, b: wrong }).ask()).rejects.toMatchObject({ code: 'wrong-chain' });
    await expect(world({ a: wrong, b: down }).ask()).rejects.toMatchObject({
      code: 'chain-unreachable',
      message: expect.stringContaining('a.example serves chain 1'),
    });
  });
});

describe('an error', () => {
  const says =
    (message: string, code = -32_000): Node =>
    (method) =>
      method === 'eth_chainId' ? well(method) : { error: { code, message } };

  test.each([
    'missing trie node 5b7e (path )',
    'header not found',
    'the method eth_feeHistory does not exist/is not available',
    'historical state 0x12 is not available',
  ])('that blames the node itself is asked of another one: %s', async (message) => {
    const { ask } = world({ a: says(message), b: well });
    expect((await ask()).by).toEqual(['a', 'b']);
    // It has answered, so it need not rest.
    expect((await ask()).by).toEqual(['a', 'b']);
    const { reply } = await world({ a: says(message), b: down }).ask();
    expect(reply).toMatchObject({ kind: 'error', error: { message } });
  });

  test.each([
    'execution reverted',
    'nonce too low: next nonce 5, tx nonce 4',
    'insufficient funds for gas * price + value',
    'intrinsic gas too low',
  ])('about the call is the answer: %s', async (message) => {
    const { ask } = world({ a: says(message), b: well });
    expect(await ask()).toMatchObject({ by: ['a'], reply: { kind: 'error', error: { message } } });
  });
});
