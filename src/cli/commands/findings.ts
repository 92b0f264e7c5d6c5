import { type Command, Option } from 'commander';
import { type Severity, severities } from '../../audit/types.ts';
import { ApiProblem } from '../../client/errors.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { withJson, withServer } from '../options.ts';
import { printTable } from '../print-table.ts';
import { printable } from '../printable.ts';

type Options = ConnectOptions & { json?: boolean; limit?: string };
type Filter = { audit?: string; fingerprint?: string; severity?: Severity };
type WaiveOptions = Options & { reason: string; until?: string };

/** `slipway findings`: what audits of the server found, and what of it is accepted. */
export const findings: CliCommand = {
  name: 'findings',
  configure(command: Command, run) {
    withJson(withServer(command.command('list', { isDefault: true })))
      .description('list findings, newest audit first')
      .option('--audit <id>', 'of this audit only')
      .option('--fingerprint <fingerprint>', 'the same fault in every audit that found it')
      .addOption(new Option('--severity <severity>', 'of this severity only').choices(severities))
      .option('--limit <number>', 'how many', '25')
      .action((options: Options & Filter) => run((io) => list(io, options)));
    withJson(withServer(command.command('waive')))
      .description('accept a finding in its project: it is shown and does not count')
      .argument('<finding>', 'id, as `findings list` shows it')
      .requiredOption('--reason <text>', 'why it is acceptable; kept in the audit log')
      .option('--until <time>', 'a date or time (ISO 8601) after which it counts again; for ever without it')
      .action((finding: string, options: WaiveOptions) => run((io) => waive(io, finding, options)));
    withServer(command.command('unwaive'))
      .description('let a finding that was accepted count again')
      .argument('<finding>', 'id of the finding, or of the waiver')
      .action((finding: string, options: ConnectOptions) => run((io) => unwaive(io, finding, options)));
    withJson(withServer(command.command('waivers')))
      .description('list what is and was accepted, by whom and why')
      .option('--limit <number>', 'how many', '25')
      .action((options: Options) => run((io) => waivers(io, options)));
    command.description('list what audits found, and accept findings in their project');
  },
};

async function list(io: Io, options: Options & Filter): Promise<number> {
  const { audit, fingerprint, severity, limit } = options;
  const page = await connect(io, options).call('GET /api/v1/findings', {
    query: {
      limit: Number(limit),
      ...(audit === undefined ? {} : { auditId: audit }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(severity === undefined ? {} : { severity }),
    },
  });
  if (options.json) io.stdout.write(`${JSON.stringify(page)}\n`);
  else {
    const rows = page.items.map(({ id, severity: level, detector, location, suppressed, waived }) => [
      ...[id, level, detector, `${printable(location.file)}:${location.line}`],
      waived ? `waived: ${printable(waived.reason)}` : suppressed ? 'suppressed' : '',
    ]);
    printTable(io, ['id', 'severity', 'detector', 'place', 'accepted'], rows);
  }
  return exitCodes.ok;
}

async function waive(io: Io, id: string, options: WaiveOptions): Promise<number> {
  const { reason, until } = options;
  const waiver = await connect(io, options).call('POST /api/v1/findings/:id/waive', {
    params: { id },
    body: { reason, ...(until === undefined ? {} : { expiresAt: timeOf(until) }) },
    idempotencyKey: crypto.randomUUID(),
  });
  if (options.json) io.stdout.write(`${JSON.stringify(waiver)}\n`);
  else {
    const { detector, file, line, expiresAt } = waiver;
    const end = expiresAt ?? 'it is removed';
    io.stdout.write(`${detector} at ${printable(file)}:${line} is accepted until ${end}.\n`);
  }
  return exitCodes.ok;
}

/** A day by itself ends with its last moment here. What is no time at all the server refuses, with its own words. */
function timeOf(text: string): string {
  const time = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59.999` : text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}

/** Whoever reads the list of waivers has their ids at hand, and not those of findings. */
async function unwaive(io: Io, id: string, options: ConnectOptions): Promise<number> {
  const client = connect(io, options);
  await client.call('DELETE /api/v1/findings/:id/waive', { params: { id } }).catch((error: unknown) => {
    if (!(error instanceof ApiProblem) || error.code !== 'not-found') throw error;
    return client.call('DELETE /api/v1/waivers/:id', { params: { id } });
  });
  io.stdout.write('It counts again.\n');
  return exitCodes.ok;
}

async function waivers(io: Io, options: Options): Promise<number> {
  const page = await connect(io, options).call('GET /api/v1/waivers', {
    query: { limit: Number(options.limit) },
  });
  if (options.json) io.stdout.write(`${JSON.stringify(page)}\n`);
  else {
    const rows = page.items.map((each) => [
      ...[each.id, each.detector, `${printable(each.file)}:${each.line}`, each.createdAt],
      each.active ? (each.expiresAt ?? 'for ever') : 'no more',
      printable(each.reason),
    ]);
    printTable(io, ['id', 'detector', 'place', 'since', 'until', 'reason'], rows);
  }
  return exitCodes.ok;
}
