import { describe, expect, test } from 'vitest';
import { adderRuntime, box } from '../../test/support/box-contract.ts';
import type { Hex } from '../chain/types.ts';
import { codeMatchesBuild } from './compare-code.ts';

const plain = (bytecode: Hex) => ({ bytecode, immutableReferences: {} });
const runtime = { bytecode: box.runtime, immutableReferences: box.immutableReferences };

/** Writes bytes into code, as a deployment or a forger would. */
function patch(code: Hex, at: number, hex: string): Hex {
  const start = 2 + at * 2;
  return `${code.slice(0, start)}${hex}${code.slice(start + hex.length)}` as Hex;
}

describe('what a deployment may change', () => {
  test('nothing at all', () => expect(codeMatchesBuild(box.runtime, runtime)).toBe(true));

  test('immutables', () => {
    const [place] = Object.values(box.immutableReferences).flat();
    const filled = patch(box.runtime, place?.start ?? 0, '77'.repeat(32));
    expect(codeMatchesBuild(filled, runtime)).toBe(true);
    expect(codeMatchesBuild(filled, plain(box.runtime))).toBe(false);
  });

  test("a library's own address", () => {
    expect(adderRuntime.slice(0, 44)).toBe(`0x73${'00'.repeat(20)}`);
    expect(codeMatchesBuild(patch(adderRuntime, 1, 'ab'.repeat(20)), plain(adderRuntime))).toBe(true);
    expect(codeMatchesBuild(patch(adderRuntime, 0, '60'), plain(adderRuntime))).toBe(false);
  });

  test('the addresses of linked libraries', () => {
    const linkReferences = { 'a.sol': { Adder: [{ start: 3, length: 20 }] } };
    const built = `0x600080__$4fd8c1c1a1f5d6fb0a9f9f5b3ad8e7a3d1$__6000` as Hex;
    const expected = { bytecode: built, immutableReferences: {}, linkReferences };
    expect(codeMatchesBuild(`0x600080${'ab'.repeat(20)}6000`, expected)).toBe(true);
    expect(codeMatchesBuild(`0x600080${'ab'.repeat(20)}6001`, expected)).toBe(false);
  });

  test('metadata: comments and file names of another build', () => {
    const bytes = (box.runtime.length - 2) / 2;
    const metadataBytes = Number.parseInt(box.runtime.slice(-4), 16);
    const hashAt = bytes - 2 - metadataBytes + 10;
    expect(codeMatchesBuild(patch(box.runtime, hashAt, 'ffff'), runtime)).toBe(true);
    expect(codeMatchesBuild(patch(box.runtime, bytes - 2, '0010'), runtime)).toBe(false);
  });
});

describe('what it may not', () => {
  test.each<[string, Hex]>([
    ['no code', '0x'],
    ['another instruction', patch(box.runtime, 4, 'ff')],
    ['code that is shorter', box.runtime.slice(0, -2) as Hex],
    ['code that is longer', `${box.runtime}00`],
    ['a proxy to somewhere (EIP-7702 or a clone)', `0xef0100${'ab'.repeat(20)}`],
  ])('%s', (_what, code) => expect(codeMatchesBuild(code, runtime)).toBe(false));

  test('an empty build matches nothing, not even nothing', () => {
    expect(codeMatchesBuild('0x', plain('0x'))).toBe(false);
  });

  test('code without metadata is compared to its last byte', () => {
    expect(codeMatchesBuild('0x6001600201', plain('0x6001600201'))).toBe(true);
    expect(codeMatchesBuild('0x6001600200', plain('0x6001600201'))).toBe(false);
  });
});
