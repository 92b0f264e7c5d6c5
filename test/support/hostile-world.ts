import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from '../../src/ops/processes.ts';
import { openStore } from '../../src/store/db.ts';
import { findEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import type { Answer, HostileInput } from '../corpus/hostile/case.ts';
import { goodPassword } from './http-server.ts';

/** Settings of a server under attack: limits that are reached soon, and nothing from the network. */
export const hostileSettings = {
  // Inputs that end take a second or two, and several times that on a machine that is busy; others take minutes.
  SLIPWAY_COMPILE_SECONDS: '9',
  SLIPWAY_COMPILE_MEMORY: '256',
  SLIPWAY_WORKERS: '2',
  SLIPWAY_SOLC_LIST: 'off',
};

/** How long a job may take to end, whatever it is given: its limit, a second attempt, and the queue before it. */
const endSecondsMax = 60;

interface Attacked {
  url: string;
  /** Of the account that attacks. */
  apiKey: string;
  pid: number;
  dataDir: string;
}

/** A real server, an account that sends what harms, and one that works meanwhile. */
export interface HostileWorld {
  /** Sends one input. @returns what was wrong with the answer, with the server or with the compile after it */
  attack(input: HostileInput): Promise<string[]>;
  /** Milliseconds that each compile of the other account has taken since this was called last. */
  takeOtherMs(): number[];
  /** Ends the other account's work. @returns what went wrong with it */
  stop(): Promise<string[]>;
}

/**
 * Begins the other account's work: one small compile after the other, each of a source of its own.
 *
 * @param options.pauseMs between two of them
 */
export async function startHostileWorld(
  server: Attacked,
  { pauseMs = 20 }: { pauseMs?: number } = {},
): Promise<HostileWorld> {
  const send = makeSender(server.url);
  const otherKey = await openOtherAccount(server, send);
  const problems: string[] = [];
  let otherMs: number[] = [];
  let stopped = false;
  let count = 0;
  const small = (apiKey: string) => {
    count += 1;
    const text = `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\ncontract Small { uint256 public constant ID = ${count}; }`;
    return answerTo(send, apiKey, { body: () => ({ sources: { 'Small.sol': text } }) });
  };
  const work = async () => {
    while (!stopped) {
      const begin = performance.now();
      const answered = await small(otherKey);
      otherMs.push(performance.now() - begin);
      if (answered.kind !== 'succeeded')
        problems.push(`another account's compile: ${JSON.stringify(answered)}`);
      await wait(pauseMs);
    }
  };
  const working = work().catch((error: unknown) => problems.push(`another account's compile: ${error}`));

  return {
    async attack(input) {
      const found: string[] = [];
      const answered = await answerTo(send, server.apiKey, input).catch((error: unknown) => String(error));
      found.push(...mismatches(input.answer, answered));
      if (!isAlive(server.pid)) return [...found, 'the server is gone'];
      const after = await small(server.apiKey).catch((error: unknown) => String(error));
      if (typeof after === 'string' || after.kind !== 'succeeded')
        found.push(`the compile after it: ${JSON.stringify(after)}`);
      return found;
    },
    takeOtherMs() {
      const taken = otherMs;
      otherMs = [];
      return taken;
    },
    async stop() {
      stopped = true;
      await working;
      return problems;
    },
  };
}

/** What came back, brought to the form of an `Answer`. */
type Answered =
  | { kind: 'refused'; status: number; code: string; pointer: string | undefined; hint: string }
  | { kind: 'ended'; state: string; code: string | undefined; hint: string | undefined }
  | { kind: 'succeeded' | 'not-compilable'; diagnostics: string[]; errors: number };

interface Reply {
  status: number;
  body: {
    id: string;
    state: string;
    key: string;
    ownerId: string;
    tokens: { accessToken: string };
    code?: string;
    hint?: string;
    errors?: { pointer: string }[];
    error: { code: string; hint: string } | null;
    result: { build: { diagnostics: { severity: string; code?: string; type: string }[] } | null };
  };
}

type Send = (
  route: string,
  options: { apiKey?: string; body?: unknown; waitSeconds?: number },
) => Promise<Reply>;

async function answerTo(
  send: Send,
  apiKey: string,
  input: Pick<HostileInput, 'path' | 'body'>,
): Promise<Answered> {
  const path = input.path ?? 'contracts/compile';
  const options = { apiKey, body: input.body(), waitSeconds: endSecondsMax };
  const first = await send(`POST /api/v1/${path}`, options);
  if (first.status >= 400) {
    const { code = '', errors, hint = '' } = first.body;
    return { kind: 'refused', status: first.status, code, pointer: errors?.[0]?.pointer, hint };
  }
  const { state, error, result } = await ended(send, { apiKey, path, reply: first });
  const diagnostics = result.build?.diagnostics ?? [];
  const seen = {
    diagnostics: [...new Set(diagnostics.map((one) => one.code ?? one.type))],
    errors: diagnostics.filter((one) => one.severity === 'error').length,
  };
  if (state === 'succeeded') return { kind: 'succeeded', ...seen };
  if (error?.code === 'source-not-compilable') return { kind: 'not-compilable', ...seen };
  return { kind: 'ended', state, code: error?.code, hint: error?.hint };
}

async function ended(
  send: Send,
  { apiKey, path, reply }: { apiKey: string; path: string; reply: Reply },
): Promise<Reply['body']> {
  const kind = path === 'pipelines' ? 'pipelines' : 'jobs';
  const until = performance.now() + endSecondsMax * 1_000;
  let { body } = reply;
  while (!['succeeded', 'failed', 'cancelled', 'blocked'].includes(body.state)) {
    if (performance.now() > until) throw new Error(`no end after ${endSecondsMax} s: ${body.state}`);
    await wait(100);
    body = (await send(`GET /api/v1/${kind}/${body.id}`, { apiKey })).body;
  }
  return body;
}

function mismatches(answer: Answer, answered: Answered | string): string[] {
  if (typeof answered === 'string') return [`no answer: ${answered}`];
  const got = JSON.stringify(answered).slice(0, 1_000);
  if ('hint' in answered && !answered.hint) return [`no hint: ${got}`];
  return isRight(answer, answered) ? [] : [`expected ${JSON.stringify(answer)}, got ${got}`];
}

function isRight(answer: Answer, answered: Answered): boolean {
  switch (answer.kind) {
    case 'one-of':
      return answer.answers.some((one) => isRight(one, answered));
    case 'refused':
      return (
        answered.kind === 'refused' &&
        answered.status === answer.status &&
        answered.code === answer.code &&
        (answer.pointer === undefined || answered.pointer === answer.pointer)
      );
    case 'failed':
      return answered.kind === 'ended' && answered.state === 'failed' && answered.code === answer.code;
    default:
      return (
        answered.kind === answer.kind &&
        answer.diagnostics.every((code) => answered.diagnostics.includes(code)) &&
        answered.errors > 0 === (answer.kind === 'not-compilable')
      );
  }
}

/** An account of its own, which no limit of a tier holds up. @returns its API key */
async function openOtherAccount(server: Attacked, send: Send): Promise<string> {
  const body = { email: 'other@example.org', password: goodPassword };
  const registered = await send('POST /api/v1/auth/register', { body });
  const apiKey = registered.body.tokens.accessToken;
  const me = await send('GET /api/v1/auth/me', { apiKey });
  const store = openStore({
    url: findEmbeddedPostgres({ dataDir: server.dataDir })?.url ?? '',
    connectionsMax: 1,
  });
  try {
    const enterprise = store.read.updateTable('owners').set({ tier: 'enterprise' });
    await enterprise.where('id', '=', me.body.ownerId).execute();
  } finally {
    await store.close();
  }
  const made = await send('POST /api/v1/api-keys', { apiKey, body: { name: 'other', scopes: ['*'] } });
  return made.body.key;
}

function makeSender(url: string): Send {
  return async (route, { apiKey, body, waitSeconds }) => {
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
      },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout((endSecondsMax + 30) * 1_000),
    });
    return { status: response.status, body: (await response.json()) as Reply['body'] };
  };
}
