import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits } from '../lib/limits.ts';
import { tarGzOf, tarOf, zipOf } from '../solidity/project/test-support.ts';
import { readCompileInput } from './read-compile-input.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'slipway-input-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function put(path: string, content: string | Uint8Array = ''): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const project = {
  'foundry.toml': '[profile.default]\noptimizer_runs = 7\n[profile.ir]\nvia_ir = true',
  'src/A.sol': 'import "dep/B.sol"; import "@x/y/C.sol"; contract A {}',
  'test/A.t.sol': 'contract T {}',
  'lib/dep/src/B.sol': 'contract B {}',
  'node_modules/@x/y/C.sol': 'import "./D.sol";',
  'node_modules/@x/y/D.sol': 'contract D {}',
  'node_modules/@x/z/E.sol': 'contract E {}',
  'out/A.sol/A.json': '{}',
};

test('a folder with a foundry.toml is that project: its settings, and of its dependencies what imports reach', async () => {
  for (const [path, text] of Object.entries(project)) put(`project/${path}`, text);
  const request = await readCompileInput(home, 'project', {
    profile: 'ir',
    settings: { evmVersion: 'paris' },
  });
  expect(Object.keys(request.sources).sort()).toEqual([
    'lib/dep/src/B.sol',
    'node_modules/@x/y/C.sol',
    'node_modules/@x/y/D.sol',
    'src/A.sol',
  ]);
  expect(request.settings).toEqual({
    optimizer: { enabled: true, runs: 7 },
    viaIR: true,
    evmVersion: 'paris',
    remappings: ['@x/=node_modules/@x/', 'dep/=lib/dep/src/'],
  });
  const withTests = await readCompileInput(home, 'project', { tests: true });
  expect(Object.keys(withTests.sources)).toContain('test/A.t.sol');
});

test.each(['hardhat.config.ts', 'hardhat.config.js', 'hardhat.config.cjs'])(
  'a folder with a %s too',
  async (name) => {
    put(`project/${name}`, 'module.exports = { solidity: "0.8.24", paths: { sources: "src" } }');
    put('project/src/A.sol', 'contract A {}');
    put('project/contracts/B.sol', 'contract B {}');
    const request = await readCompileInput(home, 'project', {});
    expect([Object.keys(request.sources), request.compiler]).toEqual([['src/A.sol'], '0.8.24']);
  },
);

test('nothing is read that lies outside, through whatever link, nor files of other kinds', async () => {
  put('secret/Secret.sol', 'a secret');
  put('secret/foundry.toml', '[profile.default]\nsrc = "a secret"');
  put('project/foundry.toml', '');
  put('project/remappings.txt', 'up/=../secret/\nabs/=/etc/\nlinked/=lib/linked/\npkg/=node_modules/pkg/');
  put('project/.env', 'a secret');
  put(
    'project/src/A.sol',
    'import "linked/Secret.sol"; import "pkg/Secret.sol"; import "./Link.sol"; import "../.env"; contract A {}',
  );
  symlinkSync(join(home, 'secret/Secret.sol'), join(home, 'project/src/Link.sol'));
  mkdirSync(join(home, 'project/lib'));
  mkdirSync(join(home, 'project/node_modules'));
  symlinkSync(join(home, 'secret'), join(home, 'project/lib/linked'));
  symlinkSync(join(home, 'secret'), join(home, 'project/node_modules/pkg'));
  const said = await readCompileInput(home, 'project', {}).catch((error: Error) => error.message);
  expect(said).toContain('the import "linked/Secret.sol" leads to lib/linked/, which is not among the files');
  put('project/remappings.txt', '');
  expect(JSON.stringify(await readCompileInput(home, 'project', {}))).not.toContain('a secret');
});

test('links within the project are followed, as pnpm makes them', async () => {
  put('project/hardhat.config.js', 'module.exports = { solidity: "0.8.24" }');
  put('project/contracts/A.sol', 'import "pkg/B.sol"; contract A {}');
  put('project/node_modules/.pnpm/pkg@1.0.0/B.sol', 'contract B {}');
  symlinkSync('.pnpm/pkg@1.0.0', join(home, 'project/node_modules/pkg'));
  const { sources } = await readCompileInput(home, 'project', {});
  expect(Object.keys(sources)).toEqual(['contracts/A.sol', 'pkg/B.sol']);
});

test.each([
  ['project.zip', zipOf],
  ['project.tar', tarOf],
  ['project.tar.gz', tarGzOf],
  ['project.tgz', tarGzOf],
])('%s is the same project', async (name, pack) => {
  put(name, pack(project));
  for (const [path, text] of Object.entries(project)) put(`project/${path}`, text);
  expect(await readCompileInput(home, name, {})).toEqual(await readCompileInput(home, 'project', {}));
});

test('an archive that is too large is not read', async () => {
  put('large.zip', Buffer.alloc(limits.archiveBytesMax + 1));
  await expect(readCompileInput(home, 'large.zip', {})).rejects.toThrow(
    `at most ${limits.archiveBytesMax} are read`,
  );
  put('full.zip', Buffer.alloc(limits.archiveBytesMax));
  await expect(readCompileInput(home, 'full.zip', {})).rejects.toThrow('no Solidity file');
});

test('a file, and a folder of sources, with what the options say', async () => {
  put('A.sol', 'contract A {}');
  const settings = { viaIR: true };
  const options = { contract: 'A', compiler: '0.8.24', settings };
  expect(await readCompileInput(home, 'A.sol', options)).toEqual({
    sources: { 'A.sol': 'contract A {}' },
    entry: 'A.sol',
    ...options,
  });
  expect(await readCompileInput(home, '.', {})).toEqual({ sources: { 'A.sol': 'contract A {}' } });
});
