import { historyFormats } from '../deploy/history/index.ts';
import { limits } from '../lib/limits.ts';
import { insertImported } from '../store/imported-deployments.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { ownershipOf } from './request-generation.ts';

/** What became of an import. */
export interface Imported {
  format: string;
  /** Contracts in the record, and those of them that were not known. */
  found: number;
  added: number;
}

/**
 * Keeps what another tool deployed as history, by what that tool wrote down: no chain is asked. What is known stays as it is,
 * so a record can be imported again after it grew.
 * @throws AppError `history-unknown`, `history-too-long`
 */
export function importDeployments(
  platform: Platform,
  context: ActionContext,
  text: string,
): Promise<Imported> {
  const read = historyFormats.flatMap((format) => {
    const found = format.read(text);
    return found ? [{ format: format.name, found }] : [];
  })[0];
  const place = { pointer: '/record' };
  if (!read) {
    throw fail('history-unknown', { formats: historyFormats.map(({ name }) => name).join(', ') }, { place });
  }
  const { format, found } = read;
  const max = limits.importedDeploymentsMax;
  if (found.length > max) throw fail('history-too-long', { found: found.length, max }, { place });
  const networks = platform.chains.known().map(({ network }) => network);
  return perform(platform, context, async (tx) => {
    const rows = found.map((one) => {
      const network = networks.find(({ chainId }) => chainId === one.chainId)?.name ?? null;
      return { ...one, format, network };
    });
    const added = await insertImported(tx, ownershipOf(context), rows);
    await recordAudit(tx, context, {
      action: 'deployments.imported',
      objectKind: 'owner',
      objectId: context.actor.ownerId,
      data: { format, found: found.length, added },
    });
    return { format, found: found.length, added };
  });
}
