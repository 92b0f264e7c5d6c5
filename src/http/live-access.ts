import type { Actor, Log } from '../actions/platform.ts';
import { AppError } from '../lib/app-error.ts';
import type { Signals } from '../store/signals.ts';
import type { LiveClient } from './live-client.ts';

/** A session or API key with which somebody follows something. */
export interface Credential {
  clients: Set<LiveClient>;
  /** In which tick of a round it is looked at. */
  slot: number;
  /** Looks whether it is still good. */
  check(): void;
}

/** The credentials behind a process's live connections. */
export interface LiveAccess {
  /** @returns how to take the client off again */
  add(client: LiveClient, actor: Pick<Actor, 'userId' | 'via'>): () => void;
  credentials(): Iterable<Credential>;
}

/**
 * Watches credentials, each once however many connections it opened: at once when its session, key or user is said to
 * have changed, and when somebody calls `check`.
 *
 * @param options.authenticate throws an AppError with status 401 when access has ended. Another error says nothing about
 *   access: a database that is away sends no events either, and the credential is looked at again
 * @param options.onEnded gets the clients whose access has ended, and why as an error code
 */
export function createLiveAccess(options: {
  signals: Pick<Signals, 'onSubject'>;
  authenticate(via: Actor['via']): Promise<unknown>;
  onEnded(clients: Iterable<LiveClient>, code: string): void;
  log: Pick<Log, 'warn'>;
}): LiveAccess {
  const known = new Map<string, Credential & { close(): void }>();
  let slots = 0;

  function watch(key: string, { userId, via }: Pick<Actor, 'userId' | 'via'>) {
    const clients = new Set<LiveClient>();
    let checking = false;
    let again = false;

    async function check(): Promise<void> {
      again = true;
      if (checking) return;
      checking = true;
      while (again && clients.size > 0) {
        again = false;
        try {
          await options.authenticate(via);
        } catch (error) {
          if (error instanceof AppError && error.status === 401) options.onEnded(clients, error.code);
          else options.log.warn({ err: error }, 'access to live updates was not looked at');
        }
      }
      checking = false;
    }

    const look = () => void check();
    const stops = [via.id, userId].map((id) => options.signals.onSubject(id, look));
    const close = () => {
      for (const stop of stops) stop();
      known.delete(key);
    };
    const credential = { clients, slot: slots++, check: look, close };
    known.set(key, credential);
    return credential;
  }

  return {
    add(client, actor) {
      const key = `${actor.via.kind}/${actor.via.id}`;
      const found = known.get(key);
      const credential = found ?? watch(key, actor);
      credential.clients.add(client);
      // It may have ended after the request was allowed and before somebody listened here.
      if (!found) credential.check();
      return () => {
        credential.clients.delete(client);
        if (credential.clients.size === 0) credential.close();
      };
    },
    credentials: () => known.values(),
  };
}
