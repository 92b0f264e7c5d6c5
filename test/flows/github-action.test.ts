import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { runProgram, runSlipway } from '../support/cli.ts';

vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, '../..');

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}
interface Action {
  inputs: Record<string, { description: string; default: string }>;
  runs: { using: string; steps: Step[] };
}

const text = readFileSync(join(root, 'action.yml'), 'utf8');
const action = parse(text) as Action;
const audit = action.runs.steps.find(({ id }) => id === 'audit') as Step;
/** Options of the command that make no sense in a job, and why nobody misses them. */
const left = new Set(['json', 'watch', 'save-baseline', 'markdown', 'prove', 'help']);

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'slipway-action-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('its inputs are the options of the command, with what the command takes', async () => {
  const { stdout } = await runSlipway(['audit', '--help']);
  const options = [...stdout.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name ?? '');
  const inputs = Object.keys(action.inputs).filter((name) => !['paths', 'upload'].includes(name));
  expect(inputs.sort()).toEqual(options.filter((name) => !left.has(name)).sort());
  for (const { description, default: value } of Object.values(action.inputs))
    expect([description.length > 10, typeof value]).toEqual([true, 'string']);
});

test('hands inputs over as variables only, and pins what it uses', () => {
  const commands = action.runs.steps.flatMap(({ run }) => run ?? []);
  for (const run of commands) expect(run).not.toContain('${{');
  for (const { uses } of action.runs.steps) if (uses) expect(uses).toMatch(/@[0-9a-f]{40}$/);
  const handed = Object.values(audit.env ?? {}).join(' ');
  for (const name of Object.keys(action.inputs))
    expect([name, handed.includes(`inputs.${name} `)]).toEqual([name, name !== 'upload']);
});

/** Runs the step as the runner would, in a repository of its own. */
async function runStep(files: Record<string, string>, inputs: Record<string, string>) {
  const repository = mkdtempSync(join(home, 'repository-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), content);
  }
  const value = (template: string) =>
    template.replace(/\$\{\{ ([a-z._-]+) \}\}/g, (_, name: string) =>
      name === 'github.action_path'
        ? root
        : (inputs[name.slice(7)] ?? action.inputs[name.slice(7)]?.default ?? ''),
    );
  const env = Object.fromEntries(Object.entries(audit.env ?? {}).map(([name, text]) => [name, value(text)]));
  const [output, summary] = [join(repository, '.output'), join(repository, '.summary')];
  writeFileSync(output, '');
  writeFileSync(summary, '');
  const result = await runProgram('bash', ['-c', audit.run ?? ''], {
    cwd: repository,
    env: { ...env, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
  });
  const outputs = Object.fromEntries(
    readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  );
  return {
    ...result,
    outputs,
    summary: readFileSync(summary, 'utf8'),
    read: (file: string) => readFileSync(join(repository, file), 'utf8'),
  };
}

const bomb =
  'pragma solidity ^0.8.20;\ncontract Bomb { function end() external { selfdestruct(payable(msg.sender)); } }\n';

test('what it runs finds the fault, writes SARIF and the summary, and leaves the failing to the last step', async () => {
  const step = await runStep(
    { 'my contracts/Bomb.sol': bomb, 'Safe.sol': 'pragma solidity ^0.8.20; contract Safe {}' },
    { paths: 'my contracts\nSafe.sol\n', html: 'report.html' },
  );
  expect([step.code, step.outputs]).toEqual([0, { status: '1', sarif: 'slipway.sarif' }]);
  const [result] = JSON.parse(step.read('slipway.sarif')).runs[0].results;
  expect(result).toMatchObject({
    ruleId: 'unprotected-selfdestruct',
    locations: [{ physicalLocation: { artifactLocation: { uri: 'my%20contracts/Bomb.sol' } } }],
  });
  expect(step.summary).toContain('## critical: ');
  expect(step.read('report.html')).toContain('<!doctype html>');
});

test('an input is never a command or another option', async () => {
  const step = await runStep({ 'Bomb.sol': bomb }, { paths: '--help', 'fail-on': '$(touch owned)' });
  expect([step.code, step.outputs]).toEqual([0, { status: '2', sarif: '' }]);
  expect(step.stderr).toContain('--fail-on takes one of');
  expect(() => step.read('owned')).toThrow();
});
