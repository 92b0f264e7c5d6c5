import { expect, test } from 'vitest';
import { hiddenCharacterWarnings } from './hidden-characters.ts';
import { prepareCompile } from './prepare.ts';
import { sourceWarnings } from './source-warnings.ts';
import { startCompiler } from './start-compiler.ts';

const found = (source: string) =>
  hiddenCharacterWarnings('A.sol', source).map(
    ({ code, message, place }) => `${code} ${place?.line}:${place?.column} ${message.split(' ', 1)[0]}`,
  );

test.each([...'\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'])(
  'every bidirectional control is told, balanced or not, in comments and texts too: %j',
  (character) => {
    const point = `U+${character.codePointAt(0)?.toString(16).toUpperCase()}`;
    expect(found(`contract A {}\n// ${character} `)).toEqual([`bidirectional-control 2:4 ${point}`]);
    expect(found(`string constant s = unicode" ${character} ";`)).toEqual([
      `bidirectional-control 1:30 ${point}`,
    ]);
  },
);

test('a warning says where, why and what to do', () => {
  const [warning] = hiddenCharacterWarnings(
    'A.sol',
    'contract A {\n  /* \u202e } \u2066 if (isOwner) \u2069 \u2066 begin */ }',
  );
  expect(warning).toMatchObject({ severity: 'warning', place: { file: 'A.sol', line: 2, column: 6 } });
  expect(`${warning?.message} ${warning?.hint}`).toMatchInlineSnapshot(
    `"U+202E (right-to-left override) makes editors show this text in another order than the compiler reads it. Remove it, unless the text is in a script that needs it: it can hide what the code does (CVE-2021-42574)."`,
  );
});

test('what cannot be seen is told in code and beside a word', () => {
  expect(found('uint\u200b x;')).toEqual(['invisible-character 1:5 U+200B']);
  expect(found('uint x \u2060;')).toEqual(['invisible-character 1:8 U+2060']);
  expect(found('// ad\u200bmin')).toEqual(['invisible-character 1:6 U+200B']);
  expect(found('string s = "admin\u00ad";')).toEqual(['invisible-character 1:18 U+00AD']);
  expect(found('// tag\u{e0041}')).toEqual(['invisible-character 1:7 U+E0041']);
  expect(found('\ufeffpragma solidity ^0.8.0;')).toEqual(['invisible-character 1:1 U+FEFF']);
});

test('scripts and emoji that need joiners are left alone', () => {
  expect(found('// \u{1f468}\u200d\u{1f469}\u200d\u{1f467} and 1\ufe0f\u20e3 and \u26a0\ufe0f')).toEqual([]);
  expect(found('// \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645')).toEqual([]);
  expect(found('// \u00e4\u00f6\u00fc caf\u00e9 \u4f60\u597d')).toEqual([]);
});

test('a file full of them is told once for many', () => {
  expect(found('// \u202e\n'.repeat(500))).toHaveLength(20);
});

test("only the caller's own files are looked at, and imports of one library in two versions are told", () => {
  const prepared = prepareCompile({
    sources: {
      'A.sol': `import "@openzeppelin/contracts@4.9.6/utils/Counters.sol"; // \u202e
        import "@openzeppelin/contracts/utils/Nonces.sol"; import "solady/utils/LibBit.sol";`,
    },
  });
  expect(
    sourceWarnings(prepared).map(({ severity, code, message }) => `${severity} ${code}: ${message}`),
  ).toMatchInlineSnapshot(`
    [
      "info library-imported-twice: @openzeppelin/contracts is imported as @openzeppelin/contracts@4.9.6 (4.9.6) and as @openzeppelin/contracts (5.7.0): to the compiler their contracts are not the same.",
      "warning bidirectional-control: U+202E (right-to-left override) makes editors show this text in another order than the compiler reads it.",
    ]
  `);
  const pinnedOnly = prepareCompile({
    sources: { 'A.sol': 'import "@openzeppelin/contracts@5/utils/Nonces.sol";' },
  });
  expect(sourceWarnings(pinnedOnly)).toEqual([]);
});

test('builds and checks say so, whether the compiler takes the source or not', async () => {
  const compiler = await startCompiler({ workers: 1 });
  try {
    const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';
    for (const [body, ok, code] of [
      ['contract A { /* \u202e \u202c */ }', true, 'bidirectional-control'],
      ['contract A { /* \u202e */ }', false, 'bidirectional-control'],
      ['contract A { uint\u200b a; }', false, 'invisible-character'],
    ] as const) {
      const prepared = compiler.prepare({ sources: { 'A.sol': header + body } });
      const found = expect.arrayContaining([expect.objectContaining({ severity: 'warning', code })]);
      expect(await compiler.compile(prepared)).toMatchObject({ ok, diagnostics: found });
      expect(await compiler.check(prepared)).toMatchObject({ ok, diagnostics: found });
    }
  } finally {
    await compiler.close();
  }
});
