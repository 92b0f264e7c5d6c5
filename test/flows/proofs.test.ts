import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Attacks that an audit carries out: asked for by the API and on the command line, shown with their transactions. */
let platform: TestPlatform;
let user: TestUser;
const folder = mkdtempSync(join(tmpdir(), 'slipway-proofs-'));
beforeAll(async () => {
  platform = await startPlatform();
  user = await platform.register();
});
afterAll(async () => {
  await platform.stop();
  rmSync(folder, { recursive: true, force: true });
});

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
/** Still a call before the write, which a lock makes harmless. */
const locked = purse
  .replace('mapping', 'bool busy;\n    mapping')
  .replace('empty() external {', 'empty() external {\n        require(!busy);\n        busy = true;')
  .replace('balances[msg.sender] = 0;', 'balances[msg.sender] = 0;\n        busy = false;');

async function audit(source: string, prove: boolean) {
  const body = { sources: { 'Purse.sol': source }, prove };
  const job = await user.client.call('POST /api/v1/contracts/audit', { body, waitSeconds: 60 });
  return user.client.call('GET /api/v1/audits/:id', { params: { id: job.subjectId } });
}

test('a finding is proven with its transactions and what they moved; without being asked nothing is executed', async () => {
  const [finding] = (await audit(purse, true)).findings;
  expect(finding).toMatchObject({ detector: 'reentrancy', proof: { status: 'proven' } });
  const { transactions = [], changes = [] } = finding?.proof ?? {};
  expect(transactions.length).toBeGreaterThan(0);
  expect(changes.length).toBeGreaterThan(0);
  expect((await audit(purse, false)).findings[0]?.proof).toBeUndefined();
});

test('what holds is never proven', async () => {
  const { findings } = await audit(locked, true);
  expect(findings.filter(({ proof }) => proof?.status === 'proven')).toEqual([]);
});

test('the command line shows the attack step by step', async () => {
  writeFileSync(join(folder, 'Purse.sol'), purse);
  const shown = await runSlipway(['audit', '--prove', 'Purse.sol'], { cwd: folder });
  expect([shown.code, shown.stderr]).toEqual([1, '']);
  expect(shown.stdout).toMatch(/\n {2}proven .+ \(\d+\.\d s\)\n {4}1\. /);
});
