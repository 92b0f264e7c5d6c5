import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReplyOf } from '../../src/client/route-types.ts';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

type Deployment = NonNullable<ReplyOf<'GET /api/v1/deployments/:id'>>;
let platform: TestPlatform;
let user: TestUser;
let all: Deployment[];

const source = `pragma solidity ^0.8.20;
contract Box { uint256 public v; constructor(uint256 given) { v = given; } }
contract Percent_Box { uint256 public v; }`;

beforeAll(async () => {
  platform = await startPlatform();
  user = await platform.register();
  const body = { sources: { 'Box.sol': source } };
  const { subjectId: buildId } = await user.client.call('POST /api/v1/contracts/compile', {
    body,
    waitSeconds: 60,
  });
  await user.client.call('POST /api/v1/signers', { body: { name: 'second' } });
  const deploy = (more: object) =>
    user.client.call('POST /api/v1/contracts/deploy', {
      body: { buildId, contract: 'Box', constructorArgs: [1], network: 'local', ...more },
      waitSeconds: 60,
    });
  await deploy({});
  await deploy({ signer: 'second' });
  await deploy({ dryRun: true });
  await deploy({ contract: 'Percent_Box', constructorArgs: [] });
  ({ items: all } = await user.client.call('GET /api/v1/deployments', {}));
  expect(all).toHaveLength(4);
}, 120_000);
afterAll(() => platform.stop());

/** @returns which of the four, counted from the oldest, are found */
async function find(query: Record<string, string>): Promise<number[]> {
  const { items } = await user.client.call('GET /api/v1/deployments', { query });
  return items.map(({ id }) => 4 - all.findIndex((one) => one.id === id)).toSorted();
}

const nth = (number: number) => all[4 - number] as Deployment;

test.each<[string, () => Record<string, string>, number[]]>([
  ['state', () => ({ status: 'estimated' }), [3]],
  ['network', () => ({ network: 'local' }), [1, 2, 3, 4]],
  ['another network', () => ({ network: 'sepolia' }), []],
  ['the name of the signer', () => ({ signer: 'second' }), [2]],
  ['the id of the signer', () => ({ signer: nth(2).signerId }), [2]],
  ['a signer that is not there', () => ({ signer: 'third' }), []],
  ['the address in any case', () => ({ address: String(nth(1).address).toLowerCase() }), [1]],
  ['the hash', () => ({ transactionHash: String(nth(2).transactionHash) }), [2]],
  ['the contract', () => ({ contract: 'Percent_Box' }), [4]],
  ['the build', () => ({ buildId: nth(1).buildId }), [1, 2, 3, 4]],
  ['another build', () => ({ buildId: nth(1).id }), []],
  ['the time from', () => ({ from: nth(3).createdAt }), [3, 4]],
  ['the time to', () => ({ to: nth(3).createdAt }), [1, 2]],
  ['a part of the name', () => ({ q: 'cent' }), [4]],
  ['a name in another case', () => ({ q: 'BOX' }), [1, 2, 3, 4]],
  ['how the address begins', () => ({ q: String(nth(1).address).slice(0, 14) }), [1]],
  ['how the hash begins', () => ({ q: String(nth(2).transactionHash).slice(0, 14) }), [2]],
  ['signs that mean something in a pattern', () => ({ q: 'nt_Bo' }), [4]],
  ['the same signs where nothing has them', () => ({ q: 'B_x' }), []],
  ['a per cent sign', () => ({ q: '%%' }), []],
  ['a backslash', () => ({ q: 'o\\x' }), []],
  ['everything together', () => ({ contract: 'Box', signer: 'second', status: 'confirmed', q: 'bo' }), [2]],
])('finds by %s', async (_what, query, expected) => {
  expect(await find(query())).toEqual(expected);
});

test('pages hold what is searched for, and a stranger finds nothing', async () => {
  const first = await user.client.call('GET /api/v1/deployments', { query: { contract: 'Box', limit: 2 } });
  const cursor = String(first.nextCursor);
  const rest = await user.client.call('GET /api/v1/deployments', {
    query: { contract: 'Box', limit: 2, cursor },
  });
  expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(
    [3, 2, 1].map((number) => nth(number).id),
  );
  expect(rest.nextCursor).toBeNull();
  const stranger = await platform.register();
  const query = { signer: 'second', q: 'box' };
  expect((await stranger.client.call('GET /api/v1/deployments', { query })).items).toEqual([]);
});

test.each([
  ['address=0x12'],
  ['transactionHash=0x'],
  ['buildId=1'],
  ['from=yesterday'],
  ['q=a'],
  ['color=red'],
])('%s is refused', async (query) => {
  const { status } = await platform.send(`GET /api/v1/deployments?${query}`, { token: user.accessToken });
  expect(status).toBe(422);
});

test('the command line searches, and prints all of it, one a line', async () => {
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: user.accessToken };
  const listed = await runSlipway(['deployments', 'list', '--signer', 'second', '--json'], { env });
  expect(JSON.parse(listed.stdout).items.map(({ id }: Deployment) => id)).toEqual([nth(2).id]);
  const { code, stdout } = await runSlipway(['deployments', 'export', '--search', 'box'], { env });
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(all);
});
