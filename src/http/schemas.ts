import { z } from 'zod';
import { limits } from '../lib/limits.ts';

/** Schemas that many routes share. A `meta({ id })` gives a schema a name in OpenAPI. */

/** Path parameter of a route about one object. */
export const idParams = z.strictObject({ id: z.uuid() });

/** An amount of wei, up to the largest of 256 bits. */
export const wei = z.string().regex(/^\d{1,78}$/, 'wei as a decimal string');

/** Query of a list; a route with filters extends it. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number<number | string>().int().min(1).max(limits.pageSizeMax).optional(),
  cursor: z.string().max(100).optional(),
});

/** One page of a list. The frame adds `Link: rel="next"` where `nextCursor` is set. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** A time as JSON holds it (RFC 3339, UTC). */
export const time = z.iso.datetime();

/** A reply without a body: `return reply(204, null)`. */
export const noContent = { 204: null } as const;

/** Error of a stored job, build, audit, deployment or pipeline. */
export const storedErrorSchema = z
  .object({
    code: z.string(),
    title: z.string(),
    message: z.string(),
    hint: z.string(),
    retryable: z.boolean(),
    place: z
      .object({
        file: z.string().optional(),
        line: z.number().optional(),
        column: z.number().optional(),
        pointer: z.string().optional(),
        excerpt: z.string().optional(),
      })
      .optional(),
    issues: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'StoredError' });
