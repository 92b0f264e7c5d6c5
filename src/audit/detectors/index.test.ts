import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from '../../solidity/start-compiler.ts';
import type { Compiler } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { checkDetector, exampleFile, unitOf } from '../test-support.ts';
import { detectors } from './index.ts';
import { txOrigin } from './tx-origin.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());
const compile = (source: string) => unitOf(compiler, { [exampleFile]: source });

describe('every detector', () => {
  test.each(detectors.map((detector) => [detector.id, detector] as const))(
    '%s finds exactly the marked lines of its bad examples and nothing in its good ones',
    async (_id, detector) => {
      expect(await checkDetector(detector, compile)).toEqual([]);
    },
    60_000,
  );

  test('has a line in the index, named as its file', () => {
    expect(missingFromIndex(detectorFiles(), detectors)).toEqual([]);
    expect(detectors.map((detector) => detector.id)).toEqual(detectorFiles());
  });

  test('explains itself', () => {
    for (const { id, title, why, exploit, fix, references } of detectors) {
      for (const text of [title, why, exploit, fix]) expect(text.length, id).toBeGreaterThan(10);
      expect(
        references.some((item) => item.startsWith('SWC-')),
        id,
      ).toBe(true);
      expect(
        references.some((item) => item.startsWith('CWE-')),
        id,
      ).toBe(true);
    }
  });
});

describe('the check itself', () => {
  test('names a bad example that is not found', async () => {
    const blind: Detector = { ...txOrigin, run: () => {} };
    expect(await checkDetector(blind, compile)).toContain('tx-origin, bad example 1: line 7 is not found');
  });

  test('names a finding in a good example, and a detector that throws', async () => {
    const noisy: Detector = {
      ...txOrigin,
      bad: [],
      good: txOrigin.good.slice(0, 1),
      run: ({ program }, report) => {
        const contract = program.contracts[0];
        if (contract) report({ node: contract.node, message: 'everything is wrong' });
      },
    };
    expect(await checkDetector(noisy, compile)).toEqual([
      'tx-origin has no bad example',
      'tx-origin, good example 1: line 3 is found, but not marked',
    ]);
    const broken: Detector = {
      ...txOrigin,
      run: () => {
        throw new Error('broken');
      },
    };
    expect(await checkDetector(broken, compile)).toContain('tx-origin, good example 1: broken');
  });

  test('names a file without an index line', () => {
    expect(missingFromIndex(['forgotten', 'tx-origin'], detectors)).toEqual(['forgotten']);
  });
});

function detectorFiles(): string[] {
  const files = readdirSync(import.meta.dirname).filter(
    (file) => /^[a-z-]+\.ts$/.test(file) && file !== 'index.ts',
  );
  return files.map((file) => file.replace('.ts', '')).sort();
}

function missingFromIndex(files: string[], list: readonly Detector[]): string[] {
  return files.filter((file) => !list.some((detector) => detector.id === file));
}
