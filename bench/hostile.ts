import { setTimeout as wait } from 'node:timers/promises';
import { hostileCases } from '../test/corpus/hostile/index.ts';
import { hostileSettings, startHostileWorld } from '../test/support/hostile-world.ts';
import { type Benchmark, median, percentile, round } from './frame.ts';
import { startServer } from './parts/server.ts';

const ratioMax = 2;

/** The hostile set against a real server, and what it does to another account's small compiles. */
export const hostile: Benchmark = {
  name: 'hostile',
  describe:
    'Every case of test/corpus/hostile over HTTP, while another account compiles small contracts: that each gets its ' +
    `answer, and how much longer the others wait (--seconds 20 alone first). Bar: all pass, median at most ${ratioMax} ×.`,
  async run({ words, note }) {
    const seconds = Number(words['seconds'] ?? 20);
    const server = await startServer(hostileSettings);
    try {
      const world = await startHostileWorld(server);
      // The first compiles warm both threads.
      await wait(5_000);
      world.takeOtherMs();
      note(`another account alone, ${seconds} s …`);
      await wait(seconds * 1_000);
      const alone = world.takeOtherMs();
      const failures: string[] = [];
      for (const one of hostileCases) {
        note(`${one.name} …`);
        const found: string[] = [];
        for (const input of one.inputs) found.push(...(await world.attack(input)));
        if (found.length > 0) failures.push(`${one.name}: ${found.join('; ')}`);
      }
      const during = world.takeOtherMs();
      const others = await world.stop();
      return report({ alone, during, failures, others });
    } finally {
      await server.stop();
    }
  },
};

function report(measured: {
  alone: readonly number[];
  during: readonly number[];
  /** One entry for each case that did not get its answer. */
  failures: readonly string[];
  /** What went wrong with the other account's compiles. */
  others: readonly string[];
}) {
  const { alone, during, failures, others } = measured;
  const ratio = round(median(during) / median(alone));
  const row = (what: string, series: readonly number[]) => ({
    what,
    compiles: series.length,
    'p50 ms': round(median(series), 1),
    'p95 ms': round(percentile(series, 95), 1),
    'max ms': round(percentile(series, 100), 1),
  });
  const result = {
    cases: hostileCases.length,
    passed: hostileCases.length - failures.length,
    otherMsMedianAlone: round(median(alone), 1),
    otherMsMedianDuring: round(median(during), 1),
    ratio,
    otherMsP95During: round(percentile(during, 95), 1),
    otherCompilesDuring: during.length,
  };
  const shortfalls = [
    ...failures,
    ...others,
    ...(ratio > ratioMax
      ? [`others wait ${ratio} × as long (${result.otherMsMedianDuring} ms), the bar is ${ratioMax} ×`]
      : []),
  ];
  const rows = [row('another account alone', alone), row('the same during the attack', during)];
  return { rows, result, ok: shortfalls.length === 0, shortfalls };
}
