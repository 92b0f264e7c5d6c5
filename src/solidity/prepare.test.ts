import { describe, expect, test } from 'vitest';
import { AppError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { bundledVersions } from './bundled-compilers.ts';
import { libraryNames } from './library-imports.ts';
import { prepareCompile } from './prepare.ts';
import type { CompileRequest, Sources } from './types.ts';

/** What a refusal says, as a person reads it; what is bundled is not written out, as it changes. */
function refusal(request: CompileRequest): string {
  try {
    prepareCompile(request);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { line, column } = error.place ?? {};
    return `${error.code}${line ? ` at ${line}:${column}` : ''}: ${error.message} | ${error.hint}`
      .replaceAll(bundledVersions().join(', '), '<compilers>')
      .replaceAll(libraryNames(), '<libraries>');
  }
  return 'accepted';
}

const files = (sources: Sources, entry?: string) =>
  Object.keys(prepareCompile({ sources, ...(entry ? { entry } : {}) }).input.sources);

describe('imports that are refused', () => {
  test.each([
    ['../../etc/passwd', 'leaves the sources'],
    ['../../../../../../etc/passwd', 'leaves the sources'],
    ['./../../x.sol', 'leaves the sources'],
    ['lib/../../x.sol', 'leaves the sources'],
    ['/etc/passwd', 'absolute path'],
    ['//etc/passwd', 'absolute path'],
    ['file:///etc/passwd', 'a URL'],
    ['https://example.com/Token.sol', 'a URL'],
    ['C:/Windows/win.ini', 'drive letter'],
    ['..\\\\..\\\\secret.sol', 'backslash'],
    ['~/keys.sol', 'home directory'],
    ['a\0b.sol', 'NUL'],
    ['', 'empty'],
    ['a//b.sol', 'empty segment'],
  ])('%j', (path, reason) => {
    const text = refusal({ sources: { 'contracts/A.sol': `pragma solidity ^0.8.0;\n  import "${path}";` } });
    expect(text).toContain('import-invalid at 2:11: contracts/A.sol:2');
    expect(text).toContain(reason);
  });

  test('the message names the place and what to do', () => {
    const sources = { 'A.sol': 'import {X} from "../../etc/passwd";' };
    expect(refusal({ sources })).toMatchInlineSnapshot(
      `"import-invalid at 1:18: A.sol:1: the import "../../etc/passwd" is refused: it leaves the sources with "..". | An import reaches only the given sources and the bundled libraries. Write a path such as ./Other.sol."`,
    );
  });

  test('a remapping opens no way out either', () => {
    const sources = { 'A.sol': 'import "@x/passwd";' };
    const text = refusal({ sources, settings: { remappings: ['@x/=/etc/'] } });
    expect(text).toContain('absolute path');
  });
});

describe('imports that are not there', () => {
  test('a file with a slip in its name', () => {
    const sources = { 'A.sol': 'import "./Tokn.sol";', 'Token.sol': 'contract T {}' };
    expect(refusal({ sources, entry: 'A.sol' })).toMatchInlineSnapshot(
      `"import-not-found at 1:9: A.sol:1: the import "./Tokn.sol" was not found. Did you mean Token.sol? | Add the file to the sources, or import from a bundled library: <libraries>."`,
    );
  });

  const library = (...paths: string[]) => ({
    sources: { 'A.sol': paths.map((path) => `import "@openzeppelin/${path}";`).join('\n') },
  });

  test('a slip in the name of the library', () => {
    const sources = { 'A.sol': 'import "@openzepelin/contracts/access/Ownable.sol";' };
    expect(refusal({ sources })).toContain('Did you mean @openzeppelin/contracts/access/Ownable.sol?');
  });

  test('files of two versions: the one in the way is named, with where it is and why not that', () => {
    const wanted = ['contracts/utils/Nonces.sol', 'contracts/account/Account.sol'];
    expect(refusal(library('contracts/security/ReentrancyGuard.sol', ...wanted))).toMatchInlineSnapshot(
      `"import-not-found at 1:9: A.sol:1: the import "@openzeppelin/contracts/security/ReentrancyGuard.sol" was not found. Did you mean @openzeppelin/contracts/utils/ReentrancyGuard.sol? | security/ReentrancyGuard.sol is in 4.9.6 only; 5.7.0 was taken: 4.9.6 has no utils/Nonces.sol. Take all of @openzeppelin/contracts from one version, or pin this import: @openzeppelin/contracts@4.9.6/security/ReentrancyGuard.sol."`,
    );
  });

  test('a path that moved while 5 was on its way', () => {
    expect(
      refusal(library('contracts-upgradeable/utils/ReentrancyGuardUpgradeable.sol')),
    ).toMatchInlineSnapshot(
      `"import-not-found at 1:9: A.sol:1: the import "@openzeppelin/contracts-upgradeable/utils/ReentrancyGuardUpgradeable.sol" was not found. Did you mean @openzeppelin/contracts/utils/ReentrancyGuard.sol? | @openzeppelin/contracts-upgradeable 5.7.0 has it no more; @openzeppelin/contracts/utils/ReentrancyGuard.sol takes its place."`,
    );
  });

  test('a wrong letter case, in the sources and in a library', () => {
    const sources = { 'A.sol': 'import "./token.sol";', 'Token.sol': '' };
    expect(refusal({ sources, entry: 'A.sol' })).toMatchInlineSnapshot(
      `"import-not-found at 1:9: A.sol:1: the import "./token.sol" was not found. Did you mean Token.sol? | Letter case counts in the paths of imports."`,
    );
    expect(refusal(library('contracts/Access/ownable.sol'))).toContain(
      'Did you mean @openzeppelin/contracts/access/Ownable.sol? | Letter case counts in the paths of imports.',
    );
  });

  test('a library file cannot be used to climb out', () => {
    const climb = 'import "@openzeppelin/contracts/../../solc/README.md";';
    expect(refusal({ sources: { 'A.sol': climb } })).toContain('import-invalid');
  });
});

describe('source paths', () => {
  test.each([
    '../A.sol',
    '/A.sol',
    'C:\\A.sol',
    'a\\b.sol',
    'a\0.sol',
    './A.sol',
    'a//b.sol',
    '',
    '__proto__',
    'https://x.y/A.sol',
  ])('%j is refused', (path) => {
    expect(refusal({ sources: { [path]: 'contract A {}' } })).toContain('source-path-invalid');
  });

  test('a path of a prototype is just a path', () => {
    expect(files({ constructor: 'contract A {}' })).toEqual(['constructor']);
    expect(refusal({ sources: { 'A.sol': 'import "toString";' } })).toContain('import-not-found');
  });

  test('two paths that are one file on some systems', () => {
    const pair = (one: string, other: string) => refusal({ sources: { [one]: '', [other]: '' } });
    expect(pair('src/Token.sol', 'src/token.sol')).toMatchInlineSnapshot(
      `"source-paths-clash: src/Token.sol and src/token.sol differ only in upper and lower case: on some systems they are one file. | Rename one of the two."`,
    );
    expect(pair('Src/A.sol', 'src/A.sol')).toContain('source-paths-clash');
    expect(pair('caf\u00e9.sol', 'cafe\u0301.sol')).toContain('how an accent is written');
    expect(pair('\u00c4.sol', 'a\u0308.sol')).toContain('upper and lower case');
    expect(pair('A.sol', 'AA.sol')).toBe('accepted');
  });

  test('limits on files, bytes and text', () => {
    const many = Object.fromEntries(
      Array.from({ length: limits.sourceFilesMax + 1 }, (_, index) => [`${index}.sol`, '']),
    );
    expect(refusal({ sources: many })).toContain('sources-too-many');
    expect(refusal({ sources: { 'A.sol': ' '.repeat(limits.sourcesBytesMax + 1) } })).toContain(
      'sources-too-large',
    );
    expect(refusal({ sources: { 'A.sol': '// \ud800' } })).toContain('source-not-text');
    expect(refusal({ sources: {} })).toContain('sources-empty');
  });

  test('limits at their edges', () => {
    const files = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.sol`, '']));
    expect(refusal({ sources: files(limits.sourceFilesMax) })).toBe('accepted');
    expect(refusal({ sources: { 'A.sol': ' '.repeat(limits.sourcesBytesMax) } })).toBe('accepted');
    const imports = (count: number) => ({ 'A.sol': 'import "A.sol";'.repeat(count) });
    expect(refusal({ sources: imports(limits.importedFilesMax) })).toBe('accepted');
    expect(refusal({ sources: imports(limits.importedFilesMax + 1) })).toContain('imports-too-many');
    const name = (length: number) => `${'a'.repeat(length - 4)}.sol`;
    expect(refusal({ sources: { [name(limits.sourcePathCharactersMax)]: '' } })).toBe('accepted');
    expect(refusal({ sources: { [name(limits.sourcePathCharactersMax + 1)]: '' } })).toContain('longer than');
  });
});

describe('resolution', () => {
  const sources = {
    'contracts/Token.sol': 'import "./lib/Math.sol"; import "interfaces/IToken.sol"; contract Token {}',
    'contracts/lib/Math.sol': 'import "../Base.sol";',
    'contracts/Base.sol': '',
    'interfaces/IToken.sol': 'import "../contracts/lib/Math.sol";',
    'contracts/Unrelated.sol': 'contract Unrelated {}',
  };

  test('relative and direct imports, cycles, and only what the entry reaches', () => {
    expect(files(sources, 'contracts/Token.sol')).toEqual([
      'contracts/Base.sol',
      'contracts/Token.sol',
      'contracts/lib/Math.sol',
      'interfaces/IToken.sol',
    ]);
  });

  test('a file that imports itself, and rings of two and three', () => {
    expect(files({ 'A.sol': 'import "./A.sol"; import "A.sol";' })).toEqual(['A.sol']);
    expect(files({ 'A.sol': 'import "./B.sol";', 'B.sol': 'import "./A.sol";' })).toEqual(['A.sol', 'B.sol']);
    const ring = { 'A.sol': 'import "B.sol";', 'B.sol': 'import "C.sol";', 'C.sol': 'import "A.sol";' };
    expect(files(ring)).toEqual(['A.sol', 'B.sol', 'C.sol']);
    expect(files(ring, 'B.sol')).toEqual(['A.sol', 'B.sol', 'C.sol']);
    expect(prepareCompile({ sources: ring }).entry).toBe('C.sol');
  });

  test('remappings: the longest prefix wins, a context narrows', () => {
    const remapped = {
      'src/A.sol': 'import "lib/X.sol"; import "lib/deep/Y.sol"; import "oz/access/Ownable.sol";',
      'one/X.sol': '',
      'two/Y.sol': '',
    };
    const remappings = ['lib/=one/', 'lib/deep/=two/', 'other:lib/=nowhere/', 'oz/=@openzeppelin/contracts/'];
    const { input } = prepareCompile({ sources: remapped, entry: 'src/A.sol', settings: { remappings } });
    expect(Object.keys(input.sources)).toEqual([
      '@openzeppelin/contracts/access/Ownable.sol',
      '@openzeppelin/contracts/utils/Context.sol',
      'one/X.sol',
      'src/A.sol',
      'two/Y.sol',
    ]);
    expect(refusal({ sources: remapped, settings: { remappings: ['nonsense'] } })).toContain(
      'remapping-invalid',
    );
  });

  test('the entry: the one nobody imports; with several, all files and the last or the one with the contract', () => {
    const one = prepareCompile({ sources: { 'A.sol': 'import "./B.sol";', 'B.sol': '' } });
    expect([one.entry, one.ownFiles]).toEqual(['A.sol', ['A.sol', 'B.sol']]);
    const several = { 'A.sol': 'contract A {}', 'B.sol': 'contract B {}' };
    expect(prepareCompile({ sources: several })).toMatchObject({
      entry: 'B.sol',
      ownFiles: ['A.sol', 'B.sol'],
    });
    expect(prepareCompile({ sources: several, contract: 'A' }).entry).toBe('A.sol');
    expect(refusal({ sources: several, entry: 'a.sol' })).toContain('Did you mean A.sol?');
  });

  test('the same request gives the same hash, any other input another', () => {
    const hash = (request: Partial<CompileRequest>) =>
      prepareCompile({ sources: { 'A.sol': 'contract A {}' }, ...request }).inputHash;
    expect(hash({})).toBe(hash({}));
    const settings = { optimizer: { enabled: true, runs: 200 } };
    expect(hash({ settings })).toBe(hash({}));
    const others = [
      hash({}),
      hash({ compiler: '0.7.6' }),
      hash({ contract: 'A' }),
      hash({ settings: { viaIR: true } }),
      hash({ sources: { 'A.sol': 'contract A { }' } }),
    ];
    expect(new Set(others).size).toBe(others.length);
  });
});

describe('choosing the compiler', () => {
  const chosen = (pragma: string, compiler?: string) => {
    const sources = { 'A.sol': `pragma solidity ${pragma};` };
    return prepareCompile({ sources, ...(compiler ? { compiler } : {}) }).compiler;
  };

  test.each([
    ['^0.8.0', '0.8.37'],
    ['>=0.4.22 <0.9.0', '0.8.37'],
    ['>=0.6.0<0.8.0', '0.7.6'],
    ['^ 0.6.2', '0.6.12'],
    ['0.5', '0.5.17'],
    ['"^0.5.0"', '0.5.17'],
    ['0.4.11 - 0.5.2', '0.4.26'],
    ['^0.4.0 || ^0.6.0', '0.6.12'],
    ['=0.7.6', '0.7.6'],
    ['*', '0.8.37'],
  ])('%s → %s', (pragma, version) => {
    expect(chosen(pragma)).toBe(version);
  });

  test('without a pragma the newest; a version or a range may be asked for', () => {
    expect(prepareCompile({ sources: { 'A.sol': '' } }).compiler).toBe(bundledVersions()[0]);
    expect(chosen('>=0.6.0', '0.6.12')).toBe('0.6.12');
    expect(chosen('>=0.4.0', '<0.8.0')).toBe('0.7.6');
    expect(chosen('>=0.4.0', '0.8.37+commit.f401782d')).toBe('0.8.37');
  });

  test('pragmas in comments and texts decide nothing', () => {
    const source = `// pragma solidity 0.4.26;
      /* pragma solidity ^0.5.0; */
      pragma /* solidity 0.6.12; */ solidity ^0.7.0; // pragma solidity 0.8.37;
      contract A { string constant s = "pragma solidity 0.6.6;"; }`;
    expect(prepareCompile({ sources: { 'A.sol': source } }).compiler).toBe('0.7.6');
  });

  test('contradictions within one file, and of three that get on with each other by twos', () => {
    const one = 'pragma solidity ^0.8.0; pragma solidity <0.8.0;';
    expect(refusal({ sources: { 'A.sol': one } })).toContain('pragma-conflict at 1:41');
    const three = {
      'A.sol': 'pragma solidity ^0.6.0 || ^0.7.0; import "B.sol"; import "C.sol";',
      'B.sol': 'pragma solidity ^0.7.0 || ^0.8.0;',
      'C.sol': 'pragma solidity ^0.6.0 || ^0.8.0;',
    };
    expect(refusal({ sources: three })).toContain('pragma-conflict');
    const { 'C.sol': _, ...two } = { ...three, 'A.sol': 'pragma solidity ^0.6.0 || ^0.7.0; import "B.sol";' };
    expect(prepareCompile({ sources: two }).compiler).toBe('0.7.6');
  });

  test('a hostile pragma costs nothing', () => {
    const source = `pragma solidity "${'/*'.repeat(1_000_000)}";`;
    expect(refusal({ sources: { 'A.sol': source } })).toContain('pragma-invalid');
    expect(refusal({ sources: { 'A.sol': `pragma solidity ${'>=0.8.0 '.repeat(10_000)};` } })).toContain(
      'pragma',
    );
  });

  test('what cannot be satisfied is named with its place', () => {
    expect(refusal({ sources: { 'A.sol': '\n pragma solidity 0.8.3;' } })).toMatchInlineSnapshot(
      `"pragma-unsatisfied at 2:18: A.sol:2: no bundled compiler satisfies "pragma solidity 0.8.3". Bundled are <compilers>. | Loosen it to "pragma solidity ^0.8.3;": 0.8.37 then fits."`,
    );
    const apart = {
      'A.sol': 'pragma solidity ^0.8.0;\nimport "./B.sol";',
      'B.sol': '\npragma solidity ^0.6.0;',
    };
    expect(refusal({ sources: apart })).toMatchInlineSnapshot(
      `"pragma-conflict at 2:17: No bundled compiler satisfies both "pragma solidity ^0.8.0" (A.sol:1) and "pragma solidity ^0.6.0" (B.sol:2). Bundled are <compilers>. | Loosen one of the two pragmas, or import a version of the library that fits the compiler."`,
    );
    expect(refusal({ sources: { 'A.sol': 'pragma solidity ^0.8.0;' }, compiler: '0.7.6' })).toContain(
      'pragma-excludes-compiler at 1:17',
    );
    expect(refusal({ sources: { 'A.sol': '' }, compiler: '0.9.0' })).toContain('compiler-not-bundled');
    expect(refusal({ sources: { 'A.sol': '' }, compiler: 'newest' })).toContain('compiler-not-bundled');
    expect(refusal({ sources: { 'A.sol': 'pragma solidity latest;' } })).toContain('pragma-invalid at 1:17');
  });
});

describe('sources that are made to hurt get an answer', () => {
  const library = 'import "@openzeppelin/contracts/token/ERC20/ERC20.sol";';
  const many = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => one(index));

  test.each([
    ['bases below bases', many(20_000, (index) => `contract C${index} is C${index + 1} {}`).join('\n')],
    [
      'one contract with more bases than any',
      `contract A is ${many(100_000, (index) => `B${index}`).join()} {}`,
    ],
    ['brackets in brackets', `contract A { uint a = ${'f('.repeat(500_000)} }`],
    ['calls of everything', many(50_000, (index) => `f${index}(1, 2);`).join('')],
  ])('%s', (_, source) => {
    expect(refusal({ sources: { 'A.sol': library + source } })).toBe('accepted');
  });

  test('an import of more names than there are', () => {
    const source = `import {${many(200_000, (index) => `n${index}`).join()}} from "@openzeppelin/contracts/access/Ownable.sol";`;
    expect(refusal({ sources: { 'A.sol': source } })).toBe('accepted');
  });

  test('a path that no other of two thousand is like', () => {
    const paths = many(1_900, (index) => `${'ba/'.repeat(70)}${index}.sol`);
    const sources = Object.fromEntries(paths.map((path) => [path, '']));
    const source = `import "${'ab/'.repeat(75)}x.sol";`;
    expect(refusal({ sources: { ...sources, 'A.sol': source }, entry: 'A.sol' })).toContain(
      'import-not-found',
    );
  });

  test('pragmas, at the edge of their limit', () => {
    const pragmas = (count: number) =>
      many(count, (index) => `pragma solidity >=0.8.0 <0.9.${index};`).join('\n');
    expect(refusal({ sources: { 'A.sol': pragmas(limits.pragmasMax) } })).toBe('accepted');
    expect(refusal({ sources: { 'A.sol': pragmas(limits.pragmasMax + 1) } })).toContain('pragmas-too-many');
    expect(refusal({ sources: { 'A.sol': 'pragma solidity ^0.8.0;'.repeat(50_000) } })).toBe('accepted');
  });
});

describe('bundled libraries', () => {
  const prepared = (source: string, more: Partial<CompileRequest> = {}) =>
    prepareCompile({ sources: { 'A.sol': source }, ...more });

  test('sources keep the name that is written in the import, whatever alias it is', () => {
    const imports = [
      'openzeppelin-contracts/contracts/utils/Nonces.sol',
      'solmate/src/auth/Owned.sol',
      'solady/utils/LibBit.sol',
      '@forge-std/Vm.sol',
      'ds-test/test.sol',
      'hardhat/console.sol',
    ];
    const { input, libraries } = prepared(imports.map((path) => `import "${path}";`).join('\n'));
    expect(Object.keys(input.sources)).toEqual([...imports, 'A.sol'].sort());
    expect(input.settings.remappings).toBeUndefined();
    expect(libraries.map(({ name, licence }) => `${name} ${licence}`)).toEqual([
      '@openzeppelin/contracts MIT',
      'solmate AGPL-3.0-only',
      'solady MIT',
      'forge-std MIT',
      'ds-test MIT',
      'hardhat MIT',
    ]);
  });

  test('a library in the folder of an installer is found when it was not sent along', () => {
    const sources = {
      'test/A.t.sol':
        'import "../lib/forge-std/src/Vm.sol"; import "@oz/utils/Nonces.sol"; import "lib/solmate/src/auth/Owned.sol";',
      'lib/solmate/src/auth/Owned.sol': 'contract Mine {}',
    };
    const remappings = ['@oz/=lib/openzeppelin-contracts/contracts/'];
    const { input, libraries } = prepareCompile({ sources, entry: 'test/A.t.sol', settings: { remappings } });
    expect(Object.keys(input.sources)).toEqual([
      'lib/forge-std/src/Vm.sol',
      'lib/openzeppelin-contracts/contracts/utils/Nonces.sol',
      'lib/solmate/src/auth/Owned.sol',
      'test/A.t.sol',
    ]);
    expect(input.sources['lib/solmate/src/auth/Owned.sol']?.content).toBe('contract Mine {}');
    expect(libraries.map(({ name }) => name)).toEqual(['forge-std', '@openzeppelin/contracts']);
  });

  test('one library under two names becomes one, by a remapping', () => {
    const source = `
      import "openzeppelin-contracts-upgradeable/contracts/access/OwnableUpgradeable.sol";
      import "openzeppelin-contracts/contracts/utils/Nonces.sol";`;
    const { input } = prepared(source);
    expect(input.settings.remappings).toEqual(['openzeppelin-contracts/contracts/=@openzeppelin/contracts/']);
    expect(Object.keys(input.sources).filter((name) => name.startsWith('openzeppelin-contracts/'))).toEqual(
      [],
    );
    expect(input.sources).toHaveProperty(['@openzeppelin/contracts/utils/Nonces.sol']);
    expect(input.sources).toHaveProperty(['@openzeppelin/contracts/proxy/utils/Initializable.sol']);
  });

  test("where the caller's remappings lead, the other name follows", () => {
    const source = 'import "oz/utils/Nonces.sol"; import "@openzeppelin/contracts/utils/Pausable.sol";';
    const remappings = ['oz/=lib/openzeppelin-contracts/contracts/'];
    const { input } = prepared(source, { settings: { remappings } });
    expect(input.settings.remappings).toEqual([
      '@openzeppelin/contracts/=lib/openzeppelin-contracts/contracts/',
      ...remappings,
    ]);
    expect(Object.keys(input.sources)).toEqual([
      'A.sol',
      'lib/openzeppelin-contracts/contracts/utils/Context.sol',
      'lib/openzeppelin-contracts/contracts/utils/Nonces.sol',
      'lib/openzeppelin-contracts/contracts/utils/Pausable.sol',
    ]);
  });

  test('pins win, and two versions can live in one build', () => {
    const { libraries } = prepared(
      'import "@openzeppelin/contracts@4.9.6/access/Ownable.sol"; import "@openzeppelin/contracts@5.x/utils/Nonces.sol";',
    );
    expect(libraries.map(({ name, version, reason }) => `${name} ${version}: ${reason}`)).toEqual([
      '@openzeppelin/contracts@4.9.6 4.9.6: pinned by the import',
      '@openzeppelin/contracts@5.x 5.7.0: pinned by the import',
    ]);
  });

  test("the caller's own file of that name wins, also for what the library imports", () => {
    const sources = {
      'A.sol': 'import "@openzeppelin/contracts/access/Ownable.sol";',
      '@openzeppelin/contracts/utils/Context.sol': 'abstract contract Context {}',
    };
    const mixed = prepareCompile({ sources, entry: 'A.sol' });
    expect(mixed.ownFiles).toEqual(['@openzeppelin/contracts/utils/Context.sol', 'A.sol']);
    const own = { ...sources, '@openzeppelin/contracts/access/Ownable.sol': 'contract Mine {}' };
    expect(prepareCompile({ sources: own, entry: 'A.sol' })).toMatchObject({
      libraries: [],
      ownFiles: ['@openzeppelin/contracts/access/Ownable.sol', 'A.sol'],
    });
  });
});
