import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail } from './errors.ts';

const keyBytes = 32;

/** @returns the 32 bytes that `text` holds as 64 hex digits or as base64 (plain or URL-safe), or null */
export function parseKey(text: string): Uint8Array | null {
  const trimmed = text.trim().replace(/^0x/, '');
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null;
  const bytes = Buffer.from(trimmed, 'base64');
  return bytes.length === keyBytes ? bytes : null;
}

/**
 * Gives the key-encryption key that signer keys and token keys are sealed with: the one from the environment, else
 * the file `master.key` of the data directory, which is made with a random key (mode 0600) on the first start.
 * Two processes that start at once end up with the same key.
 *
 * @returns 32 bytes
 * @throws AppError `bad-master-key` when the file is there and holds no key: it is never overwritten
 */
export function loadMasterKey(options: { dataDir: string; keyEncryptionKey: Uint8Array | null }): Uint8Array {
  if (options.keyEncryptionKey) return options.keyEncryptionKey;
  const file = join(options.dataDir, 'master.key');
  if (!existsSync(file)) create(file);
  const key = parseKey(readFileSync(file, 'utf8'));
  if (!key) throw fail('bad-master-key', { file });
  return key;
}

/** A link of a finished file appears at once and fails when another process was first, so nobody reads half a key. */
function create(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, `${randomBytes(keyBytes).toString('hex')}\n`, { mode: 0o600, flush: true });
    chmodSync(draft, 0o600);
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
