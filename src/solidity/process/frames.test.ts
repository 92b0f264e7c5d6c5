import { expect, test } from 'vitest';
import { encodeFrame, type Frame, frameReader } from './frames.ts';

function readAll(chunks: Uint8Array[], bytesMax = 10_000): Frame[] {
  const frames: Frame[] = [];
  const read = frameReader(bytesMax, (frame) => frames.push(frame));
  for (const chunk of chunks) read(Buffer.from(chunk));
  return frames;
}

test('frames survive any cut of the stream', () => {
  const bytes = Buffer.concat([
    ...encodeFrame({ type: 'one' }, Buffer.from('payload ä')),
    ...encodeFrame({ type: 'two' }),
    ...encodeFrame({ type: 'three' }, Buffer.alloc(3_000, 7)),
  ]);
  for (const size of [1, 2, 7, 13, 1_000, bytes.length]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    const frames = readAll(chunks);
    expect(frames.map((frame) => frame.header)).toEqual([
      { type: 'one' },
      { type: 'two' },
      { type: 'three' },
    ]);
    expect(Buffer.from(frames[0]?.payload ?? []).toString()).toBe('payload ä');
    expect(frames[2]?.payload).toHaveLength(3_000);
  }
});

test.each([
  ['text', Buffer.from('Segmentation fault (core dumped)')],
  ['a header longer than its frame', Buffer.from([8, 0, 0, 0, 9, 0, 0, 0, 1, 1, 1, 1])],
  ['a header that is no JSON', Buffer.from([6, 0, 0, 0, 2, 0, 0, 0, 123, 123])],
  ['a frame over the limit', Buffer.concat(encodeFrame({}, Buffer.alloc(20_000)))],
])('%s is refused', (_, bytes) => {
  expect(() => readAll([bytes])).toThrow();
});
