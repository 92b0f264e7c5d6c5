import { describe, expect, test } from 'vitest';
import { AppError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { bundledVersions } from './bundled-compilers.ts';
import { prepareCompile } from './prepare.ts';
import type { CompileRequest, Sources } from './types.ts';

/** What a refusal says, as a person reads it. */
function refusal(request: CompileRequest): string {
  try {
    prepareCompile(request);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { line, column } = error.place ?? {};
    return `${error.code}${line ? ` at ${line}:${column}` : ''}: ${error.message} | ${error.hint}`;
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
      `"import-not-found at 1:9: A.sol:1: the import "./Tokn.sol" was not found. Did you mean Token.sol? | Add the file to the sources, or import from a bundled library: @openzeppelin/contracts 5.7.0, @openzeppelin/contracts 4.9.6."`,
    );
  });

  test('a file that moved within its library, and a slip in the name of the library', () => {
    const both =
      'import "@openzeppelin/contracts/security/Pausable.sol"; import "@openzeppelin/contracts/utils/Nonces.sol";';
    expect(
      refusal({ sources: { 'A.sol': `${both} import "@openzeppelin/contracts/account/Account.sol";` } }),
    ).toContain('Did you mean @openzeppelin/contracts/utils/Pausable.sol?');
    expect(
      refusal({ sources: { 'A.sol': 'import "@openzepelin/contracts/access/Ownable.sol";' } }),
    ).toContain('Did you mean @openzeppelin/contracts/access/Ownable.sol?');
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
    expect(files({ 'A.sol': 'import "./B.sol";', 'B.sol': 'import "./A.sol";' })).toEqual(['A.sol', 'B.sol']);
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

  test('a hostile pragma costs nothing', () => {
    const source = `pragma solidity "${'/*'.repeat(1_000_000)}";`;
    expect(refusal({ sources: { 'A.sol': source } })).toContain('pragma-invalid');
    expect(refusal({ sources: { 'A.sol': `pragma solidity ${'>=0.8.0 '.repeat(10_000)};` } })).toContain(
      'pragma',
    );
  });

  test('what cannot be satisfied is named with its place', () => {
    expect(refusal({ sources: { 'A.sol': '\n pragma solidity 0.8.19;' } })).toMatchInlineSnapshot(
      `"pragma-unsatisfied at 2:18: A.sol:2: no bundled compiler satisfies "pragma solidity 0.8.19". Bundled are 0.8.37, 0.7.6, 0.6.12, 0.5.17, 0.4.26. | Loosen it to "pragma solidity ^0.8.19;": 0.8.37 then fits."`,
    );
    const apart = {
      'A.sol': 'pragma solidity ^0.8.0;\nimport "./B.sol";',
      'B.sol': '\npragma solidity ^0.6.0;',
    };
    expect(refusal({ sources: apart })).toMatchInlineSnapshot(
      `"pragma-conflict at 2:17: No bundled compiler satisfies both "pragma solidity ^0.8.0" (A.sol:1) and "pragma solidity ^0.6.0" (B.sol:2). Bundled are 0.8.37, 0.7.6, 0.6.12, 0.5.17, 0.4.26. | Loosen one of the two pragmas, or import a version of the library that fits the compiler."`,
    );
    expect(refusal({ sources: { 'A.sol': 'pragma solidity ^0.8.0;' }, compiler: '0.7.6' })).toContain(
      'pragma-excludes-compiler at 1:17',
    );
    expect(refusal({ sources: { 'A.sol': '' }, compiler: '0.9.0' })).toContain('compiler-not-bundled');
    expect(refusal({ sources: { 'A.sol': '' }, compiler: 'newest' })).toContain('compiler-not-bundled');
    expect(refusal({ sources: { 'A.sol': 'pragma solidity latest;' } })).toContain('pragma-invalid at 1:17');
  });
});

describe('choosing the library version', () => {
  const used = (source: string) => {
    const { libraries } = prepareCompile({ sources: { 'A.sol': source } });
    return libraries.map(({ name, version, reason }) => `${name} ${version}: ${reason}`);
  };
  const oz = (path: string) => `import "@openzeppelin/contracts/${path}";\n`;

  test.each([
    [oz('security/Pausable.sol'), '4.9.6: security/Pausable.sol exists only in this version'],
    [oz('utils/Pausable.sol'), '5.7.0: utils/Pausable.sol exists only in this version'],
    [
      `${oz('access/Ownable.sol')} contract A is Ownable(msg.sender) {}`,
      '5.7.0: Ownable is given its owner, which version 4 does not take',
    ],
    [
      `${oz('access/Ownable.sol')} contract A is Ownable {}`,
      '4.9.6: Ownable is not given an owner, which version 5 demands',
    ],
    [
      `${oz('token/ERC20/ERC20.sol')} contract A is ERC20 { function _beforeTokenTransfer() internal {} }`,
      '4.9.6: _beforeTokenTransfer exists only in version 4',
    ],
    [oz('token/ERC20/ERC20.sol'), '5.7.0: the newest bundled version'],
  ])('%j', (source, expected) => {
    expect(used(source)).toEqual([`@openzeppelin/contracts ${expected}`]);
  });

  test('pins win, and both versions can live in one build', () => {
    const both =
      'import "@openzeppelin/contracts@4.9.6/access/Ownable.sol"; import "@openzeppelin/contracts@5.x/utils/Nonces.sol";';
    expect(used(both)).toEqual([
      '@openzeppelin/contracts@4.9.6 4.9.6: pinned by the import',
      '@openzeppelin/contracts@5.x 5.7.0: pinned by the import',
    ]);
    expect(
      refusal({ sources: { 'A.sol': 'import "@openzeppelin/contracts@4.2.0/access/Ownable.sol";' } }),
    ).toContain(
      'library-version-not-bundled at 1:9: A.sol:1: @openzeppelin/contracts 4.2.0 is not bundled; bundled are 5.7.0, 4.9.6.',
    );
  });

  test("the caller's own file of that name wins", () => {
    const sources = {
      'A.sol': oz('access/Ownable.sol'),
      '@openzeppelin/contracts/access/Ownable.sol': 'contract Mine {}',
    };
    const prepared = prepareCompile({ sources });
    expect(prepared.libraries).toEqual([]);
    expect(prepared.ownFiles).toHaveLength(2);
  });
});
