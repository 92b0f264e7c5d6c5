import { type Check, type Files, isTest, lineAt, type Problem } from './files.ts';
import { codeOnly } from './scan.ts';

/** An error code of a catalogue and where it stands. */
export interface ErrorCode {
  code: string;
  file: string;
  line: number;
}

/** A code is what programs decide by, so it means one thing, and its form is one. */
export const checkErrorCodes: Check = (files) => {
  const first = new Map<string, ErrorCode>();
  const problems: Problem[] = [];
  for (const found of errorCodes(files)) {
    const { code, file, line } = found;
    const earlier = first.get(code);
    if (earlier) {
      const message = `the error code \`${code}\` is used in ${earlier.file}:${earlier.line} already`;
      problems.push({
        file,
        line,
        message,
        remedy: 'Give this error a code of its own, or use the other catalogue’s.',
      });
    } else first.set(code, found);
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code)) {
      problems.push({
        file,
        line,
        message: `the error code \`${code}\` is not kebab-case`,
        remedy: 'Write it like `unknown-network`.',
      });
    }
  }
  return problems;
};

/** @returns every code of every `catalogue({…})` in src/ */
export function errorCodes(files: Files): ErrorCode[] {
  const codes: ErrorCode[] = [];
  for (const [file, text] of files) {
    if (!file.startsWith('src/') || !file.endsWith('.ts') || isTest(file)) continue;
    const code = codeOnly(text);
    for (const match of code.matchAll(/\bcatalogue\s*\(\s*\{/g)) {
      for (const { key, at } of keysOf(text, code, match.index + match[0].length)) {
        codes.push({ code: key, file, line: lineAt(text, at) });
      }
    }
  }
  return codes;
}

/** The keys of the object literal whose inside begins at `start`; in `code` what stands in strings is blanked. */
function keysOf(text: string, code: string, start: number): { key: string; at: number }[] {
  const keys: { key: string; at: number }[] = [];
  let depth = 1;
  let expectKey = true;
  for (let at = start; at < code.length && depth > 0; at += 1) {
    const char = code[at] ?? '';
    if ('{[('.includes(char)) depth += 1;
    else if ('}])'.includes(char)) depth -= 1;
    else if (depth === 1 && char === ',') expectKey = true;
    else if (depth === 1 && expectKey && /[\w$'"]/.test(char)) {
      const quoted = char === "'" || char === '"';
      const end = quoted
        ? code.indexOf(char, at + 1)
        : at + (/^[\w$]+/.exec(code.slice(at))?.[0].length ?? 1);
      keys.push({ key: text.slice(quoted ? at + 1 : at, end), at });
      expectKey = false;
      at = end;
    }
  }
  return keys;
}
