import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  guardMutants,
  type Mutant,
  markedMutants,
  reasonWithoutGuard,
} from '../../../test/support/guard-mutants.ts';
import { startCompiler } from '../../solidity/start-compiler.ts';
import type { AstNode, Compiler } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { runAudit } from '../run-audit.ts';
import { exampleFile, unitOf } from '../test-support.ts';
import { detectors } from './index.ts';
import { txOrigin } from './tx-origin.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());

const examples = detectors.flatMap((detector) =>
  detector.good.map(
    (source, index) => [`${detector.id}, good example ${index + 1}`, detector, source] as const,
  ),
);

describe('a good example is good because of its guard', () => {
  test.each(examples)(
    '%s: its finding appears when the guard is taken away',
    async (_name, detector, source) => {
      expect(await checkGuard(detector, source)).toBe('found without its guard');
    },
    120_000,
  );
});

describe('the check itself', () => {
  const [good = ''] = txOrigin.good;

  test('fails for a detector that never finds anything, and for a marked line that is no guard', async () => {
    const blind: Detector = { ...txOrigin, run: () => {} };
    expect(await checkGuard(blind, good)).toContain('no guard of it matters');
    const marked = good.replace('pragma solidity', '// <-- guard: // nothing of the kind\npragma solidity');
    expect(await checkGuard(txOrigin, marked)).toContain('is not found with line 2 as');
  });

  test('takes a reason in place of a guard', async () => {
    const blind: Detector = { ...txOrigin, run: () => {} };
    const reasoned = `// no guard: it says why here\n${good}`;
    expect(await checkGuard(blind, reasoned)).toBe('found without its guard');
    expect(await checkGuard(txOrigin, reasoned)).toContain('has a guard, so the reason is wrong');
  });
});

/**
 * A line that is marked as a guard must matter; without marks one of the guards that can be taken away by rule must.
 *
 * @returns `found without its guard`, or what is wrong
 */
async function checkGuard(detector: Detector, source: string): Promise<string> {
  const marked = markedMutants(source);
  for (const mutant of marked) {
    if (!(await isFound(detector, mutant, { mustCompile: true }))) return `is not found with ${mutant.what}`;
  }
  if (marked.length > 0) return 'found without its guard';
  const unit = await unitOf(compiler, { [exampleFile]: source });
  const mutants = guardMutants(source, unit.asts[exampleFile] as AstNode);
  const reason = reasonWithoutGuard(source);
  for (const mutant of mutants) {
    if (!(await isFound(detector, mutant, { mustCompile: false }))) continue;
    return reason === undefined
      ? 'found without its guard'
      : `has a guard, so the reason is wrong: ${mutant.what}`;
  }
  if (reason !== undefined) return 'found without its guard';
  return `no guard of it matters: mark one with "// <-- guard: <the line without it>", or say "// no guard: <why>"; tried ${mutants.length}`;
}

async function isFound(detector: Detector, { source }: Mutant, { mustCompile }: { mustCompile: boolean }) {
  let unit: Awaited<ReturnType<typeof unitOf>>;
  try {
    unit = await unitOf(compiler, { [exampleFile]: source });
  } catch (error) {
    if (mustCompile) throw error;
    return false;
  }
  return runAudit(unit, { now: () => 0, detectors: [detector] }).findings.length > 0;
}
