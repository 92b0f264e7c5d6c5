import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { runSlipway } from '../support/cli.ts';

/** What the command line does with no server anywhere. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-offline-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const vault = join(import.meta.dirname, '../../examples/Vault.sol');
const slipway = (...words: string[]) =>
  runSlipway(words, { cwd: folder, env: { SLIPWAY_DATA: join(folder, 'none') } });

test('every command explains itself', async () => {
  const overview = await slipway('--help');
  expect(overview.code).toBe(0);
  const named = (text: string) => [...text.matchAll(/^ {2}([a-z][a-z-]*)(?= |$)/gm)].map((match) => match[1]);
  const listed = named(overview.stdout).filter((name) => name !== 'help');
  expect(listed).toEqual(commands.map(({ name }) => name));
  expect(listed).toEqual(
    expect.arrayContaining([
      ...['serve', 'worker', 'migrate', 'doctor', 'login', 'generate', 'compile', 'audit', 'deploy', 'ship'],
      ...['deployments', 'jobs'],
    ]),
  );
  const below = ['jobs list', 'jobs show', 'jobs cancel'];
  for (const name of [...listed, ...below]) {
    const { code, stdout, stderr } = await inProcess(...String(name).split(' '), '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: slipway /);
    expect(stdout).toContain('--help');
  }
});

test('a detector is explained, and a name that is none is told what was meant', async () => {
  const told = await inProcess('explain', 'reentrancy');
  expect(told.code).toBe(0);
  for (const words of ['reentrancy: ', 'Why', 'How it is used', 'What to do', '// <-- finding', 'SWC-107'])
    expect(told.stdout).toContain(words);
  const list = await inProcess('explain', '--json');
  expect(JSON.parse(list.stdout).items.length).toBeGreaterThan(40);
  const wrong = await inProcess('explain', 'reentrnacy');
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('Did you mean reentrancy?');
});

/** The same without a process of its own, for what prints and ends. */
async function inProcess(...argv: string[]) {
  const written = { stdout: '', stderr: '' };
  const writer = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await runCli({
    argv,
    env: {},
    cwd: folder,
    stdout: writer('stdout'),
    stderr: writer('stderr'),
  });
  return { code, ...written };
}

test('generate → compile → audit, with nothing but this program', async () => {
  const generated = await slipway(
    'generate',
    'an ERC20 called GameCoin with 10M supply and burn',
    '--out',
    'token',
  );
  expect(generated.code).toBe(0);
  const file = join(folder, 'token/GameCoin.sol');
  expect(generated.stderr).toContain(file);
  expect(readFileSync(file, 'utf8')).toContain('contract GameCoin');
  const again = await slipway('generate', 'an ERC20 called GameCoin', '--out', 'token');
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('--force')]);

  const compiled = await slipway('compile', 'token', '--json');
  expect(compiled.code).toBe(0);
  expect(compiled.stdout.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(compiled.stdout)).toMatchObject({ ok: true, chosen: { contract: 'GameCoin' } });

  const clean = await slipway('audit', 'token', '--json');
  expect(clean.code).toBe(0);
  expect(JSON.parse(clean.stdout)).toMatchObject({ findings: [], tools: [{ status: 'passed' }] });
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test('a fault is exit code 1, unless only worse ones count', async () => {
  const audit = await slipway('audit', vault);
  expect(audit.code).toBe(1);
  expect(audit.stdout).toMatch(/high reentrancy Vault\.sol:\d+:\d+/);
  expect((await slipway('audit', vault, '--fail-on', 'critical')).code).toBe(0);
  expect((await slipway('audit', vault, '--fail-on', 'everything')).code).toBe(2);
});

test('a source that does not compile is shown with its place, and an audit of it is not a pass', async () => {
  writeFileSync(join(folder, 'Bad.sol'), 'pragma solidity ^0.8.0;\ncontract Bad { function f( }\n');
  const compiled = await slipway('compile', 'Bad.sol');
  expect(compiled.code).toBe(1);
  expect(compiled.stderr).toContain('--> Bad.sol:2:28');
  expect(compiled.stderr).toContain('contract Bad { function f( }\n');
  const audited = await slipway('audit', 'Bad.sol', '--json');
  expect(audited.code).toBe(1);
  expect(JSON.parse(audited.stdout)).toMatchObject({ ok: false });

  writeFileSync(
    join(folder, 'Sly.sol'),
    'pragma solidity ^0.8.0;\nimport "../../etc/passwd";\ncontract Sly {}\n',
  );
  const sly = await slipway('compile', 'Sly.sol', '--json');
  expect(sly.code).toBe(2);
  expect(JSON.parse(sly.stdout).error).toMatchObject({
    code: 'import-invalid',
    place: { file: 'Sly.sol', line: 2 },
    hint: expect.stringContaining('./Other.sol'),
  });
});

test('what needs a server says how to get one, with exit code 3', async () => {
  for (const words of [
    ['ship', vault, '--network', 'local'],
    ['deployments'],
    ['jobs'],
    ['deploy', 'x', '--network', 'local'],
  ]) {
    const { code, stdout } = await slipway(...words, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'no-server-known',
      hint: expect.stringContaining('npm start'),
    });
  }
  const doctor = await slipway('doctor', '--json');
  expect(doctor.code).toBe(1);
  expect(JSON.parse(doctor.stdout)).toMatchObject({ well: false });
});

test('slipway doctor names the analysers that audits can ask, with their versions', async () => {
  const programs = mkdtempSync(join(tmpdir(), 'slipway-programs-'));
  writeFileSync(join(programs, 'aderyn'), '#!/bin/sh\necho "aderyn 0.6.5"\n', { mode: 0o755 });
  const env = { PATH: `${programs}:${process.env['PATH']}` };
  const { stdout } = await runSlipway(['doctor', '--json'], { cwd: folder, env });
  rmSync(programs, { recursive: true });
  const { parts } = JSON.parse(stdout) as { parts: { name: string; status: string; detail: string }[] };
  const part = (wanted: string) => parts.find(({ name }) => name === wanted);
  expect(part('aderyn')).toMatchObject({ status: 'ok', detail: `0.6.5 at ${join(programs, 'aderyn')}` });
  expect(part('mythril')).toMatchObject({ status: 'ok', detail: 'not installed' });
  expect(part('smtchecker')).toMatchObject({ status: 'ok' });
});
