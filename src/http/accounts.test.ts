import { generateKeyPairSync } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  goodPassword,
  startHttpServer,
  type TestServer,
  testPlatform,
} from '../../test/support/http-server.ts';
import { issueAccessToken, publicKeySet, readAccessToken } from '../actions/access-tokens.ts';
import { ensureLocalOwner } from '../actions/ensure-local-owner.ts';
import { newId } from '../lib/ids.ts';
import { openStore } from '../store/db.ts';

let server: TestServer;
const ownersSeen: string[] = [];

beforeAll(async () => {
  server = await startHttpServer({
    onOwnerCreated: [async (_, actor) => void ownersSeen.push(actor.ownerId)],
  });
});
afterAll(() => server.close());

const me = (token: string) => server.send('GET /api/v1/auth/me', { token });

describe('registration', () => {
  test('gives an account, a session and a default project, and runs the hooks', async () => {
    const { userId, tokens } = await server.register('Ada@Example.org');
    const { status, body } = await me(tokens.accessToken);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: userId,
      email: 'ada@example.org',
      name: 'Ada',
      tier: 'free',
      scopes: ['*'],
    });
    expect(ownersSeen).toContain(body.ownerId);
    const log = await server.store.read
      .selectFrom('audit_log')
      .selectAll()
      .where('owner_id', '=', body.ownerId)
      .execute();
    expect(log.map((line) => line.action)).toEqual(['account.created']);
  });

  test('refuses a taken address, a common password and a short one, and leaves nothing behind', async () => {
    await server.register('taken@example.org');
    const owners = await server.store.read.selectFrom('owners').select('id').execute();
    const attempt = (email: string, password: string) =>
      server.send('POST /api/v1/auth/register', { body: { email, password } });
    expect((await attempt('TAKEN@example.org', goodPassword)).body.code).toBe('email-taken');
    expect((await attempt('new@example.org', 'Password123456')).body.code).toBe('password-too-common');
    expect((await attempt('new@example.org', 'aaaaaaaaaaaaaaaa')).body.code).toBe('password-too-common');
    expect((await attempt('new@example.org', 'short')).body).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '/password', code: 'too-small' }],
    });
    expect(await server.store.read.selectFrom('owners').select('id').execute()).toHaveLength(owners.length);
  });
});

describe('login', () => {
  test('says the same for an unknown account and for a wrong password', async () => {
    await server.register('login@example.org');
    const attempt = (email: string, password: string) =>
      server.send('POST /api/v1/auth/login', { body: { email, password } });
    const wrong = await attempt('login@example.org', 'not the password');
    const unknown = await attempt('nobody@example.org', 'not the password');
    expect(wrong.status).toBe(401);
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
    const right = await attempt('LOGIN@example.org', goodPassword);
    expect((await me(right.body.accessToken)).status).toBe(200);
  });

  test('a deactivated account loses access with the next request', async () => {
    const { userId, tokens } = await server.register();
    await server.store.read
      .updateTable('users')
      .set({ status: 'deactivated' })
      .where('id', '=', userId)
      .execute();
    expect((await me(tokens.accessToken)).body.code).toBe('account-deactivated');
    const refreshed = await refresh(tokens.refreshToken);
    expect(refreshed.body.code).toBe('account-deactivated');
  });
});

const refresh = (refreshToken: string, agent = 'tab') =>
  server.send('POST /api/v1/auth/refresh', { body: { refreshToken }, headers: { 'user-agent': agent } });

describe('refresh tokens', () => {
  test('rotate: each is good for one use', async () => {
    const { tokens } = await server.register();
    const second = await refresh(tokens.refreshToken);
    const third = await refresh(second.body.refreshToken);
    expect(third.status).toBe(200);
    expect(new Set([tokens.refreshToken, second.body.refreshToken, third.body.refreshToken]).size).toBe(3);
    expect((await me(third.body.accessToken)).status).toBe(200);
  });

  test('two tabs that use one token at once get the same successor', async () => {
    const { tokens } = await server.register();
    const replies = await Promise.all(Array.from({ length: 5 }, () => refresh(tokens.refreshToken)));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(replies.map((reply) => reply.body.refreshToken)).size).toBe(1);
    expect((await refresh(replies[0]?.body.refreshToken ?? '')).status).toBe(200);
  });

  test('reuse by another client, or later, ends the session at once', async () => {
    for (const reuse of ['another client', 'later'] as const) {
      const { tokens } = await server.register();
      const second = await refresh(tokens.refreshToken);
      if (reuse === 'later')
        await sql`update refresh_tokens set used_at = used_at - interval '11 seconds'`.execute(
          server.store.read,
        );
      const again = await refresh(tokens.refreshToken, reuse === 'later' ? 'tab' : 'thief');
      expect(again.body.code).toBe('refresh-token-reused');
      expect((await refresh(second.body.refreshToken)).body.code).toBe('session-revoked');
      expect((await me(second.body.accessToken)).body.code).toBe('session-revoked');
    }
  });

  test('nothing that opens a session is stored', async () => {
    const { tokens } = await server.register();
    const { body } = await refresh(tokens.refreshToken);
    const { rows } = await sql<{ text: string }>`
      select coalesce(string_agg(row_to_json(refresh_tokens)::text, ''), '') as text from refresh_tokens`.execute(
      server.store.read,
    );
    expect(rows[0]?.text).not.toContain(body.refreshToken.slice(7));
    expect((await refresh('sliprt_unknown')).body.code).toBe('refresh-token-invalid');
  });
});

test('a logout ends the session at once, also for tokens that have time left', async () => {
  const { tokens } = await server.register();
  expect((await server.send('POST /api/v1/auth/logout', { token: tokens.accessToken })).status).toBe(204);
  expect((await me(tokens.accessToken)).body.code).toBe('session-revoked');
  expect((await refresh(tokens.refreshToken)).body.code).toBe('session-revoked');
});

test('every way in which credentials can be wrong has its code, a 401 and a challenge', async () => {
  const { userId, tokens } = await server.register();
  const { issuer } = server.platform.settings;
  const kid = String((await publicKeySet(server.platform)).keys[0]?.['kid']);
  const foreign = generateKeyPairSync('ed25519').privateKey;
  const forge = (header: { kid: string; typ?: string }, times = { from: 0, to: 600 }) =>
    new SignJWT({ sid: userId })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', ...header })
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + times.to)
      .sign(foreign);
  const [head, , signature] = tokens.accessToken.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: userId, sid: userId, exp: 9e9 })).toString('base64url');
  const cases: Record<string, string> = {
    'token-signature-invalid': await forge({ kid }),
    'token-key-unknown': await forge({ kid: 'other' }),
    'token-algorithm-refused': new UnsecuredJWT({ sid: userId }).setSubject(userId).encode(),
    'refresh-token-as-access': tokens.refreshToken,
    'credentials-malformed': 'abc',
    'api-key-damaged': 'slip_test_abc_defghijklmnop',
  };
  for (const [code, token] of Object.entries(cases)) {
    const { status, headers, body } = await me(token);
    expect([status, body.code, body.hint.length > 10]).toEqual([401, code, true]);
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
  }
  expect((await me(`${head}.${claims}.${signature}`)).body.code).toBe('token-signature-invalid');
  const anonymous = await server.send('GET /api/v1/auth/me');
  expect([anonymous.status, anonymous.body.code]).toEqual([401, 'credentials-missing']);
  expect(anonymous.headers.get('www-authenticate')).toBe('Bearer realm="slipway"');
  const basic = await server.send('GET /api/v1/auth/me', { headers: { authorization: 'Basic YTpi' } });
  expect(basic.body.code).toBe('credentials-malformed');
});

test('a token of ours that expired, or was made for another purpose, is told apart from a forged one', async () => {
  const { userId } = await server.register();
  const key = await signingKey();
  const token = (typ: string, audience: string, expires: number) =>
    new SignJWT({ sid: userId })
      .setProtectedHeader({ alg: 'EdDSA', typ, kid: key.kid })
      .setSubject(userId)
      .setIssuer(server.platform.settings.issuer)
      .setAudience(audience)
      .setExpirationTime(Math.floor(Date.now() / 1000) + expires)
      .sign(key.key);
  const { issuer } = server.platform.settings;
  expect((await me(await token('at+jwt', issuer, -1))).body.code).toBe('token-expired');
  expect((await me(await token('at+jwt', 'http://elsewhere', 60))).body.code).toBe('token-claims-invalid');
  expect((await me(await token('JWT', issuer, 60))).body.code).toBe('token-claims-invalid');
  // All claims right, but the session does not exist.
  expect((await me(await token('at+jwt', issuer, 60))).body.code).toBe('session-revoked');
});

/** The installation's own key, opened as the server opens it. */
async function signingKey() {
  const { createPrivateKey } = await import('node:crypto');
  const { openBox } = await import('../actions/sealed-box.ts');
  const row = await server.store.read.selectFrom('signing_keys').selectAll().executeTakeFirstOrThrow();
  const kek = server.platform.keyEncryptionKey;
  const der = openBox(kek, row.private_sealed as Parameters<typeof openBox>[1], `signing-key:${row.kid}`);
  return { kid: row.kid, key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
}

test('a signing key that cannot be opened is replaced: its tokens stay good, and logins go on', async () => {
  const { tokens } = await server.register();
  const store = openStore({ url: server.databaseUrl });
  const platform = testPlatform(store);
  const { body } = await me(tokens.accessToken);
  const issued = await issueAccessToken(platform, { userId: body.id, sessionId: newId() });
  expect((await readAccessToken(platform, issued)).userId).toBe(body.id);
  expect((await readAccessToken(platform, tokens.accessToken)).userId).toBe(body.id);
  expect((await publicKeySet(platform)).keys).toHaveLength(2);
  await store.close();
});

describe('API keys', () => {
  const create = (token: string, body: object, headers = {}) =>
    server.send('POST /api/v1/api-keys', { token, body: { name: 'ci', ...body }, headers });

  test('open what their scopes allow, are listed without the secret, and end when revoked', async () => {
    const { tokens } = await server.register();
    const made = await create(tokens.accessToken, { scopes: ['api-keys:read'] });
    expect(made.status).toBe(201);
    expect(made.body.key).toMatch(/^slip_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    const listed = await server.send('GET /api/v1/api-keys', { token: made.body.key });
    expect(listed.body.items).toHaveLength(1);
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key);
    const refused = await create(made.body.key, { scopes: ['api-keys:read'] });
    expect([refused.status, refused.body.code]).toEqual([403, 'scope-missing']);
    expect(
      (await server.send(`DELETE /api/v1/api-keys/${made.body.id}`, { token: tokens.accessToken })).status,
    ).toBe(204);
    expect((await me(made.body.key)).body.code).toBe('api-key-revoked');
  });

  test('give no right that their maker lacks', async () => {
    const { tokens } = await server.register();
    const narrow = await create(tokens.accessToken, { scopes: ['api-keys:write', 'jobs:write'] });
    const wide = await create(narrow.body.key, { scopes: ['jobs:read', 'signers:write', '*'] });
    expect(wide.body).toMatchObject({ status: 403, code: 'api-key-scopes-exceeded' });
    expect(wide.body.detail).toContain('signers:write, *');
    expect((await create(narrow.body.key, { scopes: ['jobs:read'] })).status).toBe(201);
  });

  test('are told apart: mistyped, unknown, of another environment, expired', async () => {
    const { tokens } = await server.register();
    const { body } = await create(tokens.accessToken, { scopes: ['*'], expiresInSeconds: 60 });
    expect((await me(`${body.key.slice(0, -1)}_`)).body.code).toBe('credentials-malformed');
    expect((await me(body.key.slice(0, -1) + (body.key.endsWith('a') ? 'b' : 'a'))).body.code).toBe(
      'api-key-damaged',
    );
    const { createApiKeyText } = await import('../actions/api-key-text.ts');
    expect((await me(createApiKeyText('prod').text)).body.code).toBe('api-key-environment');
    expect((await me(createApiKeyText('test').text)).body.code).toBe('api-key-invalid');
    await server.store.read
      .updateTable('api_keys')
      .set({ expires_at: new Date(0) })
      .where('id', '=', body.id)
      .execute();
    expect((await me(body.key)).body.code).toBe('api-key-expired');
  });

  test('a stranger cannot revoke one: it is not there for them', async () => {
    const [ada, eve] = [await server.register(), await server.register()];
    const { body } = await create(ada.tokens.accessToken, { scopes: ['*'] });
    const attempt = await server.send(`DELETE /api/v1/api-keys/${body.id}`, {
      token: eve.tokens.accessToken,
    });
    expect([attempt.status, attempt.body.code]).toEqual([404, 'not-found']);
    expect((await me(body.key)).status).toBe(200);
  });

  test('a repeated request shows the same key, which is stored sealed', async () => {
    const { tokens } = await server.register();
    const headers = { 'idempotency-key': 'make-one' };
    const first = await create(tokens.accessToken, { scopes: ['*'] }, headers);
    const second = await create(tokens.accessToken, { scopes: ['*'] }, headers);
    expect(second.body).toEqual(first.body);
    const row = await server.store.read
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('key', '=', 'make-one')
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(first.body.key.slice(-20));
    expect(
      (await server.send('GET /api/v1/api-keys', { token: tokens.accessToken })).body.items,
    ).toHaveLength(1);
  });
});

test('the local owner is made once, and its key can be rotated', async () => {
  const first = await ensureLocalOwner(server.platform, { onOwnerCreated: [] });
  const [second, third] = await Promise.all([
    ensureLocalOwner(server.platform, { onOwnerCreated: [] }),
    ensureLocalOwner(server.platform, { onOwnerCreated: [] }),
  ]);
  expect([second.apiKey, third.apiKey, second.actor.ownerId]).toEqual([null, null, first.actor.ownerId]);
  const profile = await me(first.apiKey ?? '');
  expect(profile.body).toMatchObject({
    tier: 'enterprise',
    roles: ['user', 'operator', 'auditor'],
    email: null,
  });
  const rotated = await ensureLocalOwner(server.platform, { onOwnerCreated: [], rotate: true });
  expect((await me(first.apiKey ?? '')).body.code).toBe('api-key-revoked');
  expect((await me(rotated.apiKey ?? '')).body.id).toBe(profile.body.id);
});
