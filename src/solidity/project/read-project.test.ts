import { describe, expect, test } from 'vitest';
import { limits } from '../../lib/limits.ts';
import { prepareCompile } from '../prepare.ts';
import { readProject, readProjectArchive } from './read-project.ts';
import { filesOf, type Packed, refusal, zipOf } from './test-support.ts';
import type { ProjectOptions } from './types.ts';

const read = (files: Packed, options?: ProjectOptions) => readProject(filesOf(files), options);
const said = (files: Packed, options?: ProjectOptions) => refusal(() => read(files, options));
const source = (body: string, pragma = '^0.8.0') => `pragma solidity ${pragma};\n${body}\n`;
const messages = (files: Packed, options?: ProjectOptions) =>
  read(files, options).notes.map(({ message }) => message);
/** The names of all sources that the compiler would get, bundled ones included. */
const prepared = (files: Packed, options?: ProjectOptions) => prepareCompile(read(files, options).request);

const hardhat = (solidity = '"0.8.24"') => ({
  'hardhat.config.ts': `export default { solidity: ${solidity} };`,
});
const foundry = (lines = 'optimizer = true') => ({ 'foundry.toml': `[profile.default]\n${lines}\n` });

describe('Hardhat', () => {
  test('its own sources, with its names, compiler and settings', () => {
    const { request, layout, notes } = read({
      ...hardhat('{ version: "0.8.24", settings: { optimizer: { enabled: true, runs: 7 } } }'),
      'contracts/Token.sol': source('import "./lib/Math.sol"; contract Token {}'),
      'contracts/lib/Math.sol': source('library Math {}'),
      'contracts/Token.t.sol': source('contract TokenTest {}'),
      'test/Helper.sol': source('contract Helper {}'),
      'src/Other.sol': source('contract Other {}'),
    });
    expect(layout).toBe('hardhat');
    expect(notes).toEqual([]);
    expect(request).toEqual({
      sources: {
        'contracts/Token.sol': source('import "./lib/Math.sol"; contract Token {}'),
        'contracts/lib/Math.sol': source('library Math {}'),
      },
      compiler: '0.8.24',
      settings: { optimizer: { enabled: true, runs: 7 }, evmVersion: 'paris' },
    });
  });

  test('what it brings in node_modules has the names of npm, and is not the project’s own', () => {
    const files = {
      ...hardhat(),
      'contracts/Token.sol': source('import "@x/y/contracts/Base.sol"; contract Token is Base {}'),
      'node_modules/@x/y/contracts/Base.sol': source('import "./Root.sol"; contract Base is Root {}'),
      'node_modules/@x/y/contracts/Root.sol': source('contract Root {}'),
      'node_modules/@x/y/contracts/Unused.sol': source('contract Unused {}'),
    };
    const { request } = read(files);
    expect(Object.keys(request.sources)).toEqual([
      '@x/y/contracts/Base.sol',
      '@x/y/contracts/Root.sol',
      'contracts/Token.sol',
    ]);
    expect(request.settings?.remappings).toBeUndefined();
    expect(prepared(files).ownFiles).toEqual(['contracts/Token.sol']);
  });

  test('what it does not bring is bundled', () => {
    const files = {
      ...hardhat(),
      'contracts/Token.sol': source(
        'import "@openzeppelin/contracts/access/Ownable.sol"; import "hardhat/console.sol"; contract Token {}',
      ),
    };
    const { input, libraries } = prepared(files);
    expect(Object.keys(input.sources)).toEqual(
      expect.arrayContaining(['@openzeppelin/contracts/access/Ownable.sol', 'hardhat/console.sol']),
    );
    expect(libraries.map(({ name }) => name)).toContain('@openzeppelin/contracts');
  });

  test('a package of a repository is found, with the node_modules above it', () => {
    const files = {
      'package.json': '{}',
      'packages/web/package.json': '{}',
      'packages/contracts/hardhat.config.js':
        'module.exports = { solidity: "0.8.24", paths: { sources: "src" } }',
      'packages/contracts/src/A.sol': source('import "x/B.sol"; contract A {}'),
      'node_modules/x/B.sol': source('contract B {}'),
      'node_modules/x/hardhat.config.js': '',
    };
    const { request, notes } = read(files);
    expect(Object.keys(request.sources)).toEqual(['src/A.sol', 'x/B.sol']);
    expect(notes).toEqual([
      { message: 'The project is the folder packages/contracts/; names are relative to it.' },
    ]);
  });

  test('the version of a library that package.json asks for, where the sources do not need another', () => {
    const files = (range: string) => ({
      ...hardhat(),
      'package.json': `{"dependencies": {"@openzeppelin/contracts": "${range}", "chai": "^4.0.0"}}`,
      'contracts/A.sol': source(
        `import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol"; contract A is ERC20 { constructor() ERC20("A", "A") {}}`,
      ),
    });
    const version = (range: string) => prepared(files(range)).libraries[0]?.version;
    expect(read(files('^4.9.3')).request.libraryVersions).toEqual({ '@openzeppelin/contracts': '^4.9.3' });
    expect([
      version('^4.9.3'),
      version('4.7.0'),
      version('^5.0.2'),
      version('5.0.2'),
      version('latest'),
    ]).toEqual(['4.9.6', '4.9.6', '5.7.0', '5.7.0', '5.7.0']);
    expect(messages(files('^5.0.2'))).toEqual([]);
    expect(messages(files('5.0.2'))).toEqual([
      'package.json asks for @openzeppelin/contracts 5.0.2; bundled are 5.7.0 and 4.9.6, and the nearest that fits is taken.',
    ]);
  });

  test('Hardhat 3 by its package.json', () => {
    const files = { ...hardhat(), 'contracts/A.sol': source('contract A {}') };
    const evm = (range: string) =>
      read({ ...files, 'package.json': `{"devDependencies": {"hardhat": "${range}"}}` }).request.settings
        ?.evmVersion;
    expect([evm('^3.0.0'), evm('^2.22.0'), evm('latest')]).toEqual([undefined, 'paris', 'paris']);
    expect(read({ ...files, 'package.json': 'no json' }).request.settings?.evmVersion).toBe('paris');
  });
});

describe('Foundry', () => {
  const openzeppelin = 'lib/openzeppelin-contracts/contracts/access/Ownable.sol';

  test('its own sources, its settings, the remappings of its files and of what is installed', () => {
    const files = {
      ...foundry(
        'solc = "0.8.24"\noptimizer = true\nremappings = ["@a/=lib/a/src/", "forge-std/=lib/other/"]',
      ),
      'remappings.txt': 'forge-std/=lib/forge-std/src/\n',
      'src/A.sol': source('import "@a/A.sol"; import "b/B.sol"; import "src/C.sol"; contract X is C {}'),
      'src/C.sol': source('contract C {}'),
      'test/A.t.sol': source('import "forge-std/Test.sol"; contract T is Test {}'),
      'script/A.s.sol': source('contract S {}'),
      'lib/a/src/A.sol': source('import "./Deep.sol"; contract A {}'),
      'lib/a/src/Deep.sol': source('contract Deep {}'),
      'lib/b/src/B.sol': source('contract B {}'),
      'lib/forge-std/src/Test.sol': source('contract Test {}'),
    };
    const { request, layout } = read(files);
    expect(layout).toBe('foundry');
    expect(Object.keys(request.sources)).toEqual([
      'lib/a/src/A.sol',
      'lib/a/src/Deep.sol',
      'lib/b/src/B.sol',
      'src/A.sol',
      'src/C.sol',
    ]);
    expect(request).toMatchObject({
      compiler: '0.8.24',
      dependencies: ['lib/a/src/A.sol', 'lib/a/src/Deep.sol', 'lib/b/src/B.sol'],
      settings: {
        optimizer: { enabled: true, runs: 200 },
        remappings: ['@a/=lib/a/src/', 'a/=lib/a/src/', 'b/=lib/b/src/', 'forge-std/=lib/forge-std/src/'],
      },
    });
    expect(prepared(files).ownFiles).toEqual(['src/A.sol', 'src/C.sol']);

    const withTests = read(files, { tests: true });
    expect(Object.keys(withTests.request.sources)).toEqual(
      expect.arrayContaining(['test/A.t.sol', 'script/A.s.sol', 'lib/forge-std/src/Test.sol']),
    );
  });

  test.each([
    [
      'remapped as OpenZeppelin says',
      '@openzeppelin/contracts/=lib/openzeppelin-contracts/contracts/',
      '@openzeppelin/contracts/access/Ownable.sol',
    ],
    [
      'remapped from the top',
      '@openzeppelin/=lib/openzeppelin-contracts/',
      '@openzeppelin/contracts/access/Ownable.sol',
    ],
    ['remapped by a name of its own', 'oz/=lib/openzeppelin-contracts/contracts', 'oz/access/Ownable.sol'],
    ['by the folder’s name', '', 'openzeppelin-contracts/contracts/access/Ownable.sol'],
    ['by a path', '', '../lib/openzeppelin-contracts/contracts/access/Ownable.sol'],
    ['from npm', '@openzeppelin/=node_modules/@openzeppelin/', '@openzeppelin/contracts/access/Ownable.sol'],
  ])('a library that is not installed comes from the bundled ones: %s', (_, remapping, path) => {
    const files = {
      ...foundry(),
      'remappings.txt': remapping,
      'src/A.sol': source(
        `import {Ownable} from "${path}"; contract A is Ownable { constructor() Ownable(msg.sender) {} }`,
      ),
    };
    const { input, libraries, ownFiles, notes } = prepared(files);
    expect(libraries).toMatchObject([{ name: '@openzeppelin/contracts' }]);
    expect(ownFiles).toEqual(['src/A.sol']);
    // The bundled files take the names that Foundry would give the installed ones.
    expect(Object.keys(input.sources).filter((name) => name.endsWith('access/Ownable.sol'))).toHaveLength(1);
    if (path.startsWith('../lib') || remapping.includes('lib/')) {
      expect(input.sources).toHaveProperty([openzeppelin]);
      expect(notes?.map(({ message }) => message)).toEqual([
        'Not among the files, so bundled libraries stand in: lib/openzeppelin-contracts.',
      ]);
    }
  });

  test('an installed library wins over the bundled one', () => {
    const files = {
      ...foundry(),
      'src/A.sol': source(
        'import "openzeppelin-contracts/contracts/access/Ownable.sol"; contract A is Ownable {}',
      ),
      [openzeppelin]: source('contract Ownable {}'),
      'lib/openzeppelin-contracts/contracts/utils/Context.sol': source('contract Context {}'),
    };
    expect(read(files).request.sources[openzeppelin]).toBe(source('contract Ownable {}'));
    expect(prepared(files).libraries).toEqual([]);
  });

  test('a remapping into what is not there is no part of the settings; one that imports need is named', async () => {
    const files = {
      ...foundry(),
      'remappings.txt': 'ds-test/=lib/ds-test/src/\ngone/=lib/gone/src/',
      'src/A.sol': source('contract A {}'),
    };
    expect(read(files).request.settings?.remappings).toBeUndefined();
    const text = await said({ ...files, 'src/A.sol': source('\n  import "gone/Gone.sol";') });
    expect(text).toBe(
      'project-dependency-missing at src/A.sol:3: src/A.sol:3: the import "gone/Gone.sol" leads to lib/gone/src/, which is not among the files.',
    );
  });

  test('installed where no remapping leads: the import finds it', () => {
    const files = {
      ...foundry(
        'optimizer = true\nauto_detect_remappings = false\nremappings = ["dep/=lib/dep/contracts/"]',
      ),
      'src/A.sol': source(
        'import "@scope/pkg/src/B.sol"; import "dep/contracts/D.sol"; import "dep/E.sol"; import "soldeer-1.2.0/F.sol";',
      ),
      'node_modules/@scope/pkg/src/B.sol': source('contract B {}'),
      'lib/dep/contracts/D.sol': source('contract D {}'),
      'lib/dep/contracts/E.sol': source('contract E {}'),
      'dependencies/soldeer-1.2.0/src/F.sol': source('contract F {}'),
    };
    const { request } = read(files);
    expect(request.settings?.remappings).toEqual([
      '@scope/=node_modules/@scope/',
      'dep/=lib/dep/contracts/',
      'dep/contracts/=lib/dep/contracts/',
      'soldeer-1.2.0/=dependencies/soldeer-1.2.0/src/',
    ]);
    expect(prepared(files).ownFiles).toEqual(['src/A.sol']);
  });

  test('without a configuration, by its remappings; with contracts instead of src', () => {
    const files = {
      'remappings.txt': 'x/=lib/x/',
      'contracts/A.sol': source('import "x/B.sol";'),
      'lib/x/B.sol': source(''),
    };
    const { request, layout } = read(files);
    expect([layout, Object.keys(request.sources)]).toEqual(['foundry', ['contracts/A.sol', 'lib/x/B.sol']]);
  });

  test('a project of both tools follows foundry.toml, unless its sources are not where that says', () => {
    const both = { ...foundry(), ...hardhat() };
    const one = read({ ...both, 'src/A.sol': source('contract A {}') });
    expect([one.layout, one.notes]).toEqual([
      'foundry',
      [{ message: 'There are a foundry.toml and a hardhat.config.ts: the foundry.toml is followed.' }],
    ]);
    const files = { ...foundry('src = "foundry"'), ...hardhat(), 'contracts/A.sol': source('contract A {}') };
    expect(read(files).layout).toBe('hardhat');
  });

  test('a profile', () => {
    const files = {
      ...foundry('optimizer = true\n[profile.ir]\nvia_ir = true'),
      'src/A.sol': source('contract A {}'),
    };
    expect(read(files, { profile: 'ir' }).request.settings).toMatchObject({ viaIR: true });
  });
});

describe('plain sources', () => {
  test('all of them, with the platform’s own settings', () => {
    const files = {
      'a/A.sol': source('import "../b/B.sol";'),
      'b/B.sol': source('contract B {}'),
      'test/T.sol': source(''),
    };
    expect(read(files)).toEqual({
      request: { sources: { 'a/A.sol': files['a/A.sol'], 'b/B.sol': files['b/B.sol'] }, settings: {} },
      layout: 'plain',
      root: '',
      notes: [],
    });
    expect(Object.keys(read({ 'test/T.sol': source('') }).request.sources)).toEqual(['test/T.sol']);
  });
});

describe('one part of a project', () => {
  const files = {
    ...hardhat(
      '{ compilers: [{ version: "0.8.24" }, { version: "0.7.6", settings: { optimizer: { enabled: true, runs: 1 } } }] }',
    ),
    'contracts/New.sol': source('contract New {}'),
    'contracts/Also.sol': source('contract Also {}', '>=0.7.0'),
    'contracts/Old.sol': source('contract Old {} contract Twin {}', '^0.7.0'),
    'contracts/Twin.sol': source('contract Twin {}', '^0.7.0'),
  };

  test('without it, files that need different compilers are named', async () => {
    expect(await said(files)).toBe(
      'project-compilers-differ: No single compiler fits all files: 0.8.24 for contracts/Also.sol, contracts/New.sol; 0.7.6 for contracts/Old.sol, contracts/Twin.sol.',
    );
  });

  test.each([
    [{ contract: 'New' }, 'contracts/New.sol', '0.8.24', { enabled: false, runs: 200 }],
    [{ contract: 'Old' }, 'contracts/Old.sol', '0.7.6', { enabled: true, runs: 1 }],
    [{ contract: 'contracts/Twin.sol:Twin' }, 'contracts/Twin.sol', '0.7.6', { enabled: true, runs: 1 }],
    [{ entry: 'contracts/Also.sol' }, 'contracts/Also.sol', '0.8.24', { enabled: false, runs: 200 }],
    [
      { entry: 'contracts/Also.sol', compiler: '0.7.6' },
      'contracts/Also.sol',
      '0.7.6',
      { enabled: true, runs: 1 },
    ],
  ])('%j', (options, entry, compiler, optimizer) => {
    const { request } = read(files, options);
    expect(request).toMatchObject({ entry, compiler, settings: { optimizer } });
    expect(Object.keys(request.sources)).toEqual([entry]);
    expect(prepareCompile(request)).toMatchObject({ compiler, entry });
  });

  test('a contract that is nowhere, or an entry, is refused with what there is', async () => {
    const some = { ...hardhat(), 'contracts/A.sol': source('contract A {}') };
    expect(await refusal(() => prepareCompile(read(some, { entry: 'contracts/B.sol' }).request))).toContain(
      'entry-not-found: The entry file contracts/B.sol is not among the sources. Did you mean contracts/A.sol?',
    );
    expect(read(some, { contract: 'Nowhere' }).request).toMatchObject({ contract: 'Nowhere' });
  });

  test('files that Hardhat would compile differently, but one compiler can do', () => {
    const some = {
      ...hardhat(
        '{ compilers: [{ version: "0.8.24" }, { version: "0.8.20" }], overrides: { "contracts/C.sol": { version: "0.8.20" } } }',
      ),
      'contracts/A.sol': source('contract A {}'),
      'contracts/B.sol': source('contract B {}', '0.8.20'),
      'contracts/C.sol': source('contract C {}'),
    };
    const { request, notes } = read(some);
    expect(request.compiler).toBe('0.8.20');
    expect(notes.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        'Hardhat would compile contracts/A.sol with 0.8.24 (no optimizer); together with the others 0.8.20',
      ),
      expect.stringContaining('Hardhat would compile contracts/C.sol with 0.8.20'),
    ]);
    expect(read(some, { entry: 'contracts/A.sol' }).request.compiler).toBe('0.8.24');
    expect(read(some, { contract: 'C' }).request.compiler).toBe('0.8.20');
  });

  test('a compiler that the configuration does not write out is chosen by the pragmas of the files that need it', async () => {
    const some = {
      ...hardhat('{ compilers: [{ version: process.env.SOLC || "0.7.6" }, { version: "0.6.12" }] }'),
      'contracts/A.sol': source('contract A {}', '>=0.7.0 <0.9.0'),
    };
    expect(read(some).request.compiler).toBeUndefined();
    expect(prepared(some).compiler).toMatch(/^0\.8\./);
    expect(read({ ...some, 'contracts/A.sol': source('contract A {}', '0.6.12') }).request.compiler).toBe(
      '0.6.12',
    );
    expect(await said({ ...some, 'contracts/B.sol': source('contract B {}', '0.6.12') })).toMatch(
      /^project-compilers-differ: .*: 0\.8\.\d+ for contracts\/A\.sol; 0\.6\.12 for contracts\/B\.sol\.$/,
    );
  });

  test('pragmas that contradict each other, where no compiler is named', async () => {
    const some = {
      ...foundry(),
      'src/New.sol': source('contract New {}'),
      'src/Old.sol': source('contract Old {}', '0.7.6'),
    };
    expect(await said(some)).toMatch(
      /^project-compilers-differ: .*: 0\.8\.\d+ for src\/New\.sol; 0\.7\.6 for src\/Old\.sol\.$/,
    );
    expect(prepared(some, { contract: 'Old' }).compiler).toBe('0.7.6');
    // One file that no compiler fits at all is not a matter of parts.
    const hopeless = { ...some, 'src/X.sol': source('', '^0.3.0') };
    expect(await said(hopeless)).toBe('accepted');
    expect(await refusal(() => prepared(hopeless))).toContain('pragma-unsatisfied');
  });
});

test('the caller’s settings stand in place of the project’s, one by one', () => {
  const files = {
    ...foundry('optimizer = true\noptimizer_runs = 5\nevm_version = "paris"'),
    'src/A.sol': source('contract A {}'),
  };
  expect(read(files, { settings: { optimizer: { runs: 9 }, viaIR: true } }).request.settings).toEqual({
    optimizer: { enabled: true, runs: 9 },
    evmVersion: 'paris',
    viaIR: true,
  });
});

describe('what is wrong with a project', () => {
  test.each([
    ['nothing at all', {}, 'project-empty: The project has no Solidity file to compile.'],
    [
      'nothing where the sources belong',
      { ...hardhat(), 'src/A.sol': '' },
      'project-empty: The project has no Solidity file to compile in contracts/.',
    ],
    [
      'only tests',
      { ...foundry(), 'src/A.t.sol': '', 'test/B.sol': '' },
      'project-empty: The project has no Solidity file to compile in src/.',
    ],
    [
      'two projects',
      { 'a/foundry.toml': '', 'b/hardhat.config.js': '', 'lib/c/foundry.toml': '' },
      'project-ambiguous: There are several projects: a/, b/.',
    ],
    [
      'a bad configuration',
      { 'foundry.toml': '[profile.default]\nsrc = 1', 'src/A.sol': '' },
      'project-config-invalid at foundry.toml:2: foundry.toml:2: src has to be a string.',
    ],
    [
      'a bad line of remappings',
      { ...foundry(), 'remappings.txt': 'a/=b/\nwhat', 'src/A.sol': '' },
      'project-config-invalid at remappings.txt:2: remappings.txt:2: "what" is not of the form [context:]prefix=target.',
    ],
    [
      'a bad remapping',
      { ...foundry('remappings = ["x"]'), 'src/A.sol': '' },
      'project-config-invalid at foundry.toml:2: foundry.toml:2: remappings: "x" is not of the form [context:]prefix=target.',
    ],
  ])('%s', async (_, files, text) => expect(await said(files)).toBe(text));

  test('a Yul file is told as not compiled', async () => {
    expect(messages({ ...foundry(), 'src/A.sol': source('contract A {}'), 'src/B.yul': '' })).toEqual([
      'Only Solidity is compiled; left out: src/B.yul.',
    ]);
    const error = await refusal(() => read({ ...foundry(), 'src/B.yul': '' }));
    expect(error).toContain('project-empty');
  });

  test('a source that is no text, named; one that nothing reaches does not matter', async () => {
    const latin = Buffer.from('contract Caf\u00e9 {}', 'latin1');
    const files = { ...hardhat(), 'contracts/A.sol': source('contract A {}'), 'node_modules/x/B.sol': latin };
    expect(await said(files)).toBe('accepted');
    expect(await said({ ...files, 'contracts/B.sol': latin })).toBe(
      'source-not-text at contracts/B.sol:: contracts/B.sol is not valid Unicode text.',
    );
    expect(await said({ 'foundry.toml': latin })).toContain('source-not-text at foundry.toml');
  });

  test('limits: a configuration, sources by number and by bytes, notes', async () => {
    const some = { 'src/A.sol': source('contract A {}') };
    const toml = (bytes: number) => ({ ...some, 'foundry.toml': `#${'x'.repeat(bytes - 1)}` });
    expect(await said(toml(limits.projectConfigBytesMax))).toBe('accepted');
    expect(await said(toml(limits.projectConfigBytesMax + 1))).toContain(
      `project-config-too-large at foundry.toml:: foundry.toml has ${limits.projectConfigBytesMax + 1} bytes`,
    );
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`src/F${n}.sol`, '']));
    expect(await said(many(limits.sourceFilesMax))).toBe('accepted');
    expect(await said(many(limits.sourceFilesMax + 1))).toContain('sources-too-many');
    const large = (bytes: number) => ({ 'A.sol': 'x'.repeat(bytes - 1), 'B.sol': '/' });
    expect(await said(large(limits.sourcesBytesMax))).toBe('accepted');
    expect(await said(large(limits.sourcesBytesMax + 1))).toContain('sources-too-large');
    const odd = Array.from({ length: limits.projectNotesMax + 5 }, (_, n) => `odd${n}: 1`).join(', ');
    const noted = {
      ...hardhat(`{ version: "0.8.24", settings: { ${odd} } }`),
      'contracts/A.sol': source('contract A {}'),
    };
    expect(read(noted).notes).toHaveLength(limits.projectNotesMax);
    const remapped = (count: number) => ({
      ...foundry(),
      ...some,
      'remappings.txt': Array.from({ length: count }, (_, n) => `a${n}/=b${n}/`).join('\n'),
    });
    expect(await said(remapped(limits.remappingsMax))).toBe('accepted');
    expect(await said(remapped(limits.remappingsMax + 1))).toContain('at most 500 are taken');
    const importing = (count: number) => ({
      ...foundry(),
      'src/A.sol': 'import "./A.sol";\n'.repeat(count),
    });
    expect(await said(importing(limits.projectImportsMax + 1))).toContain('imports-too-many');
  });

  test('what would take long to read is read in no time', async () => {
    const begin = process.cpuUsage();
    const blanks = `x = """\n${`[${' '.repeat(199)}\n`.repeat(500)}"""\noptimizer = 1\n`;
    const dependencies = Array.from({ length: 200 }, (_, n) => [
      [`lib/d${n}/foundry.toml`, blanks],
      [`lib/d${n}/src/D.sol`, source('contract D {}')],
    ]).flat();
    const libs = `[profile.default]\nlibs = [${'"lib",'.repeat(15_000)}]\n`;
    const files = {
      'foundry.toml': libs,
      'src/A.sol': source('contract A {}'),
      ...Object.fromEntries(dependencies),
    };
    expect(await said(files)).toBe('accepted');
    const unread = `export default { solidity: [${'x,'.repeat(60_000)}] };`;
    expect(await said({ 'hardhat.config.ts': unread, 'contracts/A.sol': source('contract A {}') })).toBe(
      'accepted',
    );
    expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(20);
  });
});

test('from an archive, as a repository’s page gives it', async () => {
  const bytes = zipOf({
    'repo-main/foundry.toml': '[profile.default]\noptimizer = true',
    'repo-main/src/A.sol': source('contract A {}'),
    'repo-main/README.md': '# A',
  });
  const { request, layout } = await readProjectArchive(bytes);
  expect([layout, Object.keys(request.sources)]).toEqual(['foundry', ['src/A.sol']]);
});
