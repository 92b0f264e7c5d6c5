/**
 * The compiler process. It runs under Node's permission model with no environment, may read only this folder and the
 * compilers, and ends when its standard input closes, which is also what happens when its parent is killed.
 */
import { encodeFrame, type Frame, frameReader } from './frames.ts';
import { loadCompilers } from './load-compilers.ts';
import type { CompilerFile, FromProcess, ProcessConfig, ToProcess } from './messages.ts';
import { startPool } from './pool.ts';

const config = JSON.parse(process.argv[2] ?? '') as ProcessConfig;
const compilers = loadCompilers(config);
const pool = startPool(config, compilers);

process.stdin.on('data', frameReader(config.outputBytesMax, receive));
process.stdin.on('close', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
await compilers.load(config.first);
send({ type: 'ready' });

function receive(frame: Frame): void {
  const message = frame.header as ToProcess;
  if (message.type === 'cancel') pool.cancel(message.id);
  else void compile(message.id, message.compiler, new Uint8Array(frame.payload));
}

async function compile(id: number, compiler: CompilerFile, input: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    const result = await pool.run(id, compiler, input);
    if (!result.ok) return send({ type: 'failed', id, kind: result.kind, detail: result.detail });
    const { compilerLong, compileMs } = result;
    const rssBytes = process.memoryUsage.rss();
    send({ type: 'done', id, compilerLong, compileMs, rssBytes }, result.output);
  } catch (error) {
    send({ type: 'failed', id, kind: 'crashed', detail: String(error).slice(0, 500) });
  }
}

function send(message: FromProcess, payload?: Uint8Array): void {
  for (const piece of encodeFrame(message, payload)) process.stdout.write(piece);
}
