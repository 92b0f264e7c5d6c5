import { median, round } from '../frame.ts';
import { erc20 } from './compile-inputs.ts';
import { timed } from './compile-tools.ts';
import { type Api, makeApi } from './http.ts';
import { startServer } from './server.ts';

const warmUps = 8;

/** A new input, and the same once more, through the API of a real server. */
export async function measureCached(rounds: number) {
  const server = await startServer({ SLIPWAY_WORKERS: '2' });
  const api = makeApi(server);
  const fresh: number[] = [];
  const cached: number[] = [];
  try {
    for (let turn = -warmUps; turn < rounds; turn += 1) {
      const request = erc20(`cached ${turn}`);
      const first = await timed(() => compileOver(api.call, request, false));
      const second = await timed(() => compileOver(api.call, request, true));
      if (turn < 0) continue;
      fresh.push(first);
      cached.push(second);
    }
  } finally {
    api.close();
    await server.stop();
  }
  return { freshMs: round(median(fresh), 1), cachedMs: round(median(cached), 1) };
}

async function compileOver(api: Api, request: object, cached: boolean): Promise<void> {
  const job = (await api('POST', '/api/v1/contracts/compile', request, 60)) as {
    state: string;
    result: { build: { cached: boolean; artifacts: { creationBytecode: string }[] } | null };
  };
  const { build } = job.result;
  const whole = (build?.artifacts[0]?.creationBytecode.length ?? 0) > 1_000;
  if (job.state !== 'succeeded' || !whole || build?.cached !== cached) {
    throw new Error(`not the build that was expected: ${JSON.stringify(job).slice(0, 500)}`);
  }
}
