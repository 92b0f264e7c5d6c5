import type { Command } from 'commander';
import type { Loss } from '../../audit/detector.ts';
import { detectors } from '../../audit/detectors/index.ts';
import { teach } from '../../audit/teach.ts';
import { suggestion } from '../../solidity/nearest.ts';
import { coloursFor } from '../colours.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { withJson } from '../options.ts';
import { printTable } from '../print-table.ts';

/** `slipway explain`: a detector's whole text, or the list of them. Asks no server. */
export const explain: CliCommand = {
  name: 'explain',
  configure(command: Command, run) {
    withJson(command)
      .description(
        'explain a detector: why it is a fault, how it is used, how it is mended; the list without a name',
      )
      .argument('[detector]', 'as findings name it')
      .action((id: string | undefined, { json = false }: { json?: boolean }) =>
        run((io) => (id === undefined ? list(io, json) : show(io, id, json))),
      );
  },
};

async function list(io: Io, json: boolean): Promise<number> {
  if (json) io.stdout.write(`${JSON.stringify({ items: detectors.map(teach) })}\n`);
  else {
    const rows = detectors.map(({ id, category, severity, title }) => [id, category, severity, title]);
    printTable(io, ['detector', 'class', 'severity', 'what it finds'], rows);
  }
  return exitCodes.ok;
}

async function show(io: Io, id: string, json: boolean): Promise<number> {
  const detector = detectors.find((one) => one.id === id);
  if (!detector) {
    const known = detectors.map((one) => one.id);
    io.stderr.write(`There is no detector ${id}.${suggestion(id, known)}\n`);
    return exitCodes.usage;
  }
  if (json) io.stdout.write(`${JSON.stringify(teach(detector))}\n`);
  else {
    const { title, category, severity, why, fix, references, losses, steps, example, patch } =
      teach(detector);
    const colours = coloursFor(io.env, io.stdout);
    const part = (name: string, lines: readonly string[]) =>
      lines.length === 0 ? '' : `\n${colours.bold(name)}\n${lines.join('\n').trimEnd()}\n`;
    const paint = { ' ': (line: string) => line, '-': colours.red, '+': colours.green };
    io.stdout.write(
      [
        `${colours.bold(id)}: ${title} (${category}, ${severity})\n`,
        part('Why', [why]),
        part('What it has cost', losses.map(lossLine)),
        part('At fault', example.source.split('\n')),
        part(
          'How it is used',
          steps.map((step, at) => `${at + 1}. ${step}`),
        ),
        part('What to do', [fix]),
        part(
          'In order',
          patch.split('\n').map((line) => paint[(line[0] ?? ' ') as ' ' | '-' | '+'](line)),
        ),
        part('References', [references.join(', ')]),
      ].join(''),
    );
  }
  return exitCodes.ok;
}

function lossLine({ name, year, usd, what }: Loss): string {
  const amount = usd === null ? '' : `, about ${dollars.format(usd)}`;
  return `${name} (${year}${amount}): ${what}`;
}

const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
