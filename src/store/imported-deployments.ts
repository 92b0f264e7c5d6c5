import { type Selectable, sql } from 'kysely';
import type { Hex } from '../chain/types.ts';
import type { HistoricDeployment } from '../deploy/history/types.ts';
import { newId } from '../lib/ids.ts';
import { json, type Reader, type Tx } from './db.ts';
import type { Ownership } from './generations.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { ImportedDeploymentsTable } from './schema.ts';

/** A contract that another tool deployed. */
export interface ImportedDeployment extends HistoricDeployment {
  id: string;
  /** Which tool's record it is from. */
  format: string;
  /** The network of this chain, where one is known. */
  network: string | null;
  importedAt: string;
}

/** Keeps what is not kept already. @returns how many were new */
export async function insertImported(
  tx: Tx,
  owner: Ownership,
  found: readonly (HistoricDeployment & { format: string; network: string | null })[],
): Promise<number> {
  const { ownerId, userId, projectId } = owner;
  const rows = found.map((one) => ({
    ...{ id: newId(), owner_id: ownerId, created_by: userId, project_id: projectId },
    ...{ format: one.format, chain_id: one.chainId, network: one.network, contract_name: one.contract },
    ...{ address: one.address, transaction_hash: one.transactionHash, deployer: one.deployer },
    ...{ block_number: one.blockNumber, gas_used: one.gasUsed, cost_wei: one.costWei },
    ...{ constructor_args: json(one.constructorArgs), commit: one.commit, deployed_at: one.deployedAt },
  }));
  if (rows.length === 0) return 0;
  const { numInsertedOrUpdatedRows: inserted = 0n } = await tx.sql
    .insertInto('imported_deployments')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(inserted);
}

export async function listImported(
  read: Reader,
  ownerId: string,
  request: PageRequest & { address?: string | undefined; chainId?: number | undefined },
): Promise<Page<ImportedDeployment>> {
  const { limit, before } = pageBounds(request);
  const { address, chainId } = request;
  const rows = await read
    .selectFrom('imported_deployments')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .$if(address !== undefined, (query) => query.where(sql`lower(address)`, '=', address?.toLowerCase()))
    .$if(chainId !== undefined, (query) => query.where('chain_id', '=', chainId as number))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toImported);
}

function toImported(row: Selectable<ImportedDeploymentsTable>): ImportedDeployment {
  return {
    ...{ id: row.id, format: row.format, chainId: row.chain_id, network: row.network },
    ...{ contract: row.contract_name, address: row.address as Hex, deployer: row.deployer as Hex | null },
    ...{ transactionHash: row.transaction_hash as Hex | null, blockNumber: row.block_number },
    ...{ gasUsed: row.gas_used, costWei: row.cost_wei, commit: row.commit },
    constructorArgs: row.constructor_args as unknown[],
    deployedAt: row.deployed_at?.toISOString() ?? null,
    importedAt: row.created_at.toISOString(),
  };
}
