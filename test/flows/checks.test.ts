import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';
import { type SolcServer, startSolcServer, unbundled } from '../support/solc-server.ts';

let platform: TestPlatform;
let solcServer: SolcServer;
let user: TestUser;
beforeAll(async () => {
  solcServer = await startSolcServer();
  platform = await startPlatform({ env: { SLIPWAY_WORKERS: '1', SLIPWAY_SOLC_LIST: solcServer.listUrl } });
  user = await platform.register();
});
afterAll(async () => {
  await platform.stop();
  await solcServer.stop();
});

const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';
const check = (source: string, more: object = {}) =>
  platform.send('POST /api/v1/contracts/check', {
    token: user.accessToken,
    body: { sources: { 'A.sol': source }, ...more },
  });
/** Takes the compiler a second or so to look through. */
const large = `${header}${Array.from({ length: 160 }, (_, i) => `contract C${i} { ${Array.from({ length: 20 }, (_, j) => `function f${j}(uint a) public pure returns (uint) { return a * ${i} + ${j}; }`).join('\n')} }`).join('\n')}`;

test('an editor gets errors and warnings, with places and hints, and nothing is stored', async () => {
  const { status, body } = await check(
    `${header}import "@openzeppelin/contracts/token/ERC20/ERC20.sol";\ncontract A {\n  uint x = y;\n}`,
  );
  expect(status).toBe(200);
  expect(body).toMatchObject({
    ok: false,
    compiler: expect.stringMatching(/^0\.8\.\d+\+commit\./),
    libraries: [{ name: '@openzeppelin/contracts' }],
    diagnostics: [{ severity: 'error', code: '7576', place: { file: 'A.sol', line: 5, column: 12 } }],
  });
  expect((await check(`${header}contract A {}`)).body).toMatchObject({ ok: true, diagnostics: [] });
  const { body: jobs } = await platform.send('GET /api/v1/jobs', { token: user.accessToken });
  expect(jobs.items).toEqual([]);
});

test('what cannot be prepared says so as everywhere', async () => {
  expect(await check(`${header}import "./Nowhere.sol";`)).toMatchObject({
    status: 422,
    body: { code: 'import-not-found', place: { line: 3 } },
  });
});

test('newer checks end older ones, at most two are under way', async () => {
  // Requests that set out together arrive in any order.
  const crowd = await Promise.all(Array.from({ length: 6 }, (_, index) => check(`${large}// ${index}`)));
  expect(crowd.filter(({ body }) => body.code === 'check-superseded')).toHaveLength(4);
  expect(crowd.filter(({ status }) => status === 200)).toHaveLength(2);
  const oldest = check(large);
  await setTimeout(250);
  const newer = await Promise.all([check(`${large}// 7`), check(`${large}// 8`)]);
  expect((await oldest).body.code).toBe('check-superseded');
  expect(newer.map(({ status }) => status)).toEqual([200, 200]);
  const other = await platform.register();
  const others = await Promise.all([
    check(large),
    check(`${large}//`),
    platform.send('POST /api/v1/contracts/check', {
      token: other.accessToken,
      body: { sources: { 'A.sol': large } },
    }),
  ]);
  expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('an editor that goes away lets the compiler go', async () => {
  const gone = new AbortController();
  const abandoned = fetch(`${platform.url}/api/v1/contracts/check`, {
    method: 'POST',
    signal: gone.signal,
    headers: { authorization: `Bearer ${user.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ sources: { 'A.sol': large } }),
  });
  const refused = expect(abandoned).rejects.toThrow();
  await setTimeout(50);
  gone.abort();
  await refused;
  expect((await check(`${header}contract A {}`)).status).toBe(200);
});

test('a release that is not bundled is fetched when sources need it', async () => {
  const source = `// SPDX-License-Identifier: MIT\npragma solidity ${unbundled};\ncontract A { uint public x; }`;
  const compiled = await platform.send('POST /api/v1/contracts/compile', {
    token: user.accessToken,
    body: { sources: { 'A.sol': source } },
    headers: { prefer: 'wait=30' },
  });
  expect(compiled.body).toMatchObject({
    state: 'succeeded',
    result: { build: { compiler: `${unbundled}+commit.d9974bed` } },
  });
  const { body } = await platform.send('GET /api/v1/compilers');
  expect(body.items).toContainEqual({ version: unbundled, source: 'downloaded', native: false });
  expect(body.items[0]).toMatchObject({ source: 'bundled' });
});
