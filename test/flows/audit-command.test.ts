import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { runSlipway } from '../support/cli.ts';

vi.setConfig({ testTimeout: 120_000 });

/** `slipway audit` with no server: reports, baselines, several paths, and a source that changes. */
const home = mkdtempSync(join(tmpdir(), 'slipway-audit-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(home, 'case-'));
  mkdirSync(join(folder, 'contracts'));
});

const slipway = (...words: string[]) => runSlipway(words, { cwd: folder });
const put = (path: string, text: string) => writeFileSync(join(folder, path), text);
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

const purse = `pragma solidity ^0.8.20;
contract Purse {
    mapping(address => uint256) balances;
    function fill() external payable { balances[msg.sender] += msg.value; }
    function empty() external {
        (bool sent, ) = msg.sender.call{value: balances[msg.sender]}("");
        require(sent);
        balances[msg.sender] = 0;
    }
}
`;
const mended = purse
  .replace('balances[msg.sender] = 0;', '')
  .replace('(bool', 'uint256 due = balances[msg.sender];\n        balances[msg.sender] = 0;\n        (bool')
  .replace('{value: balances[msg.sender]}', '{value: due}');
const bomb = `pragma solidity ^0.8.20;
contract Bomb { function end() external { selfdestruct(payable(msg.sender)); } }
`;

test('a finding is shown with its line and carets, and without colours where nobody sees them', async () => {
  put('contracts/Purse.sol', purse);
  const { code, stdout, stderr } = await slipway('audit', 'contracts');
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toContain('high reentrancy Purse.sol:6:25\n');
  expect(stdout).toContain(
    '  6 │         (bool sent, ) = msg.sender.call{value: balances[msg.sender]}("");\n' +
      `    │                         ${'^'.repeat('msg.sender.call{value: balances[msg.sender]}("")'.length)}\n`,
  );
  expect(stdout).toMatch(/\n1 high\n$/);
  const coloured = await runSlipway(['audit', 'contracts'], { cwd: folder, env: { FORCE_COLOR: '1' } });
  expect(coloured.stdout).toContain('\u001b[31mhigh\u001b[39m');
});

test('a baseline lets what was there pass, and reports say what is new, unchanged and gone', async () => {
  put('contracts/Purse.sol', purse);
  const first = await slipway('audit', 'contracts', '--save-baseline', 'base.json');
  expect(first.code).toBe(1);
  expect(JSON.parse(read('base.json')).findings).toMatchObject([{ detector: 'reentrancy' }]);
  const words = ['audit', 'contracts', '--baseline', 'base.json'];
  put('contracts/Purse.sol', `${'\n'.repeat(40)}${purse.replaceAll('sent', 'paid')}`);
  const same = await slipway(...words);
  expect([same.code, same.stdout]).toEqual([
    0,
    expect.stringContaining('0 new, 1 unchanged, 0 no longer found'),
  ]);

  put('contracts/Bomb.sol', bomb);
  put('contracts/Purse.sol', mended);
  const reports = ['--sarif', 'a.sarif', '--html', 'a.html', '--markdown', 'a.md'];
  const changed = await slipway(...words, ...reports, '--json');
  expect(changed.code).toBe(1);
  const { comparison } = JSON.parse(changed.stdout);
  expect(comparison).toMatchObject({ unchanged: [], fixed: [{ detector: 'reentrancy' }] });
  expect(comparison.new).toHaveLength(1);
  const results = JSON.parse(read('a.sarif')).runs[0].results;
  expect(
    results.map((result: { ruleId: string; baselineState: string }) => [result.ruleId, result.baselineState]),
  ).toEqual([
    ['unprotected-selfdestruct', 'new'],
    ['reentrancy', 'absent'],
  ]);
  // Code scanning finds the file from the top of the repository on.
  expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('contracts/Bomb.sol');
  expect(read('a.html')).toContain('1 new, 0 unchanged, 1 no longer found');
  expect(read('a.md')).toContain('## No longer found');
  expect((await slipway(...words, '--fail-on', 'none')).code).toBe(0);

  put('base.json', '{}');
  const wrong = await slipway(...words);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--save-baseline')]);
});

test('of several paths, one that does not compile takes nothing from the others, and is no pass', async () => {
  put('contracts/Bomb.sol', bomb);
  put('Broken.sol', 'pragma solidity ^0.8.20;\ncontract Broken { function f( }\n');
  const words = ['audit', 'contracts', 'Broken.sol', '--fail-on', 'none', '--save-baseline', 'base.json'];
  const { code, stdout, stderr } = await slipway(...words);
  expect(code).toBe(1);
  expect(stdout).toContain('critical unprotected-selfdestruct contracts/Bomb.sol:2:43');
  expect(stdout).toContain('slipway 0.1.0: partial');
  expect(stderr).toContain('--> Broken.sol:2:');
  expect(stderr).toContain('No baseline was written');
});

test('--watch audits again what changed, and shows what came and went', async () => {
  put('contracts/Purse.sol', purse);
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../bin/slipway.js'), 'audit', 'contracts', '--watch'],
    { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, SLIPWAY_SOLC_LIST: 'off' } },
  );
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk;
  });
  const watching = (times: number) =>
    vi.waitFor(() => expect(said.err.split('Watching').length - 1).toBe(times), {
      timeout: 60_000,
      interval: 50,
    });
  try {
    await watching(1);
    expect(said.out).toContain('high reentrancy');
    said.out = '';
    put('contracts/Bomb.sol', bomb);
    await watching(2);
    expect(said.err).toContain('Bomb.sol');
    expect(said.out).toContain('critical unprotected-selfdestruct Bomb.sol:2:43 (new)');
    expect(said.out).not.toContain('high reentrancy');
    said.out = '';
    put('contracts/Purse.sol', purse.replace('= 0;', '= ;'));
    await watching(3);
    expect(said.out).toContain('slipway 0.1.0: partial\n  Purse.sol:5 ');
    expect(said.out).toContain('what is gone is not known');
    said.out = '';
    put('contracts/Purse.sol', purse);
    await watching(4);
    expect(said.out).toContain('against the run before: 0 new, 2 unchanged, 0 no longer found');
  } finally {
    child.kill('SIGINT');
  }
  // The last run had findings.
  expect(await ended(child)).toBe(1);
});

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.once('exit', (code) => resolve(code));
  });
}
