import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** A finding that is accepted in a project: shown, and not counted, by reports and gates, until that ends. */
let platform: TestPlatform;
let user: TestUser;
beforeAll(async () => {
  platform = await startPlatform();
  user = await platform.register();
});
afterAll(() => platform.stop());

const bomb =
  'pragma solidity ^0.8.20;\ncontract Bomb { function end() external { selfdestruct(payable(msg.sender)); } }\n';
const mended = 'pragma solidity ^0.8.20;\ncontract Bomb { uint256 public size; }\n';

async function audit(source: string, as = user) {
  const body = { sources: { 'Bomb.sol': source } };
  const job = await as.client.call('POST /api/v1/contracts/audit', { body, waitSeconds: 60 });
  return job.subjectId;
}
const read = (id: string) => user.client.call('GET /api/v1/audits/:id', { params: { id } });

/** Deploys to the local chain under the policy of testnets, which a critical finding blocks. */
async function ship() {
  const { client } = user;
  const body = {
    compile: { sources: { 'Bomb.sol': bomb } },
    policy: 'testnet' as const,
    deploy: { network: 'local', dryRun: true },
  };
  return client.call('POST /api/v1/pipelines', { body, waitSeconds: 60 });
}

test('a waiver holds in every audit of the project and opens the gate, which names it; removed, it counts again', async () => {
  const { client } = user;
  expect((await ship()).state).toBe('blocked');
  const first = await audit(bomb);
  expect(await read(first)).toMatchObject({ overall: 'critical', counts: { critical: 1 } });
  const { items } = await client.call('GET /api/v1/findings', { query: { auditId: first } });
  const [found] = items;
  expect(found).toMatchObject({ auditId: first, detector: 'unprotected-selfdestruct' });
  const id = found?.id ?? '';
  const reason = 'a drill, nothing is kept in it';
  const waiver = await client.call('POST /api/v1/findings/:id/waive', { params: { id }, body: { reason } });
  expect(waiver).toMatchObject({
    fingerprint: found?.fingerprint,
    reason,
    active: true,
  });

  const shown = await read(first);
  expect(shown).toMatchObject({ overall: null, counts: { critical: 0 }, findings: [{ waived: { reason } }] });
  const list = await client.call('GET /api/v1/audits', { query: {} });
  expect(list.items.find((one) => one.id === first)).toMatchObject({
    overall: null,
    counts: { critical: 0 },
  });
  // Another audit of moved code: the same fingerprint.
  expect(await read(await audit(`\n\n\n${bomb}`))).toMatchObject({
    overall: null,
    findings: [{ waived: { reason } }],
  });
  const passed = await ship();
  expect(passed.state).toBe('succeeded');
  expect(passed.result.deployment?.gate).toMatchObject({
    decision: 'pass',
    waived: [{ reason, waiver: waiver.id }],
  });

  await client.call('DELETE /api/v1/findings/:id/waive', { params: { id } });
  expect((await read(first)).overall).toBe('critical');
  expect((await ship()).state).toBe('blocked');
  const log = await client.call('GET /api/v1/audit-log', { query: { objectId: waiver.id } });
  expect(log.items.map(({ action }) => action)).toEqual(['waiver.removed', 'finding.waived']);
  expect((await client.call('GET /api/v1/waivers', { query: {} })).items).toMatchObject([{ active: false }]);
});

test('a waiver ends with its time, is replaced by another, and covers nothing worse than what was accepted', async () => {
  const { client } = user;
  const first = await audit(bomb);
  const { items } = await client.call('GET /api/v1/findings', { query: { auditId: first } });
  const params = { id: items[0]?.id ?? '' };
  const past = client.call('POST /api/v1/findings/:id/waive', {
    params,
    body: { reason: 'too late', expiresAt: '2020-01-01T00:00:00Z' },
  });
  await expect(past).rejects.toMatchObject({ code: 'waiver-expiry-past' });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const one = await client.call('POST /api/v1/findings/:id/waive', {
    params,
    body: { reason: 'once', expiresAt },
  });
  const two = await client.call('POST /api/v1/findings/:id/waive', {
    params,
    body: { reason: 'twice', expiresAt },
  });
  expect((await read(first)).findings[0]?.waived).toMatchObject({ id: two.id, reason: 'twice', expiresAt });
  const store = platform.store.read;
  await sql`update waivers set expires_at = now() - interval '1 second' where id = ${two.id}`.execute(store);
  expect((await read(first)).overall).toBe('critical');
  await sql`update waivers set expires_at = null, severity = 'high' where id = ${two.id}`.execute(store);
  expect((await read(first)).overall).toBe('critical');
  await sql`update waivers set severity = 'critical' where id = ${two.id}`.execute(store);
  expect((await read(first)).overall).toBe(null);
  await client.call('DELETE /api/v1/waivers/:id', { params: { id: two.id } });
  expect((await read(first)).overall).toBe('critical');
  await expect(client.call('DELETE /api/v1/waivers/:id', { params: { id: one.id } })).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('from the command line a finding is listed, accepted until a day, shown as such, and counts again', async () => {
  const first = await audit(bomb);
  const key = await user.client.call('POST /api/v1/api-keys', {
    body: { name: 'cli', scopes: ['contracts:read', 'audits:write'] },
  });
  const env = { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: key.key };
  const findings = (...words: string[]) => runSlipway(['findings', ...words], { env });
  const listed = await findings('--audit', first);
  expect([listed.code, listed.stderr]).toEqual([0, '']);
  const id = /^(\S+) +critical +unprotected-selfdestruct +Bomb\.sol:2$/m.exec(listed.stdout)?.[1] ?? '';
  const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const waived = await findings('waive', id, '--reason', 'a drill', '--until', soon);
  expect(waived.stdout).toMatch(/^unprotected-selfdestruct at Bomb\.sol:2 is accepted until 20\d\d-/);
  expect((await findings('--audit', first)).stdout).toContain('waived: a drill');
  expect((await findings('waivers')).stdout).toContain('a drill');
  const nonsense = await findings('waive', id, '--reason', 'a drill', '--until', 'tomorrow');
  expect([nonsense.code, nonsense.stderr]).toEqual([2, expect.stringContaining('expiresAt')]);
  expect((await findings('unwaive', id)).stdout).toBe('It counts again.\n');
  expect((await read(first)).overall).toBe('critical');
  expect((await findings('unwaive', id)).code).toBe(2);
});

test('a key that may write contracts and not audits cannot accept findings', async () => {
  const first = await audit(bomb);
  const { items } = await user.client.call('GET /api/v1/findings', { query: { auditId: first } });
  const key = await user.client.call('POST /api/v1/api-keys', {
    body: { name: 'builds', scopes: ['contracts:write'] },
  });
  const refused = await platform.send(`POST /api/v1/findings/${items[0]?.id}/waive`, {
    token: key.key,
    body: { reason: 'mine' },
  });
  expect([refused.status, refused.body.code]).toEqual([403, 'scope-missing']);
});

test('an audit is compared with another one, and comes in every format', async () => {
  const [before, after] = [await audit(bomb), await audit(mended)];
  const params = { id: after };
  const compared = await user.client.call('GET /api/v1/audits/:id', { params, query: { baseline: before } });
  expect(compared.comparison).toMatchObject({
    with: before,
    new: [],
    unchanged: [],
    fixed: [{ detector: 'unprotected-selfdestruct' }],
  });
  const formats = {
    sarif: ['application/sarif+json', '"baselineState": "absent"'],
    markdown: ['text/markdown; charset=utf-8', '## No longer found'],
    html: ['text/html; charset=utf-8', 'No longer found'],
    json: ['application/json', '"fixed":[{'],
  };
  for (const [format, [type, words = '']] of Object.entries(formats)) {
    const path = `/api/v1/audits/${after}/report?format=${format}&baseline=${before}`;
    const reply = await platform.send(`GET ${path}`, { token: user.accessToken });
    expect([format, reply.status, reply.headers.get('content-type')]).toEqual([format, 200, type]);
    expect(reply.text).toContain(words);
    expect(reply.headers.get('content-disposition')).toContain('attachment');
  }
  const page = await platform.send(`GET /api/v1/audits/${before}/report?format=html`, {
    token: user.accessToken,
  });
  expect(page.text).toContain('<mark>selfdestruct(payable(msg.sender))</mark>');
});
