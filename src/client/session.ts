import type { UntypedOptions } from './create-client.ts';
import { ApiProblem } from './errors.ts';

export interface SessionTokens {
  accessToken: string;
  refreshToken: string;
}

/** Where the tokens of a login are kept: memory, a file, a browser's storage. */
export interface SessionStore {
  load(): SessionTokens | null | Promise<SessionTokens | null>;
  /** Called with the new tokens of every refresh, and with null when the session has ended. */
  save(tokens: SessionTokens | null): void | Promise<void>;
}

/** Gives the credentials of a call. */
export interface Session {
  credentials(): Promise<string | undefined>;
  /** Exchanges expired credentials for new ones. @returns the old ones where there is nothing to be done */
  renew(expired: string | undefined): Promise<string | undefined>;
}

/** Renews the tokens when the server says that they expired; calls that find out together share one renewal. */
export function createSession(
  store: SessionStore,
  send: (route: string, call: UntypedOptions, credentials: undefined) => Promise<unknown>,
): Session {
  let renewal: Promise<string | undefined> | undefined;

  async function exchange(expired: string | undefined): Promise<string | undefined> {
    const tokens = await store.load();
    // Somebody else renewed them in the meantime.
    if (!tokens || tokens.accessToken !== expired) return tokens?.accessToken ?? expired;
    try {
      const body = { refreshToken: tokens.refreshToken };
      const renewed = (await send('POST /api/v1/auth/refresh', { body }, undefined)) as SessionTokens;
      await store.save({ accessToken: renewed.accessToken, refreshToken: renewed.refreshToken });
      return renewed.accessToken;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) await store.save(null);
      throw error;
    }
  }

  return {
    async credentials() {
      return (await store.load())?.accessToken;
    },
    renew(expired) {
      renewal ??= exchange(expired).finally(() => {
        renewal = undefined;
      });
      return renewal;
    },
  };
}
