import type { Command } from 'commander';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { withJson } from '../options.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { readSources } from '../read-sources.ts';
import { withCompiler } from '../with-compiler.ts';

interface CompileOptions {
  contract?: string;
  compiler?: string;
  json?: boolean;
}

/** `slipway compile`: compiles a file or a folder. Works with no server: the compilers are here. */
export const compile: CliCommand = {
  name: 'compile',
  configure(command: Command, run) {
    withJson(command)
      .description('compile a file or a folder (needs no server)')
      .argument('<path>', 'a .sol file or a folder of them')
      .option('--contract <name>', 'which contract')
      .option('--compiler <version>', 'exact version or range')
      .action((path: string, options: CompileOptions) => run((io) => compileIt(io, path, options)));
  },
};

async function compileIt(io: Io, path: string, options: CompileOptions): Promise<number> {
  const request = {
    ...readSources(io.cwd, path),
    ...(options.contract ? { contract: options.contract } : {}),
    ...(options.compiler ? { compiler: options.compiler } : {}),
  };
  const outcome = await withCompiler((compiler) => compiler.compile(compiler.prepare(request)));
  if (options.json) {
    const { prepared, ...rest } = outcome;
    io.stdout.write(
      `${JSON.stringify({ ...rest, inputHash: prepared.inputHash, libraries: prepared.libraries })}\n`,
    );
  } else {
    printDiagnostics(io, outcome.diagnostics);
    for (const { file, contract, runtimeBytes } of outcome.artifacts) {
      if (runtimeBytes > 0) io.stdout.write(`${file}:${contract}  ${runtimeBytes} bytes\n`);
    }
    if (outcome.ok) io.stdout.write(`Compiled with ${outcome.compilerLong}\n`);
  }
  return outcome.ok ? exitCodes.ok : exitCodes.failed;
}
