/**
 * How the service and its compiler process talk over a pipe: each frame is
 * `u32 length | u32 header length | header (JSON) | payload (bytes)`, little endian.
 * The payload (standard JSON in and out, megabytes) is never escaped or parsed on the way.
 * This folder imports nothing from outside itself: the compiler process may read no other file.
 */
export interface Frame {
  header: unknown;
  payload: Uint8Array;
}

/** @returns the pieces to write, in order; the payload is not copied. */
export function encodeFrame(header: unknown, payload: Uint8Array = new Uint8Array()): Uint8Array[] {
  const headerBytes = Buffer.from(JSON.stringify(header), 'utf8');
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(4 + headerBytes.length + payload.length, 0);
  lengths.writeUInt32LE(headerBytes.length, 4);
  return payload.length > 0 ? [lengths, headerBytes, payload] : [lengths, headerBytes];
}

/**
 * Cuts a stream of bytes into frames.
 *
 * @param frameBytesMax a longer frame is a protocol error
 * @returns a function that takes the next chunk; it throws when the bytes are not frames
 */
export function frameReader(frameBytesMax: number, onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;

  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    for (;;) {
      if (held < 8) return;
      if ((chunks[0]?.length ?? 0) < 8) chunks = [Buffer.concat(chunks)];
      const first = chunks[0] as Buffer;
      const length = first.readUInt32LE(0);
      const headerLength = first.readUInt32LE(4);
      if (length > frameBytesMax || headerLength + 4 > length) throw new Error('not a frame');
      if (held < 4 + length) return;
      const all = chunks.length === 1 ? first : Buffer.concat(chunks);
      const rest = all.subarray(4 + length);
      chunks = rest.length > 0 ? [rest] : [];
      held = rest.length;
      const header: unknown = JSON.parse(all.toString('utf8', 8, 8 + headerLength));
      onFrame({ header, payload: all.subarray(8 + headerLength, 4 + length) });
    }
  };
}
