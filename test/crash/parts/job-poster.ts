import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, ask as askApi } from './ask.ts';
import type { WantedJob } from './jobs-workload.ts';

/** A job that the platform has said yes to. */
export interface AcceptedJob extends WantedJob {
  id: string;
  /** When the answer came, in milliseconds of the clock. */
  at: number;
}

/** Asks for jobs as a careful client does: until there is an answer, with the same Idempotency-Key. */
export interface JobPoster {
  /** Begins to ask; comes back at once. */
  post(wanted: WantedJob): void;
  /** Resolves when everything that was asked for has its answer. */
  settled(): Promise<void>;
  readonly accepted: AcceptedJob[];
  /** Requests that had to be made again, because no answer came or none that says yes or no. */
  repeated(): number;
  /** What was refused, in words. */
  readonly complaints: string[];
}

/** A request that gets no yes for so long will never get one. */
const askSecondsMax = 90;

/** @param options.url of an API process that is up; another one at each call; null while there is none */
export function createJobPoster(options: { url(): string | null; key: string }): JobPoster {
  const accepted: AcceptedJob[] = [];
  const complaints: string[] = [];
  const open = new Set<Promise<void>>();
  let repeated = 0;

  async function request(wanted: WantedJob): Promise<void> {
    const end = performance.now() + askSecondsMax * 1000;
    let last = 'no answer';
    while (performance.now() < end) {
      const answers = await ask(wanted);
      const ids = answers.flatMap(({ status, body }) => (status === 200 || status === 202 ? [body.id] : []));
      const [id, other] = ids;
      if (id !== undefined) {
        accepted.push({ ...wanted, id, at: Date.now() });
        if (other !== undefined && other !== id)
          complaints.push(`${wanted.marker} became ${id} and ${other}`);
        return;
      }
      const [answer] = answers;
      if (answer) last = `${answer.status} ${JSON.stringify(answer.body)}`;
      const passing = !answer || answer.status >= 500 || answer.status === 409 || answer.status === 429;
      if (!passing) {
        complaints.push(`${wanted.marker} was refused: ${last}`);
        return;
      }
      repeated += 1;
      await wait(50);
    }
    complaints.push(`${wanted.marker} was not accepted within ${askSecondsMax} s: ${last}`);
  }

  /** One in eight asks two processes at once, as a client does that has lost its patience. @returns the answers */
  async function ask(wanted: WantedJob): Promise<Answer<{ id: string }>[]> {
    const times = /[01]$/.test(wanted.marker) ? 2 : 1;
    const asking = Array.from({ length: times }, () => once(wanted));
    const settled = await Promise.allSettled(asking);
    return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  }

  async function once({ route, body, marker }: WantedJob): Promise<Answer<{ id: string }>> {
    const url = options.url();
    if (url === null) throw new Error('no API process is up');
    const headers = { 'idempotency-key': marker };
    return askApi(url, route, { key: options.key, body, headers });
  }

  return {
    accepted,
    complaints,
    repeated: () => repeated,
    post(wanted) {
      const asking = request(wanted).finally(() => open.delete(asking));
      open.add(asking);
    },
    async settled() {
      await Promise.all(open);
    },
  };
}
