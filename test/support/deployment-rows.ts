import type { Hex, SealedKey } from '../../src/chain/types.ts';
import type { DeployStatus } from '../../src/deploy/types.ts';
import { newId } from '../../src/lib/ids.ts';
import { newBuild } from '../../src/store/builds.ts';
import type { Store } from '../../src/store/db.ts';
import { newDeployment } from '../../src/store/deployments.ts';
import type { Ownership } from '../../src/store/generations.ts';
import { insertRow } from '../../src/store/new-row.ts';
import { insertSigner } from '../../src/store/signers.ts';
import { keepSources } from '../../src/store/source-sets.ts';

/** Writes a deployment in the given state, with the rows it stands on. No chain knows it. @returns its id */
export async function insertTestDeployment(
  store: Store,
  owner: Ownership,
  given: { state: DeployStatus; chainId?: number },
): Promise<string> {
  const id = newId();
  const buildId = newId();
  const signerId = newId();
  const address: Hex = `0x${signerId.replaceAll('-', '').padEnd(40, '0')}`;
  await store.transaction(async (tx) => {
    const sourcesHash = await keepSources(tx, {});
    insertRow(tx, newBuild({ ...owner, id: buildId, request: { sources: {} }, sourcesHash }));
    const sealedKey = {} as SealedKey;
    await insertSigner(tx, {
      ...owner,
      id: signerId,
      name: signerId,
      address,
      kind: 'local',
      storedKey: sealedKey,
      isDevelopment: false,
    });
    const row = newDeployment({
      ...owner,
      id,
      pipelineId: null,
      buildId,
      auditId: null,
      signerId,
      network: 'local',
      contract: { file: 'Box.sol', name: 'Box' },
      constructorArgs: [],
      warnings: [],
      plan: {
        deploymentId: id,
        chainId: given.chainId ?? 31_337,
        networkKind: 'local',
        from: address,
        data: '0x',
        value: '0',
        abi: [],
        runtime: { bytecode: '0x', immutableReferences: {} },
        feePolicy: 'standard',
        confirmations: 1,
        dryRun: false,
      },
      gate: null,
    });
    insertRow(tx, row);
    await tx.sql.updateTable('deployments').set({ state: given.state }).where('id', '=', id).execute();
  });
  return id;
}
