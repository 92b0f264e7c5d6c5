import { compileFunction } from 'node:vm';
import type { LoadedCompiler } from './messages.ts';

/** One compiler instance with a heap of its own. After any throw it must be discarded: its heap may be broken. */
export interface Instance {
  /** e.g. `0.8.37+commit.6a4…`. */
  compilerLong: string;
  compile(input: Uint8Array): Uint8Array<ArrayBuffer>;
  memoryBytes(): number;
}

/** What Emscripten's `Module` object has of use to us. */
interface EmscriptenModule {
  HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free?(pointer: number): void;
  _solidity_alloc?(bytes: number): number;
  _solidity_reset?(): void;
  _solidity_compile?(input: number, callback: number, context: number): number;
  _solidity_version?(): number;
  _compileStandard?(input: number, callback: number): number;
  _version?(): number;
}

/**
 * Makes an instance and drives it through its C interface. The `cwrap` way of the npm wrapper puts the input
 * on the WebAssembly stack and breaks above 1.3 MB; allocated memory has no such limit.
 *
 * @param onMemory called when the heap wants to grow past `memoryBytesMax`; the growth is refused
 */
export function makeInstance(
  compiler: LoadedCompiler,
  options: { memoryBytesMax: number; onMemory: () => void },
): Instance {
  const module = evaluate(compiler, options);
  const alloc = module._solidity_alloc ?? module._malloc;
  const version = module._solidity_version ?? module._version;
  if (!version) throw new Error('the compiler has no version function');

  return {
    compilerLong: readString(module, version()).replace('.Emscripten.clang', ''),
    memoryBytes: () => module.HEAPU8.byteLength,
    compile(input) {
      const pointer = alloc(input.length + 1);
      if (pointer === 0) throw new Error('no memory for the input');
      module.HEAPU8.set(input, pointer);
      module.HEAPU8[pointer + input.length] = 0;
      const reply = module._solidity_compile
        ? module._solidity_compile(pointer, 0, 0)
        : module._compileStandard?.(pointer, 0);
      if (!reply) throw new Error('the compiler gave no answer');
      const output = readBytes(module, reply);
      // 0.6 and later keep input and output in a list that reset frees; before, only the input is ours.
      if (module._solidity_reset) module._solidity_reset();
      else module._free?.(pointer);
      return output;
    },
  };
}

/** Runs the glue with nothing of Node in reach: its own handlers and file access go nowhere. */
function evaluate(
  compiler: LoadedCompiler,
  options: { memoryBytesMax: number; onMemory: () => void },
): EmscriptenModule {
  const nothing = () => undefined;
  const module: Record<string, unknown> = { print: nothing, printErr: nothing };
  const wasm = compiler.module;
  if (wasm) {
    module['wasmBinary'] = new Uint8Array(8);
    module['instantiateWasm'] = (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance) => void,
    ) => {
      const instance = new WebAssembly.Instance(wasm, imports);
      limitGrowth(
        [
          ...Object.values(imports).flatMap((group) => Object.values(group)),
          ...Object.values(instance.exports),
        ],
        options,
      );
      receive(instance);
      return instance.exports;
    };
  }
  // The clock is for the solver, which counts the time of its steps.
  const hrtime = () => process.hrtime();
  const fakeProcess = { versions: { node: '0' }, argv: [], on: nothing, exit: nothing, hrtime };
  // Before 0.4.26 the glue takes these at once and uses them for reading files only, which it is never asked to.
  const refuse = (name: string) => {
    if (name === 'fs' || name === 'path') return {};
    throw new Error(`the compiler asked for ${name}`);
  };
  const names = ['Module', 'module', 'exports', 'require', 'process', '__dirname', '__filename', 'console'];
  const silent = { log: nothing, warn: nothing, error: nothing };
  compileFunction(compiler.glue, names)(
    module,
    { exports: {} },
    {},
    refuse,
    fakeProcess,
    '/',
    'soljson.js',
    silent,
  );
  return module as unknown as EmscriptenModule;
}

/**
 * `resourceLimits` of a thread do not bound a WebAssembly heap. While a compile runs the thread hears nothing,
 * but every growth passes through `Memory.grow`, which is ours to refuse.
 */
function limitGrowth(values: unknown[], options: { memoryBytesMax: number; onMemory: () => void }): void {
  for (const memory of values) {
    if (!(memory instanceof WebAssembly.Memory)) continue;
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      if (memory.buffer.byteLength + pages * 65_536 > options.memoryBytesMax) {
        options.onMemory();
        throw new RangeError('over the memory limit');
      }
      return grow(pages);
    };
  }
}

function readBytes(module: EmscriptenModule, pointer: number): Uint8Array<ArrayBuffer> {
  return module.HEAPU8.slice(pointer, module.HEAPU8.indexOf(0, pointer)) as Uint8Array<ArrayBuffer>;
}

function readString(module: EmscriptenModule, pointer: number): string {
  return Buffer.from(readBytes(module, pointer)).toString('utf8');
}
