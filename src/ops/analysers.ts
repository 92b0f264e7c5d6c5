import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { satisfies } from 'semver';
import { analyserVersion } from '../audit/make-report.ts';
import type { Located, Machine } from '../audit/run-tools.ts';
import { tools } from '../audit/tools/index.ts';
import type { Command, Ended, Program, Tool, ToolName } from '../audit/tools/types.ts';
import { limits } from '../lib/limits.ts';
import type { Config } from './config.ts';
import { isolationProblem, runInSandbox } from './sandbox.ts';

/** A tool as the operator's machine has it. */
export interface AnalyserEntry {
  name: ToolName;
  title: string;
  about: string;
  url: string | null;
  licence: string | null;
  /** Whether a request may name it. */
  allowed: boolean;
  available: boolean;
  /** Null where there is none, or the compiler's. */
  version: string | null;
  /** Why it is not available. */
  problem: string | null;
}

/** The analysers that audits of this installation may name, and the machine that they run on. */
export interface Analysers extends Machine {
  allowed: readonly ToolName[];
  /** Every tool that is known. Asks programs for their version at first. */
  list(): Promise<AnalyserEntry[]>;
}

/** A program that could not be used is looked for again after this. */
const recheckMs = 60_000;

/**
 * Finds analysers where the settings or the PATH say, and runs them in the sandbox. Without isolation by namespaces
 * they are not there, unless the operator has said that they may run without: they read what strangers send.
 */
export function openAnalysers(config: Pick<Config, 'auditTools' | 'searchPath' | 'secretPaths'>): Analysers {
  const { allowed, paths, isolation, seconds } = config.auditTools;
  // Sockets of other services lie there.
  const hidden = [...config.secretPaths, '/run', '/var/run'];
  const located = new Map<string, { verdict: Promise<Located>; until: number }>();
  let problem: Promise<string | null> | undefined;
  const turn = turns(limits.toolsInFlight);

  function locate(tool: Tool & { program: Program }): Promise<Located> {
    const held = located.get(tool.name);
    if (held && performance.now() < held.until) return held.verdict;
    const verdict = find(tool);
    const entry = { verdict, until: Number.POSITIVE_INFINITY };
    located.set(tool.name, entry);
    void verdict.then(({ ok }) => {
      if (!ok) entry.until = performance.now() + recheckMs;
    });
    return verdict;
  }

  async function find({ name, title, program }: Tool & { program: Program }): Promise<Located> {
    const path = paths[name] ?? onPath(program.name, config.searchPath);
    if (path === undefined) return missing(`${title} (\`${program.name}\`) is not on the PATH`);
    if (!isProgram(path)) return missing(`${path} is no program`);
    if (isolation === 'namespaces') {
      problem ??= isolationProblem();
      const found = await problem;
      if (found !== null)
        return missing(`this machine cannot isolate it (${found}); see docs/audit-tools.md`);
    }
    try {
      const { versionWords: words } = program;
      const ended = await execute(path, { words: () => [...words], seconds: limits.toolVersionSeconds });
      const version = program.readVersion(`${ended.output}\n${ended.errors}`);
      if (version === null) return missing(`${path} does not say which version it is`);
      if (satisfies(version, program.versions)) return { ok: true, path, version };
      const wanted = `${title} ${version} is outside of ${program.versions}. ${program.versionNote}`;
      return { ok: false, status: 'unavailable', version, message: wanted };
    } catch (error) {
      return missing(`${path} could not be started: ${(error as Error).message}`);
    }
  }

  async function execute(
    path: string,
    run: Command & { seconds: number; signal?: AbortSignal | undefined },
  ): Promise<Ended> {
    const { words, files = {}, programs, report, signal } = run;
    const ended = await runInSandbox(
      {
        ...{ path, words, files, signal },
        seconds: run.seconds,
        ...(programs ? { programs } : {}),
        ...(report === undefined ? {} : { report }),
        memoryBytesMax: limits.toolMemoryBytesMax,
      },
      { isolation, hidden },
    );
    return { ...ended, output: ended.output.toString('utf8') };
  }

  async function list(): Promise<AnalyserEntry[]> {
    const others = tools.map(async (tool): Promise<AnalyserEntry> => {
      const { name, title, about, url, licence, program } = tool;
      const isAllowed = allowed.includes(name);
      const facts = { name, title, about, url, licence, allowed: isAllowed };
      if (!program) return { ...facts, available: isAllowed, version: null, problem: null };
      if (!isAllowed) return { ...facts, available: false, version: null, problem: null };
      const found = await locate({ ...tool, program });
      if (found.ok) return { ...facts, available: true, version: found.version, problem: null };
      return { ...facts, available: false, version: found.version || null, problem: found.message };
    });
    return [{ ...builtIn, allowed: allowed.includes('slipway') }, ...(await Promise.all(others))];
  }

  return { allowed, seconds, locate, execute, turn, list };
}

const builtIn = {
  name: 'slipway',
  title: 'Slipway',
  about: 'The built-in analyser; the gate asks for it wherever it asks for an audit.',
  url: null,
  licence: null,
  available: true,
  version: analyserVersion,
  problem: null,
} as const;

function missing(message: string): Located {
  return { ok: false, status: 'unavailable', version: '', message };
}

function onPath(name: string, searchPath: string): string | undefined {
  const folders = searchPath.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Runs so many at a time, in the order they came. */
function turns(places: number): Machine['turn'] {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work, signal) => {
    if (running >= places) {
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => {
          const at = waiting.indexOf(resolve);
          if (at < 0) return;
          waiting.splice(at, 1);
          reject(signal.reason);
        });
      });
    } else running++;
    try {
      return await work();
    } finally {
      // Its place goes to the next one, or is free.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
