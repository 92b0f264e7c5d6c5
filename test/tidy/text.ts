import { type Check, type Files, isSource, isTest, lineAt, type Problem } from './files.ts';
import { codeOnly } from './scan.ts';

const linesMax = 600;
/** Written by programs. */
const generated = new Set(['src/store/schema.ts']);

/** `any` switches the type checker off for all that it touches. */
export const checkAny: Check = (files) =>
  search(files, {
    which: isSource,
    pattern: /(?:[:<|&,(=]|\bas|\bextends|=>)\s*any\b(?!\s*[(:.])/g,
    message: 'uses the type `any`',
    remedy: 'Use `unknown` and narrow it, or the real type.',
  });

/** A skipped test looks like a pass, and a focused one hides all others. */
export const checkSkips: Check = (files) =>
  search(files, {
    which: (file) => isTest(file),
    pattern:
      /\b(?:it|test|describe|suite)(?:\s*\.\s*\w+)*\s*\.\s*(?:only|skip|todo|skipIf|runIf|fails)\b|\b(?:xit|xdescribe|xtest|fit|fdescribe)\s*\(/g,
    message: 'skips or focuses tests',
    remedy: 'Run it or remove it. A part that is not there prints NOT RUN, and CI requires the part.',
  });

/** A mocked module tests the mock. */
export const checkMocks: Check = (files) =>
  search(files, {
    which: isSource,
    pattern: /\b(?:vi|vitest|jest)\s*\.\s*(?:mock|doMock|unmock|hoisted|importMock)\b/g,
    message: 'mocks a module',
    remedy: 'Use the real part, or hand a small local server or a clock in as a parameter.',
  });

/** Paths of the machine that a developer worked on. Split here, so that this file does not hold one. */
export const checkMachinePaths: Check = (files) => {
  const roots = ['work', 'farm', 'root'].join('|');
  const pattern = new RegExp(`(^|[^A-Za-z0-9_./-])/(?:${roots})/[A-Za-z.]`, 'gm');
  const problems: Problem[] = [];
  for (const [file, text] of files) {
    for (const match of text.matchAll(pattern)) {
      problems.push({
        file,
        line: lineAt(text, match.index + 1),
        message: 'names a path of one machine',
        remedy: 'Write it relative to the repository, or take it from a setting.',
      });
    }
  }
  return problems;
};

/** A file of this length does more than one thing. */
export const checkSizes: Check = (files) => {
  const problems: Problem[] = [];
  for (const [file, text] of files) {
    const lines = text.split('\n').length - 1;
    if (!isSource(file) || generated.has(file) || lines <= linesMax) continue;
    problems.push({
      file,
      message: `has ${lines} lines`,
      remedy: `Split it; ${linesMax} is the most, 80 the aim.`,
    });
  }
  return problems;
};

function search(
  files: Files,
  options: { which: (file: string) => boolean; pattern: RegExp; message: string; remedy: string },
): Problem[] {
  const problems: Problem[] = [];
  for (const [file, text] of files) {
    if (!options.which(file)) continue;
    const code = codeOnly(text);
    for (const match of code.matchAll(options.pattern)) {
      problems.push({
        file,
        line: lineAt(code, match.index),
        message: options.message,
        remedy: options.remedy,
      });
    }
  }
  return problems;
}
