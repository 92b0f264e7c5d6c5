import { newId } from '../../src/lib/ids.ts';
import { openStore, type Store } from '../../src/store/db.ts';
import type { Ownership } from '../../src/store/generations.ts';
import { insertOwner } from '../../src/store/owners.ts';
import { insertProject } from '../../src/store/projects.ts';
import { insertUser } from '../../src/store/users.ts';
import { testDatabase } from './database.ts';

/** An open store on a database of the test's own. Close it in `afterAll`. */
export async function testStore(): Promise<{ store: Store; url: string; close(): Promise<void> }> {
  const database = await testDatabase();
  const store = openStore({ url: database.url, connectionsMax: 8 });
  await store.signals.listen();
  return {
    store,
    url: database.url,
    async close() {
      await store.close();
      await database.drop();
    },
  };
}

/** A new owner with user and default project: whoever owns the rows of a test. */
export async function testOwner(store: Store, name = 'Tester'): Promise<Ownership> {
  const owner = { ownerId: newId(), userId: newId(), projectId: newId() };
  await store.transaction(async (tx) => {
    await insertOwner(tx, { id: owner.ownerId, kind: 'person', name, tier: 'free' });
    const { ownerId, userId: id } = owner;
    await insertUser(tx, { id, ownerId, email: null, name, passwordHash: null, roles: ['user'] });
    await insertProject(tx, { id: owner.projectId, ownerId, userId: id, name: 'Default', isDefault: true });
  });
  return owner;
}
