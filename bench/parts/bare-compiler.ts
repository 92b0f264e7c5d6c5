/**
 * The bare compiler, run as a child process: solc as npm delivers it, in one thread, with nothing of ours around it.
 * Reads `{ file }` messages that name a standard JSON input, answers with the milliseconds of the call.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Soljson {
  HEAPU8: Uint8Array;
  _solidity_alloc(bytes: number): number;
  _solidity_compile(input: number, callback: number, context: number): number;
  _solidity_reset(): void;
}

const soljson = createRequire(import.meta.url)('solc/soljson.js') as Soljson;

process.on('message', (message: { file: string }) => {
  const input = readFileSync(message.file);
  const begin = performance.now();
  const output = compile(input);
  const ms = performance.now() - begin;
  const { errors = [], contracts } = JSON.parse(output) as {
    errors?: { severity: string }[];
    contracts?: object;
  };
  const ok = contracts !== undefined && !errors.some((error) => error.severity === 'error');
  process.send?.({ ms, ok });
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

function compile(input: Uint8Array): string {
  const pointer = soljson._solidity_alloc(input.length + 1);
  soljson.HEAPU8.set(input, pointer);
  soljson.HEAPU8[pointer + input.length] = 0;
  const reply = soljson._solidity_compile(pointer, 0, 0);
  const output = Buffer.from(soljson.HEAPU8.slice(reply, soljson.HEAPU8.indexOf(0, reply))).toString('utf8');
  soljson._solidity_reset();
  return output;
}
