import type { Tx } from './db.ts';

export type Tier = 'free' | 'pro' | 'enterprise';

export async function insertOwner(
  tx: Tx,
  owner: { id: string; kind: 'person' | 'organisation'; name: string; tier: Tier },
): Promise<void> {
  await tx.sql.insertInto('owners').values(owner).execute();
}
