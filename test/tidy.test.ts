import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkErrorCodes } from './tidy/errors.ts';
import { exceptions } from './tidy/exceptions.ts';
import { type Check, type Problem, readRepository } from './tidy/files.ts';
import { checkFloors, checkPurity } from './tidy/floors.ts';
import { checkCycles, checkUnused } from './tidy/graph.ts';
import { checkLists } from './tidy/lists.ts';
import { checkAny, checkMachinePaths, checkMocks, checkSizes, checkSkips } from './tidy/text.ts';

const checks: Record<string, Check> = {
  'imports go to lower floors': checkFloors,
  'time, randomness and settings are handed to the lower floors': checkPurity,
  'no imports in circles': checkCycles,
  'every file is used': checkUnused,
  'every member of a list has its index line': checkLists,
  'error codes are unique': checkErrorCodes,
  'no `any`': checkAny,
  'no skipped or focused tests': checkSkips,
  'no module mocks': checkMocks,
  'no machine paths': checkMachinePaths,
  'files stay small': checkSizes,
};

const files = readRepository(join(import.meta.dirname, '..'));

describe('the repository is tidy', () => {
  for (const [name, check] of Object.entries(checks)) {
    test(name, () => {
      const problems = check(files).filter(({ file }) => !isExcepted(name, file));
      expect(problems.map(describeProblem).join('\n')).toBe('');
    });
  }

  test('every exception is still needed', () => {
    const needless = exceptions.filter(
      ({ check, file }) => !checks[check]?.(files).some((problem) => problem.file === file),
    );
    expect(needless).toEqual([]);
  });
});

function isExcepted(check: string, file: string): boolean {
  return exceptions.some((exception) => exception.check === check && exception.file === file);
}

function describeProblem({ file, line, message, remedy }: Problem): string {
  return `${file}${line === undefined ? '' : `:${line}`} ${message}. ${remedy}`;
}
