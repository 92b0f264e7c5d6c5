import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from './processes.ts';
import { type Isolation, isolationProblem, runInSandbox, type SandboxRun } from './sandbox.ts';

let folder: string;
let canIsolate: boolean;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-sandbox-test-'));
  const problem = await isolationProblem();
  if (problem !== null) console.warn(`NOT RUN in namespaces: ${problem}`);
  canIsolate = problem === null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isolations: Isolation[] = ['namespaces', 'process'];

function shell(script: string, more: Partial<SandboxRun> = {}): SandboxRun {
  return {
    path: '/bin/sh',
    words: ({ sources, bin, home }) => ['-c', script, 'sh', sources, bin, home],
    files: { 'a/A.sol': 'contract A {}' },
    seconds: 20,
    memoryBytesMax: 500_000_000,
    ...more,
  };
}

describe.each(isolations)('a foreign program, isolation %s', (isolation) => {
  const run = (what: SandboxRun, hidden: string[] = []) => {
    if (isolation === 'namespaces' && !canIsolate) return undefined;
    return runInSandbox(what, { isolation, hidden });
  };

  test('sees what it is given and an environment with nothing of ours', async () => {
    process.env['SLIPWAY_TEST_SECRET'] = 'hush';
    const ended = await run(
      shell('cat a/A.sol; solc; printf %s "$HOME" > "$3/report"; env; exit 7', {
        programs: ({ bin }) => ({ [join(bin, 'solc')]: '#!/bin/sh\necho " compiled"' }),
        report: 'report',
      }),
    );
    delete process.env['SLIPWAY_TEST_SECRET'];
    if (!ended) return;
    const text = ended.output.toString('utf8');
    expect(ended).toMatchObject({ code: 7, fault: null, report: expect.stringMatching(/home$/) });
    expect(text).toContain('contract A {} compiled');
    const names = text.split('\n').flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    const ofTheShell = ['PWD', 'OLDPWD', 'SHLVL', '_'];
    expect(names.filter((name) => !ofTheShell.includes(name)).sort()).toEqual([
      ...['HOME', 'LANG', 'NO_COLOR', 'PATH', 'PYTHONDONTWRITEBYTECODE', 'SLIPWAY_TOOL_RUN', 'TMPDIR'],
    ]);
    expect(text).not.toContain('hush');
  });

  test('is killed with its children at the time limit', async () => {
    const word = `3${Math.floor(performance.now() * 1_000)}`;
    const ended = await run(
      shell(`(setsid sleep ${word} &) ; sleep ${word} & echo started; wait`, { seconds: 1 }),
    );
    if (!ended) return;
    expect(ended).toMatchObject({ fault: 'time' });
    expect(ended.output.toString('utf8')).toBe('started\n');
    expect(await left(word)).toEqual([]);
  });

  test('that ends by itself leaves nothing running', async () => {
    const word = `4${Math.floor(performance.now() * 1_000)}`;
    const ended = await run(shell(`(setsid sleep ${word} >/dev/null 2>&1 &); sleep ${word} & echo done`));
    if (!ended) return;
    expect(ended).toMatchObject({ code: 0, fault: null });
    expect(await left(word)).toEqual([]);
  });

  test('is killed when it takes too much memory, or says too much', async () => {
    const hungry = `const all = []; setInterval(() => all.push(Buffer.alloc(20_000_000, 1)), 5);`;
    const ended = await run({
      ...shell(''),
      path: process.execPath,
      words: () => ['-e', hungry],
      memoryBytesMax: 200_000_000,
    });
    if (!ended) return;
    expect(ended).toMatchObject({ fault: 'memory' });
    expect(await run(shell('yes'))).toMatchObject({ fault: 'output' });
  });

  test('cannot have us read a link as its report', async () => {
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'the key');
    const ended = await run(shell(`ln -s ${secret} "$3/report"`, { report: 'report' }));
    if (ended) expect(ended).toMatchObject({ code: 0, report: null });
  });

  test('ends with the signal of whoever asked', async () => {
    const stop = new AbortController();
    const ended = run(shell('sleep 20', { signal: stop.signal }));
    if (!ended) return;
    setTimeout(() => stop.abort(new Error('not wanted any more')), 50);
    await expect(ended).rejects.toThrow('not wanted any more');
  });

  test('is refused files that lead out of its folder', async () => {
    const ended = run(shell('true', { files: { '../../escape.sol': 'x' } }));
    if (ended) await expect(ended).rejects.toThrow('leads out of its folder');
  });
});

describe('in namespaces', () => {
  const run = (script: string, hidden: string[] = []) =>
    canIsolate ? runInSandbox(shell(script), { isolation: 'namespaces', hidden }) : undefined;

  test('there is no network', async () => {
    const server = createServer((socket) => socket.end('reached'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const connect = `require('net').connect(${port}, '127.0.0.1').on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))`;
    const ended = await run(`'${process.execPath}' -e "${connect}"`);
    await new Promise((resolve) => server.close(resolve));
    if (ended) expect(ended.output.toString('utf8').trim()).toMatch(/ENETUNREACH|ECONNREFUSED/);
  });

  test('nothing can be written but its home, no mount undone, what is hidden not read', async () => {
    const kept = mkdtempSync(join(folder, 'kept-'));
    writeFileSync(join(kept, 'key'), 'the key');
    const ended = await run(
      `touch ${kept}/new ${folder}/new a/B.sol; echo x >> a/A.sol; mount -o remount,bind,rw /; umount ${kept}
      cat ${kept}/key && echo seen; ls /proc | grep -c '^[0-9]'; touch "$3/mine" && echo home`,
      [kept],
    );
    if (!ended) return;
    const [processes, home] = ended.output.toString('utf8').trim().split('\n');
    expect(Number(processes)).toBeLessThan(8);
    expect(home).toBe('home');
    expect(readdirSync(kept)).toEqual(['key']);
    expect(readdirSync(folder)).not.toContain('new');
  });
});

/** The command lines of processes that have this word, once those that are being killed have had a moment. */
async function left(word: string): Promise<string[][]> {
  const find = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => commandLine(Number(name)) ?? [])
      .filter((words) => words.includes(word));
  for (let tries = 0; tries < 50 && find().length > 0; tries++) await wait(20);
  return find();
}
