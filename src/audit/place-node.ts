import { Buffer } from 'node:buffer';
import type { AstNode } from '../solidity/types.ts';
import { walk } from './ir/ast.ts';
import type { Place } from './tools/types.ts';

/**
 * Finds the node that another analyser speaks of, which knows only a line and perhaps a column: the outermost one that
 * begins there, else the innermost one around it.
 *
 * @returns undefined for a line that the file does not have
 */
export function nodeAt(root: AstNode, text: string, place: Place): AstNode | undefined {
  const offset = offsetOf(text, place);
  if (offset === undefined) return undefined;
  let begins: AstNode | undefined;
  let around: AstNode | undefined;
  walk(root, (node) => {
    const [start = 0, length = 0] = node.src.split(':').map(Number);
    if (start === offset && node !== root) begins ??= node;
    if (start <= offset && offset < start + length) around = node;
  });
  return begins ?? around;
}

/** In bytes of UTF-8, as nodes count. Without a column: of the first thing on the line. */
function offsetOf(text: string, { line, column }: Place): number | undefined {
  const lines = text.split('\n');
  const wanted = lines[line - 1];
  if (wanted === undefined) return undefined;
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const indent = wanted.length - wanted.trimStart().length;
  const within = Math.min(column === undefined ? indent : column - 1, wanted.length);
  return Buffer.byteLength(text.slice(0, before + within), 'utf8');
}
