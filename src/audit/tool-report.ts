import { z } from 'zod';
import type { Ended } from './tools/types.ts';

/** What a tool calls a check; it becomes part of a finding's name. */
export const checkName = z.string().regex(/^[\w.-]{1,100}$/);

/** What a program said, read by a schema; or in words why that could not be done. */
export type Read<Value> = { ok: true; value: Value } | { ok: false; message: string };

/**
 * Reads JSON that a foreign program wrote. What is no JSON, or of another shape than the schema's, is told as what it
 * is: a tool whose words are not understood has not said that all is well.
 *
 * @param text null where it wrote nothing
 */
export function readJson<Schema extends z.ZodType>(
  text: string | null,
  schema: Schema,
): Read<z.output<Schema>> {
  if (text === null || text.trim() === '') return { ok: false, message: 'it wrote no report' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, message: 'what it wrote is no JSON' };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  return {
    ok: false,
    message: `its report has a shape that is not known: ${where === '' ? '' : `${where}: `}${issue?.message ?? ''}`,
  };
}

/** @returns how a program that gave no usable report ended, in words */
export function endingOf({ code, errors, fault }: Ended, seconds: number): string {
  if (fault === 'time') return `it was ended after ${seconds} s`;
  if (fault === 'memory') return 'it took more memory than it may';
  if (fault === 'output') return 'it said more than it may';
  const last = errors.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return `it ended with ${code}${last === '' ? '' : `: ${last}`}`;
}
