/** What happened to a stretch of the prompt: still free, read, or set aside to be reported. */
const free = 0;
const read = 1;
const aside = 2;

/** A prompt while it is being read. Rules take stretches; what nobody took is reported in the end. */
export interface Scan {
  readonly text: string;
  /** The text with everything taken replaced by NUL, so that no later rule matches over it. Same length. */
  unread(): string;
  /** The text with NUL only where it was read: what is set aside still stands there. */
  unexplained(): string;
  /** True where a rule has taken the text. */
  isRead(index: number): boolean;
  take(start: number, end: number): void;
  setAside(start: number, end: number, hint?: string): void;
  /** The hint that was given when something in this stretch was set aside. */
  hintFor(start: number, end: number): string | undefined;
  /** Bounds of the clause around a place: between commas, stops, line ends and words like `and`, `with`. */
  clauseAt(index: number): { start: number; end: number };
  clauses(): { start: number; end: number }[];
}

/** Where one clause ends and the next begins. A comma or point inside a number is none of these. */
const boundary =
  /[\n\r;!?()•]|,(?!\d)|\.(?=\s|$)|(?<=^|\n)\s*[-*]\s|\s[-–—]\s|\b(?:and|but|plus|with|that|which|where|whose|as well as|also)\b/gi;

/** @returns the prompt with nothing read yet. */
export function startScan(text: string): Scan {
  const state = new Uint8Array(text.length);
  const hints: { start: number; end: number; hint: string }[] = [];
  const clauses = splitClauses(text);
  const masked = (hidden: (value: number) => boolean) =>
    Array.from({ length: text.length }, (_, index) =>
      hidden(state[index] ?? free) ? '\0' : text[index],
    ).join('');
  return {
    text,
    unread: () => masked((value) => value !== free),
    unexplained: () => masked((value) => value === read),
    isRead: (index) => state[index] === read,
    take: (start, end) => {
      state.fill(read, start, end);
    },
    setAside: (start, end, hint) => {
      for (let index = start; index < end; index++) if (state[index] === free) state[index] = aside;
      if (hint) hints.push({ start, end, hint });
    },
    hintFor: (start, end) => hints.find((one) => one.start < end && start < one.end)?.hint,
    clauseAt: (index) => clauses.find((one) => index < one.end) ?? { start: 0, end: text.length },
    clauses: () => clauses,
  };
}

function splitClauses(text: string): { start: number; end: number }[] {
  const clauses: { start: number; end: number }[] = [];
  let start = 0;
  for (const match of text.matchAll(boundary)) {
    clauses.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  clauses.push({ start, end: text.length });
  return clauses.filter((one) => one.start < one.end);
}

/** @returns a case-insensitive, global expression that matches a pattern on whole words only. */
export function wholeWords(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${pattern})(?![\\p{L}\\p{N}_])`, 'giud');
}
