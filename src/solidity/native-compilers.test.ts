import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNativeCompilers } from './native-compilers.ts';
import { startCompiler } from './start-compiler.ts';
import type { Compiler } from './types.ts';

/** What the executables of this file do, each a compiler of one version. */
const folder = mkdtempSync(join(tmpdir(), 'slipway-native-'));
const log = join(folder, 'runs');
/** The shell limits the address space, of which Node reserves far more than it uses. */
const memoryBytesMax = 2 ** 46;
let compiler: Compiler;

beforeAll(async () => {
  writeFileSync(log, '');
  // Right in everything.
  addExecutable('solc-0.8.28', { package: 'solc-0.8.28' });
  // A folder for each version, as some installers make them.
  mkdirSync(join(folder, '0.8.26'));
  addExecutable('0.8.26/solc-0.8.26', { package: 'solc-0.8.26' });
  // Calls itself what it is not.
  addExecutable('solc-v0.8.24', { package: 'solc-0.8.23' });
  // Gives other code than the official build.
  addExecutable('solc-0.8.20', { package: 'solc-0.8.20', change: `.replaceAll('6080604052', '6080604053')` });
  // Cannot be run.
  writeFileSync(join(folder, 'solc-0.8.19'), 'not a program');
  chmodSync(join(folder, 'solc-0.8.19'), 0o755);
  // Is no program at all.
  writeFileSync(join(folder, 'solc-0.8.17.txt'), 'notes');
  compiler = await startCompiler({ workers: 1, nativeFolder: folder, memoryBytesMax, compileSeconds: 10 });
});
afterAll(async () => {
  await compiler.close();
  rmSync(folder, { recursive: true });
});

/** A native compiler as a script around the WebAssembly one: the same words, the same answers. */
function addExecutable(name: string, wrapped: { package: string; change?: string }): void {
  const soljson = createRequire(import.meta.url).resolve(`${wrapped.package}/soljson.js`);
  const script = `#!${process.execPath}
const { appendFileSync, readFileSync, readdirSync } = require('node:fs');
const soljson = require(${JSON.stringify(soljson)});
const [word] = process.argv.slice(2);
if (word === '--version') {
  const version = soljson.UTF8ToString(soljson._solidity_version()).replace('.Emscripten.clang', '.Linux.g++');
  console.log('solc, the solidity compiler commandline interface\\nVersion: ' + version);
} else if (word === '--standard-json') {
  const input = readFileSync(0, 'utf8');
  appendFileSync(${JSON.stringify(log)}, JSON.stringify({
    name: ${JSON.stringify(name)}, env: Object.keys(process.env), cwd: process.cwd(), files: readdirSync('.'),
    contract: /contract (\\w+)/.exec(input)?.[1],
  }) + '\\n');
  if (input.includes('Hang')) for (;;);
  if (input.includes('Crash')) { console.error('Segmentation fault'); process.exit(139); }
  if (input.includes('Greedy')) { console.error('std::bad_alloc'); process.exit(134); }
  if (input.includes('Chatty')) for (;;) require('node:fs').writeSync(1, 'x'.repeat(65536));
  const bytes = Buffer.from(input);
  const pointer = soljson._solidity_alloc(bytes.length + 1);
  soljson.HEAPU8.set(bytes, pointer);
  soljson.HEAPU8[pointer + bytes.length] = 0;
  const reply = soljson.UTF8ToString(soljson._solidity_compile(pointer, 0, 0))${wrapped.change ?? ''};
  require('node:fs').writeFileSync(1, reply);
}
`;
  writeFileSync(join(folder, name), script);
  chmodSync(join(folder, name), 0o755);
}

const request = (version: string, name: string) => ({
  sources: {
    'A.sol': `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\ncontract ${name} { uint public x; }`,
  },
  compiler: version,
});

function runs(): { name: string; contract: string; env: string[]; cwd: string; files: string[] }[] {
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line)).filter(({ contract }) => contract !== 'Sample');
}

test.each([
  ['0.8.28', 'solc-0.8.28'],
  ['0.8.26', '0.8.26/solc-0.8.26'],
])(
  'a native %s that gives the same is used, in an empty folder and with no environment',
  async (version, name) => {
    expect(compiler.compilers().find((one) => one.version === version)?.native).toBe(true);
    const prepared = compiler.prepare(request(version, 'Coin'));
    const native = await compiler.compile(prepared);
    expect(runs().at(-1)).toMatchObject({ name, contract: 'Coin', files: [] });
    expect(
      runs()
        .at(-1)
        ?.env.filter((one) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(one)),
    ).toEqual([]);
    const bare = await startCompiler({ workers: 1 });
    try {
      const { artifacts, compilerLong } = await bare.compile(prepared);
      expect(native.artifacts).toEqual(artifacts);
      expect(native.compilerLong).toBe(compilerLong);
    } finally {
      await bare.close();
    }
  },
);

test.each([
  ['0.8.24', 'it calls itself 0.8.23+commit.'],
  ['0.8.20', 'it gives other bytecode than the official build'],
  ['0.8.19', 'is not used'],
])('a native %s that is not the same is not used, and health says why', async (version, reason) => {
  const before = runs().length;
  const outcome = await compiler.compile(compiler.prepare(request(version, 'Coin')));
  expect(outcome.ok).toBe(true);
  expect(outcome.compilerLong).toContain(`${version}+commit.`);
  expect(runs()).toHaveLength(before);
  expect(compiler.health()).toMatchObject({ ok: true, detail: expect.stringContaining(reason) });
});

test('one that could not be run is checked again a minute later, one that is another never', async () => {
  let minutes = 0;
  const natives = openNativeCompilers({
    ...{ folder, memoryBytesMax, compileSeconds: 10 },
    now: () => minutes * 60_000,
  });
  try {
    const known = async (version: string, input: Uint8Array) => ({
      output: execFileSync(join(folder, `solc-${version}`), ['--standard-json'], { input }),
      compilerLong: '0.8.28+commit.7893614a',
      compileMs: 1,
    });
    const right = join(folder, 'solc-0.8.28');
    chmodSync(right, 0o644);
    const early = natives.find('0.8.28', () => Promise.reject(new Error('no memory just now')));
    expect(await early).toBeNull();
    chmodSync(right, 0o755);
    expect(natives.problems().join()).toContain('solc-0.8.28 is not used');
    expect(await natives.find('0.8.28', known)).toBeNull();
    minutes = 1;
    expect(await natives.find('0.8.28', known)).not.toBeNull();
    expect(natives.problems()).toEqual([]);

    const other = () => known('0.8.28', Buffer.alloc(0));
    expect(await natives.find('0.8.26', other)).toBeNull();
    minutes = 100;
    expect(await natives.find('0.8.26', other)).toBeNull();
    expect(natives.problems().join()).toContain('it calls itself 0.8.26');
  } finally {
    natives.close();
  }
});

test('what is no executable is not a compiler', () => {
  expect(compiler.compilers().find(({ version }) => version === '0.8.17')?.native).toBe(false);
});

test.each([
  ['Hang', 'compiler-timeout'],
  ['Crash', 'compiler-crashed'],
  ['Greedy', 'compiler-memory'],
  ['Chatty', 'compiler-output-too-large'],
])('one that does as "%s" is ended with %s, and the next one works', async (name, code) => {
  const patient = await startCompiler({
    workers: 1,
    nativeFolder: folder,
    memoryBytesMax,
    compileSeconds: 6,
  });
  try {
    await patient.compile(patient.prepare(request('0.8.28', 'Coin')));
    await expect(patient.compile(patient.prepare(request('0.8.28', name)))).rejects.toMatchObject({ code });
    expect((await patient.compile(patient.prepare(request('0.8.28', 'Coin')))).ok).toBe(true);
  } finally {
    await patient.close();
  }
});

test('one that is aborted ends at once', async () => {
  await compiler.compile(compiler.prepare(request('0.8.28', 'Coin')));
  const abort = new AbortController();
  const hanging = compiler.compile(compiler.prepare(request('0.8.28', 'Hang')), { signal: abort.signal });
  setTimeout(() => abort.abort(new Error('not wanted')), 300);
  await expect(hanging).rejects.toThrow('not wanted');
});

test('its empty folder goes with the service', async () => {
  const own = () => readdirSync(tmpdir()).filter((name) => name.startsWith('slipway-solc-'));
  const before = own();
  const short = await startCompiler({ workers: 1, nativeFolder: folder });
  expect(own().length).toBe(before.length + 1);
  await short.close();
  expect(own()).toEqual(before);
});

test('a folder that is not there is said by name', async () => {
  await expect(startCompiler({ nativeFolder: join(folder, 'nowhere') })).rejects.toMatchObject({
    code: 'native-compilers-unreadable',
    message: expect.stringContaining('nowhere'),
  });
});
