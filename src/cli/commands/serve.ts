import type { Command } from 'commander';
import pc from 'picocolors';
import { readConfig } from '../../ops/config.ts';
import type { Service } from '../../service/start-service.ts';
import type { CliCommand, Io } from '../command.ts';
import { runUntilStopped } from '../run-until-stopped.ts';

/** `slipway serve`: API and workers in one process, with everything embedded that the settings do not replace. */
export const serve: CliCommand = {
  name: 'serve',
  configure(command: Command, run) {
    command
      .description('start the server')
      .option('--no-worker', 'serve the API only; jobs wait for `slipway worker`')
      .action((options: { worker: boolean }) => run((io) => runServer(io, options)));
  },
};

function runServer(io: Io, options: { worker: boolean }): Promise<number> {
  return runUntilStopped(io, async () => {
    // Loaded here, as the whole platform is behind it: every other command starts in half the time.
    const { startService } = await import('../../service/start-service.ts');
    const config = readConfig(io.env, io.cwd);
    for (const warning of config.warnings) io.stderr.write(`${pc.yellow('warning')} ${warning}\n`);
    const service = await startService(
      config,
      { api: true, worker: options.worker },
      { human: io.stdout.isTTY === true },
    );
    greet(io, service);
    return service;
  });
}

function greet(io: Io, service: Service): void {
  const lines = [
    '',
    ...service.notes.map((note) => pc.dim(note)),
    `Listening on ${service.url}`,
    '',
    'Try, in another terminal:',
    `  npx slipway ship --prompt "Create an ERC20 token called GameCoin with 10M supply" --network local`,
    `  API reference: ${service.url}/docs`,
    '',
    pc.dim('Ctrl-C stops everything; the data stays.'),
    '',
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}
