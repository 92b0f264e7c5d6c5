import { expect, test } from 'vitest';
import { readSourceMap } from './source-map.ts';

test('an instruction is found by its offset, past the bytes that others carry', () => {
  // PUSH2 0x0102, ADD, STOP: fields that are left out are those of the entry before.
  const at = readSourceMap('10:5:0:-:0;:3;4:1:-1', '0x61010201' + '00');
  expect(at(0)).toEqual({ start: 10, length: 5, file: 0 });
  expect(at(1)).toBeUndefined();
  expect(at(3)).toEqual({ start: 10, length: 3, file: 0 });
  expect(at(4)).toBeUndefined();
});
