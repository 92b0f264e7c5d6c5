import { parentPort, workerData } from 'node:worker_threads';
import { type Instance, makeInstance } from './instance.ts';
import type { FromThread, LoadedCompiler, ToThread } from './messages.ts';

/** An instance whose heap grew past this is made anew next time, in 10 ms: WebAssembly memory never shrinks. */
const keptHeapBytesMax = 128 * 1024 * 1024;

const { memoryBytesMax } = workerData as { memoryBytesMax: number };
const compilers = new Map<string, LoadedCompiler>();
const instances = new Map<string, Instance>();

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'compile') return compile(message.version, message.input);
  if (message.drop !== null) {
    compilers.delete(message.drop);
    instances.delete(message.drop);
  }
  compilers.set(message.version, message.compiler);
});

function compile(version: string, input: Uint8Array): void {
  try {
    const instance = take(version);
    const started = performance.now();
    const output = instance.compile(input);
    const compileMs = performance.now() - started;
    if (instance.memoryBytes() > keptHeapBytesMax) instances.delete(version);
    send({ type: 'done', output, compilerLong: instance.compilerLong, compileMs }, [output.buffer]);
  } catch (error) {
    // The thread is replaced by whoever hears this: a thrown-out-of instance answers wrongly from then on.
    send({ type: 'failed', detail: String(error).slice(0, 500) });
  }
}

function take(version: string): Instance {
  const compiler = compilers.get(version);
  if (!compiler) throw new Error(`compiler ${version} was not handed over`);
  const instance =
    instances.get(version) ??
    makeInstance(compiler, { memoryBytesMax, onMemory: () => send({ type: 'memory' }) });
  instances.set(version, instance);
  return instance;
}

function send(message: FromThread, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
