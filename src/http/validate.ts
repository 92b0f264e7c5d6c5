import type { z } from 'zod';
import type { Issue } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';

/** A part of the request and the schema that reads it. */
export interface Part {
  /** First segment of the issues' pointers; empty for the body, so that its pointers are those of its own JSON. */
  prefix: '' | '/query' | '/path' | '/headers';
  schema: z.ZodType | undefined;
  value: unknown;
}

/**
 * Reads every part by its schema and reports all problems at once.
 * @returns the parsed parts, in order
 * @throws AppError `validation-failed` with an issue for each field
 */
export function validate(parts: Part[]): unknown[] {
  const issues: Issue[] = [];
  const parsed = parts.map((part) => {
    const unfit = findTooMany(part.value, part.prefix) ?? findUnstorableText(part.value, part.prefix);
    if (unfit) issues.push(unfit);
    if (unfit?.code === 'too-many-values') return undefined;
    if (!part.schema) return refuseAny(part, issues);
    const result = part.schema.safeParse(part.value ?? (part.prefix ? {} : undefined));
    if (result.success) return result.data;
    issues.push(...result.error.issues.flatMap((issue) => toIssues(issue, part)));
    return undefined;
  });
  if (issues.length === 0) return parsed;
  const kept = issues.slice(0, 100);
  const first = kept[0] as Issue;
  throw fail(
    'validation-failed',
    { count: issues.length, first: `${first.pointer || 'body'} ${first.message}` },
    { issues: kept },
  );
}

/** A route without a query or a body refuses one: a misplaced field must not be dropped in silence. */
function refuseAny(part: Part, issues: Issue[]): undefined {
  if (part.value === undefined || part.value === null) return;
  if (typeof part.value !== 'object') {
    issues.push({ pointer: part.prefix, code: 'unexpected-body', message: 'takes no body' });
    return;
  }
  for (const key of Object.keys(part.value)) {
    issues.push({
      pointer: `${part.prefix}/${escapeKey(key)}`,
      code: 'unknown-field',
      message: 'is not a field here',
    });
  }
}

function toIssues(issue: z.core.$ZodIssue, part: Part, base: PropertyKey[] = []): Issue[] {
  const path = [...base, ...issue.path];
  const pointer = part.prefix + path.map((key) => `/${escapeKey(String(key))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escapeKey(key)}`,
      code: 'unknown-field',
      message: 'is not a field here',
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch with the fewest problems is the one that was meant.
    const meant = issue.errors.reduce((best, branch) => (branch.length < best.length ? branch : best));
    return meant.flatMap((inner) => toIssues(inner, part, path));
  }
  const value = at(part.value, path);
  if (value === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    return [{ pointer, code: 'required', message: 'is required' }];
  }
  return [{ pointer, code: issue.code.replaceAll('_', '-'), message: lowerFirst(issue.message) }];
}

function at(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined | null)?.[key],
    value,
  );
}

function lowerFirst(message: string): string {
  return message.replace(/^Invalid input: /, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A schema looks at everything and has something to say of each: a hundred thousand wrong fields take seconds. */
function findTooMany(value: unknown, pointer: string): Issue | undefined {
  const queue = [value];
  let count = 0;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const inner = Object.values(next);
    count += inner.length;
    if (count > limits.bodyValuesMax) {
      const message = `has more than ${limits.bodyValuesMax} fields and elements`;
      return { pointer, code: 'too-many-values', message };
    }
    for (const one of inner) if (typeof one === 'object') queue.push(one);
  }
  return undefined;
}

/** PostgreSQL holds neither NUL nor half a surrogate pair; better to say so here than to fail at the insert. */
function findUnstorableText(value: unknown, pointer: string): Issue | undefined {
  // A list of what is still to be looked at: a body may be nested deeper than functions can call themselves.
  const queue: { value: unknown; pointer: string }[] = [{ value, pointer }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const at = next.pointer;
    if (typeof next.value === 'string' && !isStorable(next.value)) return unstorable(at);
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const [key, inner] of Object.entries(next.value).reverse()) {
      const inside = `${at}/${escapeKey(key)}`;
      if (key === '__proto__')
        return { pointer: `${at}/__proto__`, code: 'unknown-field', message: 'is not a field here' };
      if (!isStorable(key)) return unstorable(inside);
      queue.push({ value: inner, pointer: inside });
    }
  }
  return undefined;
}

const pointerCharactersMax = 500;

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function unstorable(at: string): Issue {
  // As deep as a body may be nested, nobody wants to read where it is.
  const pointer = at.length > pointerCharactersMax ? `${at.slice(0, pointerCharactersMax)}…` : at;
  return { pointer, code: 'unstorable-text', message: 'holds a NUL character or half of a surrogate pair' };
}
