import { posix } from 'node:path';
import { type Files, isSource, lineAt } from './files.ts';

/**
 * Blanks comments and the insides of strings, templates and regular expressions, keeping every offset and line:
 * what is left is code only, so that simple patterns cannot be fooled by a text that looks like code.
 */
export function codeOnly(text: string): string {
  const out = text.split('');
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i += 1) if (out[i] !== '\n') out[i] = ' ';
  };
  /** For each open `${`, how many braces are open inside it. */
  const templates: number[] = [];
  let before = '';
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    const pair = text.slice(at, at + 2);
    if (pair === '//' || (pair === '#!' && at === 0)) {
      const end = endOf(text, '\n', at);
      blank(at, end);
      at = end;
    } else if (pair === '/*') {
      const end = Math.min(text.length, endOf(text, '*/', at) + 2);
      blank(at, end);
      at = end;
    } else if (char === "'" || char === '"') {
      const end = closing(text, char, at + 1);
      blank(at + 1, end);
      at = end + 1;
      before = char;
    } else if (char === '`' || (char === '}' && templates.at(-1) === 0)) {
      if (char === '}') templates.pop();
      const end = templateEnd(text, at + 1);
      blank(at + 1, end);
      if (text[end] === '$') {
        templates.push(0);
        at = end + 2;
        before = '{';
      } else {
        at = end + 1;
        before = '`';
      }
    } else if (char === '/' && startsRegExp(before, text, at)) {
      const end = regExpEnd(text, at + 1);
      blank(at + 1, end);
      at = end + 1;
      before = '/';
    } else {
      const depth = templates.length - 1;
      if (char === '{' && depth >= 0) templates[depth] = (templates[depth] ?? 0) + 1;
      if (char === '}' && depth >= 0) templates[depth] = (templates[depth] ?? 0) - 1;
      if (!/\s/.test(char)) before = char;
      at += 1;
    }
  }
  return out.join('');
}

/** One import or re-export. */
export interface Import {
  specifier: string;
  /** The repository path it leads to, or null for a package. */
  target: string | null;
  /** True when nothing of it is left at run time. */
  typeOnly: boolean;
  line: number;
}

const statement = /\b(import|export)\b([^;'"`()]*?)\bfrom\s*(['"])|\bimport\s*(['"])|\bimport\s*\(\s*(['"])/g;

/** @returns everything that the TypeScript file at `path` imports */
export function importsOf(path: string, text: string): Import[] {
  const code = codeOnly(text);
  const imports: Import[] = [];
  for (const match of code.matchAll(statement)) {
    const start = match.index + match[0].length;
    const quote = match[3] ?? match[4] ?? match[5] ?? "'";
    const specifier = text.slice(start, code.indexOf(quote, start));
    imports.push({
      specifier,
      target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null,
      typeOnly: isTypeOnly(match[2] ?? ''),
      line: lineAt(text, match.index),
    });
  }
  return imports;
}

/** @returns the imports of every TypeScript file */
export function allImports(files: Files): Map<string, Import[]> {
  const all = new Map<string, Import[]>();
  for (const [path, text] of files) if (isSource(path)) all.set(path, importsOf(path, text));
  return all;
}

/** `type X`, or braces in which every name is a type. */
function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b(?!\s*,)/.test(clause)) return true;
  const names =
    /^\s*\{([^}]*)\}\s*$/
      .exec(clause)?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? [];
  const real = names.filter((name) => name !== '');
  return real.length > 0 && real.every((name) => name.startsWith('type '));
}

function endOf(text: string, needle: string, from: number): number {
  const found = text.indexOf(needle, from);
  return found < 0 ? text.length : found;
}

function closing(text: string, quote: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== quote && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** Offset of the closing backtick, or of the `$` of the next `${`. */
function templateEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '`' && text.slice(at, at + 2) !== '${')
    at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** A slash begins a regular expression where a value may begin: not after a name, a number or a closing bracket. */
function startsRegExp(before: string, text: string, at: number): boolean {
  if (/\b(return|typeof|case|in|of|yield|await)\s*$/.test(text.slice(Math.max(0, at - 12), at))) return true;
  return !/[\w$)\]}'"`]/.test(before);
}

function regExpEnd(text: string, from: number): number {
  let inClass = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '\n' || (char === '/' && !inClass)) return at;
  }
  return text.length;
}
