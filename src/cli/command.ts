import type { Command } from 'commander';
import type { Environment } from '../ops/config.ts';

/** Everything a command may touch of the outside world. */
export interface Io {
  argv: string[];
  env: Environment;
  cwd: string;
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown; isTTY?: boolean };
}

/** Exit codes of every command. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** One command: a file in `commands/`. Its action returns the exit code. */
export interface CliCommand {
  name: string;
  /** Declares arguments and options, and its action with `run`. */
  configure(command: Command, run: (action: (io: Io) => Promise<number>) => Promise<void>): void;
}
