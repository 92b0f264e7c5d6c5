import type { Span } from '../source-facts.ts';
import { tokenReader } from '../tokens.ts';

/** A piece of a source that can be left out by itself: a file-level statement, a contract, a member of one. */
export interface SourcePart extends Span {
  kind: 'import' | 'pragma' | 'contract' | 'function' | 'modifier' | 'other';
  /** As it was declared; the keyword for what has no name, such as `constructor` and `import`. */
  name: string;
  /** The contract it is a member of. */
  within: SourcePart | undefined;
  /** Where its header begins and what stands between its braces. */
  body: Span | undefined;
  /** False when its braces do not close; then it ends before the next definition. */
  closed: boolean;
  /** Of a contract. */
  members: SourcePart[];
  /** Of a contract: from `is` to its brace, and each base with its arguments. */
  bases: { list: Span; each: Span[] } | undefined;
}

/**
 * Cuts a source into parts, however broken it is: a body that does not close ends where the next definition begins, for no
 * function stands in another one (but in assembly).
 *
 * @returns the file-level parts in order; offsets are UTF-16, ends exclusive
 */
export function sourceParts(source: string): SourcePart[] {
  return new Cutter(source).fileParts();
}

/** @returns the smallest part that holds the whole span; undefined where it lies in none */
export function partAt(parts: readonly SourcePart[], span: Span): SourcePart | undefined {
  const holds = (one: Span) => one.start <= span.start && span.end <= Math.max(one.end, one.start + 1);
  const outer = parts.find(holds);
  return outer && (partAt(outer.members, span) ?? outer);
}

/** Words that begin a definition and can be nothing else, with what has to follow for it to be one. */
const name = /^[\w$]+$/;
const definitions = new Map([
  ['function', name],
  ['modifier', name],
  ['constructor', /^\($/],
  ['event', name],
  ['struct', name],
  ['enum', name],
  ['contract', name],
  ['interface', name],
  ['library', name],
  ['import', /^["'{*]/],
]);
const contractWords = new Set(['contract', 'interface', 'library']);
const withBody = new Set(['function', 'modifier', 'constructor', 'fallback', 'receive']);

/** The pieces of a source as numbers: a list of objects would be larger than a source of megabytes needs. */
class Cutter {
  private readonly source: string;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private at = 0;

  constructor(source: string) {
    this.source = source;
    const reader = tokenReader(source);
    for (reader.next(); reader.kind !== 'end'; reader.next()) {
      this.starts.push(reader.start);
      this.ends.push(reader.end);
    }
  }

  fileParts(): SourcePart[] {
    const parts: SourcePart[] = [];
    while (this.at < this.starts.length) parts.push(this.part(undefined));
    return parts;
  }

  private text(index = this.at): string {
    return this.source.slice(
      this.starts[index] ?? this.source.length,
      this.ends[index] ?? this.source.length,
    );
  }

  private get isOver(): boolean {
    return this.at >= this.starts.length;
  }

  /** Where the piece before the next one ended. */
  private get endBefore(): number {
    return this.ends[this.at - 1] ?? 0;
  }

  private part(within: SourcePart | undefined): SourcePart {
    const start = this.starts[this.at] ?? this.source.length;
    let word = this.text();
    if (word === 'abstract' && this.text(this.at + 1) === 'contract') {
      this.at++;
      word = 'contract';
    }
    const part: SourcePart = {
      ...{ kind: kindOf(word), name: word, start, end: start, within },
      ...{ body: undefined, closed: true, members: [], bases: undefined },
    };
    this.at++;
    if (name.test(this.text()) && definitions.has(word)) part.name = this.text();
    if (part.kind === 'contract') this.contract(part);
    else if (withBody.has(word) && word !== '}') this.callable(part);
    else if (word !== ';' && word !== '}') this.statement(part);
    part.end = Math.max(this.endBefore, start + 1);
    return part;
  }

  private contract(part: SourcePart): void {
    while (!this.isOver && this.text() !== '{' && this.text() !== ';' && !this.begins()) {
      if (this.text() === 'is') this.bases(part);
      else this.at++;
    }
    if (this.text() !== '{') return;
    const start = this.ends[this.at] ?? this.source.length;
    this.at++;
    while (!this.isOver && this.text() !== '}' && !this.beginsContract()) part.members.push(this.part(part));
    part.closed = this.text() === '}';
    part.body = { start, end: part.closed ? (this.starts[this.at] as number) : this.endBefore };
    if (part.closed) this.at++;
  }

  private bases(part: SourcePart): void {
    const list = { start: this.starts[this.at] as number, end: 0 };
    const each: Span[] = [];
    this.at++;
    while (!this.isOver && this.text() !== '{' && this.text() !== ';') {
      const start = this.starts[this.at] as number;
      while (!this.isOver && !/^[,{;]$/.test(this.text())) this.step();
      each.push({ start, end: this.endBefore });
      if (this.text() === ',') this.at++;
    }
    list.end = this.endBefore;
    part.bases = { list, each };
  }

  /** From behind its keyword to its closing brace, or its semicolon. */
  private callable(part: SourcePart): void {
    while (!this.isOver && !/^[{;}]$/.test(this.text()) && !this.begins()) this.step();
    if (this.text() === ';') this.at++;
    if (this.text() !== '{') return;
    const start = this.ends[this.at] ?? this.source.length;
    part.closed = this.block();
    const end = part.closed
      ? (this.starts[this.at - 1] as number)
      : (this.starts[this.at] ?? this.source.length);
    part.body = { start, end };
  }

  /** To the semicolon, or to the end of a block such as that of a struct. */
  private statement(part: SourcePart): void {
    while (!this.isOver && this.text() !== '}' && !this.begins()) {
      const text = this.text();
      if (text === '{') {
        part.closed = this.block();
        if (part.kind !== 'import' && part.name !== 'using' && this.text() !== ';') return;
      } else this.step();
      if (text === ';') return;
    }
  }

  /** Over one piece, or over everything in a pair of brackets. */
  private step(): void {
    const opened = this.text();
    this.at++;
    if (opened !== '(' && opened !== '[') return;
    for (let depth = 1; depth > 0 && !this.isOver && !/^[;{}]$/.test(this.text()); this.at++) {
      if (/^[([]$/.test(this.text())) depth++;
      else if (/^[)\]]$/.test(this.text())) depth--;
    }
  }

  /** Over a block. @returns whether it closes before the next definition */
  private block(): boolean {
    let depth = 0;
    let assemblyDepth = 0;
    for (; !this.isOver; this.at++) {
      const text = this.text();
      if (text === '{') {
        depth++;
        if (assemblyDepth === 0 && this.opensAssembly()) assemblyDepth = depth;
      } else if (text === '}') {
        if (depth === assemblyDepth) assemblyDepth = 0;
        depth--;
        if (depth === 0) {
          this.at++;
          return true;
        }
      } else if (assemblyDepth === 0 && this.begins()) return false;
    }
    return false;
  }

  /** `assembly {`, `assembly "evmasm" {`, `assembly ("memory-safe") {` */
  private opensAssembly(): boolean {
    const before = [1, 2, 3, 4].map((back) => this.text(this.at - back));
    return before.slice(0, /^[")']/.test(before[0] ?? '') ? 4 : 1).includes('assembly');
  }

  /** Whether a definition begins here. */
  private begins(): boolean {
    return definitions.get(this.text())?.test(this.text(this.at + 1)) === true;
  }

  private beginsContract(): boolean {
    const isAbstract = this.text() === 'abstract' && this.text(this.at + 1) === 'contract';
    return isAbstract || (contractWords.has(this.text()) && this.begins());
  }
}

function kindOf(word: string): SourcePart['kind'] {
  if (contractWords.has(word)) return 'contract';
  if (word === 'modifier' || word === 'import' || word === 'pragma') return word;
  return withBody.has(word) ? 'function' : 'other';
}
