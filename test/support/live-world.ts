import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { KyselyPlugin } from 'kysely';
import { buildServer, type ServerOptions } from '../../src/http/server.ts';
import { createSubjectReader } from '../../src/http/subject-reader.ts';
import { newId } from '../../src/lib/ids.ts';
import { openStore, type Store } from '../../src/store/db.ts';
import { appendEvent } from '../../src/store/events.ts';
import { startHttpServer, type TestServer } from './http-server.ts';
import { type Listener, listenTo } from './live-listener.ts';
import { startDatabaseDoor, type TcpProxy } from './tcp-proxy.ts';

/** Somebody with an account. */
export interface Person {
  token: string;
  refreshToken: string;
  ownerId: string;
  userId: string;
  projectId: string;
}

/** Another API process, as far as the database can tell: a store, a listening connection and a server of its own. */
export interface OtherServer {
  url: string;
  store: Store;
  /** Statements outside of transactions. */
  reads: { count: number };
  open: { websocket: number; sse: number };
  app: FastifyInstance;
  close(): Promise<void>;
}

/** Live connections to several servers on one database, and what happens to their subjects. */
export interface LiveWorld {
  server: TestServer;
  owner: Person;
  /** In front of the database, for servers that are to lose it. */
  door: TcpProxy;
  doorUrl: string;
  startOther(options?: Partial<ServerOptions> & { databaseUrl?: string }): Promise<OtherServer>;
  newOwner(): Promise<Person>;
  /** @returns the id of a job that nobody works on */
  newJob(person?: Person): Promise<string>;
  addEvents(id: string, count: number, data?: Record<string, unknown>): Promise<void>;
  finish(id: string): Promise<void>;
  listen(where: { url: string }, path: string, token?: string): Listener;
  /** Opens many, and waits until each has its snapshot. */
  listenMany(where: { url: string }, count: number, path: string): Promise<Listener[]>;
  /** A connection whose other end does with the reply as it likes. @param headers each with its end of line */
  rawRequest(where: { url: string }, path: string, headers?: string): Socket;
  /** The same for an upgrade. @param key the header `sec-websocket-key`, or nothing */
  rawUpgrade(where: { url: string }, path: string, key: string): Socket;
  /** Such a request of the owner as text, for more of them on one connection. */
  requestText(path: string, headers?: string): string;
  close(): Promise<void>;
}

/** Starts the first server and opens an account there. */
export async function startLiveWorld(): Promise<LiveWorld> {
  const server = await startHttpServer();
  const { door, url: doorUrl } = await startDatabaseDoor(server.databaseUrl);
  const others: OtherServer[] = [];
  const owner = await newOwner();

  async function startOther(
    options: Partial<ServerOptions> & { databaseUrl?: string } = {},
  ): Promise<OtherServer> {
    const store = openStore({ url: options.databaseUrl ?? server.databaseUrl });
    await store.signals.listen();
    const reads = { count: 0 };
    const counting: KyselyPlugin = {
      transformQuery({ node }) {
        reads.count += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    const open = { websocket: 0, sse: 0 };
    const read = store.read.withPlugin(counting);
    const app = await buildServer({
      routes: (await import('../../src/http/routes/index.ts')).routes,
      rateLimits: { anonymous: null, free: null, pro: null, enterprise: null },
      subjects: createSubjectReader(read),
      onConnections: (seen) => {
        open[seen.transport] = seen.open;
      },
      ...options,
      platform: { ...server.platform, store: { ...store, read } },
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    let closing: Promise<void> | undefined;
    const close = () => {
      closing ??= app.close().then(() => store.close());
      return closing;
    };
    const other = { url, store, reads, open, app, close };
    others.push(other);
    return other;
  }

  async function newOwner(): Promise<Person> {
    const { tokens, userId } = await server.register();
    const { body } = await server.send('GET /api/v1/auth/me', { token: tokens.accessToken });
    const { ownerId, projectId } = body;
    return { token: tokens.accessToken, refreshToken: tokens.refreshToken, ownerId, userId, projectId };
  }

  async function newJob(person = owner): Promise<string> {
    const id = newId();
    const { ownerId: owner_id, userId: created_by, projectId: project_id } = person;
    // A kind that makes nothing: there is no result for the reader to miss.
    const job = { id, owner_id, created_by, project_id, kind: 'none', subject_id: newId(), attempts_max: 3 };
    await server.store.read.insertInto('jobs').values(job).execute();
    return id;
  }

  const addEvents = (id: string, count: number, data: Record<string, unknown> = {}) =>
    server.store.transaction(async (tx) => {
      for (let n = 0; n < count; n++)
        await appendEvent(tx, { subject: 'jobs', subjectId: id, type: 'progress', data });
    });

  const finish = (id: string) =>
    server.store.transaction(async (tx) => {
      await tx.sql.updateTable('jobs').set({ state: 'succeeded' }).where('id', '=', id).execute();
      await appendEvent(tx, { subject: 'jobs', subjectId: id, type: 'succeeded', data: {} });
    });

  function listen(where: { url: string }, path: string, token = owner.token): Listener {
    return listenTo(where.url + path, { authorization: `Bearer ${token}` });
  }

  /** Opens many, and waits until each has its snapshot. */
  async function listenMany(where: { url: string }, count: number, path: string): Promise<Listener[]> {
    const listeners = Array.from({ length: count }, () => listen(where, path));
    await Promise.all(listeners.map(({ until }) => until(({ type }) => type === 'snapshot')));
    return listeners;
  }

  /** @param key the header `sec-websocket-key`, or nothing */
  function rawUpgrade(where: { url: string }, path: string, key: string): Socket {
    const upgrade = `connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n${key}`;
    return rawRequest(where, path, upgrade);
  }

  /** A connection whose other end does with the reply as it likes. @param headers each with its end of line */
  function rawRequest(where: { url: string }, path: string, headers = ''): Socket {
    const socket = connect(Number(new URL(where.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(requestText(path, headers));
    return socket;
  }

  const requestText = (path: string, headers = '') =>
    `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${owner.token}\r\n${headers}\r\n`;

  return {
    server,
    owner,
    door,
    doorUrl,
    startOther,
    newOwner,
    newJob,
    addEvents,
    finish,
    listen,
    listenMany,
    rawRequest,
    rawUpgrade,
    requestText,
    async close() {
      for (const other of others) await other.close();
      await door.shut();
      await server.close();
    },
  };
}
