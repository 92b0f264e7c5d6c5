import { describe, expect, test } from 'vitest';
import { readCase, readCases } from './read-cases.ts';
import { type Found, overall, scoreAudits } from './score.ts';

const source = ['contract A {', 'function f() {', 'x(); // <-- reentrancy', '}', '}'].join('\n');
const bad = readCase('reentrancy', 'one.bad.sol', source);
const around = () => ({ from: 2, to: 4 });
const finding: Found = {
  ...{ category: 'reentrancy', severity: 'high', detector: 'reentrancy', line: 3 },
  inside: { from: 2, to: 4 },
};

function score(found: Found[], one = bad) {
  const { perClass, failures } = scoreAudits([{ one, found, around }]);
  return { ...perClass.reentrancy, failures: failures.map(({ text }) => text), ...overall(perClass) };
}

describe('a score', () => {
  test('counts the line itself, and another line of its function', () => {
    expect(score([finding])).toMatchObject({ expected: 1, found: 1, exact: 1, right: 1, wrong: 0 });
    expect(score([{ ...finding, line: 4 }])).toMatchObject({ found: 1, exact: 0, right: 1, failures: [] });
  });

  test('counts what is not found, and what is found elsewhere or as something else', () => {
    const missed = 'line 3: reentrancy is not found';
    expect(score([])).toMatchObject({ found: 0, recall: 0, precision: 1, failures: [missed] });
    const elsewhere = { ...finding, line: 9, inside: { from: 8, to: 9 } };
    expect(score([elsewhere])).toMatchObject({
      ...{ found: 0, wrong: 1, precision: 0 },
      failures: [missed, 'line 9: reentrancy is wrong'],
    });
    const other = { ...finding, category: 'time' as const };
    expect(score([other])).toMatchObject({ found: 0, wrong: 0, precision: 1, failures: [missed] });
    expect(score([{ ...other, line: 4 }])).toMatchObject({ found: 0, wrong: 0, precision: 0 });
  });

  test('leaves low findings out of the precision, and takes them as found', () => {
    expect(score([{ ...finding, severity: 'low' }])).toMatchObject({ found: 1, right: 0, wrong: 0 });
  });
});

describe('labels', () => {
  test.each([
    ['reentrancy', 'one.bad.sol', 'contract A {}', 'no label'],
    ['reentrancy', 'one.good.sol', source, 'has labels'],
    ['reentrancy', 'one.bad.sol', 'x(); // <-- nonsense', 'no class of faults'],
    ['reentrancy', 'one.bad.sol', 'x(); // <-- reentrancy and more', 'half a label'],
    ['reentrancy', 'One.sol', source, 'not named as a case'],
  ])('that make no sense are refused: %s/%s %s', (folder, file, text, message) => {
    expect(() => readCase(folder, file, text)).toThrow(message);
  });

  test('of the corpus make sense, every bad one has its twin, and no name stands for two', () => {
    const cases = readCases();
    const names = cases.map(({ name }) => name);
    for (const name of names.filter((each) => each.endsWith('.bad')))
      expect(names).toContain(name.replace(/\.bad$/, '.good'));
    expect(new Set(names).size).toBe(names.length);
  });
});
