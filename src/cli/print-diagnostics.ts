import { type Colours, coloursFor } from './colours.ts';
import type { Io } from './command.ts';
import { caretsBelow, printable } from './printable.ts';

interface ShownPlace {
  file: string;
  line: number;
  column: number;
  /** A source line and the carets below it. */
  excerpt: string;
}

interface Shown {
  severity: 'error' | 'warning' | 'info';
  code?: string | undefined;
  type: string;
  message: string;
  place?: ShownPlace | undefined;
  secondary: readonly { message: string; place?: ShownPlace | undefined }[];
  hint?: string | undefined;
}

type Colour = (text: string) => string;

const rank = { error: 0, warning: 1, info: 2 };

/**
 * Prints what the compiler said, as good compilers do: what, where, the line with carets, places that belong to it, a
 * hint; and how many there were. Errors come first, then by file and place. Goes to standard error, in colour when that
 * is a terminal and NO_COLOR is not set.
 */
export function printDiagnostics(io: Io, diagnostics: readonly Shown[]): void {
  if (diagnostics.length === 0) return;
  const colours = coloursFor(io.env, io.stderr);
  const blocks = [...diagnostics].sort(inOrder).map((one) => block(one, colours));
  io.stderr.write(`${blocks.join('\n\n')}\n\n${summary(diagnostics, colours)}\n`);
}

function inOrder(a: Shown, b: Shown): number {
  const [here, there] = [a.place, b.place];
  return (
    rank[a.severity] - rank[b.severity] ||
    // What has no place is about the whole: it comes first.
    Number(here !== undefined) - Number(there !== undefined) ||
    compare(here?.file ?? '', there?.file ?? '') ||
    (here?.line ?? 0) - (there?.line ?? 0) ||
    (here?.column ?? 0) - (there?.column ?? 0) ||
    compare(a.code ?? '', b.code ?? '') ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function block({ severity, code, type, message, place, secondary, hint }: Shown, colours: Colours): string {
  const colour = severityColour(severity, colours);
  const places = [place, ...secondary.map((other) => other.place)];
  // One gutter for all places of a diagnostic, so that its lines stand below one another.
  const gutter = Math.max(...places.map((one) => String(one?.line ?? '').length));
  const title = `${colour(`${severity}[${code ?? type}]`)}${colours.bold(`: ${printable(message)}`)}`;
  return [
    title,
    ...placeLines(place, { gutter, colours, colour }),
    ...secondary.flatMap((other) => [
      `${colours.cyan('note')}: ${printable(other.message) || 'see also'}`,
      ...placeLines(other.place, { gutter, colours, colour: colours.cyan }),
    ]),
    ...(hint ? [`${colours.green('hint')}: ${printable(hint)}`] : []),
  ].join('\n');
}

function placeLines(
  place: ShownPlace | undefined,
  { gutter, colours, colour }: { gutter: number; colours: Colours; colour: Colour },
): string[] {
  if (!place) return [];
  const { file, line, column, excerpt } = place;
  const [source = '', carets = ''] = excerpt.split('\n');
  const margin = (label: string) => colours.blue(`${label.padStart(gutter)} |`);
  const [pad, marked] = caretsBelow(source, { from: carets.indexOf('^'), to: carets.length });
  return [
    `${' '.repeat(gutter)}${colours.blue('-->')} ${printable(file)}:${line}:${column}`,
    margin(''),
    `${margin(String(line))} ${printable(source)}`.trimEnd(),
    `${margin('')} ${pad}${colour(marked)}`,
  ];
}

function severityColour(severity: Shown['severity'], colours: Colours): Colour {
  if (severity === 'error') return (text) => colours.bold(colours.red(text));
  if (severity === 'warning') return (text) => colours.bold(colours.yellow(text));
  return colours.bold;
}

function summary(diagnostics: readonly Shown[], colours: Colours): string {
  const counted = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = diagnostics.filter((one) => one.severity === severity).length;
    if (count === 0) return [];
    const noun = severity === 'info' ? 'remark' : severity;
    return [severityColour(severity, colours)(`${count} ${noun}${count === 1 ? '' : 's'}`)];
  });
  return counted.join(', ');
}
