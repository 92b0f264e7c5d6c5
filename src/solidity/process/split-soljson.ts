/**
 * Takes a `soljson.js` apart into its WebAssembly bytes and the JavaScript around them, so that the module
 * is compiled once for all threads, and loading costs 100 ms instead of 250. Two packings exist: base64 of LZ4 blocks
 * (0.8) and a base64 data URI (0.6, 0.7). The asm.js builds of 0.4 and 0.5 have no module and come back whole.
 */
export function splitSoljson(source: string): { glue: string; wasm?: Uint8Array<ArrayBuffer> } {
  // Plain searches: a regular expression over a line of nine megabytes overflows its stack.
  const packed = between(source, '})("', '", ');
  if (packed && packed.text.length > 100_000) {
    const statementEnd = source.indexOf(');', packed.end);
    const wasmBytes = Number(source.slice(packed.end + 3, statementEnd));
    const wasm = unpackLz4(Buffer.from(packed.text, 'base64'), wasmBytes);
    return { glue: `var Module = Module || {};${source.slice(statementEnd + 2)}`, wasm };
  }
  const uri = between(source, '"data:application/octet-stream;base64,AGFzb', '"');
  if (uri) {
    const wasm = new Uint8Array(Buffer.from(`AGFzb${uri.text}`, 'base64'));
    return { glue: `${source.slice(0, uri.start)}""${source.slice(uri.end + 1)}`, wasm };
  }
  return { glue: source };
}

function between(text: string, open: string, close: string) {
  const start = text.indexOf(open);
  if (start < 0) return undefined;
  const end = text.indexOf(close, start + open.length);
  return end < 0 ? undefined : { start, end, text: text.slice(start + open.length, end) };
}

/** LZ4 blocks (lz4_Block_format.md), each after its length as u32, the top bit set for a block that is stored as it is. */
function unpackLz4(input: Uint8Array, outputBytes: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(outputBytes);
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  let to = 0;
  while (at + 4 <= input.length) {
    const head = view.getUint32(at, true);
    const length = head & 0x7fffffff;
    if (length === 0) break;
    at += 4;
    if (head > 0x7fffffff) {
      output.set(input.subarray(at, at + length), to);
      to += length;
    } else {
      to = unpackBlock(input, at, at + length, output, to);
    }
    at += length;
  }
  return output;
}

/**
 * Plain loops over plain variables. (A closure that moves the read position was compiled wrongly by V8 14.x while it
 * optimised the running loop: the first unpacking of a process differed from the second.)
 */
function unpackBlock(
  input: Uint8Array,
  from: number,
  end: number,
  output: Uint8Array,
  start: number,
): number {
  let at = from;
  let to = start;
  while (at < end) {
    const token = input[at] as number;
    at += 1;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        more = input[at] as number;
        at += 1;
        literals += more;
      }
    }
    const literalsEnd = at + literals;
    while (at < literalsEnd) {
      output[to] = input[at] as number;
      to += 1;
      at += 1;
    }
    if (at >= end) break;
    const distance = (input[at] as number) | ((input[at + 1] as number) << 8);
    at += 2;
    let length = token & 15;
    if (length === 15) {
      let more = 255;
      while (more === 255) {
        more = input[at] as number;
        at += 1;
        length += more;
      }
    }
    // A match may overlap its own output, so it is copied byte by byte.
    const stop = to + length + 4;
    while (to < stop) {
      output[to] = output[to - distance] as number;
      to += 1;
    }
  }
  return to;
}
