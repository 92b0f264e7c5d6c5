import type { Command } from 'commander';
import type { Client } from '../../client/create-client.ts';
import type { ReplyOf } from '../../client/route-types.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { type ConsentOptions, readConsent, withConsent } from '../deploy-options.ts';
import { withJson, withServer } from '../options.ts';
import { printTable } from '../print-table.ts';

type Options = ConnectOptions & { json?: boolean; limit?: string };

/** `slipway jobs`: what is being worked on, and what became of it. */
export const jobs: CliCommand = {
  name: 'jobs',
  configure(command: Command, run) {
    withJson(withServer(command.command('list', { isDefault: true })))
      .description('list jobs')
      .option('--limit <number>', 'how many', '25')
      .action((options: Options) => run((io) => list(io, options)));
    withJson(withServer(command.command('show')))
      .description('show one job with what it said')
      .argument('<id>')
      .action((id: string, options: Options) => run((io) => show(io, id, options)));
    withJson(withServer(command.command('cancel')))
      .description('cancel one job')
      .argument('<id>')
      .action((id: string, options: Options) => run((io) => cancel(io, id, options)));
    withConsent(withJson(withServer(command.command('retry'))))
      .description('try a job anew that failed or was cancelled')
      .argument('<id>')
      .action((id: string, options: Options & ConsentOptions) => run((io) => retry(io, id, options)));
    command.description('list, show, cancel and retry jobs');
  },
};

async function list(io: Io, options: Options): Promise<number> {
  const page = await connect(io, options).call('GET /api/v1/jobs', {
    query: { limit: Number(options.limit) },
  });
  if (options.json) io.stdout.write(`${JSON.stringify(page)}\n`);
  else {
    const rows = page.items.map((job) => [job.id, job.kind, job.state, `${job.progress} %`, job.createdAt]);
    printTable(io, ['id', 'kind', 'state', 'progress', 'created'], rows);
  }
  return exitCodes.ok;
}

async function show(io: Io, id: string, options: Options): Promise<number> {
  const client = connect(io, options);
  const job = await client.call('GET /api/v1/jobs/:id', { params: { id } });
  const log = await readLog(client, id);
  if (options.json) io.stdout.write(`${JSON.stringify({ ...job, log })}\n`);
  else {
    const { result: _result, error, ...facts } = job;
    for (const [name, value] of Object.entries(facts))
      io.stdout.write(`${name.padEnd(12)} ${String(value ?? '')}\n`);
    if (error) io.stdout.write(`${'error'.padEnd(12)} ${error.code}: ${error.message}\n${error.hint}\n`);
    for (const line of log) {
      const data = line.data ? ` ${JSON.stringify(line.data)}` : '';
      io.stdout.write(`${line.at} ${line.level.padEnd(5)} ${line.message}${data}\n`);
    }
  }
  return exitCodes.ok;
}

/** All that the job has said so far. */
async function readLog(client: Client, id: string) {
  const lines = [];
  for (let since: number | null = 0; since !== null; ) {
    const page: ReplyOf<'GET /api/v1/jobs/:id/log'> = await client.call('GET /api/v1/jobs/:id/log', {
      params: { id },
      query: { since },
    });
    lines.push(...page.items);
    since = page.nextSince;
  }
  return lines;
}

async function cancel(io: Io, id: string, options: Options): Promise<number> {
  const job = await connect(io, options).call('POST /api/v1/jobs/:id/cancel', { params: { id } });
  io.stdout.write(options.json ? `${JSON.stringify(job)}\n` : `${job.kind} ${job.id}: ${job.state}\n`);
  return exitCodes.ok;
}

async function retry(io: Io, id: string, options: Options & ConsentOptions): Promise<number> {
  const job = await connect(io, options).call('POST /api/v1/jobs/:id/retry', {
    params: { id },
    body: readConsent(options),
    idempotencyKey: crypto.randomUUID(),
  });
  io.stdout.write(options.json ? `${JSON.stringify(job)}\n` : `${job.kind} ${job.id}: ${job.state}\n`);
  return exitCodes.ok;
}
