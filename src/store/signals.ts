import { EventEmitter } from 'node:events';
import pg from 'pg';
import { backoffMs } from '../lib/retry.ts';

/** What a committed transaction changed, as far as somebody may be waiting for it. */
export interface Wake {
  subjects: string[];
  jobsDue: boolean;
}

/**
 * Wake-ups inside this process and across processes. They carry no facts: whoever is woken reads the rows, and
 * whoever missed a wake-up finds out at its next slow poll.
 */
export interface Signals {
  emit(wake: Wake): void;
  /** Calls back when jobs may be due. @returns how to stop */
  onJobsDue(listener: () => void): () => void;
  /** Calls back when the subject got new events. @returns how to stop */
  onSubject(subjectId: string, listener: () => void): () => void;
  /** Starts the one listening connection of this process; it reconnects by itself. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

const channel = 'slipway';
/** PostgreSQL refuses payloads over 8,000 bytes; an id with its separator takes 37. */
const subjectsPerNotifyMax = 200;

export function createSignals(options: {
  connection: pg.ClientConfig;
  notify: (channel: string, payload: string) => Promise<unknown>;
  onError: (error: Error) => void;
}): Signals {
  const local = new EventEmitter({ captureRejections: false }).setMaxListeners(0);
  const origin = crypto.randomUUID();
  let pending: Wake = { subjects: [], jobsDue: false };
  let scheduled = false;
  let client: pg.Client | undefined;
  let listening = false;
  let closed = false;

  function deliver(wake: Wake) {
    if (wake.jobsDue) local.emit('jobs');
    for (const subject of wake.subjects) local.emit(subject);
  }

  /** Wake-ups of one event-loop turn share one NOTIFY, and so do those that come while one is under way. */
  async function publish() {
    while (!closed && (pending.jobsDue || pending.subjects.length > 0)) {
      const wake = pending;
      pending = { subjects: [], jobsDue: false };
      const subjects = [...new Set(wake.subjects)];
      for (let at = 0; at === 0 || at < subjects.length; at += subjectsPerNotifyMax) {
        const page = subjects.slice(at, at + subjectsPerNotifyMax);
        const payload = `${origin};${wake.jobsDue && at === 0 ? 1 : 0};${page.join(',')}`;
        await options.notify(channel, payload).catch(options.onError);
      }
    }
    scheduled = false;
  }

  async function connect(attempt: number): Promise<void> {
    if (closed) return;
    const next = new pg.Client(options.connection);
    next.on('notification', (message) => {
      const [from, jobs, subjects] = (message.payload ?? '').split(';');
      if (from !== origin) deliver({ jobsDue: jobs === '1', subjects: subjects ? subjects.split(',') : [] });
    });
    next.on('error', options.onError);
    next.on('end', () => {
      if (client !== next || closed) return;
      client = undefined;
      setTimeout(() => void reconnect(1), 100).unref();
    });
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
      client = next;
      // Whatever was notified while nobody listened is found by reading the rows now.
      if (attempt > 0) for (const name of local.eventNames()) local.emit(name);
    } catch (error) {
      next.end().catch(() => {});
      throw error;
    }
  }

  async function reconnect(attempt: number): Promise<void> {
    try {
      await connect(attempt);
    } catch (error) {
      options.onError(error as Error);
      setTimeout(() => void reconnect(attempt + 1), backoffMs(attempt, Math.random(), 200, 5_000)).unref();
    }
  }

  return {
    emit(wake) {
      if (!wake.jobsDue && wake.subjects.length === 0) return;
      deliver(wake);
      if (!listening) return;
      pending.jobsDue ||= wake.jobsDue;
      pending.subjects.push(...wake.subjects);
      if (!scheduled) {
        scheduled = true;
        setImmediate(() => void publish());
      }
    },
    onJobsDue(listener) {
      local.on('jobs', listener);
      return () => local.off('jobs', listener);
    },
    onSubject(subjectId, listener) {
      local.on(subjectId, listener);
      return () => local.off(subjectId, listener);
    },
    async listen() {
      listening = true;
      await connect(0);
    },
    async close() {
      closed = true;
      local.removeAllListeners();
      await client?.end().catch(() => {});
    },
  };
}
