import type { Counterexample } from './types.ts';

/** What the model checker says about one property of one place. */
export interface Verdict {
  /** The compiler's words for it: `Overflow (resulting value larger than 255)`. */
  property: string;
  outcome: 'refuted' | 'proved' | 'open';
  counterexample?: Counterexample;
}

/**
 * Reads a diagnostic of the model checker's engine CHC: `CHC: … happens here.` with a counterexample and a transaction
 * trace, `… might happen here.`, `… check is safe!`.
 *
 * @returns null for a diagnostic that is none of these
 */
export function readVerdict(message: string): Verdict | null {
  const head = /^CHC: (.+?) (?:(happens|might happen) here\.|check is safe!)/.exec(message);
  const property = head?.[1];
  if (property === undefined) return null;
  if (head?.[2] === 'might happen') return { property, outcome: 'open' };
  if (head?.[2] !== 'happens') return { property, outcome: 'proved' };
  const [, values = ''] = /\nCounterexample:\n([\s\S]*?)(?:\n\nTransaction trace:|$)/.exec(message) ?? [];
  const [, trace = ''] = /\nTransaction trace:\n([\s\S]*)$/.exec(message) ?? [];
  const counterexample = { values: readValues(values), trace: readTrace(trace) };
  const isEmpty = counterexample.trace.length === 0 && Object.keys(counterexample.values).length === 0;
  return { property, outcome: 'refuted', ...(isEmpty ? {} : { counterexample }) };
}

/** `total = 60, list = [1, 2]` on each line; a result without a name is left out. */
function readValues(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const part of text.split('\n').flatMap(splitAtCommas)) {
    const at = part.indexOf(' = ');
    const name = part.slice(0, Math.max(at, 0)).trim();
    if (name !== '') values[name] = part.slice(at + 3).trim();
  }
  return values;
}

/** Calls one a line, those inside of others indented; a line `State: …` says what stands in storage after the call. */
function readTrace(text: string): Counterexample['trace'] {
  const trace: Counterexample['trace'] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const state = /^\s*State: (.*)$/.exec(line)?.[1];
    const last = trace.at(-1);
    if (state === undefined) trace.push({ call: line.trimEnd() });
    else if (last) last.state = state;
  }
  return trace;
}

/** At commas that stand in no brackets and no string. */
function splitAtCommas(line: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (char === ',' && depth === 0) {
      parts.push(line.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, line.slice(start)];
}
