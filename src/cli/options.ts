import type { Command } from 'commander';
import { fail } from './errors.ts';

/** Adds --url and --api-key. */
export function withServer(command: Command): Command {
  return command
    .option('--url <url>', 'the server; SLIPWAY_URL, or the one of this folder')
    .option('--api-key <key>', 'SLIPWAY_API_KEY, or the key of this folder');
}

/** Adds --json: one object as the last line of standard output, nothing else there. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object');
}

/** @throws AppError `option-not-json` */
export function parseJsonOption(option: string, text: string, example: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fail('option-not-json', { option, reason: (error as Error).message, example }, { cause: error });
  }
}
