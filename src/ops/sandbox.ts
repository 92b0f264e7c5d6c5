import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { limits } from '../lib/limits.ts';
import { killGroup, type LimitedEnd, runLimited } from '../lib/run-limited.ts';
import { killMarked, treeBytes } from './process-tree.ts';

/** Where a foreign program finds what it is given. All but `home` is read-only. */
export interface SandboxFolders {
  /** The files handed in; also its working directory. */
  sources: string;
  /** Programs handed in, first on its PATH. */
  bin: string;
  /** Its home and its place for temporary files, empty. */
  home: string;
}

/** One run of a foreign program. */
export interface SandboxRun {
  /** Absolute path of the program. */
  path: string;
  words: (folders: SandboxFolders) => string[];
  /** Path below `sources` → text. */
  files: Readonly<Record<string, string>>;
  /** Absolute path in one of the folders → a script or what one reads. */
  programs?: (folders: SandboxFolders) => Readonly<Record<string, string>>;
  /** A file below `home` that is read when it has ended. */
  report?: string;
  seconds: number;
  /** Of it and all that it starts, together. */
  memoryBytesMax: number;
  signal?: AbortSignal | undefined;
}

export interface SandboxEnd extends Omit<LimitedEnd, 'fault'> {
  fault: LimitedEnd['fault'] | 'memory';
  /** What it wrote there; null where there is no such file. */
  report: string | null;
}

/** What keeps a foreign program from doing harm: Linux namespaces, or only limits and an environment of its own. */
export type Isolation = 'namespaces' | 'process';

export interface SandboxOptions {
  isolation: Isolation;
  /** Files and folders that it must not see. */
  hidden: readonly string[];
}

/**
 * Runs a program that is not ours over sources that are nobody's. It gets a folder of its own and an environment with
 * nothing of ours in it, and is killed with all that it started at the limits on time, memory and output.
 *
 * In `namespaces` it has no network, sees no other process, and can write nowhere but to its home: every file system is
 * mounted read-only first, its capabilities are dropped, and `hidden` is covered. In `process` it has none of that.
 *
 * @throws the signal's reason; Error when it cannot be started
 */
export async function runInSandbox(
  run: SandboxRun,
  { isolation, hidden }: SandboxOptions,
): Promise<SandboxEnd> {
  const root = mkdtempSync(join(tmpdir(), 'slipway-tool-'));
  const mark = randomBytes(16).toString('hex');
  let watch: NodeJS.Timeout | undefined;
  let isOverMemory = false;
  try {
    const folders = prepareFolders(root, run);
    const command = [run.path, ...run.words(folders)];
    const covered = hidden.filter((path) => exists(path) && !contains(path, run.path));
    const over = covered.find((path) => contains(path, root));
    if (over !== undefined) throw new Error(`temporary files lie in ${over}, which is to be hidden`);
    const [path = '', ...words] =
      isolation === 'namespaces' ? confine(command, folders.home, covered) : command;
    const ended = await runLimited({
      ...{ path, words },
      cwd: folders.sources,
      env: environment(run.path, folders, mark),
      seconds: run.seconds,
      bytesMax: limits.toolOutputBytesMax,
      // Programs with a garbage collector reserve far more than they use: what is counted is what is resident.
      addressBytesMax: null,
      onStart(pid) {
        watch = setInterval(() => {
          if (treeBytes(pid) <= run.memoryBytesMax) return;
          isOverMemory = true;
          killGroup(pid);
        }, memoryEveryMs);
      },
      signal: run.signal,
    });
    if (run.signal?.aborted) throw run.signal.reason;
    const fault = isOverMemory ? 'memory' : ended.fault;
    return { ...ended, fault, report: run.report ? readReport(join(folders.home, run.report)) : null };
  } finally {
    clearInterval(watch);
    // In namespaces the kernel has ended them all.
    if (isolation === 'process') killMarked(mark);
    remove(root);
  }
}

/**
 * Tries whether this machine can isolate by namespaces: a script in the sandbox looks for a network and for somewhere
 * to write. @returns null when all holds, else what does not, in words
 */
export async function isolationProblem(): Promise<string | null> {
  if (process.platform !== 'linux') return 'only Linux has namespaces';
  const outside = mkdtempSync(join(tmpdir(), 'slipway-outside-'));
  try {
    const ended = await runInSandbox(
      {
        path: '/bin/sh',
        words: ({ home }) => ['-c', probeScript, 'probe', home, join(outside, 'written')],
        files: {},
        seconds: probeSeconds,
        memoryBytesMax: limits.toolMemoryBytesMax,
      },
      { isolation: 'namespaces', hidden: [] },
    );
    if (ended.output.toString('utf8').trim() === 'confined') return null;
    return ended.errors.trim().split('\n').at(-1)?.slice(0, 300) || `the trial ended with ${ended.code}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
}

const memoryEveryMs = 200;
const probeSeconds = 10;

const probeScript = `
touch "$1/written" || exit 1
touch "$2" 2>/dev/null && { echo 'files outside can be written' >&2; exit 1; }
for name in $(tail -n +3 /proc/net/dev | cut -d: -f1); do
  [ "$name" = lo ] || { echo 'there is a network' >&2; exit 1; }
done
echo confined`;

/** Everything read-only but the home, what is hidden covered, no capability left; then the program. */
const confineScript = `
home=$1; hidden=$2; shift 2
mount --make-rprivate / && mount --bind "$home" "$home" || exit 126
while read -r _ _ _ _ point options _; do
  case $point in *\\\\*) point=$(printf '%b' "$(printf '%s' "$point" | sed 's/\\\\\\([0-7][0-7][0-7]\\)/\\\\0\\1/g')") ;; esac
  case $point in "$home" | /proc | /proc/*) continue ;; esac
  case $options in ro | ro,*) continue ;; esac
  mount -o "remount,bind,ro,\${options#rw,}" "$point" || exit 126
done < /proc/self/mountinfo
while [ "$hidden" -gt 0 ]; do
  if [ -d "$1" ]; then mount -t tmpfs -o ro,size=4k none "$1" || exit 126
  else mount --bind /dev/null "$1" || exit 126; fi
  hidden=$((hidden - 1)); shift
done
# Not in the place of the first process, which no signal of its own ends.
setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
exit $?`;

function confine(command: readonly string[], home: string, hidden: readonly string[]): string[] {
  return [
    '/usr/bin/env',
    ...['unshare', '--user', '--map-root-user', '--net', '--ipc', '--mount', '--mount-proc'],
    // When it dies, so does all that it started.
    ...['--pid', '--fork', '--kill-child', '/bin/sh', '-c', confineScript, 'confine'],
    ...[home, String(hidden.length), ...hidden, ...command],
  ];
}

function environment(path: string, { bin, home }: SandboxFolders, mark: string): Record<string, string> {
  // The folder of Node is for programs that npm installed: they begin with `env node`.
  const folders = [bin, dirname(path), dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'];
  return {
    PATH: [...folders, '/usr/sbin', '/sbin'].join(':'),
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    SLIPWAY_TOOL_RUN: mark,
  };
}

function prepareFolders(root: string, { files, programs }: SandboxRun): SandboxFolders {
  const folders = { sources: join(root, 'sources'), bin: join(root, 'bin'), home: join(root, 'home') };
  for (const folder of Object.values(folders)) mkdirSync(folder, { mode: 0o700 });
  for (const [path, text] of Object.entries(files)) {
    writeInto(folders.sources, join(folders.sources, path), { text, mode: 0o400 });
  }
  for (const [path, text] of Object.entries(programs?.(folders) ?? {})) {
    writeInto(root, path, { text, mode: 0o500 });
  }
  for (const folder of [folders.sources, folders.bin]) lock(folder);
  return folders;
}

function writeInto(folder: string, path: string, file: { text: string; mode: number }): void {
  if (!join(path).startsWith(folder + sep)) throw new Error(`${path} leads out of its folder`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, file.text, { mode: file.mode });
}

function lock(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) lock(join(folder, entry.name));
  }
  chmodSync(folder, 0o500);
}

/** What a hostile program leaves behind may be a link to something of ours. */
function readReport(path: string): string | null {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (!facts?.isFile() || facts.size > limits.toolOutputBytesMax) return null;
  return readFileSync(path, 'utf8');
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function contains(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function remove(root: string): void {
  unlock(root);
  rmSync(root, { recursive: true, force: true });
}

/** Nobody but root can empty a folder that may not be written. */
function unlock(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) unlock(join(folder, entry.name));
  }
}
