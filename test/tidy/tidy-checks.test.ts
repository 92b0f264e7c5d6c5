import { describe, expect, test } from 'vitest';
import { checkErrorCodes, errorCodes } from './errors.ts';
import type { Check } from './files.ts';
import { checkFloors, checkPurity } from './floors.ts';
import { checkCycles, checkUnused } from './graph.ts';
import { checkLists } from './lists.ts';
import { codeOnly, importsOf } from './scan.ts';
import { checkAny, checkMachinePaths, checkMocks, checkSizes, checkSkips } from './text.ts';

/** Runs a check over a made-up repository. @returns `file:line message` of each problem */
function run(check: Check, files: Record<string, string>): string[] {
  return check(new Map(Object.entries(files))).map(({ file, line, message, remedy }) => {
    expect(remedy).not.toBe('');
    return `${file}:${line ?? '-'} ${message}`;
  });
}

describe('floors', () => {
  test('an import that climbs is found', () => {
    expect(run(checkFloors, { 'src/audit/run.ts': "\nimport { rows } from '../store/rows.ts';" })).toEqual([
      'src/audit/run.ts:2 imports src/store/rows.ts: it climbs from floor 2 (audit) to floor 4 (store)',
    ]);
  });

  test('an import that goes sideways is found, also of types and when it waits', () => {
    const files = {
      'src/generate/a.ts': "import type { X } from '../audit/types.ts';",
      'src/http/b.ts': "const jobs = await import('../jobs/index.ts');",
      'src/client/c.ts': "export { start } from '../service/start.ts';",
    };
    expect(run(checkFloors, files)).toEqual([
      expect.stringContaining('sideways on floor 2, from generate to audit'),
      expect.stringContaining('sideways on floor 7, from http to jobs'),
      expect.stringContaining('sideways on floor 8, from client to service'),
    ]);
  });

  test('the client takes types from http, and nothing else', () => {
    expect(
      run(checkFloors, { 'src/client/a.ts': "import type { Routes } from '../http/routes/index.ts';" }),
    ).toEqual([]);
    expect(
      run(checkFloors, { 'src/client/a.ts': "import { type R } from '../http/routes/index.ts';" }),
    ).toEqual([]);
    expect(
      run(checkFloors, { 'src/client/a.ts': "import { routes, type R } from '../http/routes/index.ts';" }),
    ).toEqual([expect.stringContaining('`client` may use only lib')]);
  });

  test('the command line keeps away from the store', () => {
    expect(run(checkFloors, { 'src/cli/a.ts': "import { db } from '../store/db.ts';" })).toHaveLength(1);
    expect(run(checkFloors, { 'src/cli/a.ts': "import { audit } from '../audit/audit.ts';" })).toEqual([]);
  });

  test('sources import neither tests nor what lies outside, and every room has a floor', () => {
    const files = {
      'src/lib/a.ts': "import { x } from './b.test.ts'; import { y } from '../../test/support/database.ts';",
      'src/cellar/a.ts': '',
    };
    expect(run(checkFloors, files)).toEqual([
      expect.stringContaining('a test is no part of the program'),
      expect.stringContaining('it lies outside of src/'),
      expect.stringContaining('the room `cellar` stands on no floor'),
    ]);
  });

  test('imports downwards, inside a room, of packages, and in tests are fine', () => {
    const files = {
      'src/http/server.ts':
        "import fastify from 'fastify'; import { x } from '../actions/x.ts'; import './auth.ts';",
      'src/lib/a.test.ts': "import { start } from '../service/start.ts';",
      'bench/startup.ts': "import { start } from '../src/service/start.ts';",
    };
    expect(run(checkFloors, files)).toEqual([]);
  });

  test('the lower floors do not read clock, chance or environment', () => {
    const text = 'const now = Date.now(); const r = Math.random(); const e = process.env;';
    expect(run(checkPurity, { 'src/deploy/a.ts': text })).toHaveLength(3);
    expect(run(checkPurity, { 'src/chain/a.ts': text })).toHaveLength(1);
    expect(run(checkPurity, { 'src/ops/a.ts': text, 'src/deploy/a.test.ts': text })).toEqual([]);
  });
});

describe('the graph of imports', () => {
  test('a circle at run time is found once, one of types is fine', () => {
    const files = {
      'src/lib/a.ts': "import { b } from './b.ts';",
      'src/lib/b.ts': "import { c } from './c.ts';",
      'src/lib/c.ts': "import { a } from './a.ts';",
    };
    expect(run(checkCycles, files)).toEqual([
      'src/lib/a.ts:- imports itself in a circle: src/lib/a.ts → src/lib/b.ts → src/lib/c.ts → src/lib/a.ts',
    ]);
    expect(run(checkCycles, { ...files, 'src/lib/c.ts': "import type { a } from './a.ts';" })).toEqual([]);
  });

  test('a file that only tests import is found; workers, entries and list members are used', () => {
    const files = {
      'src/main.ts': "import './lib/a.ts';",
      'src/lib/a.ts':
        "new Worker(new URL('./worker.ts', import.meta.url)); join(import.meta.dirname, 'child/main.ts');",
      'src/lib/child/main.ts': '',
      'src/lib/worker.ts': '',
      'src/lib/forgotten.ts': '',
      'src/lib/forgotten.test.ts': "import './forgotten.ts';",
    };
    expect(run(checkUnused, files)).toEqual(['src/lib/forgotten.ts:- is imported by nothing but tests']);
  });
});

describe('lists', () => {
  const files = {
    'src/audit/detectors/index.ts':
      "import { txOrigin } from './tx-origin.ts';\nexport const detectors = [txOrigin];",
    'src/audit/detectors/tx-origin.ts': '',
    'src/audit/detectors/tx-origin.test.ts': '',
  };

  test('a detector without an index line is found', () => {
    expect(run(checkLists, files)).toEqual([]);
    expect(run(checkLists, { ...files, 'src/audit/detectors/weak-randomness.ts': '' })).toEqual([
      'src/audit/detectors/weak-randomness.ts:- has no line in src/audit/detectors/index.ts, so it is never used',
    ]);
  });

  test('an index line that is commented out is none', () => {
    const index = "// import { txOrigin } from './tx-origin.ts';";
    expect(run(checkLists, { ...files, 'src/audit/detectors/index.ts': index })).toHaveLength(1);
  });

  test('a route without an index line, a list without an index', () => {
    expect(
      run(checkLists, { 'src/http/routes/index.ts': '', 'src/http/routes/jobs/get.ts': '' }),
    ).toHaveLength(1);
    expect(run(checkLists, { 'bench/startup.ts': '', 'bench/frame.ts': '' })).toEqual([
      'bench/index.ts:- is missing, though bench is a list',
    ]);
  });
});

describe('error codes', () => {
  const entry = "{ status: 404, title: 'a, b: c', message: '{x} {', hint: 'h' }";

  test('a code in two rooms is found', () => {
    const files = {
      'src/store/errors.ts': `export const fail = catalogue({\n  'not-found': ${entry},\n});`,
      'src/http/errors.ts': `export const fail = catalogue({\n  'bad-body': ${entry},\n  'not-found': ${entry},\n});`,
    };
    expect(run(checkErrorCodes, files)).toEqual([
      'src/http/errors.ts:3 the error code `not-found` is used in src/store/errors.ts:2 already',
    ]);
  });

  test('reads every key and nothing else', () => {
    const text = `/** catalogue({ 'in-a-comment': 1 }) */\ncatalogue({ one: ${entry}, 'two-words': ${entry}, BadCode: ${entry} });`;
    expect(errorCodes(new Map([['src/lib/errors.ts', text]])).map(({ code }) => code)).toEqual([
      'one',
      'two-words',
      'BadCode',
    ]);
    expect(run(checkErrorCodes, { 'src/lib/errors.ts': text })).toEqual([
      'src/lib/errors.ts:2 the error code `BadCode` is not kebab-case',
    ]);
  });
});

describe('texts', () => {
  test('`any` as a type is found, as a word it is not', () => {
    const bad = ['let a: any;', 'f(x as any)', 'Map<string, any>', 'type A = any;', 'let f: () => any;'];
    for (const text of bad) expect(run(checkAny, { 'src/lib/a.ts': text })).toHaveLength(1);
    const good = [
      '// any: any',
      "const s = ': any';",
      'z.any()',
      'Promise.any([])',
      'const any = 1;',
      '/: any/.test(s)',
    ];
    for (const text of good) expect(run(checkAny, { 'src/lib/a.ts': text })).toEqual([]);
  });

  test('skipped and focused tests and mocks are found', () => {
    const file = 'src/lib/a.test.ts';
    // Put together here, so that a search for such tests does not find these.
    const calls = [
      ['test', 'skip('],
      ['describe', 'only('],
      ['it', 'concurrent', 'todo('],
      ['test', 'skipIf(x)('],
      ['xit('],
    ];
    for (const parts of calls) expect(run(checkSkips, { [file]: parts.join('.') })).toHaveLength(1);
    const behind = `test('x', () => {}); // ${['test', 'skip('].join('.')}`;
    expect(run(checkSkips, { [file]: behind })).toEqual([]);
    expect(run(checkMocks, { [file]: "vi.mock('./a.ts');" })).toHaveLength(1);
    expect(run(checkMocks, { [file]: 'vi.useFakeTimers();' })).toEqual([]);
  });

  test('paths of a machine and long files are found', () => {
    const path = ['', 'work', 'clone', 'x'].join('/');
    expect(run(checkMachinePaths, { 'README.md': `first\nsee ${path}` })).toEqual([
      'README.md:2 names a path of one machine',
    ]);
    expect(run(checkMachinePaths, { 'README.md': `a frame${path} of https://example.org${path}` })).toEqual(
      [],
    );
    expect(run(checkSizes, { 'src/lib/a.ts': '\n'.repeat(601) })).toHaveLength(1);
    expect(run(checkSizes, { 'src/lib/a.ts': '\n'.repeat(600) })).toEqual([]);
  });
});

describe('the scanner', () => {
  test('keeps code and offsets, blanks the rest', () => {
    const text = `a(\`x \${b({ c: "d" })} y\`); // e\nf = /["']/g; g("h\\"i") / 2; /* j\n*/ k`;
    const code = `a(\`  \${b({ c: " " })}  \`);     \nf = /    /g; g("    ") / 2;     \n   k`;
    expect(codeOnly(text)).toBe(code);
    expect(codeOnly(text)).toHaveLength(text.length);
  });

  test('finds imports of every form and none in texts', () => {
    const text = `import a, { type B } from './a.ts';
import {
  type C,
  type D,
} from './c.ts';
export * from './e.ts';
import './f.ts';
const g = await import('./g.ts');
// import h from './h.ts';
const i = "import i from './i.ts'";
export const j = 1;
const k = \`\${'x'} import l from './l.ts'\`;`;
    expect(
      importsOf('src/lib/x.ts', text).map(({ target, typeOnly, line }) => [target, typeOnly, line]),
    ).toEqual([
      ['src/lib/a.ts', false, 1],
      ['src/lib/c.ts', true, 2],
      ['src/lib/e.ts', false, 6],
      ['src/lib/f.ts', false, 7],
      ['src/lib/g.ts', false, 8],
    ]);
  });
});
