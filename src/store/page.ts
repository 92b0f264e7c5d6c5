import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';

/** One page of a list, newest first, by id (UUIDv7 sorts by time). */
export interface Page<Item> {
  items: Item[];
  /** Give it back as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}

export interface PageRequest {
  limit?: number | undefined;
  cursor?: string | undefined;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @returns how many rows to read (one more than the page) and the id to start below. @throws AppError `cursor-invalid` */
export function pageBounds(request: PageRequest): { limit: number; before: string | undefined } {
  const limit = Math.min(request.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  if (request.cursor === undefined) return { limit, before: undefined };
  const before = Buffer.from(request.cursor, 'base64url').toString();
  if (!uuid.test(before)) throw fail('cursor-invalid');
  return { limit, before };
}

/** Cuts the one row too many off, and makes the cursor from the last row kept. */
export function toPage<Row extends { id: string }, Item>(
  rows: Row[],
  limit: number,
  map: (row: Row) => Item,
): Page<Item> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  const nextCursor = rows.length > limit && last ? Buffer.from(last.id).toString('base64url') : null;
  return { items: kept.map(map), nextCursor };
}
