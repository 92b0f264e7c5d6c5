import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bestIsolation, purse } from '../../src/audit/tools/test-support.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** Analysers beside the built-in one: the real Solhint, and a program that behaves as a Slither that breaks down. */
let folder: string;
let env: Record<string, string>;
let platform: TestPlatform;
let user: TestUser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-tools-'));
  const solhint = join(dirname(createRequire(import.meta.url).resolve('solhint/package.json')), 'solhint.js');
  program('solhint', `exec '${process.execPath}' '${solhint}' "$@"`);
  program('slither', `[ "$1" = --version ] && echo 0.11.3 && exit; echo Traceback >&2; exit 1`);
  env = {
    SLIPWAY_AUDIT_TOOLS: 'slipway,slither,solhint',
    SLIPWAY_TOOL_PATHS: `solhint=${join(folder, 'solhint')},slither=${join(folder, 'slither')}`,
    SLIPWAY_TOOL_ISOLATION: await bestIsolation(),
  };
  platform = await startPlatform({ env });
  user = await platform.register();
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Each program that is started costs seconds on a busy machine. */
const patience = { timeout: 180_000 };
const sources = { 'Purse.sol': purse };

test('which analysers are here is known to users', async () => {
  const { items } = await user.client.call('GET /api/v1/tools');
  expect(items.map(({ name, allowed, available }) => [name, allowed, available])).toEqual([
    ['slipway', true, true],
    ['slither', true, true],
    ['aderyn', false, false],
    ['mythril', false, false],
    ['solhint', true, true],
    ['smtchecker', false, false],
  ]);
  expect(items.find(({ name }) => name === 'slither')?.version).toBe('0.11.3');
  expect((await platform.send('GET /api/v1/tools')).status).toBe(401);
});

test('an audit names its analysers, which corroborate each other', async () => {
  const { result, state } = await user.client.call('POST /api/v1/contracts/audit', {
    body: { sources, tools: ['slipway', 'solhint'] },
    waitSeconds: 60,
  });
  expect(state).toBe('succeeded');
  expect(result.audit?.tools.map(({ tool, status }) => [tool, status])).toEqual([
    ['slipway', 'findings'],
    ['solhint', 'findings'],
  ]);
  const origin = result.audit?.findings.filter(({ detector }) => detector === 'tx-origin');
  expect(origin).toMatchObject([{ corroboratedBy: ['solhint'] }]);
  const stored = await user.client.call('GET /api/v1/audits/:id', { params: { id: result.audit?.id ?? '' } });
  expect(
    stored.findings.some(({ tool, detector }) => tool === 'solhint' && detector.startsWith('solhint:')),
  ).toBe(true);
});

test('an analyser that is not allowed here, or that nobody knows, is refused at once', async () => {
  const ask = (tools: unknown) =>
    platform.send('POST /api/v1/contracts/audit', { token: user.accessToken, body: { sources, tools } });
  expect(await ask(['slipway', 'mythril'])).toMatchObject({
    status: 422,
    body: { code: 'tool-not-allowed', detail: expect.stringContaining('slipway, slither, solhint') },
  });
  expect((await ask(['oracle'])).status).toBe(422);
  expect((await ask([])).status).toBe(422);
  const pipeline = await platform.send('POST /api/v1/pipelines', {
    token: user.accessToken,
    body: { compile: { sources }, tools: ['smtchecker'] },
  });
  expect(pipeline).toMatchObject({ status: 422, body: { code: 'tool-not-allowed' } });
});

test(
  'the gate lets nothing pass that an analyser of the audit failed at, or that ours did not see',
  patience,
  async () => {
    const clean = {
      'Clean.sol': '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\ncontract Clean {}',
    };
    const gateOf = async (tools: ('slipway' | 'slither' | 'solhint')[]) => {
      const body = {
        ...{ compile: { sources: clean }, tools, policy: 'testnet' as const },
        stages: { from: 'compile' as const, to: 'gate' as const },
      };
      return user.client.call('POST /api/v1/pipelines', { body, waitSeconds: 60 });
    };
    expect((await gateOf(['slipway', 'solhint'])).state).toBe('succeeded');
    const failed = await gateOf(['slipway', 'slither']);
    expect(failed).toMatchObject({ state: 'blocked', error: { code: 'policy-blocked' } });
    expect(failed.error?.message).toContain(
      'slither failed: it wrote no report (it ended with 1: Traceback)',
    );
    const linted = await gateOf(['solhint']);
    expect(linted.error?.message).toContain('the built-in analyser was not among its tools');
  },
);

test(
  'the command line audits with the same analysers, and one that is not there is no pass',
  patience,
  async () => {
    writeFileSync(
      join(folder, 'Clean.sol'),
      'pragma solidity ^0.8.0;\ncontract Clean { uint256 private x; }\n',
    );
    const slipway = async (...argv: string[]) => {
      const written = { stdout: '', stderr: '' };
      const writer = (name: 'stdout' | 'stderr') => ({
        isTTY: false,
        write: (text: string) => {
          written[name] += text;
          return true;
        },
      });
      const cli = { argv, env, cwd: folder, stdout: writer('stdout'), stderr: writer('stderr') };
      return { code: await runCli(cli), ...written };
    };
    const clean = await slipway('audit', 'Clean.sol', '--tools', 'slipway,solhint', '--json');
    expect(JSON.parse(clean.stdout)).toMatchObject({ tools: [{ status: 'passed' }, { status: 'passed' }] });
    expect(clean.code).toBe(0);
    writeFileSync(join(folder, 'Odd.sol'), odd);
    const { stdout } = await slipway('audit', 'Odd.sol', '--tools', 'solhint');
    expect(stdout).toContain('info solhint:no-inline-assembly (solhint) Odd.sol:3:');
    expect(stdout).not.toContain('slipway explain solhint:');
    const absent = await slipway('audit', 'Clean.sol', '--tools', 'slipway,aderyn');
    expect(absent.stdout).toContain('aderyn: unavailable');
    expect(absent.code).toBe(1);
    expect((await slipway('audit', 'Clean.sol', '--tools', 'slipway,oracle')).code).toBe(2);
  },
);

const odd = `pragma solidity ^0.8.0;
contract Odd {
    function at() external view returns (uint256 t) { assembly { t := timestamp() } }
}
`;

function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}
