import { describe, expect, test } from 'vitest';
import { toPlain } from './js-data.ts';
import { readExportedData } from './read-js-data.ts';

/** The exported value, with `<…>` in place of what was not read. */
function read(text: string): unknown {
  const unread: string[] = [];
  const value = toPlain(readExportedData(text), (path, part) =>
    unread.push(`${path.join('.')}: ${text.slice(part.start, part.end)}`),
  );
  return unread.length === 0 ? value : { value, unread };
}

describe('values', () => {
  test.each([
    ['"a\\u0041\\n\\x41"', 'aA\nA'],
    ["'it''s'.length", undefined],
    ['`0.8.24`', '0.8.24'],
    ['``', ''],
    ['1_000_000', 1_000_000],
    ['-1.5e3', -1_500],
    ['0x1F', 31],
    ['true', true],
    ['null', null],
    ['(((1)))', 1],
    ['[1, [2, 3], , 4,]', [1, [2, 3], 4]],
    [
      '{a: 1, "b-c": 2, 3: 4, ["d"]: 5, default: 6, nested: {x: []},}',
      { a: 1, 'b-c': 2, 3: 4, d: 5, default: 6, nested: { x: [] } },
    ],
    [
      '{a: 1 as const, b: [2] as readonly number[], c: {} as Record<string, {a: 1, b: 2}>, d: 4 satisfies A | B}',
      { a: 1, b: [2], c: {}, d: 4 },
    ],
    ['{a: "x" as unknown as Map<string, Array<Array<number>>>, b: 1}', { a: 'x', b: 1 }],
  ])('%s', (text, value) => {
    const whole = read(`export default { v: ${text} }`);
    if (value === undefined) expect(whole).toMatchObject({ unread: [expect.stringContaining('v: ')] });
    else expect(whole).toEqual({ v: value });
  });

  test.each([
    'process.env.X',
    'process.env.X || "0.8.20"',
    'require("./settings")',
    'await load()',
    'x => x',
    '(() => 1)()',
    'function () {}',
    'class {}',
    'new Map()',
    '1 + 1',
    'a ? 1 : 2',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program
    '`0.8.${minor}`',
    'tag`0.8.20`',
    '/re"gex/g',
    '10n',
    'unknownName',
    '{}.toString()',
    '[1][process.exit()]',
    'import("x")',
    'delete a.b',
    '@decorated class {}',
  ])('%s is not data, and what stands beside it is', (text) => {
    let result: unknown;
    try {
      result = read(`export default { before: 1, v: ${text}, after: [2, ${text}, 3] }`);
    } catch (error) {
      // What is no token at all makes the whole file unreadable.
      expect([text, error]).toEqual(['@decorated class {}', expect.any(SyntaxError)]);
      return;
    }
    expect(result).toEqual({
      value: { before: 1, after: [2, undefined, 3] },
      unread: [`v: ${text}`, `after.1: ${text}`],
    });
  });

  test('methods and accessors', () => {
    expect(
      read('export default { a() { return {b: 1} }, get c() { return 1 }, async *d() {}, e: 5 }'),
    ).toEqual({
      value: { e: 5 },
      unread: ['a: a() { return {b: 1} }', 'c: get c() { return 1 }', 'async: async *d() {}'],
    });
  });
});

describe('constants', () => {
  test('of the top level are followed, with members, spreads and shorthand', () => {
    const text = `
const version = "0.8.24"
const base: { runs: number } = { runs: 1, enabled: true }
const list = ["0.8.1", "0.8.2"]
const deep = { a: { b: [version] } } as const
export default { version, settings: { ...base, runs: 2 }, all: [...list, version], x: deep.a.b[0], y: deep["a"] }`;
    expect(read(text)).toEqual({
      version: '0.8.24',
      settings: { runs: 2, enabled: true },
      all: ['0.8.1', '0.8.2', '0.8.24'],
      x: '0.8.24',
      y: { b: ['0.8.24'] },
    });
  });

  test('of functions, variables, imports and circles are not', () => {
    const text = `
import { imported } from "./x"
let variable = 1
function f() { const inner = 2 }
const a = b, b = 1
const one = two
const two = one
export default { imported, variable, inner, one, spread: { ...imported, kept: 1 } }`;
    expect(read(text)).toEqual({
      value: { spread: { kept: 1 } },
      unread: ['imported: imported', 'variable: variable', 'inner: inner', 'one: one', 'spread: imported'],
    });
  });
});

describe('exports', () => {
  test.each([
    'export default {a: 1}',
    'module.exports = {a: 1}',
    'module.exports = {a: 1};\nmodule.exports.more = 2',
    'exports.default = {a: 1}',
    'const config = {a: 1}\nmodule.exports = config',
    'const config: HardhatUserConfig = {a: 1};\nexport default config;',
    'const config: HardhatUserConfig = {a: 1}\nexport default config\nconsole.log("later")',
    'const config = {a: 1} satisfies HardhatUserConfig\nexport default config',
    'const config = <const T>(x: T) => x\nexport default {a: 1}',
    'export default {a: 1} as HardhatUserConfig',
    'export default defineConfig({a: 1})',
    'export default defineConfig<Map<string, A>>({a: 1},)',
    'export default lib.wrap(defineConfig({a: 1}) as X)',
    'const config = defineConfig({a: 1})\nexport default config',
    'const config = {a: 1}\nexport default defineConfig(config)',
    'const config = {a: 1}\nexport { config as default, other }',
    'const config = {a: 1}\nexport = config',
    '#!/usr/bin/env node\n"use strict"\nmodule.exports = {a: 1}',
    'interface X { a: string }\nenum E { A }\nnamespace N { export const a = 1 }\nexport default {a: 1}',
  ])('%j', (text) => expect(read(text)).toEqual({ a: 1 }));

  test.each([
    ['', undefined],
    ['export const a = 1', undefined],
    ['if (x) { module.exports = {a: 1} }', undefined],
    ['export default defineConfig()', { value: undefined, unread: [': defineConfig()'] }],
    ['export default merge({a: 1}, {b: 2})', { value: undefined, unread: [': merge({a: 1}, {b: 2})'] }],
    ['export default () => ({a: 1})', { value: undefined, unread: [': () => ({a: 1})'] }],
    ['// module.exports = {a: 1}\nconst s = "module.exports = {a: 2}"', undefined],
  ])('%j gives nothing', (text, nothing) => expect(read(text)).toEqual(nothing));

  test('a field that is changed afterwards is not read', () => {
    const text = `
const config = { solidity: "0.8.1", paths: { sources: "a" } };
config.solidity = pick();
if (process.env.CI) config.paths.sources = "b"
export default config;`;
    expect(read(text)).toEqual({
      value: {},
      unread: ['solidity: config.solidity', 'paths: config.paths.sources'],
    });
  });
});

describe('input that is meant to break the reader', () => {
  test.each([
    ['brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['parentheses', `${'('.repeat(100_000)}1${')'.repeat(100_000)}`],
    ['templates', `${'`${'.repeat(50_000)}1${'}`'.repeat(50_000)}`],
    ['objects', `${'{a:'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['negations', `${'!'.repeat(200_000)}1`],
    ['sums', `${'1+'.repeat(100_000)}1`],
    ['calls', `a${'('.repeat(100_000)}${')'.repeat(100_000)}`],
    ['types', `1 as ${'A<'.repeat(100_000)}B${'>'.repeat(100_000)}`],
    ['arrows', `${'a=>'.repeat(80_000)}1`],
  ])(
    '%s without end end soon',
    (_, text) => {
      expect(read(`export default { a: 1, v: ${text} }`)).toMatchObject({});
      const afterwards = read('export default { a: 1 }');
      expect(afterwards).toEqual({ a: 1 });
    },
    5_000,
  );

  test('values nest as deep as configurations do, and no deeper', () => {
    const nested = (depth: number) => `export default ${'['.repeat(depth)}1${']'.repeat(depth)}`;
    const inside = (depth: number) =>
      JSON.stringify(read(`export default { v: ${nested(depth).slice(15)} }`));
    expect(inside(63)).toBe(`{"v":${'['.repeat(63)}1${']'.repeat(63)}}`);
    expect(inside(64)).toContain('unread');
  });

  test('and are as many', () => {
    // The object and the list count too.
    const isWhole = (count: number) =>
      !('unread' in Object(read(`export default { v: [${'1,'.repeat(count)}] }`)));
    expect([isWhole(19_998), isWhole(19_999)]).toEqual([true, false]);
    const used = (times: number) =>
      read(`const list = [${'1,'.repeat(999)}]; export default { v: [${'list,'.repeat(times)}] }`) as {
        v: unknown[];
      };
    // Each use is the list and its items; the object and the outer list make two more.
    expect(
      [used(99).v.at(-1), used(100).v.at(-1)].map((one) => (one as unknown[]).includes(undefined)),
    ).toEqual([false, true]);
  });

  test('constants that multiply do not fill the memory', () => {
    const lines = Array.from(
      { length: 60 },
      (_, n) => `const a${n + 1} = [...a${n}, ...a${n}]; const o${n + 1} = { x: o${n}, y: o${n} };`,
    );
    const text = `const a0 = [1]; const o0 = {};\n${lines.join('\n')}\nexport default { a: a60, o: o60 }`;
    expect(JSON.stringify(read(text)).length).toBeLessThan(2_000_000);
  }, 5_000);

  test.each(['export default {', 'export default }', 'const a = "', '/* ', '/('])(
    '%j says where it breaks',
    (text) =>
      expect(() => readExportedData(text)).toThrow(expect.objectContaining({ pos: expect.any(Number) })),
  );
});
