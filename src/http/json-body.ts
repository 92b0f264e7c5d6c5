import { isUtf8 } from 'node:buffer';
import { fail } from './errors.ts';
import { findJsonFault } from './json-fault.ts';

const depthMax = 64;

/**
 * Reads a JSON body. An empty body is no body.
 * @throws AppError `malformed-json` with the place, `json-too-deep`
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) {
    throw fail('malformed-json', { problem: 'bytes that are not UTF-8', line: 1, column: 1 });
  }
  if (nestsDeeperThan(bytes, depthMax)) throw fail('json-too-deep', { max: depthMax });
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column, problem } = findJsonFault(text);
    throw fail('malformed-json', { problem, line, column }, { cause: error, place: { line, column } });
  }
}

/** Guards everything that walks the value by recursion. Looks at bytes, because a body may be megabytes. */
function nestsDeeperThan(bytes: Buffer, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > max) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}
