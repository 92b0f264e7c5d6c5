import { Worker } from 'node:worker_threads';
import { limits } from '../lib/limits.ts';
import type { LeftOut } from '../solidity/parts/leave-out.ts';
import type { FromAnalyser, ToAnalyser } from './analyser-thread.ts';
import { type DetectorResult, failedDetector, messageOf } from './audit-steps.ts';
import { detectors as allDetectors } from './detectors/index.ts';
import type { Copy } from './ir/program.ts';
import { makeReport, mergeReports } from './make-report.ts';
import type { AuditReport, AuditUnit, ToolReport } from './types.ts';

export interface AnalyserOptions {
  /** Of one detector, `limits.detectorSeconds` by default. */
  detectorSeconds?: number;
  /** Of linking and running a unit before the detectors, `limits.readUnitSeconds` by default. */
  readSeconds?: number;
  /** Of one unit, everything included, `limits.analyserSeconds` by default; what has not run by then is named. */
  unitSeconds?: number;
  /** Heap of the thread, `limits.analyserMemoryMegabytesMax` by default. */
  memoryMegabytesMax?: number;
  /** For tests: a module whose `detectors` run in place of the list, and their names. */
  detectors?: { from: string; ids: readonly string[] };
}

/** Of one audit. */
export interface AuditRunOptions {
  leftOut?: readonly LeftOut[];
  signal?: AbortSignal;
  progress?: (done: number, total: number) => void;
}

export interface Analyser {
  /**
   * Audits units one after the other with the built-in analyser.
   *
   * @param units the parts of the sources that could be compiled
   * @param leftOut what is in none of them; then the report is at most partial
   * @param options.progress told how many detectors have looked at a unit
   * @throws the signal's reason
   */
  audit(units: readonly AuditUnit[], options?: AuditRunOptions): Promise<AuditReport>;
  close(): Promise<void>;
}

/**
 * Starts the analyser in a thread of its own, so that nothing in some sources can hold up or take down the process. A detector
 * that throws, runs past its limit or takes too much memory is reported as failed; the thread is started again where it
 * had to be ended, and the other detectors go on. The thread holds up no process that wants to end.
 */
export function startAnalyser(options: AnalyserOptions = {}): Analyser {
  const idle: Worker[] = [];
  const busy = new Set<Worker>();
  let closed = false;
  return { audit, close };

  async function audit(
    units: readonly AuditUnit[],
    { leftOut = [], ...how }: AuditRunOptions = {},
  ): Promise<AuditReport> {
    const reports: AuditReport[] = [];
    for (const unit of units) reports.push(await auditUnit(unit, how));
    return mergeReports(reports, leftOut);
  }

  async function auditUnit(
    unit: AuditUnit,
    { signal, progress }: Omit<AuditRunOptions, 'leftOut'>,
  ): Promise<AuditReport> {
    const started = performance.now();
    const until = started + (options.unitSeconds ?? limits.analyserSeconds) * 1_000;
    const results = new Map<string, DetectorResult>();
    const ids = options.detectors?.ids ?? allDetectors.map(({ id }) => id);
    let read: ToolReport['problems'] = [];
    let copies: readonly Copy[] = [];
    for (let goesOn = true; goesOn; ) {
      const open = ids.filter((id) => !results.has(id));
      if (open.length === 0) break;
      const turn = await runThread(
        { unit, detectors: open, from: options.detectors?.from },
        { until, signal, progress: (done) => progress?.(results.size + done, ids.length) },
      );
      for (const result of turn.results) results.set(result.detector, result);
      read = turn.read ?? read;
      if (turn.copies.length > 0) copies = turn.copies;
      goesOn = turn.goesOn && !turn.isOver;
      if (turn.isOver)
        for (const id of open)
          if (!results.has(id)) results.set(id, failedDetector(id, 'there was no time left for it'));
    }
    const seconds = (performance.now() - started) / 1_000;
    const inOrder = ids.flatMap((id) => results.get(id) ?? []);
    return makeReport(unit, { read, copies, results: inOrder, seconds });
  }

  /** One run of a thread: to the end, or to the first detector that it had to be ended for. */
  function runThread(
    message: ToAnalyser,
    {
      until,
      signal,
      progress,
    }: { until: number; signal: AbortSignal | undefined; progress: (done: number) => void },
  ): Promise<Turn> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const worker = take();
      const turn: Turn = { results: [], read: undefined, copies: [], goesOn: true, isOver: false };
      let doing = reading;
      let timer: NodeJS.Timeout | undefined;
      const onMessage = (said: FromAnalyser) => {
        if (said.type === 'begin') begin(said.what);
        else if (said.type === 'result') progress(turn.results.push(said.result));
        else if (said.type === 'read') {
          turn.read = said.problems;
          turn.copies = said.copies;
          turn.goesOn = said.isReadable;
        } else end(true);
      };
      const onError = (error: Error & { code?: string }) => {
        const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        stop(isMemory ? `needed more than ${memory()} MB of memory` : messageOf(error));
      };
      const onExit = () => stop('its thread ended');
      const onAbort = () => {
        end(false);
        reject(signal?.reason);
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      signal?.addEventListener('abort', onAbort, { once: true });
      begin(reading);
      try {
        worker.postMessage(message);
      } catch (error) {
        // A tree that is nested too deeply cannot be handed over.
        doing = reading;
        stop(messageOf(error));
      }

      function begin(what: string): void {
        clearTimeout(timer);
        doing = what;
        const seconds =
          what === reading
            ? (options.readSeconds ?? limits.readUnitSeconds)
            : (options.detectorSeconds ?? limits.detectorSeconds);
        const left = until - performance.now();
        turn.isOver = left < seconds * 1_000;
        const isOver = turn.isOver;
        timer = setTimeout(
          () => {
            stop(
              isOver ? 'there was no time left for it' : `ran longer than ${seconds} seconds and was ended`,
            );
          },
          Math.max(0, Math.min(left, seconds * 1_000)),
        );
      }

      /** What it was doing failed; the thread is gone. */
      function stop(why: string): void {
        if (doing === reading) {
          turn.read = [...(turn.read ?? []), { message: `reading the sources ${why}` }];
          turn.goesOn = false;
        } else turn.results.push(failedDetector(doing, why));
        end(false);
      }

      function end(isWell: boolean): void {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        signal?.removeEventListener('abort', onAbort);
        busy.delete(worker);
        if (isWell) {
          turn.isOver = false;
          turn.goesOn = false;
          if (!closed && idle.length === 0) {
            worker.unref();
            idle.push(worker);
            resolve(turn);
            return;
          }
        }
        worker.on('error', () => {});
        void worker.terminate();
        resolve(turn);
      }
    });
  }

  function memory(): number {
    return options.memoryMegabytesMax ?? limits.analyserMemoryMegabytesMax;
  }

  function take(): Worker {
    const worker = idle.pop() ?? start();
    worker.ref();
    busy.add(worker);
    return worker;
  }

  function start(): Worker {
    return new Worker(new URL('./analyser-thread.ts', import.meta.url), {
      // Trees nest as deeply as the sources, and what reads them calls itself.
      resourceLimits: { stackSizeMb: 32, maxOldGenerationSizeMb: memory() },
      env: {},
    });
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.all([...idle.splice(0), ...busy].map((worker) => worker.terminate()));
  }
}

/** What one run of a thread came to. */
interface Turn {
  results: DetectorResult[];
  copies: readonly Copy[];
  read: ToolReport['problems'] | undefined;
  /** Whether the detectors that are left can still run. */
  goesOn: boolean;
  /** The time of the whole unit is used up. */
  isOver: boolean;
}

const reading = 'the sources';
