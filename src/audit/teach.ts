import { type DiffLine, diffLines } from '../lib/diff-lines.ts';
import type { Detector, Loss } from './detector.ts';

/** What a detector teaches: all that it says, without its code. */
export interface Lesson extends Omit<Detector, 'run' | 'losses'> {
  losses: Loss[];
  /** How it is used, step by step. */
  steps: string[];
  /** The example that the lesson is about, with the lines at fault, from 1. */
  example: { source: string; lines: number[] };
  /** The way from that example to the `good` one that is nearest to it, as lines that begin with a blank, `-` or `+`. */
  patch: string;
}

const lessons = new WeakMap<Detector, Lesson>();

/** @returns what a detector teaches; worked out once */
export function teach(detector: Detector): Lesson {
  const known = lessons.get(detector);
  if (known) return known;
  const { run: _run, losses = [], ...texts } = detector;
  const { source, lines } = nearest(detector);
  const lesson: Lesson = {
    ...texts,
    losses,
    steps: sentences(detector.exploit),
    example: { source, lines: faults(source) },
    patch: lines.map(({ sign, text }) => `${sign}${text}`.trimEnd()).join('\n'),
  };
  lessons.set(detector, lesson);
  return lesson;
}

/** The pair of a bad and a good example that differ least: twins where there are some. */
function nearest({ bad, good }: Detector): { source: string; lines: DiffLine[] } {
  const pairs = bad.flatMap((source) =>
    good.map((mended) => {
      const lines = diffLines(source.trimEnd(), mended.trimEnd(), isSameCode);
      return { source, lines, kept: lines.filter(({ sign }) => sign === ' ').length / lines.length };
    }),
  );
  const [first] = pairs.sort((a, b) => b.kept - a.kept);
  return first ?? { source: bad[0] ?? '', lines: [] };
}

/** Comments mark the lines at fault and the guards: they are no change. */
function isSameCode(a: string, b: string): boolean {
  return codeOf(a) === codeOf(b);
}

function codeOf(line: string): string {
  return line.replace(/\s*\/\/ <--.*$/, '').trimEnd();
}

function faults(source: string): number[] {
  return source.split('\n').flatMap((line, at) => (line.includes('// <-- finding') ? [at + 1] : []));
}

/** A full stop inside of code or a number ends nothing. */
function sentences(text: string): string[] {
  return text.split(/(?<=[.!?])\s+(?=[A-Z])/);
}
