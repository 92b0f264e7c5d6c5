import type { Proof } from '../audit/proof/types.ts';
import type { Finding, Location, Severity, ToolReport } from '../audit/types.ts';
import { type Colours, coloursFor } from './colours.ts';
import type { Io } from './command.ts';
import { caretsBelow, printable } from './printable.ts';

/** Source lines of one place that are shown; of a longer place the first. */
const linesShown = 4;

export interface FindingContext {
  /** Texts of the files; without one the finding's own excerpt is shown. */
  sources?: Record<string, string>;
  /** How it stands to a baseline. */
  state?: 'new' | 'unchanged';
}

/** A finding as a reader needs it: where, what, why it matters, how to fix it, and the names that accept it. */
export function printFinding(io: Io, finding: Finding, { sources = {}, state }: FindingContext = {}): void {
  const colours = coloursFor(io.env, io.stdout);
  const { severity, detector, location, message, fix, fingerprint, path, suppressed, waived } = finding;
  const { tool, corroboratedBy = [], counterexample, proof } = finding;
  const where = `${printable(location.file)}:${location.line}:${location.column}`;
  const steps = path.filter(({ note }) => note !== undefined);
  const lines = [
    '',
    `${severityColour(severity, colours)(severity)} ${colours.bold(detector)}${tool === undefined ? '' : colours.dim(` (${tool})`)} ${where}${state ? colours.dim(` (${state})`) : ''}`,
    `  ${printable(message)}`,
    ...excerptLines(location, { sources, severity, colours }),
    ...steps.map((step) => `  → ${printable(step.file)}:${step.line} ${printable(step.note ?? '')}`),
    ...(counterexample?.trace ?? []).map(({ call, state: then }) =>
      colours.dim(`  ⊢ ${printable(call)}${then === undefined ? '' : `  ${printable(then)}`}`),
    ),
    ...(corroboratedBy.length > 0 ? [colours.dim(`  also reported by ${corroboratedBy.join(', ')}`)] : []),
    `  ${colours.cyan('fix')} ${printable(fix)}`,
    ...(proof ? proofLines(proof, colours) : []),
    ...(suppressed
      ? [colours.dim(`  suppressed in line ${suppressed.line}: ${printable(suppressed.reason)}`)]
      : []),
    ...(waived ? [colours.dim(`  waived: ${printable(waived.reason)}`)] : []),
    // What another analyser calls by a name of its own, our catalogue does not explain.
    colours.dim(
      `  fingerprint ${fingerprint}${detector.includes(':') ? '' : `, slipway explain ${detector}`}`,
    ),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** What was tried, and step by step what worked. Nothing here says that something is safe. */
function proofLines({ status, summary, transactions, changes, seconds }: Proof, colours: Colours): string[] {
  const verdict = status === 'proven' ? colours.red('proven') : colours.dim('not proven');
  return [
    `  ${verdict} ${printable(summary)} (${seconds.toFixed(1)} s)`,
    ...transactions.map((each, index) => {
      const value = each.value === '0' ? '' : ` with ${each.value} wei`;
      const note = each.note ? colours.dim(` (${each.note})`) : '';
      const name = each.function.replace(/\(.*\)$/, '');
      const call = `${each.caller}: ${each.contract}.${name}(${each.arguments.join(', ')})${value}`;
      return `    ${index + 1}. ${printable(call)}${note}`;
    }),
    ...changes.map(({ what, before, after }) => `    ${printable(what)}: ${before} → ${colours.bold(after)}`),
  ];
}

function excerptLines(
  place: Location,
  { sources, severity, colours }: { sources: Record<string, string>; severity: Severity; colours: Colours },
): string[] {
  const text = Object.hasOwn(sources, place.file) ? sources[place.file] : undefined;
  if (text === undefined)
    return place.excerpt.split('\n').map((line) => colours.dim(`  │ ${printable(line)}`));
  const last = Math.min(place.endLine, place.line + linesShown - 1);
  const all = text.split(/\r\n|\r|\n/);
  const gutter = String(last).length;
  const margin = (label: string) => colours.blue(`  ${label.padStart(gutter)} │`);
  const shown: string[] = [];
  for (let number = place.line; number <= last; number++) {
    const line = all[number - 1] ?? '';
    const from = number === place.line ? place.column - 1 : line.length - line.trimStart().length;
    const to = number === place.endLine ? place.endColumn - 1 : line.length;
    const [pad, carets] = caretsBelow(line, { from, to });
    shown.push(`${margin(String(number))} ${printable(line)}`.trimEnd());
    if (line.trim() !== '') shown.push(`${margin('')} ${pad}${severityColour(severity, colours)(carets)}`);
  }
  if (last < place.endLine) shown.push(`${margin('')} …`);
  return shown;
}

/** @returns what paints the word of a severity */
export function severityColour(severity: Severity, colours: Colours): (text: string) => string {
  const byName = {
    ...{ critical: colours.magenta, high: colours.red, medium: colours.yellow, low: colours.blue },
    ...{ info: colours.dim, gas: colours.dim },
  };
  return byName[severity];
}

/** What a tool did, and what it could not look at. */
export function printTool(io: Io, { tool, version, status, problems, proved = [] }: ToolReport): void {
  io.stdout.write(`\n${[tool, version].filter((one) => one !== '').join(' ')}: ${status}\n`);
  if (proved.length > 0) io.stdout.write(`  ${proved.length} properties proved\n`);
  for (const { file, line, contract, function: name, detector, message } of problems) {
    const inside = [contract, name].filter((one) => one !== undefined).join('.');
    const where = [file, line].filter((one) => one !== undefined).join(':');
    const said = [where, inside, detector].filter((one) => one).join(' ');
    io.stdout.write(`  ${printable(said === '' ? message : `${said}: ${message}`)}\n`);
  }
}
