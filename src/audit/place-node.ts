import { Buffer } from 'node:buffer';
import type { AstNode } from '../solidity/types.ts';
import { walk } from './ir/ast.ts';
import type { Place } from './tools/types.ts';

/**
 * Finds the nodes that other analysers speak of, which know only a line and perhaps a column: the outermost one that
 * begins there, else the innermost one around it.
 *
 * @returns a function that gives undefined for a line that the file does not have
 */
export function nodeFinder(root: AstNode, text: string): (place: Place) => AstNode | undefined {
  const lines = text.split('\n');
  const lineStarts = [0];
  for (const line of lines) lineStarts.push((lineStarts.at(-1) ?? 0) + Buffer.byteLength(line, 'utf8') + 1);
  const nodes: AstNode[] = [];
  walk(root, (node) => {
    nodes.push(node);
  });
  const spans = nodes.map(({ src }) => src.split(':').map(Number));

  return (place) => {
    const offset = offsetOf(place);
    if (offset === undefined) return undefined;
    let around: AstNode | undefined;
    for (const [index, [start = 0, length = 0]] of spans.entries()) {
      if (start === offset && index > 0) return nodes[index];
      if (start <= offset && offset < start + length) around = nodes[index];
    }
    return around;
  };

  /** In bytes of UTF-8, as nodes count. Without a column: of the first thing on the line. */
  function offsetOf({ line, column }: Place): number | undefined {
    const wanted = lines[line - 1];
    if (wanted === undefined) return undefined;
    const indent = wanted.length - wanted.trimStart().length;
    const within = wanted.slice(0, column === undefined ? indent : column - 1);
    return (lineStarts[line - 1] ?? 0) + Buffer.byteLength(within, 'utf8');
  }
}
