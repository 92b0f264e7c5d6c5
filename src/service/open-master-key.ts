import type { Kms, Vault } from '../chain/types.ts';
import type { Config } from '../ops/config.ts';
import { loadMasterKey } from '../ops/master-key.ts';
import type { Store } from '../store/db.ts';
import { getServiceSetting, lockServiceSettings, setServiceSetting } from '../store/service-settings.ts';
import { hasSealedKeys } from '../store/signers.ts';
import { fail } from './errors.ts';

const settingKey = 'master-key';

/** What the database has of a master key that is wrapped elsewhere. */
interface Kept {
  /** As in the setting: `aws-kms:<key>` or `vault:<key>`. */
  source: string;
  wrapped: string;
}

/**
 * Gives the master key: from the environment or the file as `loadMasterKey` does, or, where a source is set, one that AWS
 * KMS or Vault has made and wrapped. The wrapped one is in the database, so that all processes have the same, and useless
 * without the source; it is made at the first start.
 *
 * @returns 32 bytes
 * @throws AppError `bad-master-key`, `master-key-source-changed`, `master-key-source-late`, and those of KMS and Vault
 */
export async function openMasterKey(options: {
  config: Config;
  store: Store;
  kms: Kms | null;
  vault: Vault | null;
}): Promise<Uint8Array> {
  const { config, store } = options;
  const source = config.masterKeySource;
  if (source === null) {
    const kept = (await getServiceSetting(store.read, settingKey)) as Kept | undefined;
    if (kept) throw fail('master-key-source-changed', { was: kept.source, is: 'not set' });
    return loadMasterKey(config);
  }
  const keeper = source.kind === 'vault' ? options.vault : options.kms;
  const name = `${source.kind}:${source.key}`;
  if (!keeper) throw fail('master-key-source-unset', { source: name });
  return store.transaction(async (tx) => {
    await lockServiceSettings(tx);
    const kept = (await getServiceSetting(tx.sql, settingKey)) as Kept | undefined;
    if (kept) {
      if (kept.source !== name) throw fail('master-key-source-changed', { was: kept.source, is: name });
      return keeper.openDataKey(source.key, kept.wrapped);
    }
    // What was sealed under another key would never open again.
    if (await hasSealedKeys(tx.sql)) throw fail('master-key-source-late', { source: name });
    const { plain, wrapped } = await keeper.newDataKey(source.key);
    await setServiceSetting(tx, settingKey, { source: name, wrapped } satisfies Kept);
    return plain;
  });
}
