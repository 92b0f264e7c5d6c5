import { EventEmitter } from 'node:events';
import pg from 'pg';
import { backoffMs, sleep } from '../lib/retry.ts';

/** What a committed transaction changed, as far as somebody may be waiting for it. */
export interface Wake {
  subjects: string[];
  /** Kinds of jobs that became due. */
  kinds: string[];
}

/**
 * Wake-ups inside this process and across processes. They carry no facts: whoever is woken reads the rows, and
 * whoever missed a wake-up finds out at its next slow poll.
 */
export interface Signals {
  emit(wake: Wake): void;
  /**
   * Calls back when jobs of the kind may be due.
   * @param listener says whether it will take what is due: other processes need not be told then
   * @returns how to stop
   */
  onJobsDue(kind: string, listener: () => boolean): () => void;
  /** Tells the workers of other processes that jobs of these kinds may be due. */
  passOn(kinds: readonly string[]): void;
  /**
   * Lets somebody else tell the workers of other processes about due jobs, instead of NOTIFY; null takes it back.
   * @param announce told once a turn; false when it cannot, so that NOTIFY does it after all
   */
  announceJobsBy(announce: ((kinds: readonly string[]) => Promise<boolean>) | null): void;
  /** Calls back when the subject got new events. @returns how to stop */
  onSubject(subjectId: string, listener: () => void): () => void;
  /** Starts the one listening connection of this process; it reconnects by itself. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

const channel = 'slipway';
/** PostgreSQL refuses payloads over 8,000 bytes; an id with its separator takes 37. */
const subjectsPerNotifyMax = 200;
/** The first wake-up leaves at once; those that follow are gathered for so long, as each costs a statement. */
const gatherMs = 15;

export function createSignals(options: {
  connection: pg.ClientConfig;
  notify: (channel: string, payload: string) => Promise<unknown>;
  onError: (error: Error) => void;
}): Signals {
  const local = new EventEmitter({ captureRejections: false }).setMaxListeners(0);
  const origin = crypto.randomUUID();
  let pending: Wake = { subjects: [], kinds: [] };
  let scheduled = false;
  let client: pg.Client | undefined;
  let listening = false;
  let closed = false;
  let announce: ((kinds: readonly string[]) => Promise<boolean>) | null = null;

  const workers = new Map<string, Set<() => boolean>>();

  /** @returns the kinds of which no worker of this process takes what is due */
  function deliver(wake: Wake): string[] {
    for (const subject of wake.subjects) local.emit(subject);
    return wake.kinds.filter((kind) => !wakeWorkers(kind));
  }

  function wakeWorkers(kind: string): boolean {
    let taken = false;
    for (const listener of workers.get(kind) ?? []) taken = listener() || taken;
    return taken;
  }

  /** Wake-ups of one event-loop turn share one NOTIFY, and so do those that come while one is under way. */
  async function publish() {
    while (!closed && (pending.kinds.length > 0 || pending.subjects.length > 0)) {
      const wake = pending;
      pending = { subjects: [], kinds: [] };
      const subjects = [...new Set(wake.subjects)];
      const due = [...new Set(wake.kinds)];
      const told = announce !== null && due.length > 0 && (await announce(due).catch(report));
      const kinds = told ? [] : due;
      for (let at = 0; at < subjects.length || (at === 0 && kinds.length > 0); at += subjectsPerNotifyMax) {
        const page = subjects.slice(at, at + subjectsPerNotifyMax);
        const payload = `${origin};${at === 0 ? kinds.join(',') : ''};${page.join(',')}`;
        await options.notify(channel, payload).catch(options.onError);
      }
      await sleep(gatherMs);
    }
    scheduled = false;
  }

  function schedule(wake: Wake): void {
    if (!listening || (wake.kinds.length === 0 && wake.subjects.length === 0)) return;
    pending.kinds.push(...wake.kinds);
    pending.subjects.push(...wake.subjects);
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void publish());
  }

  function report(error: Error): false {
    options.onError(error);
    return false;
  }

  async function connect(attempt: number): Promise<void> {
    if (closed) return;
    const next = new pg.Client(options.connection);
    next.on('notification', (message) => {
      const [from, kinds, subjects] = (message.payload ?? '').split(';');
      if (from === origin) return;
      deliver({
        kinds: kinds ? kinds.split(',') : [],
        subjects: subjects ? subjects.split(',') : [],
      });
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
      if (attempt > 0) {
        for (const name of local.eventNames()) local.emit(name);
        for (const kind of workers.keys()) wakeWorkers(kind);
      }
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
      schedule({ subjects: wake.subjects, kinds: deliver(wake) });
    },
    onJobsDue(kind, listener) {
      const listeners = workers.get(kind) ?? new Set();
      workers.set(kind, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    passOn: (kinds) => schedule({ subjects: [], kinds: [...kinds] }),
    announceJobsBy(by) {
      announce = by;
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
