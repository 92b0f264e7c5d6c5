import type { Command } from 'commander';
import type { Detector } from '../../audit/detector.ts';
import { detectors } from '../../audit/detectors/index.ts';
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
  if (json) io.stdout.write(`${JSON.stringify({ items: detectors.map(textOf) })}\n`);
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
  if (json) io.stdout.write(`${JSON.stringify(textOf(detector))}\n`);
  else {
    const { title, category, severity, why, exploit, fix, references, bad, good } = detector;
    const { bold } = coloursFor(io.env, io.stdout);
    const part = (name: string, text: string) => `\n${bold(name)}\n${text.trimEnd()}\n`;
    io.stdout.write(
      [
        `${bold(id)}: ${title} (${category}, ${severity})\n`,
        part('Why', why),
        part('How it is used', exploit),
        part('What to do', fix),
        part('At fault', bad[0] ?? ''),
        part('In order', good[0] ?? ''),
        part('References', references.join(', ')),
      ].join(''),
    );
  }
  return exitCodes.ok;
}

/** A detector without its code. */
function textOf({ run: _run, ...text }: Detector): Omit<Detector, 'run'> {
  return text;
}
