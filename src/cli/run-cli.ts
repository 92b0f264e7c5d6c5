import { Command, CommanderError } from 'commander';
import { exitCodes, type Io } from './command.ts';
import { commands } from './commands/index.ts';
import { printFailure } from './print-failure.ts';

/**
 * Runs one command.
 * @returns the exit code: 0 ok, 1 findings or failure of the work, 2 wrong use, 3 service unreachable
 */
export async function runCli(io: Io): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = new Command('slipway')
    .description('From an idea to a proven deployment: generate, compile, audit, gate, deploy.')
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride();
  for (const command of commands) {
    const sub = program.command(command.name).exitOverride();
    command.configure(sub, async (action) => {
      exitCode = await action(io);
    });
  }
  try {
    await program.parseAsync(io.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    return printFailure(io, error, { json: io.argv.includes('--json') });
  }
}
