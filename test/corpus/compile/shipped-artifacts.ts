import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LinkReferences } from '../../../src/solidity/types.ts';
import type { ArtifactForm, CorpusPackage } from './corpus-package.ts';

export interface Place {
  start: number;
  length: number;
}

/** A contract as its package ships it. Code is hex without `0x`; places that a form does not tell are absent. */
export interface ShippedArtifact {
  file: string;
  contract: string;
  creation: string;
  runtime: string;
  creationLinks?: LinkReferences | undefined;
  runtimeLinks?: LinkReferences | undefined;
  immutables?: Place[] | undefined;
}

/** Reads every artifact with code that the package ships; interfaces and abstract contracts have none. */
export function readShippedArtifacts(pkg: CorpusPackage, modules: string): ShippedArtifact[] {
  if (!pkg.artifacts) return [];
  const { form } = pkg.artifacts;
  const folder = join(modules, pkg.package, pkg.artifacts.folder);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => readers[form](JSON.parse(readFileSync(path, 'utf8'))) ?? [])
    .filter(({ creation }) => creation !== '');
}

/** Each gives nothing for a file of the tool's that is no artifact. */
const readers: Record<ArtifactForm, (json: unknown) => ShippedArtifact | undefined> = {
  hardhat(json) {
    const { sourceName, contractName, ...rest } = json as HardhatArtifact;
    if (sourceName === undefined || contractName === undefined) return undefined;
    return {
      file: sourceName,
      contract: contractName,
      creation: bare(rest.bytecode),
      runtime: bare(rest.deployedBytecode),
      creationLinks: rest.linkReferences,
      runtimeLinks: rest.deployedLinkReferences,
    };
  },
  foundry(json) {
    const { bytecode, deployedBytecode, metadata } = json as FoundryArtifact;
    const target = targetOf(metadata);
    if (!target) return undefined;
    return {
      ...target,
      creation: bare(bytecode?.object),
      runtime: bare(deployedBytecode?.object),
      creationLinks: bytecode?.linkReferences,
      runtimeLinks: deployedBytecode?.linkReferences,
      immutables: Object.values(deployedBytecode?.immutableReferences ?? {}).flat(),
    };
  },
  waffle(json) {
    const { evm, metadata } = json as WaffleArtifact;
    const target = typeof metadata === 'string' ? targetOf(JSON.parse(metadata)) : undefined;
    if (!target) return undefined;
    return {
      ...target,
      creation: bare(evm?.bytecode?.object),
      runtime: bare(evm?.deployedBytecode?.object),
      creationLinks: evm?.bytecode?.linkReferences,
      runtimeLinks: evm?.deployedBytecode?.linkReferences,
    };
  },
};

interface Code {
  object?: string;
  linkReferences?: LinkReferences;
  immutableReferences?: Record<string, Place[]>;
}
interface Metadata {
  settings?: { compilationTarget?: Record<string, string> };
}
interface HardhatArtifact {
  sourceName?: string;
  contractName?: string;
  bytecode?: string;
  deployedBytecode?: string;
  linkReferences?: LinkReferences;
  deployedLinkReferences?: LinkReferences;
}
interface FoundryArtifact {
  bytecode?: Code;
  deployedBytecode?: Code;
  metadata?: Metadata;
}
interface WaffleArtifact {
  evm?: { bytecode?: Code; deployedBytecode?: Code };
  metadata?: string;
}

function targetOf(metadata: Metadata | undefined): { file: string; contract: string } | undefined {
  const [target] = Object.entries(metadata?.settings?.compilationTarget ?? {});
  return target && { file: target[0], contract: target[1] };
}

function bare(code: string | undefined): string {
  return (code ?? '').replace(/^0x/, '');
}
