import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { ApiProblem } from '../../client/errors.ts';
import { prepareStored } from '../../solidity/prepare-stored.ts';
import type { Artifact, StandardInput } from '../../solidity/types.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { fail } from '../errors.ts';
import { withJson, withServer } from '../options.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { printFailure } from '../print-failure.ts';
import { printTable } from '../print-table.ts';
import { type ComparedContract, compareContracts, sameCompiler } from '../verify-build.ts';
import { withCompiler } from '../with-compiler.ts';

type Options = ConnectOptions & { json?: boolean };
type DownloadOptions = Options & { layout: 'hardhat' | 'foundry'; out?: string; force?: boolean };

/** `slipway builds`: what was compiled, from what, and whether the same comes out again. */
export const builds: CliCommand = {
  name: 'builds',
  configure(command: Command, run) {
    withJson(withServer(command.command('list', { isDefault: true })))
      .description('list builds')
      .option('--limit <number>', 'how many', '25')
      .action((options: Options & { limit: string }) => run((io) => list(io, options)));
    withJson(withServer(command.command('show')))
      .description('show one build with its contracts')
      .argument('<id>')
      .action((id: string, options: Options) => run((io) => show(io, id, options)));
    withJson(withServer(command.command('verify')))
      .description("compile a build's stored input again, here, and compare the bytecode")
      .argument('<id>')
      .action((id: string, options: Options) => run((io) => verify(io, id, options)));
    withJson(withServer(command.command('download')))
      .description('save a build as a Hardhat or Foundry project (zip)')
      .argument('<id>')
      .option('--layout <name>', 'hardhat or foundry', 'hardhat')
      .option('--out <file>', 'where to; slipway-<id>-<layout>.zip')
      .option('--force', 'replace a file that is there already')
      .action((id: string, options: DownloadOptions) => run((io) => download(io, id, options)));
    withJson(withServer(command.command('input')))
      .description('print the standard JSON input that was compiled')
      .argument('<id>')
      .action((id: string, options: Options) => run((io) => input(io, id, options)));
    command.description('list, show, verify and download builds');
  },
};

async function list(io: Io, options: Options & { limit: string }): Promise<number> {
  const page = await connect(io, options).call('GET /api/v1/builds', {
    query: { limit: Number(options.limit) },
  });
  if (options.json) io.stdout.write(`${JSON.stringify(page)}\n`);
  else {
    const rows = page.items.map((build) => [
      build.id,
      build.contract?.name ?? '',
      build.entry ?? '',
      build.status,
      build.createdAt,
    ]);
    printTable(io, ['id', 'contract', 'file', 'status', 'created'], rows);
  }
  return exitCodes.ok;
}

async function show(io: Io, id: string, options: Options): Promise<number> {
  const build = await connect(io, options).call('GET /api/v1/builds/:id', { params: { id } });
  if (options.json) {
    io.stdout.write(`${JSON.stringify(build)}\n`);
    return exitCodes.ok;
  }
  const { status, compiler, inputHash, createdAt, libraries, error } = build;
  for (const [name, value] of Object.entries({ id, status, compiler, inputHash, createdAt }))
    io.stdout.write(`${name.padEnd(12)} ${value ?? ''}\n`);
  for (const { name, version } of libraries) io.stdout.write(`${'library'.padEnd(12)} ${name} ${version}\n`);
  for (const { file, contract, runtimeBytes } of build.artifacts)
    io.stdout.write(`${'contract'.padEnd(12)} ${file}:${contract}  ${runtimeBytes} bytes\n`);
  if (error) io.stdout.write(`${'error'.padEnd(12)} ${error.code}: ${error.message}\n${error.hint}\n`);
  return exitCodes.ok;
}

async function verify(io: Io, id: string, options: Options): Promise<number> {
  try {
    return await compileAgain(io, id, options);
  } catch (error) {
    // A store that lost or changed what it was given is the answer to the question, not a service that is away.
    if (!(error instanceof ApiProblem && error.code === 'stored-content-damaged')) throw error;
    printFailure(io, error, { json: options.json ?? false });
    return exitCodes.failed;
  }
}

async function compileAgain(io: Io, id: string, options: Options): Promise<number> {
  const client = connect(io, options);
  const stored = await client.call('GET /api/v1/builds/:id/input', { params: { id } });
  const { artifacts } = await client.call('GET /api/v1/builds/:id', { params: { id } });
  // JSON has no undefined fields: what the types of the API allow does not occur.
  const prepared = prepareStored({ ...stored, input: stored.input as StandardInput });
  const outcome = await withCompiler(io, (compiler) => compiler.compile(prepared));
  const contracts = compareContracts(artifacts as Artifact[], outcome.artifacts);
  const compiler = { stored: stored.compilerLong, used: outcome.compilerLong };
  const exact = sameCompiler(compiler.stored, compiler.used);
  const equal = exact && outcome.ok && contracts.length > 0 && contracts.every((one) => one.equal);
  if (options.json) {
    const { inputHash } = stored;
    io.stdout.write(`${JSON.stringify({ buildId: id, inputHash, equal, compiler, contracts })}\n`);
  } else {
    if (!outcome.ok) printDiagnostics(io, outcome.diagnostics);
    for (const one of contracts) printCompared(io, one);
    if (!exact) io.stderr.write(`Stored is the compiler ${compiler.stored}; here it is ${compiler.used}.\n`);
    io.stdout.write(`${verdict(contracts)} Compiled with ${compiler.used}.\n`);
  }
  return equal ? exitCodes.ok : exitCodes.failed;
}

function printCompared(io: Io, { contract, equal, creation, runtime }: ComparedContract): void {
  io.stdout.write(`${equal ? pc.green('equal    ') : pc.red('different')} ${contract}\n`);
  for (const [name, { stored, compiled }] of Object.entries({ creation, runtime })) {
    const hashes = stored === compiled ? `${stored}` : `${stored ?? 'none'}, now ${compiled ?? 'none'}`;
    io.stdout.write(`  ${name.padEnd(9)} ${hashes}\n`);
  }
}

function verdict(contracts: readonly ComparedContract[]): string {
  const different = contracts.filter(({ equal }) => !equal).length;
  if (contracts.length === 0) return 'Nothing to compare: the build has no contract with code.';
  if (different > 0) return `${different} of ${contracts.length} contracts differ.`;
  return contracts.length === 1 ? 'The contract is equal.' : `All ${contracts.length} contracts are equal.`;
}

async function download(io: Io, id: string, options: DownloadOptions): Promise<number> {
  const { layout } = options;
  const file = resolve(io.cwd, options.out ?? `slipway-${id}-${layout}.zip`);
  if (existsSync(file) && !options.force) throw fail('file-exists', { file });
  const zip = await connect(io, options).call('GET /api/v1/builds/:id/download', {
    params: { id },
    query: { layout },
  });
  writeFileSync(file, zip);
  io.stdout.write(
    options.json ? `${JSON.stringify({ buildId: id, layout, file, bytes: zip.length })}\n` : `${file}\n`,
  );
  return exitCodes.ok;
}

async function input(io: Io, id: string, options: Options): Promise<number> {
  const stored = await connect(io, options).call('GET /api/v1/builds/:id/input', { params: { id } });
  if (options.json) io.stdout.write(`${JSON.stringify(stored)}\n`);
  else {
    io.stderr.write(`${pc.dim('compiler')} ${stored.compilerLong}\n`);
    io.stdout.write(`${JSON.stringify(stored.input, null, 2)}\n`);
  }
  return exitCodes.ok;
}
