/** Reads a stream of chunks in pieces of a given length. */
export interface ByteReader {
  /** @returns the next `length` bytes, fewer where the stream ends before */
  read(length: number): Promise<Buffer>;
  /** Passes over bytes without keeping them. @returns how many there were */
  skip(length: number): Promise<number>;
}

/** Makes it; what the chunks' source throws comes out of `read` and `skip`. */
export function byteReader(chunks: AsyncIterator<Uint8Array>): ByteReader {
  let held: Uint8Array = new Uint8Array();

  return { read, skip };

  async function read(length: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    await take(length, (piece) => pieces.push(piece));
    return pieces.length === 1 ? Buffer.from(pieces[0] as Uint8Array) : Buffer.concat(pieces);
  }

  function skip(length: number): Promise<number> {
    return take(length, () => {});
  }

  async function take(length: number, use: (piece: Uint8Array) => void): Promise<number> {
    let taken = 0;
    while (taken < length) {
      if (held.length === 0) {
        const next = await chunks.next();
        if (next.done) break;
        held = next.value;
        continue;
      }
      const piece = held.subarray(0, length - taken);
      held = held.subarray(piece.length);
      taken += piece.length;
      use(piece);
    }
    return taken;
  }
}
