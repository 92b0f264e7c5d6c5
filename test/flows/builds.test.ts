import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplyOf } from '../../src/client/route-types.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { bytecodeHash } from '../../src/solidity/bytecode-hash.ts';
import { readProjectArchive } from '../../src/solidity/project/read-project.ts';
import { startCompiler } from '../../src/solidity/start-compiler.ts';
import type { Compiler } from '../../src/solidity/types.ts';
import { type Content, contentOf } from '../../src/store/contents.ts';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** What comes out of a build: its input, its artifacts, a project, and the proof that the same comes out again. */
type Build = NonNullable<ReplyOf<'GET /api/v1/jobs/:id'>['result']['build']>;

const sources = {
  'contracts/Coin.sol': `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Units} from "./util/Units.sol";
contract Coin is ERC20 {
  uint256 public immutable start;
  constructor() ERC20("Coin", "C") { start = Units.whole(10); _mint(msg.sender, start); }
}`,
  'contracts/util/Units.sol': `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IUnits { function one() external; }
library Units { function whole(uint256 n) internal pure returns (uint256) { return n * 1e18; } }
contract Counter { uint256 public count; }`,
};
const settings = { optimizer: { enabled: true, runs: 999 }, evmVersion: 'cancun' };

let platform: TestPlatform;
let user: TestUser;
let apiKey: string;
let folder: string;
let compiler: Compiler;
let build: Build;

beforeAll(async () => {
  [platform, compiler] = await Promise.all([startPlatform(), startCompiler({ workers: 1 })]);
  folder = mkdtempSync(join(tmpdir(), 'slipway-builds-'));
  user = await platform.register();
  const { client } = user;
  apiKey = (await client.call('POST /api/v1/api-keys', { body: { name: 'cli', scopes: ['*'] } })).key;
  build = await compile({ sources, settings });
});
afterAll(async () => {
  await Promise.all([platform.stop(), compiler.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function compile(body: { sources: Record<string, string>; settings?: object }): Promise<Build> {
  const job = await user.client.call('POST /api/v1/contracts/compile', { body, waitSeconds: 60 });
  if (!job.result.build) throw new Error('there is no build');
  return job.result.build;
}

const slipway = (...words: string[]) =>
  runSlipway(words, {
    cwd: folder,
    env: { SLIPWAY_URL: platform.url, SLIPWAY_API_KEY: apiKey, SLIPWAY_DATA: join(folder, 'none') },
  });

const get = (path: string, headers: Record<string, string> = {}) =>
  platform.send(`GET /api/v1/builds/${build.id}${path}`, { token: user.accessToken, headers });

describe('the input', () => {
  test('is the exact standard JSON, with the compiler beside it', async () => {
    const input = await user.client.call('GET /api/v1/builds/:id/input', { params: { id: build.id } });
    expect(input).toMatchObject({
      buildId: build.id,
      inputHash: build.inputHash,
      compilerLong: build.compiler,
      ownFiles: Object.keys(sources),
      input: { language: 'Solidity', settings },
    });
    expect(input.compilerLong).toMatch(new RegExp(`^${input.compiler}\\+commit\\.[0-9a-f]{8}`));
    expect(input.input.settings).not.toHaveProperty('outputSelection');
    const texts = Object.entries(input.input.sources).map(([file, { content }]) => [file, content]);
    expect(Object.fromEntries(texts)).toMatchObject(sources);
    const library = '@openzeppelin/contracts/token/ERC20/ERC20.sol';
    expect(input.input.sources[library]?.content).toBe(readFileSync(`node_modules/${library}`, 'utf8'));
  });

  test('a build that was not compiled has none', async () => {
    const { id } = await compile({ sources: { 'A.sol': 'pragma solidity ^0.8.0;\ncontract A {}' } });
    const open = { status: 'pending', input_hash: null, entry: null };
    await platform.store.read.updateTable('builds').set(open).where('id', '=', id).execute();
    for (const path of ['input', 'download', 'artifacts/A']) {
      const { status, body } = await platform.send(`GET /api/v1/builds/${id}/${path}`, {
        token: user.accessToken,
      });
      expect([path, status, body.code]).toEqual([path, 409, 'build-not-compiled']);
    }
  });

  test('of a source with errors is there, as what was compiled', async () => {
    const { id, status } = await compile({ sources: { 'A.sol': 'pragma solidity ^0.8.0;\ncontract A {' } });
    expect(status).toBe('failed');
    const input = await user.client.call('GET /api/v1/builds/:id/input', { params: { id } });
    expect(Object.keys(input.input.sources)).toEqual(['A.sol']);
  });
});

describe('an artifact', () => {
  const path = `/artifacts/${encodeURIComponent('contracts/Coin.sol:Coin')}`;

  test('is found by file and name, or by its name alone', async () => {
    const coin = build.artifacts.find(({ contract }) => contract === 'Coin');
    const byFile = await get(path);
    expect([byFile.status, byFile.body]).toEqual([200, coin]);
    expect((await get('/artifacts/Coin')).body).toEqual(coin);
    for (const name of ['contracts%2FOther.sol%3ACoin', 'coin', 'x']) {
      const missing = await get(`/artifacts/${name}`);
      expect([missing.status, missing.body.code]).toEqual([404, 'not-found']);
    }
  });

  test('of two with one name, the name alone is not enough', async () => {
    const text = (body: string) => `pragma solidity ^0.8.0;\ncontract Twin { ${body} }`;
    const twins = await compile({ sources: { 'a/Twin.sol': text(''), 'b/Twin.sol': text('uint256 x;') } });
    const ask = (name: string) =>
      platform.send(`GET /api/v1/builds/${twins.id}/artifacts/${encodeURIComponent(name)}`, {
        token: user.accessToken,
      });
    expect((await ask('Twin')).status).toBe(404);
    expect((await ask('b/Twin.sol:Twin')).body).toMatchObject({ file: 'b/Twin.sol', contract: 'Twin' });
  });

  test('has an ETag by its content, and is not sent again to whoever has it', async () => {
    const first = await get(path);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    for (const held of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(path, { 'if-none-match': held });
      expect([held, again.status, again.text, again.headers.get('etag')]).toEqual([held, 304, '', etag]);
    }
    for (const held of ['"other"', etag.slice(1, -1)])
      expect((await get(path, { 'if-none-match': held })).status).toBe(200);
    const same = await compile({ sources, settings });
    expect([same.id === build.id, same.cached]).toEqual([false, true]);
    const other = await platform.send(`GET /api/v1/builds/${same.id}${path}`, { token: user.accessToken });
    expect(other.headers.get('etag')).toBe(etag);
  });
});

describe.each(['hardhat', 'foundry'] as const)('a download for %s', (layout) => {
  const download = async (id = build.id) =>
    user.client.call('GET /api/v1/builds/:id/download', { params: { id }, query: { layout } });

  test('compiled from its files alone, with its settings, it gives the same bytecode', async () => {
    const { request, layout: read } = await readProjectArchive(await download());
    expect(read).toBe(layout);
    const outcome = await compiler.compile(compiler.prepare(request));
    expect(outcome.compilerLong).toBe(build.compiler);
    const code = (
      artifacts: readonly {
        file: string;
        contract: string;
        creationBytecode: string;
        runtimeBytecode: string;
      }[],
    ) =>
      artifacts
        .filter(({ creationBytecode }) => creationBytecode !== '0x')
        .map(({ file, contract, creationBytecode, runtimeBytecode }) => [
          file,
          contract,
          creationBytecode,
          runtimeBytecode,
        ])
        .sort();
    // Foundry's project carries the library, whose contracts come out as well.
    const own = outcome.artifacts.filter(({ file }) => file in sources);
    expect(code(own)).toEqual(code(build.artifacts));
    expect(code(own).map(([, contract]) => contract)).toEqual(['Coin', 'Counter', 'Units']);
  });

  test('says what it is and what has to come out', async () => {
    const files = unzipSync(await download());
    const text = (name: string) => Buffer.from(files[name] ?? []).toString('utf8');
    const record = JSON.parse(text('slipway-build.json'));
    expect(record).toMatchObject({ buildId: build.id, layout, inputHash: build.inputHash, settings });
    const coin = build.artifacts.find(({ contract }) => contract === 'Coin');
    const hashes = {
      creationSha256: bytecodeHash(coin?.creationBytecode ?? ''),
      runtimeSha256: bytecodeHash(coin?.runtimeBytecode ?? ''),
    };
    expect(record.contracts).toContainEqual(
      expect.objectContaining({ contract: 'contracts/Coin.sol:Coin', ...hashes }),
    );
    for (const said of [build.compiler, build.inputHash, ...Object.values(hashes), '5.7.0'])
      expect(text('README.md')).toContain(said);
    expect(files).not.toHaveProperty('GENERATED.md');
  });

  test('is the same file every time, with a name, a type and an ETag', async () => {
    const first = await get(`/download?layout=${layout}`);
    expect(first.headers.get('content-type')).toBe('application/zip');
    expect(first.headers.get('content-disposition')).toBe(
      `attachment; filename="slipway-${build.id}-${layout}.zip"`,
    );
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toBe(`"${sha256Hex(await download())}"`);
    expect((await get(`/download?layout=${layout}`, { 'if-none-match': etag })).status).toBe(304);
  });
});

test('OpenAPI says what is a file, and what is not sent again', async () => {
  const document = JSON.parse((await platform.send('GET /openapi.json')).text);
  const { responses, parameters } = document.paths['/api/v1/builds/{id}/download'].get;
  const file = { schema: { type: 'string', format: 'binary' } };
  expect(responses[200]).toMatchObject({ content: { 'application/zip': file }, headers: { ETag: {} } });
  expect(responses[304]).not.toHaveProperty('content');
  expect(parameters.map(({ name }: { name: string }) => name)).toEqual(['id', 'layout', 'If-None-Match']);
  const artifact = document.paths['/api/v1/builds/{id}/artifacts/{name}'].get;
  expect(Object.keys(artifact.responses[200].content)).toEqual(['application/json']);
  expect(document.paths['/api/v1/builds/{id}'].get.responses).not.toHaveProperty('304');
});

test('a layout that there is not is refused', async () => {
  const { status, body } = await get('/download?layout=truffle');
  expect([status, body.code]).toEqual([422, 'validation-failed']);
});

test('a generated build brings its documentation', async () => {
  const pipeline = await user.client.call('POST /api/v1/pipelines', {
    body: {
      stages: { from: 'generate', to: 'compile' },
      generate: { prompt: 'an ERC20 token called GameCoin with 10M supply and burn' },
    },
    waitSeconds: 60,
  });
  const zip = await user.client.call('GET /api/v1/builds/:id/download', {
    params: { id: pipeline.result.build?.id ?? '' },
  });
  const document = Buffer.from(unzipSync(zip)['GENERATED.md'] ?? []).toString('utf8');
  expect(document).toContain('# GameCoin');
  expect(document).toContain('> an ERC20 token called GameCoin with 10M supply and burn');
  expect(document).toContain('`burnable`: `true` (from “burn”)');
});

describe('slipway builds', () => {
  test('lists, shows, prints the input and saves the project', async () => {
    const list = await slipway('builds');
    expect([list.code, list.stdout]).toEqual([0, expect.stringContaining(build.id)]);
    const show = await slipway('builds', 'show', build.id);
    expect(show.stdout).toContain('contracts/Coin.sol:Coin');
    const input = await slipway('builds', 'input', build.id);
    expect(JSON.parse(input.stdout)).toMatchObject({ language: 'Solidity', settings });
    expect(input.stderr).toContain(build.compiler);
    const save = ['builds', 'download', build.id, '--layout', 'foundry', '--out', 'coin.zip'];
    expect((await slipway(...save)).code).toBe(0);
    expect(Object.keys(unzipSync(readFileSync(join(folder, 'coin.zip'))))).toContain('foundry.toml');
    const again = await slipway(...save);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('--force')]);
    expect((await slipway(...save, '--force')).code).toBe(0);
  });

  test('verify compiles the stored input again and finds every contract equal', async () => {
    const { code, stdout } = await slipway('builds', 'verify', build.id, '--json');
    const verified = JSON.parse(stdout);
    expect([code, verified.equal]).toEqual([0, true]);
    const names = verified.contracts.map(({ contract }: { contract: string }) => contract);
    expect(names).toEqual([
      'contracts/Coin.sol:Coin',
      'contracts/util/Units.sol:Counter',
      'contracts/util/Units.sol:Units',
    ]);
    const coin = build.artifacts.find(({ contract }) => contract === 'Coin');
    expect(verified.contracts[0].runtime.compiled).toBe(bytecodeHash(coin?.runtimeBytecode ?? ''));
    const shown = await slipway('builds', 'verify', build.id);
    expect(shown.stdout).toContain(`All 3 contracts are equal. Compiled with ${build.compiler}`);
  });

  test('verify of a build without code proves nothing, and says so', async () => {
    const { id } = await compile({ sources: { 'I.sol': 'pragma solidity ^0.8.0;\ninterface I {}' } });
    const { code, stdout } = await slipway('builds', 'verify', id);
    expect([code, stdout]).toEqual([1, expect.stringContaining('Nothing to compare')]);
  });
});

describe('a store that was tampered with', () => {
  const source = 'pragma solidity ^0.8.0;\ncontract Honest { uint256 public a = 41; }';
  let id: string;
  let inputHash: string;

  beforeAll(async () => {
    const made = await compile({ sources: { 'Honest.sol': source } });
    id = made.id;
    inputHash = made.inputHash ?? '';
  });

  /** As somebody who knows the tables would do it: with a hash that fits. */
  async function insert(content: Content): Promise<string> {
    await platform.store.read
      .insertInto('contents')
      .values(await content.pack())
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return content.hash;
  }

  test('verify sees another bytecode', async () => {
    const artifacts = platform.store.read.updateTable('artifacts').where('input_hash', '=', inputHash);
    const name = 'Honest.sol:Honest';
    const honest = await platform.send(`GET /api/v1/builds/${id}/artifacts/${name}`, {
      token: user.accessToken,
    });
    const artifact = honest.body as unknown as { runtimeBytecode: string };
    const runtimeBytecode = artifact.runtimeBytecode.replace(/^0x60/, '0x61');
    const forged = await insert(contentOf(JSON.stringify({ ...artifact, runtimeBytecode })));
    await artifacts.set({ content_hash: forged }).execute();
    const { code, stdout } = await slipway('builds', 'verify', id);
    expect(code).toBe(1);
    expect(stdout).toContain(`different ${name}`);
    expect(stdout).toContain('1 of 1 contracts differ.');
    await artifacts.set({ content_hash: contentOf(honest.text).hash }).execute();
    expect((await slipway('builds', 'verify', id)).code).toBe(0);
  });

  test('verify sees another source', async () => {
    const compilations = platform.store.read.updateTable('compilations').where('input_hash', '=', inputHash);
    const list = [{ file: 'Honest.sol', text: source.replace('41', '42') }];
    const forged = await insert(contentOf(JSON.stringify(list)));
    await compilations.set({ sources_hash: forged }).execute();
    const { code, stdout } = await slipway('builds', 'verify', id, '--json');
    expect([code, JSON.parse(stdout).equal]).toEqual([1, false]);
  });

  test('content that its hash does not fit is refused, and no verify passes over it', async () => {
    const { artifacts } = await compile({ sources: { 'Whole.sol': source.replace('Honest', 'Whole') } });
    const row = await platform.store.read
      .selectFrom('artifacts')
      .select(['content_hash', 'input_hash'])
      .where('file', '=', artifacts[0]?.file ?? '')
      .executeTakeFirstOrThrow();
    const { bytes, compression } = await contentOf(JSON.stringify({ ...artifacts[0], abi: [] })).pack();
    await platform.store.read
      .updateTable('contents')
      .set({ bytes, compression })
      .where('hash', '=', row.content_hash)
      .execute();
    const whole = await platform.store.read
      .selectFrom('builds')
      .select('id')
      .where('input_hash', '=', row.input_hash)
      .executeTakeFirstOrThrow();
    const read = await platform.send(`GET /api/v1/builds/${whole.id}`, { token: user.accessToken });
    expect([read.status, read.body.code]).toEqual([500, 'stored-content-damaged']);
    const { code, stderr } = await slipway('builds', 'verify', whole.id);
    expect([code, stderr]).toEqual([1, expect.stringContaining('stored-content-damaged')]);
  });
});
