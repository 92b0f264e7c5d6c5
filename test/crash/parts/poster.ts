import { setTimeout as wait } from 'node:timers/promises';
import type { Accepted } from './judge.ts';
import type { Victim } from './victim.ts';
import type { Wanted } from './workload.ts';

/** Asks for pipelines as a careful client does: until there is an answer, with the same Idempotency-Key. */
export interface Poster {
  /** Begins to ask; comes back at once. */
  post(wanted: Wanted): void;
  /** Resolves when everything that was asked for has been accepted. */
  settled(): Promise<void>;
  readonly accepted: Accepted[];
  /** Requests that had to be made again, because no answer came or none that says yes or no. */
  repeated(): number;
  readonly complaints: string[];
}

export function createPoster(victim: Pick<Victim, 'server'>): Poster {
  const accepted: Accepted[] = [];
  const complaints: string[] = [];
  const open = new Set<Promise<void>>();
  let repeated = 0;

  async function ask(wanted: Wanted): Promise<void> {
    for (;;) {
      const reply = await victim
        .server()
        ?.send('POST /api/v1/pipelines', { body: wanted.body, headers: { 'idempotency-key': wanted.name } })
        .catch(() => null);
      if (reply && (reply.status === 202 || reply.status === 200)) {
        accepted.push({ ...wanted, id: reply.body.id });
        return;
      }
      const passing = !reply || reply.status >= 500 || reply.status === 409 || reply.status === 429;
      if (!passing) {
        complaints.push(`${wanted.name} was refused: ${reply.status} ${JSON.stringify(reply.body)}`);
        return;
      }
      if (reply !== undefined) repeated += 1;
      await wait(50);
    }
  }

  return {
    accepted,
    complaints,
    repeated: () => repeated,
    post(wanted) {
      const asking = ask(wanted).finally(() => open.delete(asking));
      open.add(asking);
    },
    async settled() {
      await Promise.all(open);
    },
  };
}
