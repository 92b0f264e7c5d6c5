import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditAnswer } from '../../test/corpus/hostile-audit/case.ts';
import { hostileAudits } from '../../test/corpus/hostile-audit/index.ts';
import { AppError } from '../lib/app-error.ts';
import { readParts } from '../solidity/parts/read-parts.ts';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { Compiler, Sources } from '../solidity/types.ts';
import { type Analyser, startAnalyser } from './analyser.ts';
import { unitOfOutcome } from './unit-of-outcome.ts';

let compiler: Compiler;
let analyser: Analyser;
beforeAll(async () => {
  compiler = await startCompiler({ workers: 1 });
  analyser = startAnalyser();
});
afterAll(() => Promise.all([compiler.close(), analyser.close()]));

const inputs = hostileAudits.flatMap(({ name, inputs }) =>
  inputs.map((input) => [`${name}: ${input.name}`, input] as const),
);

describe('hostile sources get their answer', () => {
  test.each(inputs)(
    '%s',
    async (_name, { sources, answer }) => {
      expect(await mismatches(sources(), answer)).toEqual([]);
    },
    120_000,
  );

  test('every file of the corpus is in its index', () => {
    const folder = new URL('../../test/corpus/hostile-audit', import.meta.url);
    const files = readdirSync(folder).filter((file) => file !== 'index.ts' && file !== 'case.ts');
    expect(hostileAudits.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
  });
});

async function mismatches(sources: Sources, answer: AuditAnswer): Promise<string[]> {
  let found: Awaited<ReturnType<typeof readParts>>;
  try {
    found = await readParts(compiler, { sources });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return 'refused' in answer && answer.refused === error.code ? [] : [`refused as ${error.code}`];
  }
  if ('refused' in answer) return ['it was not refused'];
  if ('nothing' in answer) return found.parts.length === 0 ? [] : ['something was looked at'];
  const report = await analyser.audit(found.parts.map(unitOfOutcome), { leftOut: found.leftOut });
  const [tool] = report.tools;
  const problems = tool?.problems.map(({ message }) => message) ?? [];
  const { status, finds = [], problem } = answer;
  return [
    ...(tool && status.includes(tool.status)
      ? []
      : [`status ${tool?.status}: ${problems.join('; ').slice(0, 500)}`]),
    ...finds
      .filter((id) => !report.findings.some(({ detector }) => detector === id))
      .map((id) => `${id} is not found`),
    ...(problem && !problems.some((message) => problem.test(message))
      ? [`no problem like ${problem}: ${problems.join('; ').slice(0, 500)}`]
      : []),
  ];
}
