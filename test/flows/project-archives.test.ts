import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Packed, tarGzOf, tarOf, zipOf } from '../../src/solidity/project/test-support.ts';
import { countRows } from '../support/half-written.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** Whole projects, as they lie in a repository, sent to the real server: they compile with no edits. */
let platform: TestPlatform;
let user: TestUser;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-projects-'));
  platform = await startPlatform();
  user = await platform.register();
});
afterAll(async () => {
  await platform.stop();
  rmSync(folder, { recursive: true, force: true });
});

const licence = '// SPDX-License-Identifier: MIT';

/** As `npx hardhat init` makes it, with a token of OpenZeppelin; dependencies are not in the archive. */
const hardhat = (marker: string): Packed => ({
  'package.json': '{"devDependencies": {"hardhat": "^2.22.0", "@openzeppelin/contracts": "^5.0.0"}}',
  'hardhat.config.ts': `import { writeFileSync } from "node:fs";
import { HardhatUserConfig } from "hardhat/config";
import "@nomicfoundation/hardhat-toolbox";

writeFileSync(${JSON.stringify(marker)}, "this config was run");
const runs = (() => { writeFileSync(${JSON.stringify(marker)}, "this config was run"); return 1; })();

const optimizer = { enabled: true, runs: 1_234 } as const;
const config: HardhatUserConfig = {
  solidity: { version: "0.8.28", settings: { optimizer, viaIR: process.env.VIA_IR === "yes" } },
  networks: { sepolia: { url: process.env.URL ?? "", accounts: ["0xsecretsecretsecret"] } },
};
process.exit(runs);
export default config;
`,
  'contracts/Token.sol': `${licence}
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Shares} from "./lib/Shares.sol";
contract Token is ERC20 {
  using Shares for uint256;
  constructor() ERC20("Token", "T") { _mint(msg.sender, uint256(100).half()); }
}
`,
  'contracts/lib/Shares.sol': `${licence}
pragma solidity ^0.8.20;
library Shares { function half(uint256 all) internal pure returns (uint256) { return all / 2; } }
`,
  'test/Token.ts': 'import { expect } from "chai";',
});

/** As `forge init` makes it, with one dependency of its own and one that everybody has. */
const foundry: Packed = {
  'foundry.toml': `[profile.default]
src = "src"
out = "out"
libs = ["lib"]
solc = "0.8.28"
optimizer = true
optimizer_runs = 4_321
bytecode_hash = "none"
`,
  'remappings.txt':
    '@openzeppelin/contracts/=lib/openzeppelin-contracts/contracts/\nmath/=lib/fixed-math/src/\n',
  'src/Vault.sol': `${licence}
pragma solidity ^0.8.20;
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "solmate/tokens/ERC20.sol";
contract Vault is Ownable {
  ERC20 public immutable asset;
  constructor(ERC20 asset_) Ownable(msg.sender) { asset = asset_; }
}
`,
  'test/Vault.t.sol': `${licence}
pragma solidity ^0.8.20;
import {Test} from "forge-std/Test.sol";
import {Vault} from "../src/Vault.sol";
contract VaultTest is Test {}
`,
  'script/Deploy.s.sol': 'this does not compile',
};

const installed: Packed = {
  ...foundry,
  'src/Rate.sol': `${licence}
pragma solidity ^0.8.20;
import {FixedMath} from "math/FixedMath.sol";
contract Rate { function get(uint256 a) external pure returns (uint256) { return FixedMath.twice(a); } }
`,
  'lib/fixed-math/src/FixedMath.sol': `${licence}
pragma solidity ^0.8.20;
library FixedMath { function twice(uint256 a) internal pure returns (uint256) { return a * 2; } }
`,
  'lib/fixed-math/test/FixedMath.t.sol': 'this does not compile either',
  'lib/openzeppelin-contracts/contracts/access/Ownable.sol': `${licence}
pragma solidity ^0.8.20;
abstract contract Ownable { address public owner; constructor(address first) { owner = first; } }
`,
  'lib/openzeppelin-contracts/test/Some.t.sol': 'nor does this',
  'lib/solmate/src/tokens/ERC20.sol': `${licence}
pragma solidity >=0.8.0;
abstract contract ERC20 { mapping(address => uint256) public balanceOf; }
`,
};

const inRepository = (files: Packed) =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`project-main/${path}`, content]));

async function compile(bytes: Uint8Array, more: object = {}) {
  const job = await user.client.call('POST /api/v1/contracts/compile', {
    body: { archive: Buffer.from(bytes).toString('base64'), ...more },
    waitSeconds: 30,
  });
  expect(job.error).toBeNull();
  const build = await user.client.call('GET /api/v1/builds/:id', {
    params: { id: job.result.build?.id ?? '' },
  });
  const artifact = (name: string) => {
    const found = build.artifacts.find((one) => one.contract === name);
    if (!found) throw new Error(`no ${name} among ${build.candidates.join(', ')}`);
    return { ...found, metadata: JSON.parse(found.metadata) };
  };
  const remarks = build.diagnostics
    .filter(({ severity }) => severity === 'info')
    .map(({ message }) => message);
  return { build, artifact, remarks };
}

describe('a Hardhat project', () => {
  test('as a zip of a repository: compiled as Hardhat does, its configuration read and not run', async () => {
    const marker = join(folder, 'marker-zip');
    const { build, artifact, remarks } = await compile(zipOf(inRepository(hardhat(marker))));
    expect(existsSync(marker)).toBe(false);
    expect(build).toMatchObject({ status: 'succeeded', candidates: ['contracts/Token.sol:Token'] });
    expect(artifact('Token').metadata).toMatchObject({
      compiler: { version: expect.stringContaining('0.8.28') },
      settings: {
        compilationTarget: { 'contracts/Token.sol': 'Token' },
        optimizer: { enabled: true, runs: 1_234 },
        evmVersion: 'paris',
        remappings: [],
      },
    });
    expect(artifact('Token').runtimeBytes).toBeGreaterThan(1_000);
    expect(build.libraries).toMatchObject([{ name: '@openzeppelin/contracts' }]);
    expect(remarks).toEqual([
      'solidity.settings.viaIR is not written out in hardhat.config.ts, which is not run: it is left out.',
    ]);
    const { place } = build.diagnostics.find(({ severity }) => severity === 'info') ?? {};
    expect(place).toMatchObject({
      file: 'hardhat.config.ts',
      line: 10,
      excerpt: expect.stringContaining('process.env.VIA_IR'),
    });
    expect(JSON.stringify(build)).not.toContain('secretsecret');
  });

  test('as a tar.gz gives the same build', async () => {
    const marker = join(folder, 'marker-tar');
    const zip = await compile(zipOf(hardhat(marker)), { contract: 'Token' });
    const tar = await compile(tarGzOf(inRepository(hardhat(marker))), { contract: 'Token' });
    expect(existsSync(marker)).toBe(false);
    expect(tar.build.inputHash).toBe(zip.build.inputHash);
    expect([zip.build.cached, tar.build.cached]).toEqual([false, true]);
    expect(tar.artifact('Token').creationBytecode).toBe(zip.artifact('Token').creationBytecode);
  });

  test('what is kept of it is its sources, and neither the archive nor the configuration', async () => {
    const rows = await platform.store.read.selectFrom('builds').select('request').execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('secretsecret');
    expect(JSON.stringify(rows)).not.toContain('UEsDB');
  });
});

describe('a Foundry project', () => {
  test('as a zip with lib: its own dependencies are used, and are not the project', async () => {
    const { build, artifact, remarks } = await compile(zipOf(inRepository(installed)));
    expect(build).toMatchObject({
      status: 'succeeded',
      libraries: [],
      candidates: ['src/Rate.sol:Rate', 'src/Vault.sol:Vault'],
    });
    expect(remarks).toEqual([]);
    const { settings } = artifact('Vault').metadata;
    expect(settings).toMatchObject({
      compilationTarget: { 'src/Vault.sol': 'Vault' },
      optimizer: { enabled: true, runs: 4_321 },
      metadata: { bytecodeHash: 'none' },
    });
    expect(settings.remappings).toEqual([
      ':@openzeppelin/contracts/=lib/openzeppelin-contracts/contracts/',
      ':fixed-math/=lib/fixed-math/src/',
      ':math/=lib/fixed-math/src/',
      ':openzeppelin-contracts/=lib/openzeppelin-contracts/contracts/',
      ':solmate/=lib/solmate/src/',
    ]);
    expect(Object.keys(artifact('Rate').metadata.sources).sort()).toEqual([
      'lib/fixed-math/src/FixedMath.sol',
      'src/Rate.sol',
    ]);
  });

  test('as a tar without lib: the bundled libraries stand in, which is told', async () => {
    const { build, artifact, remarks } = await compile(tarOf(inRepository(foundry)));
    expect(build.status).toBe('succeeded');
    expect(build.libraries.map(({ name }) => name).sort()).toEqual(['@openzeppelin/contracts', 'solmate']);
    expect(remarks).toEqual([
      'Not among the files, so bundled libraries stand in: lib/openzeppelin-contracts.',
    ]);
    expect(artifact('Vault').metadata.sources).toHaveProperty([
      'lib/openzeppelin-contracts/contracts/access/Ownable.sol',
    ]);
  });

  test('with its tests, on forge-std', async () => {
    const { 'script/Deploy.s.sol': _, ...files } = foundry;
    const { build } = await compile(zipOf(files), { tests: true });
    expect(build).toMatchObject({
      status: 'succeeded',
      candidates: expect.arrayContaining(['test/Vault.t.sol:VaultTest']),
    });
  });
});

test('standard JSON input gives what the same sources and settings give', async () => {
  const content = `${licence}\npragma solidity 0.8.28;\ncontract A { string public s = "a"; function f(uint256 x) external pure { require(x > 1, "why"); } }\n`;
  const settings = {
    optimizer: { enabled: true, runs: 5, details: { yul: false } },
    metadata: { bytecodeHash: 'none' as const, appendCBOR: false },
    debug: { revertStrings: 'strip' as const },
  };
  const buildOf = async (body: Parameters<typeof send>[0]) => (await send(body)).result.build;
  const send = (body: {
    sources?: Record<string, string>;
    settings?: typeof settings;
    standardJson?: Record<string, unknown>;
  }) => user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 30 });
  const standard = await buildOf({
    standardJson: {
      language: 'Solidity',
      sources: { 'A.sol': { content } },
      settings: { ...settings, outputSelection: { '*': { '*': ['*'] } } },
    },
  });
  const plain = await buildOf({ sources: { 'A.sol': content }, settings });
  expect(standard?.status).toBe('succeeded');
  expect(standard?.inputHash).toBe(plain?.inputHash);
  const bare = await buildOf({ sources: { 'A.sol': content } });
  // The settings do what they say: no metadata at the end, and the reason is gone.
  const code = (build: typeof bare) => build?.artifacts[0]?.runtimeBytecode ?? '';
  const why = Buffer.from('why').toString('hex');
  expect([code(standard).includes(why), code(bare).includes(why)]).toEqual([false, true]);
  expect([code(standard).includes('a264697066735822'), code(bare).includes('a264697066735822')]).toEqual([
    false,
    true,
  ]);
});

describe('an archive that is meant to do harm is refused by name, and leaves nothing behind', () => {
  const bomb = tarGzOf({ 'src/A.sol': Buffer.alloc(80_000_000) });
  test.each<[string, Uint8Array, number, string, string]>([
    ['a bomb', bomb, 413, 'archive-unpacks-too-large', 'src/A.sol'],
    ['a way out', zipOf({ '../../evil.sol': '' }), 422, 'archive-path-invalid', '../../evil.sol'],
    [
      'a link outside',
      tarOf([{ path: 'src/A.sol', type: 'SymbolicLink', linkpath: '/etc/passwd' }]),
      422,
      'archive-link',
      'src/A.sol',
    ],
    ['half of it', zipOf({ 'src/A.sol': 'contract A {}' }).subarray(0, 60), 422, 'archive-damaged', ''],
    [
      'bytes that are no text',
      zipOf({ 'src/A.sol': new Uint8Array([0xff, 0xfe]) }),
      422,
      'source-not-text',
      'src/A.sol',
    ],
  ])('%s', async (_, bytes, status, code, name) => {
    const before = await countRows(platform.store);
    const reply = await platform.send('POST /api/v1/contracts/compile', {
      token: user.accessToken,
      body: { archive: Buffer.from(bytes).toString('base64') },
    });
    expect({ status: reply.status, code: reply.body.code }).toEqual({ status, code });
    expect(reply.body.errors).toEqual([{ pointer: '/archive', code, message: reply.body.detail }]);
    expect(reply.body.detail).toContain(name);
    expect(await countRows(platform.store)).toEqual(before);
  });

  test('and the next one compiles', async () => {
    const { build } = await compile(
      zipOf({ 'A.sol': `${licence}\npragma solidity ^0.8.0;\ncontract Next {}\n` }),
    );
    expect(build.status).toBe('succeeded');
  });
});
