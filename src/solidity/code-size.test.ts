import { expect, test } from 'vitest';
import { codeSizeWarnings, creationBytesMax, runtimeBytesMax } from './code-size.ts';
import type { Artifact, StandardInput } from './types.ts';

const source = 'library L {}\ncontract Big {}';
const declared = [{ kind: 'contract' as const, name: 'Big', file: 'A.sol', start: 22, end: 25 }];

function warnings(
  size: { runtimeBytes: number; creationBytes: number },
  settings: Partial<StandardInput['settings']> = {},
) {
  const artifact = { file: 'A.sol', contract: 'Big', ...size } as Artifact;
  const input: StandardInput = {
    language: 'Solidity',
    sources: { 'A.sol': { content: source } },
    settings: { optimizer: { enabled: true, runs: 200 }, ...settings },
  };
  return codeSizeWarnings([artifact], { input, declared });
}

test('nothing up to the limits, a warning at the contract’s name one byte behind', () => {
  expect(warnings({ runtimeBytes: runtimeBytesMax, creationBytes: creationBytesMax })).toEqual([]);
  const found = warnings({ runtimeBytes: runtimeBytesMax + 1, creationBytes: creationBytesMax + 1 });
  expect(found.map(({ code, place }) => [code, place?.line, place?.column])).toEqual([
    ['runtime-code-too-large', 2, 10],
    ['creation-code-too-large', 2, 10],
  ]);
});

test('how far over, and what makes it smaller under these settings', () => {
  const size = { runtimeBytes: 50_000, creationBytes: 0 };
  const advice = (settings: Partial<StandardInput['settings']>) => warnings(size, settings)[0]?.hint;
  expect(warnings(size)[0]?.message).toMatchInlineSnapshot(
    `"Big has 50,000 bytes of runtime code, 25,424 more than the 24,576 that EIP-170 allows: most chains refuse it."`,
  );
  expect(advice({})).toMatchInlineSnapshot(
    `"Set optimizer.runs to 1 (it is 200), which favours small code; try viaIR, which often shrinks large contracts. If that is not enough, move at least 25,424 bytes into a library with public functions or into other contracts (3 contracts at least); custom errors are smaller than reason strings."`,
  );
  expect(advice({ optimizer: { enabled: false, runs: 200 }, viaIR: true })).toMatchInlineSnapshot(
    `"Turn the optimizer on; set optimizer.runs to 1, which favours small code. If that is not enough, move at least 25,424 bytes into a library with public functions or into other contracts (3 contracts at least); custom errors are smaller than reason strings."`,
  );
  expect(advice({ optimizer: { enabled: true, runs: 1 }, viaIR: true })).toMatchInlineSnapshot(
    `"Move at least 25,424 bytes into a library with public functions or into other contracts (3 contracts at least); custom errors are smaller than reason strings."`,
  );
});

test('what the creation code is made of', () => {
  const [found] = warnings({ runtimeBytes: 20_000, creationBytes: 60_000 });
  expect(found?.message).toMatchInlineSnapshot(
    `"Big has 60,000 bytes of creation code, 10,848 more than the 49,152 that EIP-3860 allows: most chains refuse it."`,
  );
  expect(found?.hint).toMatchInlineSnapshot(
    `"20,000 bytes of it are the runtime code; 40,000 are the constructor with its constants and the contracts that it creates. Deploy those on their own and hand their addresses in, or make the runtime code smaller."`,
  );
});
