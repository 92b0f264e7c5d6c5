import type { Tx } from './db.ts';

export async function insertProject(
  tx: Tx,
  project: { id: string; ownerId: string; userId: string; name: string; isDefault: boolean },
): Promise<void> {
  await tx.sql
    .insertInto('projects')
    .values({
      id: project.id,
      owner_id: project.ownerId,
      created_by: project.userId,
      name: project.name,
      is_default: project.isDefault,
    })
    .execute();
}
