import { describe, expect, test } from 'vitest';
import { libraryImport, libraryVersions } from '../library-imports.ts';
import { prepareCompile } from '../prepare.ts';
import { startCompiler } from '../start-compiler.ts';
import { libraries } from './index.ts';

describe.each(libraries.map((library) => [`${library.name} ${library.version}`, library] as const))(
  '%s',
  (_, library) => {
    test('has files, an exact version, a licence, and reads nothing but its own files', () => {
      expect(library.version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(library.licence).toMatch(/^(MIT|AGPL-3\.0-only)$/);
      expect(library.paths().size).toBeGreaterThan(0);
      for (const path of library.paths()) expect(library.read(path)?.content).toContain('pragma solidity');
      expect(library.read('../package.json')).toBeUndefined();
      expect(library.read('package.json')).toBeUndefined();
    });

    test('resolves: every import of every file leads to a file', () => {
      const imports = [...library.paths()].map(
        (path) => `import "${library.name}@${library.version}/${path}";`,
      );
      const { input, libraries: used } = prepareCompile({ sources: { 'All.sol': imports.join('\n') } });
      expect(Object.keys(input.sources).length).toBeGreaterThan(library.paths().size);
      expect(used[0]).toMatchObject({ version: library.version, licence: library.licence });
    });

    test('is found by its name and each alias, alone and in the folders of installers', () => {
      const [path = ''] = library.paths();
      for (const prefix of [library.name, ...library.aliases]) {
        for (const folder of ['', 'lib/', 'node_modules/', 'contracts/lib/other/lib/']) {
          const found = libraryImport(`${folder}${prefix}/${path}`);
          expect(found).toEqual({ name: library.name, prefix: `${folder}${prefix}/`, pin: undefined, path });
        }
      }
    });

    test('says by whom moved files were replaced, and the replacements are there', () => {
      for (const [path, target] of Object.entries(library.moved)) {
        expect(library.paths().has(path)).toBe(false);
        const found = libraryImport(target);
        const versions = libraryVersions(found?.name ?? '');
        const twin = versions.find(({ version }) => version === library.version);
        expect([target, twin?.paths().has(found?.path ?? '')]).toEqual([target, true]);
      }
    });
  },
);

test('of one name the newest stands first, and no version stands twice', () => {
  const labels = libraries.map((library) => `${library.name}@${library.version}`);
  expect(new Set(labels).size).toBe(labels.length);
  for (const { name } of libraries) {
    const versions = libraryVersions(name).map(({ version }) => version);
    const sorted = [...versions].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    expect(versions).toEqual(sorted);
  }
});

test('no alias leads to two libraries', () => {
  const owners = new Map<string, string>();
  for (const { name, aliases } of libraries)
    for (const prefix of [name, ...aliases]) {
      expect([prefix, owners.get(prefix) ?? name]).toEqual([prefix, name]);
      owners.set(prefix, name);
    }
});

test('the members of a family are there in the same versions', () => {
  const families = Map.groupBy(libraries, ({ family }) => family ?? '');
  for (const [family, members] of families) {
    if (family === '') continue;
    const names = new Set(members.map(({ name }) => name));
    const versions = [...names].map((name) => libraryVersions(name).map(({ version }) => version));
    expect(new Set(versions.map(String)).size).toBe(1);
  }
});

test('what needs its licence said is not MIT in disguise', () => {
  expect(prepareCompile({ sources: { 'A.sol': 'import "solmate/tokens/ERC20.sol";' } }).libraries).toEqual([
    { name: 'solmate', version: '6.8.0', licence: 'AGPL-3.0-only', reason: 'the only bundled version' },
  ]);
});

test('contracts over them compile, as people write them', async () => {
  const compiler = await startCompiler({ workers: 1 });
  const upgradeable = (init: string, body: string) => `
    import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
    import {ERC20Upgradeable} from "openzeppelin-contracts-upgradeable/contracts/token/ERC20/ERC20Upgradeable.sol";
    import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
    import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
    contract Token is Initializable, ERC20Upgradeable, OwnableUpgradeable, UUPSUpgradeable {
      function initialize() public initializer { __ERC20_init("T", "T"); ${init} }
      function _authorizeUpgrade(address) internal override onlyOwner {} ${body}
    }`;
  const hook = 'function _beforeTokenTransfer(address a, address b, uint256 c) internal override {}';
  const sources: [string, string[]][] = [
    [
      upgradeable('__Ownable_init(msg.sender);', ''),
      ['@openzeppelin/contracts-upgradeable 5.7.0', '@openzeppelin/contracts 5.7.0'],
    ],
    [
      upgradeable('__Ownable_init(); __UUPSUpgradeable_init();', hook),
      ['@openzeppelin/contracts-upgradeable 4.9.6'],
    ],
    [
      `import {ERC20} from "solmate/tokens/ERC20.sol"; import {Owned} from "solmate/src/auth/Owned.sol";
       import {LibString} from "solady/utils/LibString.sol"; import "hardhat/console.sol";
       contract Token is ERC20("T", "T", 18), Owned(msg.sender) {
         function show(uint256 x) public pure returns (string memory) { console.log(x); return LibString.toString(x); }
       }`,
      ['solmate 6.8.0', 'solady 0.1.26', 'hardhat 1.0.0'],
    ],
  ];
  try {
    for (const [source, used] of sources) {
      const text = `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n${source}`;
      const outcome = await compiler.check(compiler.prepare({ sources: { 'Token.sol': text } }));
      expect(outcome.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(outcome.prepared.libraries.map(({ name, version }) => `${name} ${version}`)).toEqual(used);
    }
  } finally {
    await compiler.close();
  }
});
