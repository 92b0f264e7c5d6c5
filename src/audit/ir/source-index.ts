import { Buffer } from 'node:buffer';
import { limits } from '../../lib/limits.ts';
import type { AstNode, Sources } from '../../solidity/types.ts';
import type { Location } from '../types.ts';

/** Turns the compiler's `src` (byte offsets into UTF-8) into places that people and editors use. */
export interface SourceIndex {
  /** @returns the place of a node, or undefined for a node of a file that is not among the sources. */
  locate(node: AstNode, note?: string): Location | undefined;
  /** @returns the source text of a node. */
  text(node: AstNode): string;
  /** @returns the path of the file a node stands in. */
  fileOf(node: AstNode): string | undefined;
  /** @returns the lines of a file, without their ends; line 1 is at index 0. */
  lines(file: string): string[];
}

/**
 * @param sources path → text, as they were compiled
 * @param asts the same files' syntax trees: their roots carry the compiler's file numbers
 */
export function indexSources(sources: Sources, asts: Record<string, AstNode>): SourceIndex {
  const files = new Map<number, string>();
  for (const [file, root] of Object.entries(asts)) files.set(parseSrc(root.src)[2], file);
  const entries = new Map<string, FileEntry>();
  const entry = (file: string) => {
    let found = entries.get(file);
    if (!found) {
      found = indexFile(sources[file] ?? '');
      entries.set(file, found);
    }
    return found;
  };
  return {
    fileOf: (node) => files.get(parseSrc(node.src)[2]),
    text(node) {
      const [start, length, number] = parseSrc(node.src);
      const file = files.get(number);
      return file === undefined ? '' : entry(file).slice(start, start + length);
    },
    lines: (file) => (sources[file] ?? '').split(/\r\n|\r|\n/),
    locate(node, note) {
      const [start, length, number] = parseSrc(node.src);
      const file = files.get(number);
      if (file === undefined || sources[file] === undefined) return undefined;
      const from = entry(file).position(start);
      const to = entry(file).position(start + length);
      return {
        file,
        line: from.line,
        column: from.column,
        endLine: to.line,
        endColumn: to.column,
        excerpt: shorten(entry(file).slice(start, start + length)),
        ...(note === undefined ? {} : { note }),
      };
    },
  };
}

interface FileEntry {
  slice(from: number, to: number): string;
  position(offset: number): { line: number; column: number };
}

function indexFile(text: string): FileEntry {
  const bytes = Buffer.from(text, 'utf8');
  const lineStarts = [0];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a)) lineStarts.push(at + 1);
  }
  // A text without multi-byte characters needs no decoding: byte offsets are string offsets.
  const plain = bytes.length === text.length;
  const slice = (from: number, to: number) =>
    plain ? text.slice(from, to) : bytes.toString('utf8', from, to);
  return {
    slice,
    position(offset) {
      let low = 0;
      let high = lineStarts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((lineStarts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: slice(lineStarts[low] ?? 0, offset).length + 1 };
    },
  };
}

function parseSrc(src: string): [number, number, number] {
  const [start, length, file] = src.split(':');
  return [Number(start), Number(length), Number(file)];
}

function shorten(text: string): string {
  const max = limits.excerptCharactersMax;
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
