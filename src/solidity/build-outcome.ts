import { abstractIsMarked, type ContractName, type Declared, qualified } from './choose-contract.ts';
import { codeSizeWarnings } from './code-size.ts';
import { readDiagnostics } from './diagnostics.ts';
import { noteDiagnostics } from './note-diagnostics.ts';
import type { BuildOutput } from './run-build.ts';
import { sourceWarnings } from './source-warnings.ts';
import type { OutputContract } from './standard-output.ts';
import type { Artifact, CompileOutcome, Hex, PreparedCompile } from './types.ts';

/** Turns the compiler's answer into a build. */
export function buildOutcome(options: {
  prepared: PreparedCompile;
  declared: readonly Declared[];
  named: ContractName | undefined;
  built: BuildOutput;
}): CompileOutcome {
  const { prepared, declared, named, built } = options;
  const { output } = built;
  const diagnostics = readDiagnostics(output.errors ?? [], prepared);
  const ok = !diagnostics.some((one) => one.severity === 'error');
  diagnostics.push(...sourceWarnings(prepared));
  const artifacts = ok ? readArtifacts(output.contracts ?? {}, prepared, named) : [];
  diagnostics.push(...codeSizeWarnings(artifacts, { input: prepared.input, declared }));
  diagnostics.push(...noteDiagnostics(prepared.notes));
  const concrete = declared.filter((one) => isConcrete(one, prepared, artifacts));
  const last = concrete.filter((one) => one.file === prepared.entry).at(-1);
  const chosen = named ?? (last && { file: last.file, contract: last.name });
  return {
    ok,
    prepared,
    compilerLong: built.compilerLong,
    artifacts,
    diagnostics,
    ...(chosen ? { chosen } : {}),
    candidates: concrete.map(qualified),
    compileMs: built.compileMs,
  };
}

function readArtifacts(
  contracts: Record<string, Record<string, OutputContract>>,
  prepared: PreparedCompile,
  named: ContractName | undefined,
): Artifact[] {
  const artifacts: Artifact[] = [];
  for (const file of prepared.ownFiles) {
    for (const [name, contract] of Object.entries(contracts[file] ?? {})) {
      const wanted = !named || (named.file === file && named.contract === name);
      if (wanted || contract.evm) artifacts.push(readArtifact(file, name, contract));
    }
  }
  return artifacts;
}

function readArtifact(file: string, name: string, contract: OutputContract): Artifact {
  const creation = contract.evm?.bytecode?.object ?? '';
  const runtime = contract.evm?.deployedBytecode?.object ?? '';
  return {
    file,
    contract: name,
    abi: contract.abi ?? [],
    creationBytecode: `0x${creation}` as Hex,
    runtimeBytecode: `0x${runtime}` as Hex,
    immutableReferences: contract.evm?.deployedBytecode?.immutableReferences ?? {},
    creationLinkReferences: contract.evm?.bytecode?.linkReferences ?? {},
    storageLayout: contract.storageLayout ?? null,
    methodIdentifiers: contract.evm?.methodIdentifiers ?? {},
    gasEstimates: contract.evm?.gasEstimates ?? null,
    userdoc: contract.userdoc ?? null,
    devdoc: contract.devdoc ?? null,
    metadata: contract.metadata ?? '',
    creationBytes: creation.length / 2,
    runtimeBytes: runtime.length / 2,
  };
}

function isConcrete(one: Declared, prepared: PreparedCompile, artifacts: readonly Artifact[]): boolean {
  if (one.kind !== 'contract') return false;
  if (abstractIsMarked(prepared.compiler) || artifacts.length === 0) return true;
  const artifact = artifacts.find(({ file, contract }) => file === one.file && contract === one.name);
  return artifact !== undefined && artifact.creationBytes > 0;
}
