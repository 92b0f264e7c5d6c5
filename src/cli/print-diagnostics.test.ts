import { describe, expect, test } from 'vitest';
import { sourcePlace } from '../solidity/source-place.ts';
import type { Diagnostic } from '../solidity/types.ts';
import { printDiagnostics } from './print-diagnostics.ts';

/** What a terminal would be sent; without colours unless asked for. */
function print(diagnostics: Diagnostic[], { env = {}, isTTY = false } = {}): string {
  let written = '';
  const stderr = {
    isTTY,
    write(text: string) {
      written += text;
    },
  };
  printDiagnostics({ argv: [], env, cwd: '/', stdout: { write: () => {} }, stderr }, diagnostics);
  return written;
}

/** The range that stands between « and » in a source. */
function marked(text: string, file = 'contracts/Shop.sol') {
  const start = text.indexOf('«');
  const end = text.indexOf('»') - 1;
  return sourcePlace(file, text.replace(/[«»]/g, ''), { start, end });
}

const error = (more: Partial<Diagnostic> = {}): Diagnostic => ({
  severity: 'error',
  code: '7576',
  type: 'DeclarationError',
  message: 'Undeclared identifier.',
  secondary: [],
  ...more,
});

const shop = (line: number, text: string) => `${'\n'.repeat(line - 1)}${text}`;

test('an error: what, where, the line, and what to do', () => {
  const place = marked(shop(12, '    price = «cst»;'));
  expect(print([error({ place, hint: 'Did you mean cost?' })])).toMatchInlineSnapshot(`
    "error[7576]: Undeclared identifier.
      --> contracts/Shop.sol:12:13
       |
    12 |     price = cst;
       |             ^^^
    hint: Did you mean cost?

    1 error
    "
  `);
});

test('places that belong to it stand below it, with one gutter', () => {
  const one = error({
    code: '2333',
    message: 'Identifier already declared.',
    place: marked(shop(120, '«contract Shop {}»')),
    secondary: [
      { message: 'The previous declaration is here:', place: marked('«contract Shop {}»', 'Old.sol') },
      { message: 'And nowhere else.' },
    ],
  });
  expect(print([one])).toMatchInlineSnapshot(`
    "error[2333]: Identifier already declared.
       --> contracts/Shop.sol:120:1
        |
    120 | contract Shop {}
        | ^^^^^^^^^^^^^^^^
    note: The previous declaration is here:
       --> Old.sol:1:1
        |
      1 | contract Shop {}
        | ^^^^^^^^^^^^^^^^
    note: And nowhere else.

    1 error
    "
  `);
});

test('errors first, then by file and place, whatever the order was; what has no place comes before', () => {
  const at = (file: string, line: number) => marked(shop(line, '«x»'), file);
  const all = [
    error({ severity: 'warning', code: '2072', message: 'Unused.', place: at('A.sol', 1) }),
    error({ message: 'third', place: at('B.sol', 2) }),
    error({ severity: 'info', code: '1', message: 'By the way.' }),
    error({ message: 'second', place: at('A.sol', 9) }),
    error({ code: undefined as never, type: 'CompilerError', message: 'first' }),
  ];
  const printed = print(all);
  const titles = (text: string) => text.split('\n').filter((line) => /^(error|warning|info)\[/.test(line));
  expect(titles(printed)).toEqual([
    'error[CompilerError]: first',
    'error[7576]: second',
    'error[7576]: third',
    'warning[2072]: Unused.',
    'info[1]: By the way.',
  ]);
  expect(printed.trimEnd().split('\n').at(-1)).toBe('3 errors, 1 warning, 1 remark');
  expect(print([...all].reverse())).toBe(printed);
});

test('nothing to say is nothing printed', () => {
  expect(print([])).toBe('');
});

describe('the carets stand below what they mark', () => {
  const lines = (text: string) =>
    print([error({ place: marked(text) })])
      .split('\n')
      .slice(3, 5);

  test.each([
    ['behind tabs', '\tuint\tx = «yy»;', ['1 | \tuint\tx = yy;', '  | \t    \t    ^^']],
    ['behind wide characters', 's = "漢字" + «y»;', ['1 | s = "漢字" + y;', '  |              ^']],
    ['behind characters of two units', '/* 🦄 */ «y»;', ['1 | /* 🦄 */ y;', '  |          ^']],
    ['behind marks that combine', 's = "e\u0301" + «y»;', ['1 | s = "e\u0301" + y;', '  |           ^']],
    ['below wide characters', '«漢字»;', ['1 | 漢字;', '  | ^^^^']],
    ['to the end of the first line of several', 'a {«\r\n  b\r\n»}', ['1 | a {', '  |    ^']],
    ['at the end of the file', 'contract A {«»', ['1 | contract A {', '  |             ^']],
    ['in an empty file', '«»', ['1 |', '  | ^']],
  ])('%s', (_, text, expected) => {
    expect(lines(text)).toEqual(expected);
  });
});

test('nothing of a source moves the cursor or turns the writing round', () => {
  const place = marked('/* \u001b[2J\u202e */ «x»;', 'A\u001b]0;title\u0007.sol');
  const printed = print([error({ place, message: 'bad \u001b[31mred\u009b', hint: 'two\nlines' })]);
  expect(printed.replace(/[\t\n]/g, '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
  expect(printed).toMatchInlineSnapshot(`
    "error[7576]: bad ␛[31mred�
     --> A␛]0;title␇.sol:1:13
      |
    1 | /* ␛[2J� */ x;
      |             ^
    hint: two
      lines

    1 error
    "
  `);
});

describe('colour', () => {
  const place = marked('«x»;');
  const coloured = (options: Parameters<typeof print>[1]) =>
    print([error({ place })], options).includes('\u001b[');

  test.each([
    ['a terminal', { isTTY: true }, true],
    ['a pipe', {}, false],
    ['a terminal and NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, false],
    ['a terminal that knows no colour', { isTTY: true, env: { TERM: 'dumb' } }, false],
    ['a pipe and FORCE_COLOR', { env: { FORCE_COLOR: '1' } }, true],
    ['both', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, false],
  ])('%s', (_, options, expected) => {
    expect(coloured(options)).toBe(expected);
  });

  test('severity and carets have the same, places and hints another', () => {
    const one = error({
      severity: 'warning',
      place,
      hint: 'Use it.',
      secondary: [{ message: 'here', place }],
    });
    expect(print([one], { isTTY: true })).toMatchInlineSnapshot(`
      "[1m[33mwarning[7576][39m[22m[1m: Undeclared identifier.[22m
       [34m-->[39m contracts/Shop.sol:1:1
      [34m  |[39m
      [34m1 |[39m x;
      [34m  |[39m [1m[33m^[39m[22m
      [36mnote[39m: here
       [34m-->[39m contracts/Shop.sol:1:1
      [34m  |[39m
      [34m1 |[39m x;
      [34m  |[39m [36m^[39m
      [32mhint[39m: Use it.

      [1m[33m1 warning[39m[22m
      "
    `);
  });
});
