import type { Span } from '../source-facts.ts';
import { tokenReader } from '../tokens.ts';
import { partAt, type SourcePart, sourceParts } from './source-parts.ts';

/** Something of the sources that could not be looked at, and why. */
export interface LeftOut {
  file: string;
  /** Line that it begins at, from 1. */
  line: number;
  contract?: string;
  /** The function or modifier. */
  function?: string;
  /** What it is, in words: `function pay`, `the body of function pay`, `import`, `the whole file`. */
  what: string;
  /** What the compiler says about it. */
  reason: string;
  /** True for what hides no code: all of it was read, though not by the compiler that it names. */
  isRead?: true;
}

/** What is left of a function when parts of it were left out: the audit must not take it for the whole. */
export interface Remnant {
  file: string;
  /** UTF-16 offset of the first character between its braces. */
  bodyStart: number;
  /** True when its body was left out. */
  isBodiless: boolean;
  /** Modifiers that were left out of its header: guards that nobody knows. */
  modifiers: string[];
}

/** A fault in one of the texts; offsets are UTF-16. */
export interface Fault extends Span {
  file: string;
  message: string;
  code: string | undefined;
}

/** Sources of which parts are left out, one after the other, until they compile. */
export interface Reduction {
  texts: ReadonlyMap<string, string>;
  leftOut: LeftOut[];
  remnants: Remnant[];
  /**
   * Leaves out the smallest part that holds each fault.
   * @returns false when there was nothing left that could be left out
   */
  leaveOut(faults: readonly Fault[]): boolean;
  /** Leaves out everything that these faults stand in at the level of the file: contracts, imports, free functions. */
  leaveOutWhole(faults: readonly Fault[]): boolean;
}

/** `Contract "A" should be marked as abstract.` */
const mustBeAbstract = '3656';
const abstractWord = 'abstract ';

/**
 * Blanks parts of texts by spaces, so that lines and columns stay what they were. A guard is never taken away from code that
 * stays: a modifier that is left out is noted with its function.
 */
export function reduceSources(sources: Readonly<Record<string, string>>): Reduction {
  const texts = new Map(Object.entries(sources));
  const leftOut = new Map<string, LeftOut>();
  const remnants = new Map<string, Remnant>();
  /** Parts that this round has left out already: many faults stand in one function. */
  let gone = new Set<SourcePart>();
  return {
    texts,
    get leftOut() {
      return [...leftOut.values()];
    },
    get remnants() {
      return [...remnants.values()];
    },
    leaveOut: (faults) => each(faults, leaveOutPart),
    leaveOutWhole: (faults) => each(faults, leaveOutTop),
  };

  function each(
    faults: readonly Fault[],
    act: (fault: Fault, parts: SourcePart[], text: string) => boolean,
  ): boolean {
    let isChanged = false;
    gone = new Set();
    for (const file of new Set(faults.map((fault) => fault.file))) {
      const text = texts.get(file);
      if (text === undefined) continue;
      const parts = sourceParts(text);
      if (closeParts(file, parts, faults)) {
        isChanged = true;
        continue;
      }
      // From the end to the beginning: what is put in moves nothing that is still to come.
      const own = faults.filter((fault) => fault.file === file).sort((a, b) => b.start - a.start);
      for (const fault of own) if (act(fault, parts, texts.get(file) ?? text)) isChanged = true;
    }
    return isChanged;
  }

  /** A brace too few: what does not close is the part at fault, wherever the compiler notices. */
  function closeParts(file: string, parts: readonly SourcePart[], faults: readonly Fault[]): boolean {
    const all = parts.flatMap((part) => [part, ...part.members]);
    const open = all.filter((part) => !part.closed && part.body);
    const first = faults.find((fault) => fault.file === file);
    if (!first) return false;
    for (const part of open.sort((a, b) => b.start - a.start)) {
      const text = texts.get(file) ?? '';
      const body = part.body as Span;
      if (part.kind === 'contract') insert(file, body.end, '}');
      else leaveOutBody(part, { ...first, ...body }, text);
    }
    return open.length > 0;
  }

  function leaveOutBody(part: SourcePart, fault: Fault, text: string): void {
    const body = part.body as Span;
    replace(fault.file, body, bodyOf(part, body, text));
    const key = `${fault.file}:${body.start}`;
    const modifiers = remnants.get(key)?.modifiers ?? [];
    remnants.set(key, { file: fault.file, bodyStart: body.start, isBodiless: true, modifiers });
    note(fault, part, text, 'the body of ');
    gone.add(part);
  }

  function leaveOutPart(fault: Fault, parts: SourcePart[], text: string): boolean {
    const part = partAt(parts, fault);
    if (!part) return blankFile(fault, text);
    if (gone.has(part) || (part.within && gone.has(part.within))) return true;
    if (part.kind === 'contract') return inContract(part, fault, text);
    if (part.kind === 'import' && leaveOutName(part, fault, text)) return true;
    const isCallable = part.kind === 'function' || part.kind === 'modifier';
    const { body } = part;
    if (isCallable && body && fault.start >= body.start && !isBlank(text, body)) {
      leaveOutBody(part, fault, text);
      return true;
    }
    if (isCallable && inHeader(part, fault, text)) return true;
    return blankPart(part, fault, text);
  }

  /** A modifier nobody knows, or an `override` of nothing: the rest of the function stays. */
  function inHeader(part: SourcePart, fault: Fault, text: string): boolean {
    const { body } = part;
    const marked = text.slice(fault.start, fault.end);
    if (!body || fault.start >= body.start) return false;
    if (fault.end > fault.start && marked.trim() === '') return true;
    if (/^override\b/.test(marked)) {
      replace(fault.file, fault, '');
      return true;
    }
    if (
      !isBehindParameters(text.slice(part.start, fault.start)) ||
      !/^[\w$.]+$/.test(marked) ||
      part.kind !== 'function'
    )
      return false;
    const given = /^\s*\([^()]*(?:\([^()]*\)[^()]*)*\)/.exec(text.slice(fault.end, body.start))?.[0] ?? '';
    replace(fault.file, { start: fault.start, end: fault.end + given.length }, '');
    const key = `${fault.file}:${body.start}`;
    const known = remnants.get(key) ?? {
      file: fault.file,
      bodyStart: body.start,
      isBodiless: false,
      modifiers: [],
    };
    remnants.set(key, { ...known, modifiers: [...known.modifiers, marked] });
    note(fault, part, text, `the modifier ${marked} of `);
    return true;
  }

  /** `Declaration "X" not found in …`: the other names of the import stay. */
  function leaveOutName(part: SourcePart, fault: Fault, text: string): boolean {
    const name =
      fault.code === undefined ? undefined : /^Declaration "([\w$]+)" not found/.exec(fault.message)?.[1];
    if (name === undefined) return false;
    const statement = text.slice(part.start, part.end);
    const one = String.raw`${name.replace(/\$/g, '\\$')}(?:\s+as\s+[\w$]+)?\s*`;
    const found = new RegExp(String.raw`(?<![\w$])${one},|,\s*${one}(?=\})`).exec(statement);
    if (!found) return false;
    const start = part.start + found.index;
    replace(fault.file, { start, end: start + found[0].length }, '');
    note(fault, part, text, `${name} of `);
    return true;
  }

  function inContract(part: SourcePart, fault: Fault, text: string): boolean {
    const { bases } = part;
    const marked = bases?.each.findIndex((one) => one.start <= fault.start && fault.end <= one.end) ?? -1;
    if (bases && marked >= 0) {
      replace(fault.file, baseSpan(bases, marked), '');
      const name = text.slice(fault.start, fault.end);
      note(fault, part, text, `the base ${name} of `);
      return true;
    }
    if (fault.code === mustBeAbstract && !text.startsWith('abstract', part.start)) {
      insert(fault.file, part.start, abstractWord);
      gone.add(part);
      return true;
    }
    return blankPart(part, fault, text);
  }

  function leaveOutTop(fault: Fault, parts: SourcePart[], text: string): boolean {
    const top = parts.find((part) => part.start <= fault.start && fault.start < part.end);
    return top ? blankPart(top, fault, text) : blankFile(fault, text);
  }

  function blankPart(part: SourcePart, fault: Fault, text: string): boolean {
    if (isBlank(text, part)) return blankFile(fault, text);
    replace(fault.file, part, '');
    gone.add(part);
    note(fault, part, text, '');
    return true;
  }

  function blankFile(fault: Fault, text: string): boolean {
    if (text.trim() === '') return false;
    replace(fault.file, { start: 0, end: text.length }, '');
    leftOut.set(fault.file, { file: fault.file, line: 1, what: 'the whole file', reason: fault.message });
    return true;
  }

  function note(fault: Fault, part: SourcePart, text: string, whatOf: string): void {
    const { file, message } = fault;
    const contract = part.kind === 'contract' ? part : part.within;
    const isCallable = part.kind === 'function' || part.kind === 'modifier';
    const line = text.slice(0, part.start).split('\n').length;
    const word = /^[\w$]+/.exec(text.slice(part.start, part.start + 40))?.[0] ?? 'text';
    const shown = word === part.name || part.kind === 'other' ? wordsOf(part, text) : `${word} ${part.name}`;
    leftOut.set(`${file}:${part.start}:${whatOf}`, {
      ...{ file, line },
      ...(contract ? { contract: contract.name } : {}),
      ...(isCallable ? { function: part.name } : {}),
      what: `${whatOf}${shown}`,
      reason: message,
    });
  }

  function replace(file: string, { start, end }: Span, by: string): void {
    const text = texts.get(file) ?? '';
    const blanks = text.slice(start, end).replace(/[^\r\n]/g, ' ');
    texts.set(file, text.slice(0, start) + overlay(blanks, by) + text.slice(end));
  }

  function insert(file: string, at: number, what: string): void {
    const text = texts.get(file) ?? '';
    texts.set(file, text.slice(0, at) + what + text.slice(at));
    for (const [key, one] of [...remnants]) {
      if (one.file !== file || one.bodyStart < at) continue;
      remnants.delete(key);
      const bodyStart = one.bodyStart + what.length;
      remnants.set(`${file}:${bodyStart}`, { ...one, bodyStart });
    }
  }
}

/** A body that compiles whatever the function returns; one that did not close gets its brace at its end. */
function bodyOf(part: SourcePart, body: Span, text: string): string {
  const statement = part.kind === 'modifier' ? '_;' : 'revert();';
  const room = longestBlank(text.slice(body.start, body.end));
  if (part.closed) return room >= statement.length ? statement : '';
  return room > statement.length ? `${statement}}` : '}';
}

function longestBlank(text: string): number {
  return Math.max(0, ...text.split(/\r|\n/).map((line) => line.length));
}

/** Puts a text into the first line of blanks that has room for it. */
function overlay(blanks: string, by: string): string {
  if (by === '') return blanks;
  const at = blanks.indexOf(' '.repeat(by.length));
  return at < 0 ? blanks : blanks.slice(0, at) + by + blanks.slice(at + by.length);
}

/** The base with the comma beside it; with `is` when it is the only one. */
function baseSpan({ list, each }: NonNullable<SourcePart['bases']>, index: number): Span {
  const at = each[index] as Span;
  if (each.length === 1) return list;
  const next = each[index + 1];
  const before = each[index - 1];
  return next ? { start: at.start, end: next.start } : { start: before?.end ?? at.start, end: at.end };
}

function isBlank(text: string, { start, end }: Span): boolean {
  return /^\s*(?:revert\(\);|_;)?\s*\}?\s*$/.test(text.slice(start, end));
}

function wordsOf(part: SourcePart, text: string): string {
  if (part.kind === 'import' || part.kind === 'pragma') return `the ${part.kind}`;
  if (part.kind !== 'other') return part.name;
  const words =
    text
      .slice(part.start, part.start + 60)
      .split('\n')[0]
      ?.trim() ?? '';
  return `"${words.replace(/\s+/g, ' ').slice(0, 60)}"`;
}

/** From its keyword on, a function's header has its parameters behind it, and what it returns still before it. */
function isBehindParameters(header: string): boolean {
  const reader = tokenReader(header);
  let depth = 0;
  let isClosed = false;
  for (reader.next(); reader.kind !== 'end'; reader.next()) {
    const token = reader.text();
    if (token === 'returns') return false;
    if (token === '(') depth++;
    else if (token === ')') depth--;
    isClosed ||= token === ')' && depth === 0;
  }
  return isClosed && depth === 0;
}
