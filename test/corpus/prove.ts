import { detectors } from '../../src/audit/detectors/index.ts';
import { provable } from '../../src/audit/proof/provable.ts';
import { startProver } from '../../src/audit/proof/start-prover.ts';
import { startCompiler } from '../../src/solidity/start-compiler.ts';
import { proveCase, type Tried } from './audit/prove-case.ts';
import { type Part, parts, readCases } from './audit/read-cases.ts';
import { share } from './audit/score.ts';
import type { Corpus } from './frame.ts';

/** The part of right findings that has to be shown, and what one may take. */
const bars = { ratio: 0.6, seconds: 10 };

/** High and critical findings of the labelled contracts are shown by execution; nothing in a mended twin ever is. */
export const prove: Corpus = {
  name: 'prove',
  describe:
    'The labelled contracts: at least 60 % of the right high and critical findings that an execution can show are proven ' +
    'within 10 s each, and none of any level in a contract without a fault.',
  options: ['class', 'detector'],
  flags: ['unseen'],
  async run({ words, note }) {
    const cases = readCases().filter(
      ({ folder }) => words['class'] === undefined || folder === words['class'],
    );
    const compiler = await startCompiler();
    const prover = startProver(compiler);
    const tried: Tried[] = [];
    try {
      for (const [index, one] of cases.entries()) {
        const options = words['detector'] === undefined ? {} : { detector: words['detector'] };
        tried.push(...(await proveCase({ compiler, prover, ...options }, one)));
        if (index % 25 === 24) note(`${index + 1} of ${cases.length}`);
      }
    } finally {
      await prover.close();
      await compiler.close();
    }
    const whole = words['class'] === undefined && words['detector'] === undefined;
    return report(tried, { shown: words['unseen'] === undefined ? 'open' : 'unseen', whole });
  },
};

function report(tried: readonly Tried[], { shown, whole }: { shown: Part; whole: boolean }) {
  const counted = tried.filter(({ isRight, isSevere }) => isRight && isSevere);
  const proven = counted.filter((each) => each.isProven);
  const safe = tried.filter(({ isSafe, isProven }) => isSafe && isProven);
  const ratio = share(proven.length, counted.length);
  const seconds = tried.map((each) => each.seconds).sort((a, b) => a - b);
  const secondsP95 = seconds[Math.floor(seconds.length * 0.95)] ?? 0;
  const secondsMax = seconds.at(-1) ?? 0;
  const perDetector = detectors.flatMap(({ id }) => {
    const own = counted.filter(({ detector }) => detector === id);
    const safeTried = tried.filter(({ detector, isSafe }) => detector === id && isSafe).length;
    if (!provable[id] || own.length + safeTried === 0) return [];
    return [
      {
        detector: id,
        findings: own.length,
        proven: own.filter(({ isProven }) => isProven).length,
        safeTried,
      },
    ];
  });
  const shortfalls = [
    ...(ratio < bars.ratio ? [`${percent(ratio)} are proven, of ${percent(bars.ratio)}`] : []),
    ...(counted.length === 0 ? ['there is no finding to prove'] : []),
    ...(secondsMax > bars.seconds + 1
      ? [`one proof took ${secondsMax.toFixed(1)} s, of ${bars.seconds} s`]
      : []),
  ];
  // That a mended contract is attacked is wrong whatever else was asked.
  const wrong = safe.map(({ name, detector }) => `${name} has no fault, and ${detector} was proven in it`);
  const remark = ({ name, line, detector, isProven, seconds, summary }: Tried) =>
    `${name}:${line} ${detector} ${isProven ? 'proven' : 'not proven'} in ${seconds.toFixed(1)} s: ${summary}`;
  const byPart = parts.map((part) => {
    const own = counted.filter((each) => each.part === part);
    const shownToBe = own.filter(({ isProven }) => isProven).length;
    return [part, { findings: own.length, proven: shownToBe, ratio: share(shownToBe, own.length) }] as const;
  });
  return {
    rows: perDetector,
    remarks: counted.filter(({ part }) => part === shown).map(remark),
    result: {
      ...{ findings: counted.length, proven: proven.length, ratio, safeProven: safe.length },
      safeTried: tried.filter(({ isSafe }) => isSafe).length,
      ...{ perDetector, parts: Object.fromEntries(byPart), secondsP95, secondsMax },
    },
    shortfalls: [...(whole ? shortfalls : []), ...wrong],
  };
}

function percent(part: number): string {
  return `${Math.round(part * 1_000) / 10} %`;
}
