import type { Command } from 'commander';
import { readConfig } from '../../ops/config.ts';
import { type JobKind, jobKinds } from '../../service/job-kinds.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { runUntilStopped } from '../run-until-stopped.ts';

/** `slipway worker`: works on jobs, on the database of a server that runs elsewhere or in the same folder. */
export const worker: CliCommand = {
  name: 'worker',
  configure(command: Command, run) {
    command
      .description('work on jobs, without an API')
      .option('--kinds <kinds>', `which kinds, separated by commas: ${jobKinds.join(', ')}`)
      .option('--concurrency <number>', 'jobs at a time')
      .action((options: { kinds?: string; concurrency?: string }) => run((io) => runWorker(io, options)));
  },
};

async function runWorker(io: Io, options: { kinds?: string; concurrency?: string }): Promise<number> {
  const kinds = options.kinds?.split(',').map((kind) => kind.trim());
  const unknown = kinds?.find((kind) => !jobKinds.includes(kind as JobKind));
  const concurrency = options.concurrency === undefined ? undefined : Number(options.concurrency);
  if (
    unknown !== undefined ||
    (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0))
  ) {
    io.stderr.write(
      unknown !== undefined
        ? `There is no job kind ${unknown}. There are: ${jobKinds.join(', ')}.\n`
        : '--concurrency takes a whole number from 1.\n',
    );
    return exitCodes.usage;
  }
  return runUntilStopped(io, async () => {
    // Loaded here, as the whole platform is behind it.
    const { startService } = await import('../../service/start-service.ts');
    const config = readConfig(io.env, io.cwd);
    const service = await startService(
      { ...config, ...(concurrency ? { jobsInFlight: concurrency } : {}) },
      { api: false, worker: kinds ? (kinds as JobKind[]) : true },
      { human: io.stdout.isTTY === true },
    );
    io.stdout.write(`Working on ${kinds?.join(', ') ?? 'all kinds of jobs'}\n`);
    return service;
  });
}
