/**
 * The compiler process. It runs under Node's permission model with no environment, may read only this folder and the
 * bundled compilers, and ends when its standard input closes, which is also what happens when its parent is killed.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { encodeFrame, type Frame, frameReader } from './frames.ts';
import type { FromProcess, LoadedCompiler, ProcessConfig, ToProcess } from './messages.ts';
import { startPool } from './pool.ts';
import { splitSoljson } from './split-soljson.ts';

const config = JSON.parse(process.argv[2] ?? '') as ProcessConfig;
const loading = new Map<string, Promise<LoadedCompiler>>();
const pool = startPool(config, { load, unload: (version) => loading.delete(version) });

process.stdin.on('data', frameReader(config.outputBytesMax, receive));
process.stdin.on('close', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
const first = config.compilers[0];
if (first) await load(first.version);
send({ type: 'ready' });

function receive(frame: Frame): void {
  const message = frame.header as ToProcess;
  if (message.type === 'cancel') pool.cancel(message.id);
  else void compile(message.id, message.version, new Uint8Array(frame.payload));
}

async function compile(id: number, version: string, input: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    const result = await pool.run(id, version, input);
    if (!result.ok) return send({ type: 'failed', id, kind: result.kind, detail: result.detail });
    const { compilerLong, compileMs } = result;
    send({ type: 'done', id, compilerLong, compileMs }, result.output);
  } catch (error) {
    send({ type: 'failed', id, kind: 'crashed', detail: String(error).slice(0, 500) });
  }
}

/** Reads, checks, splits and compiles a compiler once; all threads share the module and its compiled code. */
function load(version: string): Promise<LoadedCompiler> {
  const held = loading.get(version);
  if (held) return held;
  const loaded = readCompiler(version);
  loading.set(version, loaded);
  loaded.catch(() => loading.delete(version));
  return loaded;
}

async function readCompiler(version: string): Promise<LoadedCompiler> {
  const file = config.compilers.find((one) => one.version === version);
  if (!file) throw new Error(`compiler ${version} is not bundled`);
  const bytes = await readFile(file.path);
  check(bytes, file.sha256);
  const { glue, wasm } = splitSoljson(bytes.toString('latin1'));
  if (!wasm) return { glue };
  if (file.wasmSha256) check(wasm, file.wasmSha256);
  return { glue, module: await WebAssembly.compile(wasm) };

  function check(data: Uint8Array, expected: string): void {
    const digest = createHash('sha256').update(data).digest('hex');
    if (digest !== expected)
      throw new Error(`compiler ${version} is not the published one (SHA-256 ${digest})`);
  }
}

function send(message: FromProcess, payload?: Uint8Array): void {
  for (const piece of encodeFrame(message, payload)) process.stdout.write(piece);
}
