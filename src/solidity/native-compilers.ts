import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawOutput } from './compiler-child.ts';
import { fail } from './errors.ts';
import { readNativeVersion, runNative } from './run-native.ts';

/** A check that came to no verdict is made again at the first use after this. */
const recheckSeconds = 60;

/** Runs standard JSON through something that is known to be right. */
export type RunCompiler = (version: string, input: Uint8Array) => Promise<RawOutput>;

export interface NativeOptions {
  /** Holds executables with their version in the name, at most one folder down: `solc-0.8.24`, `0.8.24/solc`. */
  folder: string;
  compileSeconds: number;
  memoryBytesMax: number;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

/** What a check said, or a promise of it. */
interface Check {
  verdict: Promise<RunNative | null>;
  /** From when on it is made anew. */
  until: number;
}

export interface NativeCompilers {
  /** Versions found; whether they are used is decided at first use. */
  versions(): string[];
  /** @returns a way to run it, or null: there is none, or it does not do the same as the one that is known */
  find(version: string, known: RunCompiler): Promise<RunNative | null>;
  /** What is wrong with those that are not used, in words. */
  problems(): string[];
  close(): void;
}

export type RunNative = (input: Uint8Array, signal?: AbortSignal) => Promise<RawOutput>;

/**
 * Native compilers of the operator's: three times as fast as WebAssembly. One is used only after it named the version
 * that its file name promises, and gave the same bytecode as the WebAssembly build of that version for a sample.
 *
 * Each compile is a process of its own in an empty folder, with no environment and with limits on time, memory and
 * output; all sources are in its input, and a path outside its folder it refuses by itself.
 *
 * @throws AppError `native-compilers-unreadable`
 */
export function openNativeCompilers(options: NativeOptions): NativeCompilers {
  const paths = findExecutables(options.folder);
  const empty = mkdtempSync(join(tmpdir(), 'slipway-solc-'));
  const checked = new Map<string, Check>();
  const problems = new Map<string, string>();

  async function check(version: string, path: string, known: RunCompiler): Promise<RunNative | null> {
    try {
      const compilerLong = await readNativeVersion({ ...options, path, cwd: empty });
      const run: RunNative = async (input, signal) => {
        const begin = performance.now();
        const output = await runNative({ ...options, path, cwd: empty, input, signal });
        return { output, compilerLong, compileMs: performance.now() - begin };
      };
      const [theirs, ours] = await Promise.all([run(sample), known(version, sample)]);
      if (theirs.compilerLong !== ours.compilerLong) {
        return refuse(`it calls itself ${theirs.compilerLong}, not ${ours.compilerLong}`);
      }
      if (codeOf(theirs) !== codeOf(ours)) return refuse('it gives other bytecode than the official build');
      problems.delete(version);
      return run;
    } catch (error) {
      // It could not be run, which may pass: a machine with too little memory just then, a file still being written.
      checked.set(version, { verdict: Promise.resolve(null), until: options.now() + recheckSeconds * 1_000 });
      return refuse((error as Error).message);
    }

    function refuse(reason: string): null {
      problems.set(version, `${path} is not used: ${reason}`);
      return null;
    }
  }

  return {
    versions: () => [...paths.keys()],
    problems: () => [...problems.values()],
    find(version, known) {
      const path = paths.get(version);
      if (path === undefined) return Promise.resolve(null);
      const held = checked.get(version);
      if (held && options.now() < held.until) return held.verdict;
      const verdict = check(version, path, known);
      checked.set(version, { verdict, until: Number.POSITIVE_INFINITY });
      return verdict;
    },
    close: () => rmSync(empty, { recursive: true, force: true }),
  };
}

function findExecutables(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of list(folder).sort()) {
    const segments = path.split('/');
    const version = /(?:^|[^\d.])v?(\d+\.\d+\.\d+)(?:[^\d.]|$)/.exec(path)?.[1];
    if (segments.length > 2 || !version || found.has(version) || !/solc/.test(path)) continue;
    if (isExecutable(join(folder, path))) found.set(version, join(folder, path));
  }
  return found;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    throw fail('native-compilers-unreadable', { folder, detail: (error as Error).message }, { cause: error });
  }
}

function isExecutable(path: string): boolean {
  const facts = statSync(path, { throwIfNoEntry: false });
  return facts?.isFile() === true && (facts.mode & 0o111) !== 0;
}

/** Something for the optimizer to do, in words that every release understands. */
const sample = Buffer.from(
  JSON.stringify({
    language: 'Solidity',
    sources: {
      'Sample.sol': {
        content: `contract Sample {
  struct Entry { uint128 amount; uint64 since; bool open; }
  mapping(address => mapping(uint => Entry)) entries;
  uint[] log;
  function add(uint by, bytes32 key) public returns (uint sum) {
    for (uint i = 0; i < by; i++) {
      Entry storage entry = entries[msg.sender][i % 7];
      entry.amount += uint128(i * by);
      entry.open = uint(key) % (i + 1) == 0;
      if (entry.open) { log.push(entry.amount); sum += entry.amount; }
    }
    require(sum >= by);
  }
}`,
      },
    },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  }),
);

/** @throws Error when it refused the sample */
function codeOf({ output }: RawOutput): string {
  const reply = JSON.parse(Buffer.from(output).toString('utf8')) as {
    contracts?: Record<string, Record<string, { evm: Record<string, { object: string }> }>>;
  };
  const evm = reply.contracts?.['Sample.sol']?.['Sample']?.evm;
  const code = `${evm?.['bytecode']?.object} ${evm?.['deployedBytecode']?.object}`;
  if (!/^[0-9a-f]{200,} [0-9a-f]{200,}$/.test(code)) throw new Error('it did not compile the sample');
  return code;
}
