/** A range of a source file, in bytes; `file` is the compiler's number. */
export interface SourceRange {
  start: number;
  length: number;
  file: number;
}

/**
 * Says which source an instruction was made from (Solidity documentation, "Source Mappings").
 *
 * @param map the compressed mapping of one contract's code, `s:l:f:j:m;…`
 * @param code the same code in hex, links and immutables filled in or not
 * @returns a function from a byte offset in the code to its source; undefined for what the compiler added
 */
export function readSourceMap(map: string, code: string): (pc: number) => SourceRange | undefined {
  const ranges: (SourceRange | undefined)[] = [];
  let [start, length, file] = [0, 0, -1];
  for (const entry of map.split(';')) {
    const [s, l, f] = entry.split(':');
    if (s) start = Number(s);
    if (l) length = Number(l);
    if (f) file = Number(f);
    ranges.push(file < 0 ? undefined : { start, length, file });
  }
  const byOffset = new Map<number, SourceRange | undefined>();
  const digits = code.startsWith('0x') ? code.slice(2) : code;
  for (let at = 0, index = 0; at < digits.length / 2 && index < ranges.length; index++) {
    byOffset.set(at, ranges[index]);
    const op = Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16);
    at += op >= 0x60 && op <= 0x7f ? op - 0x5e : 1; // PUSH1 … PUSH32 carry their bytes.
  }
  return (pc) => byOffset.get(pc);
}
