import { hash, verify } from '@node-rs/argon2';
import { fail } from './account-errors.ts';
import { commonPasswords } from './common-passwords.ts';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default kind), 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** @throws AppError `password-too-common` */
export async function hashPassword(password: string): Promise<string> {
  if (isCommon(password)) {
    throw fail(
      'password-too-common',
      {},
      {
        issues: [
          {
            pointer: '/password',
            code: 'password-too-common',
            message: 'is on the list of common passwords',
          },
        ],
      },
    );
  }
  return hash(password, cost);
}

let decoy: Promise<string> | undefined;

/**
 * Takes as long for an account that does not exist as for one that does.
 * @param stored null when there is no such account, or none with a password
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hash('the password of nobody', cost);
  const matches = await verify(stored ?? (await decoy), password);
  return stored !== null && matches;
}

/** Looks past case and past the digits and signs that people add to reach a length. */
function isCommon(password: string): boolean {
  const lower = password.toLowerCase();
  const bare = lower.replace(/[^a-z]+$/, '');
  const letters = lower
    .replaceAll('0', 'o')
    .replaceAll('1', 'i')
    .replaceAll('3', 'e')
    .replaceAll('@', 'a')
    .replaceAll('$', 's');
  const repeated = /^(.{1,6}?)\1+$/.test(lower);
  return repeated || [lower, bare, letters].some((form) => commonPasswords.has(form));
}
