import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { limits } from '../../lib/limits.ts';
import type { FromProver, ToProver } from './process/messages.ts';
import type { Proof, ProofTask } from './types.ts';

/** Seconds that the process may be late before it is killed. */
const graceSeconds = 5;

/** `isOver`: the process is gone, or should be. */
type Answer = { proof: Proof; isOver: boolean } | { detail: string; isOver: boolean };

/** One isolated process that searches for attacks. */
export interface ProverChild {
  /** One task at a time. It never rejects: a process that ends says so in its answer. */
  run(task: ProofTask, signal: AbortSignal | undefined): Promise<Answer>;
  /** SIGKILL, and waits for the end. */
  close(): Promise<void>;
}

/** Starts one; what it needs to be ready does not count as the task's time. */
export function startProverChild(): ProverChild {
  const child = spawnProcess();
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string>();
  let answer: PromiseWithResolvers<FromProver> | undefined;
  let errors = '';
  let last = 0;
  child.stderr?.on('data', (chunk: Buffer) => {
    if (errors.length < 2_000) errors += chunk.toString('utf8').slice(0, 1_000);
  });
  child.on('message', (message: FromProver) => {
    if (message.type === 'ready') ready.resolve();
    else if (message.id === last) answer?.resolve(message);
  });
  child.once('error', (error) => ended.resolve(String(error)));
  child.once('close', (code, signal) => ended.resolve(errors.trim() || `exit ${signal ?? code}`));
  const end = ended.promise.then((detail) => ({ end: detail }));

  return {
    async run(task, signal) {
      const id = ++last;
      answer = Promise.withResolvers();
      const stop = () => kill(child);
      signal?.addEventListener('abort', stop);
      const started = await Promise.race([ready.promise, end]);
      if (!started) child.send({ id, task } satisfies ToProver, () => {});
      let late = false;
      const timer = setTimeout(
        () => {
          late = true;
          stop();
        },
        (task.clockSeconds + graceSeconds) * 1_000,
      );
      const found = await Promise.race([answer.promise, end]);
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      if ('end' in found) {
        const detail = late
          ? 'the search was stopped: one step of it took too long'
          : `the search broke off: ${found.end.slice(0, 300)}`;
        return { detail, isOver: true };
      }
      if (found.type === 'ready') return { detail: 'the search did not answer', isOver: true };
      if (found.isFull) stop();
      if (found.type === 'failed')
        return { detail: `the search failed: ${found.detail}`, isOver: found.isFull };
      return { proof: found.proof, isOver: found.isFull };
    },
    async close() {
      kill(child);
      await end;
    },
  };
}

const script = fileURLToPath(new URL('./process/main.ts', import.meta.url));

function spawnProcess(): ChildProcess {
  const flags = [
    '--permission',
    // The machine is a native program. Foreign code has no way to it but by the machine's own instructions.
    '--allow-addons',
    ...readable().map((path) => `--allow-fs-read=${path}`),
    '--max-old-space-size=512',
    '--title=slipway-prover',
  ];
  return spawn(process.execPath, [...flags, script, String(limits.proofMemoryBytesMax)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {},
    cwd: '/',
    detached: true,
  });
}

// Our own program, and the packages.
function readable(): string[] {
  const source = fileURLToPath(new URL('../../', import.meta.url));
  const packages = createRequire(import.meta.url).resolve('@nomicfoundation/edr');
  const modules = packages.slice(
    0,
    packages.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules${sep}`.length,
  );
  return [`${source}*`, `${dirname(source)}${sep}package.json`, `${modules}*`];
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
