import { type Command, InvalidArgumentError } from 'commander';
import type { CompileSettings } from '../../solidity/types.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { withJson } from '../options.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { readCompileInput } from '../read-compile-input.ts';
import { withCompiler } from '../with-compiler.ts';

interface CompileOptions {
  contract?: string;
  compiler?: string;
  profile?: string;
  tests?: boolean;
  viaIr?: boolean;
  evmVersion?: string;
  /** False with --no-optimizer. */
  optimizer: boolean;
  optimizerRuns?: number;
  json?: boolean;
}

/** `slipway compile`: compiles a file, a folder or a project. Works with no server: the compilers are here. */
export const compile: CliCommand = {
  name: 'compile',
  configure(command: Command, run) {
    withJson(command)
      .description('compile a file, a folder, or a Hardhat or Foundry project (needs no server)')
      .argument('<path>', 'a .sol file, a folder, or a .zip, .tar or .tar.gz of a project')
      .option('--contract <name>', 'which contract, as Name or file.sol:Name')
      .option('--compiler <version>', 'exact version or range')
      .option('--profile <name>', 'a profile of foundry.toml, or a build profile of Hardhat 3')
      .option('--tests', "the project's tests and scripts too")
      .option('--via-ir', 'compile by way of Yul')
      .option('--evm-version <version>', 'the hard fork to compile for, such as paris')
      .option('--optimizer-runs <n>', 'how often code is expected to run', runsOption)
      .option('--no-optimizer', 'leave the optimizer off')
      .action((path: string, options: CompileOptions) => run((io) => compileIt(io, path, options)));
  },
};

function runsOption(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= 4_294_967_295) return Number(text);
  throw new InvalidArgumentError('It has to be a whole number, at most 4294967295.');
}

/** What the options say of the compiler; nothing where they say nothing. */
function settingsOf({
  optimizer,
  optimizerRuns,
  viaIr,
  evmVersion,
}: CompileOptions): CompileSettings | undefined {
  const runs = optimizerRuns === undefined ? {} : { runs: optimizerRuns };
  const enabled = optimizer ? (optimizerRuns === undefined ? {} : { enabled: true }) : { enabled: false };
  const given = { ...enabled, ...runs };
  const settings = {
    ...(Object.keys(given).length === 0 ? {} : { optimizer: given }),
    ...(viaIr ? { viaIR: true } : {}),
    ...(evmVersion === undefined ? {} : { evmVersion }),
  };
  return Object.keys(settings).length === 0 ? undefined : settings;
}

async function compileIt(io: Io, path: string, options: CompileOptions): Promise<number> {
  const { contract, compiler: wanted, profile, tests } = options;
  const settings = settingsOf(options);
  const request = await readCompileInput(io.cwd, path, {
    ...(contract ? { contract } : {}),
    ...(wanted ? { compiler: wanted } : {}),
    ...(profile ? { profile } : {}),
    ...(tests ? { tests } : {}),
    ...(settings ? { settings } : {}),
  });
  const outcome = await withCompiler(io, (compiler) => compiler.compile(compiler.prepare(request)));
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
    for (const { name, version, licence, reason } of outcome.prepared.libraries) {
      io.stdout.write(`${name} ${version} (${licence}): ${reason}\n`);
    }
    if (outcome.ok) io.stdout.write(`Compiled with ${outcome.compilerLong}\n`);
  }
  return outcome.ok ? exitCodes.ok : exitCodes.failed;
}
