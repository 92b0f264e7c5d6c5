import { z } from 'zod';
import { invariant } from '../lib/invariant.ts';
import { type Binary, type ErasedDefinition, isBinary } from './endpoint.ts';

/** @returns the schema of a reply with this status; undefined where the route declares none */
export function replySchema(
  definition: ErasedDefinition,
  status: number,
): z.ZodType | Binary | null | undefined {
  const { reply } = definition;
  if (!(reply instanceof z.ZodType)) return reply[status];
  return status === 200 || (definition.waitsFor && status === 202) ? reply : undefined;
}

/** Checks a reply against the route's own schema, where the server was told to (tests do). @throws InvariantError */
export function readReply(definition: ErasedDefinition, status: number, body: unknown): void {
  const schema = replySchema(definition, status);
  invariant(schema !== undefined, `${definition.route} declares no reply with status ${status}`);
  if (schema === null) {
    invariant(body === null, `${definition.route} sends a body with status ${status}`);
    return;
  }
  if (isBinary(schema)) {
    invariant(body instanceof Uint8Array, `${definition.route} sends no file with status ${status}`);
    return;
  }
  if (typeof body === 'string') return;
  const result = schema.safeParse(JSON.parse(JSON.stringify(body)));
  invariant(result.success, `${definition.route} breaks its reply schema: ${result.error?.message}`);
}
