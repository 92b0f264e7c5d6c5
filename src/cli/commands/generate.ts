import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { generateContract } from '../../generate/generate-contract.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { fail } from '../errors.ts';
import { parseJsonOption, withJson } from '../options.ts';

interface GenerateOptions {
  template?: string;
  options?: string;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** `slipway generate`: sources from a prompt or a template. Works with no server: the reader and the templates are here. */
export const generate: CliCommand = {
  name: 'generate',
  configure(command: Command, run) {
    withJson(command)
      .description('write a contract from a prompt or a template (needs no server)')
      .argument('[prompt]', 'plain English')
      .option('--template <id>', 'a template')
      .option('--options <json>', "the template's options")
      .option('--out <folder>', 'write the files there instead of to standard output')
      .option('--force', 'replace files that are there already')
      .action((prompt: string | undefined, options: GenerateOptions) =>
        run((io) => write(io, prompt, options)),
      );
  },
};

async function write(io: Io, prompt: string | undefined, options: GenerateOptions): Promise<number> {
  const generated = generateContract({
    ...(prompt !== undefined ? { prompt } : {}),
    ...(options.template ? { template: options.template } : {}),
    ...(options.options
      ? {
          options: parseJsonOption('--options', options.options, `'{"name": "GameCoin"}'`) as Record<
            string,
            unknown
          >,
        }
      : {}),
  });
  if (options.out) writeFiles(io, options.out, generated.sources, options.force ?? false);
  if (options.json) {
    io.stdout.write(`${JSON.stringify(generated)}\n`);
    return exitCodes.ok;
  }
  for (const { option, value, reason } of generated.assumed) {
    io.stderr.write(`${pc.dim('assumed')} ${option} = ${JSON.stringify(value)}: ${reason}\n`);
  }
  for (const { text, hint } of generated.notUnderstood) {
    io.stderr.write(`${pc.yellow('not understood')} “${text}”: ${hint}\n`);
  }
  if (!options.out) for (const text of Object.values(generated.sources)) io.stdout.write(text);
  return exitCodes.ok;
}

function writeFiles(io: Io, folder: string, sources: Readonly<Record<string, string>>, force: boolean): void {
  for (const [path, text] of Object.entries(sources)) {
    const file = join(resolve(io.cwd, folder), path);
    if (existsSync(file) && !force) throw fail('file-exists', { file });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    io.stderr.write(`${file}\n`);
  }
}
