import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { goodPassword, startHttpServer, type TestServer } from '../../test/support/http-server.ts';
import { endpoint } from '../http/endpoint.ts';
import { routes } from '../http/routes/index.ts';
import { newId } from '../lib/ids.ts';
import { appendEvent } from '../store/events.ts';
import { getJob, terminalJobStates } from '../store/jobs.ts';
import { createClient } from './create-client.ts';
import { ApiProblem, ServiceUnreachable } from './errors.ts';
import type { SessionTokens } from './session.ts';

let server: TestServer;

const jobView = z.looseObject({ id: z.uuid(), state: z.string() });
/** Stands for every route that starts a job. */
const start = endpoint({
  route: 'POST /api/v1/test-jobs',
  summary: 'Start a job',
  auth: 'contracts:write',
  reply: jobView,
  waitsFor: 'jobs',
  errors: [],
  async run({ platform, actor }) {
    const id = newId();
    await platform.store.transaction(async (tx) => {
      await tx.sql
        .insertInto('jobs')
        .values({
          id,
          owner_id: actor.ownerId,
          created_by: actor.userId,
          project_id: actor.projectId,
          kind: 'compile',
          subject_id: newId(),
          attempts_max: 1,
        })
        .execute();
    });
    return { ...(await getJob(platform.store.read, actor.ownerId, id)) };
  },
});

beforeAll(async () => {
  server = await startHttpServer({
    routes: [...routes, start],
    subjects: {
      async read(_, ownerId, id) {
        const job = await getJob(server.store.read, ownerId, id);
        return { seq: job.seq, subject: job, finished: terminalJobStates.includes(job.state) };
      },
    },
  });
});
afterAll(() => server.close());

const addEvent = (id: string, state: 'running' | 'succeeded') =>
  server.store.transaction(async (tx) => {
    await tx.sql.updateTable('jobs').set({ state }).where('id', '=', id).execute();
    await appendEvent(tx, { subject: 'jobs', subjectId: id, type: state, data: {} });
  });

describe('call', () => {
  test('gives the reply of the route, typed by it', async () => {
    const anonymous = createClient({ url: `${server.url}/` });
    const email = 'client@example.org';
    const { userId, tokens } = await anonymous.call('POST /api/v1/auth/register', {
      body: { email, password: goodPassword },
    });
    const client = createClient({ url: server.url, token: tokens.accessToken });
    const me = await client.call('GET /api/v1/auth/me');
    expect([me.id, me.email]).toEqual([userId, email]);
    const { key, id } = await client.call('POST /api/v1/api-keys', { body: { name: 'ci', scopes: ['*'] } });
    const { items } = await createClient({ url: server.url, apiKey: key }).call('GET /api/v1/api-keys', {
      query: { limit: 1 },
    });
    expect(items.map((item) => item.id)).toEqual([id]);
    expect(await client.call('DELETE /api/v1/api-keys/:id', { params: { id } })).toBeNull();
    expect((await anonymous.call('GET /health')).status).toBe('ok');
  });

  test('throws a problem with its code, hint and fields, or says that nobody answers', async () => {
    const client = createClient({ url: server.url });
    const problem = await client
      .call('POST /api/v1/auth/login', { body: { email: 'nobody', password: '' } })
      .catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({
      status: 422,
      code: 'validation-failed',
      issues: [{ pointer: '/email' }, { pointer: '/password' }],
      hint: expect.any(String),
    });
    const nobody = createClient({ url: 'http://127.0.0.1:9' });
    await expect(nobody.call('GET /health')).rejects.toBeInstanceOf(ServiceUnreachable);
    await expect(
      client.call('GET /health', { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });

  test('renews an expired access token once for all calls that wait for it', async () => {
    const { tokens } = await server.register();
    let kept: SessionTokens | null = tokens;
    let refreshes = 0;
    const counting: typeof fetch = (input, init) => {
      if (String(input).endsWith('/auth/refresh')) refreshes++;
      const expired = new Headers(init?.headers).get('authorization') === `Bearer ${tokens.accessToken}`;
      // The server's clock is not ours to move: the reply to an expired token stands in for the first token.
      if (!expired) return fetch(input, init);
      return Promise.resolve(
        new Response(JSON.stringify({ code: 'token-expired', detail: 'expired', status: 401 }), {
          status: 401,
          headers: { 'content-type': 'application/problem+json' },
        }),
      );
    };
    const client = createClient({
      url: server.url,
      fetch: counting,
      session: {
        load: () => kept,
        save(renewed) {
          kept = renewed;
        },
      },
    });
    const replies = await Promise.all(Array.from({ length: 5 }, () => client.call('GET /api/v1/auth/me')));
    expect(new Set(replies.map((me) => me.id)).size).toBe(1);
    expect(refreshes).toBe(1);
    expect(kept?.refreshToken).not.toBe(tokens.refreshToken);
  });
});

describe('Prefer: wait', () => {
  const begin = async (headers: Record<string, string> = {}) => {
    const { tokens } = await server.register();
    return server.send('POST /api/v1/test-jobs', { token: tokens.accessToken, headers });
  };

  test('without it the reply is 202 with the address of the job', async () => {
    const { status, headers, body } = await begin();
    expect([status, headers.get('location')]).toEqual([202, `/api/v1/jobs/${body.id}`]);
    expect(headers.get('preference-applied')).toBeNull();
  });

  test('with it the reply is the finished job as soon as it ends, or the unfinished one after the time', async () => {
    const late = await begin({ prefer: 'respond-async, wait=1' });
    expect([late.status, late.headers.get('preference-applied'), late.body.state]).toEqual([
      202,
      'wait=1',
      'queued',
    ]);
    const known = await knownJobs();
    const begun = begin({ prefer: 'wait=60' });
    await addEvent(await nextJob(known), 'succeeded');
    const done = await begun;
    expect([done.status, done.body.state]).toEqual([200, 'succeeded']);
  });

  test('a server that stops does not wait with those who wait', async () => {
    const known = await knownJobs();
    const waiting = begin({ prefer: 'wait=60' });
    await nextJob(known);
    await server.restart();
    expect((await waiting).status).toBe(202);
  });

  async function knownJobs() {
    return new Set((await server.store.read.selectFrom('jobs').select('id').execute()).map(({ id }) => id));
  }

  async function nextJob(known: ReadonlySet<string>): Promise<string> {
    for (;;) {
      const fresh = [...(await knownJobs())].find((id) => !known.has(id));
      if (fresh) return fresh;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});

describe('follow', () => {
  test('gives every event once, over a restart of the server', async () => {
    const { tokens } = await server.register();
    const client = createClient({ url: server.url, token: tokens.accessToken });
    const { body: job } = await server.send('POST /api/v1/test-jobs', { token: tokens.accessToken });
    const seen: string[] = [];
    for await (const message of client.follow('jobs', job.id)) {
      seen.push('seq' in message ? `${message.type} ${message.seq}` : message.type);
      if (message.type === 'snapshot') await addEvent(job.id, 'running');
      if (message.type === 'event' && message.seq === 1) {
        await server.restart();
        await addEvent(job.id, 'running');
        await addEvent(job.id, 'succeeded');
      }
    }
    expect(seen).toEqual(['snapshot 0', 'event 1', 'event 2', 'event 3', 'end']);
  });

  test('says what is wrong with a subject that is not there, and stops when asked to', async () => {
    const { tokens } = await server.register();
    const client = createClient({ url: server.url, token: tokens.accessToken });
    const missing = client.follow('jobs', newId())[Symbol.asyncIterator]().next();
    await expect(missing).rejects.toMatchObject({ code: 'not-found', status: 404 });
    const { body: job } = await server.send('POST /api/v1/test-jobs', { token: tokens.accessToken });
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const message of client.follow('jobs', job.id, { signal: stop.signal })) {
      seen.push(message.type);
      stop.abort();
    }
    expect(seen).toEqual(['snapshot']);
  });
});
