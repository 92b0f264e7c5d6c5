import { checkUpgradeSafety, type ProxyKind, type UpgradeProblem } from '../audit/upgrade-safety.ts';
import { prepareStored } from '../solidity/prepare-stored.ts';
import { type ContractStorage, compareStorage } from '../solidity/storage-layout.ts';
import type { StorageOutcome } from '../solidity/types.ts';
import { getBuildInput } from '../store/builds.ts';
import type { Reader } from '../store/db.ts';
import { fail } from './errors.ts';
import type { Platform } from './platform.ts';

/** One contract of a build. */
export interface BuildContract {
  buildId: string;
  file: string;
  name: string;
}

/**
 * Refuses a contract that must not stand behind a proxy, or must not take the place of the one that does.
 *
 * @param given.before what stands there now; absent for a first implementation
 * @returns warnings
 * @throws AppError `upgrade-unsafe` with every reason
 */
export async function checkImplementation(
  platform: Platform,
  read: Reader,
  given: { ownerId: string; kind: ProxyKind; contract: BuildContract; before?: BuildContract },
): Promise<string[]> {
  const { ownerId, kind, contract, before } = given;
  const now = await storageOf(platform, read, ownerId, contract);
  const sources = Object.fromEntries(
    Object.entries(now.prepared.input.sources).map(([file, { content }]) => [file, content]),
  );
  const { problems, warnings } = checkUpgradeSafety(
    { compiler: now.prepared.compiler, sources, asts: now.asts, ownFiles: now.prepared.ownFiles },
    { file: contract.file, contract: contract.name, kind },
  );
  const all: UpgradeProblem[] = [...problems];
  if (before) {
    const old = await storageOf(platform, read, ownerId, before);
    all.push(...compareStorage(old.storage, now.storage));
  }
  if (all.length === 0) return warnings;
  throw fail(
    'upgrade-unsafe',
    { contract: contract.name, problems: all.length, first: all[0]?.message ?? '' },
    {
      issues: all.slice(0, 50).map(({ code, message, hint, where }) => ({
        ...{ pointer: '/contract', code },
        message: `${where ? `${where}: ` : ''}${message} ${hint}`,
      })),
    },
  );
}

async function storageOf(
  platform: Platform,
  read: Reader,
  ownerId: string,
  { buildId, file, name }: BuildContract,
): Promise<StorageOutcome & { storage: ContractStorage }> {
  const prepared = prepareStored(await getBuildInput(read, ownerId, buildId));
  const outcome = await platform.compiler.storage(prepared, { file, contract: name });
  const { storage } = outcome;
  if (!storage) throw fail('build-not-usable', { id: buildId, status: 'failed' });
  return { ...outcome, storage };
}
