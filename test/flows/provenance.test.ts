import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeploymentStatement, Envelope } from '../../src/deploy/provenance.ts';
import { type Anvil, startAnvil } from '../support/anvil.ts';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** A confirmed contract's statement, checked by the command line that knows neither the server's tables nor its word. */
const folder = mkdtempSync(join(tmpdir(), 'slipway-provenance-'));
let anvil: Anvil;
let platform: TestPlatform;
let user: TestUser;
let plain: Envelope;
let byCreate2: Envelope;
let buildId: string;

const source =
  'pragma solidity ^0.8.20; contract Box { uint256 public v; constructor(uint256 given) { v = given; } }';

beforeAll(async () => {
  anvil = await startAnvil();
  platform = await startPlatform({ env: { SLIPWAY_RPC_LOCAL: anvil.url } });
  user = await platform.register();
  const deploy = { network: 'local', constructorArgs: ['7'] };
  const pipeline = await user.client.call('POST /api/v1/pipelines', {
    body: { compile: { sources: { 'Box.sol': source } }, deploy },
    waitSeconds: 60,
  });
  buildId = pipeline.result.build?.id ?? '';
  plain = await provenanceOf(pipeline.result.deployment?.id ?? '');
  const again = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId, ...deploy, salt: `0x${'2c'.repeat(32)}` },
    waitSeconds: 60,
  });
  byCreate2 = await provenanceOf(again.subjectId);
  writeFileSync(join(folder, 'keys.json'), (await platform.send('GET /.well-known/jwks.json')).text);
}, 90_000);
afterAll(async () => {
  await platform.stop();
  await anvil.stop();
  rmSync(folder, { recursive: true });
});

const provenanceOf = (id: string): Promise<Envelope> =>
  user.client.call('GET /api/v1/deployments/:id/provenance', { params: { id } });

const statementIn = ({ payload }: Envelope) =>
  JSON.parse(Buffer.from(payload, 'base64').toString()) as DeploymentStatement;

async function verify(envelope: unknown, words: string[]) {
  writeFileSync(join(folder, 'statement.json'), JSON.stringify(envelope));
  const all = ['provenance', 'verify', 'statement.json', '--keys', 'keys.json', '--json', ...words];
  const { code, stdout, stderr } = await runSlipway(all, { cwd: folder });
  const said =
    stdout === ''
      ? null
      : (JSON.parse(stdout) as { ok: boolean; checks?: { check: string; result: string }[] });
  const not = said?.checks
    ?.filter(({ result }) => result !== 'ok')
    .map(({ check, result }) => `${check}: ${result}`);
  return { code, ok: said?.ok, not, stderr };
}

test('a statement names sources, compiler, audit, policy, signed bytes and block', () => {
  const { subject, predicate } = statementIn(plain);
  expect(subject[0]?.name).toBe(`eip155:31337:${predicate.deployment.address}`);
  expect(predicate).toMatchObject({
    sources: { 'Box.sol': expect.stringMatching(/^[0-9a-f]{64}$/) },
    compiler: { version: expect.stringMatching(/^0\.8\.\d+\+commit\./) },
    contract: { file: 'Box.sol', name: 'Box', constructorArguments: `0x${'7'.padStart(64, '0')}` },
    audit: { tools: [{ status: expect.any(String) }] },
    policy: { policy: 'local', decision: 'pass' },
    transaction: { nonce: 0 },
  });
});

test('equal facts give an equal statement', async () => {
  expect(await provenanceOf(statementIn(plain).predicate.deployment.id)).toEqual(plain);
});

describe('verified without asking the platform', () => {
  test.each([
    ['a creation', () => plain],
    ['a CREATE2 deployment', () => byCreate2],
  ])('%s passes, by keys in a file and one call to a node', async (_what, envelope) => {
    expect(await verify(envelope(), ['--rpc', anvil.url])).toEqual({
      code: 0,
      ok: true,
      not: [],
      stderr: '',
    });
  });

  test('the chain left out is no pass unless that was asked for', async () => {
    expect(await verify(plain, [])).toMatchObject({ code: 1, ok: false, not: ['block: not run'] });
    expect(await verify(plain, ['--offline'])).toMatchObject({ code: 0, ok: true, not: [] });
  });

  test('a word that was changed, and a signature by nobody we trust, fail', async () => {
    const statement = statementIn(plain);
    statement.predicate.contract.name = 'Fox';
    const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
    const changed = await verify({ ...plain, payload }, ['--offline']);
    expect(changed).toMatchObject({ code: 1, ok: false, not: ['signature: failed'] });
    const signatures = plain.signatures.map(({ sig }) => ({ keyid: 'somebody', sig }));
    expect(await verify({ ...plain, signatures }, ['--offline'])).toMatchObject({
      not: ['signature: failed'],
    });
  });

  test('a chain that took the block back fails', async () => {
    const fresh = await startAnvil();
    try {
      expect(await verify(plain, ['--rpc', fresh.url])).toMatchObject({ code: 1, not: ['block: failed'] });
    } finally {
      await fresh.stop();
    }
  });

  test('what is no statement is said by name', async () => {
    const { code, stderr } = await verify({ hello: 1 }, ['--offline']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('no DSSE envelope');
  });
});

test('there is no statement of what was never sent', async () => {
  const job = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId, network: 'local', constructorArgs: ['7'], salt: `0x${'2c'.repeat(32)}` },
    waitSeconds: 60,
  });
  await expect(provenanceOf(job.subjectId)).rejects.toMatchObject({ code: 'provenance-not-ready' });
});
