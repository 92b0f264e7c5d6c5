import { tokenReader } from '../tokens.ts';
import type { PreparedCompile } from '../types.ts';
import { type SourcePart, sourceParts } from './source-parts.ts';

/** A file of the caller's, or one contract in it. */
export interface OnePart {
  file: string;
  contract?: string;
}

/** @returns the contracts of the caller's own files, in order */
export function contractsOf({ input, ownFiles }: PreparedCompile): Required<OnePart>[] {
  return ownFiles.flatMap((file) =>
    sourceParts(input.sources[file]?.content ?? '')
      .filter(({ kind }) => kind === 'contract')
      .map(({ name: contract }) => ({ file, contract })),
  );
}

/** The same input with only one contract and what it names, directly or by what it names; the rest is blank. */
export function keepOnly(prepared: PreparedCompile, { file, contract }: OnePart): PreparedCompile {
  const own = new Set(prepared.ownFiles);
  const { sources } = prepared.input;
  const held = [...own].flatMap((name) => {
    const text = sources[name]?.content ?? '';
    return sourceParts(text).flatMap((part) =>
      part.kind === 'contract' ? [{ file: name, part, text }] : [],
    );
  });
  const wanted = new Set<SourcePart>();
  const open = held.filter((one) => one.file === file && one.part.name === contract);
  for (let next = open.pop(); next; next = open.pop()) {
    if (wanted.has(next.part)) continue;
    wanted.add(next.part);
    const words = wordsOf(next.text.slice(next.part.start, next.part.end));
    open.push(...held.filter(({ part }) => words.has(part.name)));
  }
  const reduced = Object.entries(sources).map(([name, source]) => {
    const rest = held.filter((one) => one.file === name && !wanted.has(one.part));
    return [name, rest.length === 0 ? source : { content: blank(source.content, rest) }] as const;
  });
  return {
    ...prepared,
    ownFiles: [file],
    input: { ...prepared.input, sources: Object.fromEntries(reduced) },
  };
}

function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  const reader = tokenReader(text);
  for (reader.next(); reader.kind !== 'end'; reader.next())
    if (reader.kind === 'word') words.add(reader.text());
  return words;
}

function blank(text: string, rest: readonly { part: SourcePart }[]): string {
  let result = text;
  for (const { part } of rest) {
    const blanks = result.slice(part.start, part.end).replace(/[^\r\n]/g, ' ');
    result = result.slice(0, part.start) + blanks + result.slice(part.end);
  }
  return result;
}
