import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isolationFlags } from './isolation.ts';

const probe = `
const tries = {
  read: () => require('node:fs').readFileSync('/etc/passwd'),
  list: () => require('node:fs').readdirSync('/'),
  write: () => require('node:fs').writeFileSync('/tmp/slipway-probe', 'x'),
  spawn: () => require('node:child_process').execSync('true'),
  connect: () => new Promise((resolve, reject) => {
    require('node:net').connect(1, '127.0.0.1').on('error', reject).on('connect', resolve);
  }),
};
(async () => {
  const result = { environment: Object.keys(process.env) };
  for (const [name, run] of Object.entries(tries)) {
    result[name] = await Promise.resolve().then(run).then(() => 'done', (error) => error.code);
  }
  REPLY(result);
})();`;

async function runProbe(code: string) {
  const args = [...isolationFlags(), '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: {}, cwd: '/' });
  return JSON.parse(stdout) as unknown;
}

const denied = {
  environment: [],
  read: 'ERR_ACCESS_DENIED',
  list: 'ERR_ACCESS_DENIED',
  write: 'ERR_ACCESS_DENIED',
  spawn: 'ERR_ACCESS_DENIED',
  connect: 'ERR_ACCESS_DENIED',
};

test('the compiler process reaches no file, process or network', async () => {
  expect(await runProbe(`const REPLY = (result) => console.log(JSON.stringify(result));${probe}`)).toEqual(
    denied,
  );
});

test('its threads reach no more than it does', async () => {
  const inside = `const REPLY = (result) => require('node:worker_threads').parentPort.postMessage(result);${probe}`;
  const outside = `const { Worker } = require('node:worker_threads');
    const worker = new Worker(${JSON.stringify(inside)}, { eval: true, env: {} });
    worker.on('message', (result) => console.log(JSON.stringify(result)));`;
  expect(await runProbe(outside)).toEqual(denied);
});
