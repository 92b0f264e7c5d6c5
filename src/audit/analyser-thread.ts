import { parentPort } from 'node:worker_threads';
import { findKnownContract } from '../solidity/known-library.ts';
import { type DetectorResult, messageOf, readUnit, runDetector } from './audit-steps.ts';
import type { Detector } from './detector.ts';
import { detectors as allDetectors } from './detectors/index.ts';
import type { Copy } from './ir/program.ts';
import type { AuditUnit, ToolReport } from './types.ts';

export interface ToAnalyser {
  unit: AuditUnit;
  /** Which are still to run. */
  detectors: readonly string[];
  /** A module that exports `detectors` in place of the list, for tests of hostile ones. */
  from: string | undefined;
}

export type FromAnalyser =
  /** It begins to read the unit, or a detector begins: the time that it may take runs from here. */
  | { type: 'begin'; what: string }
  | { type: 'read'; problems: ToolReport['problems']; copies: readonly Copy[]; isReadable: boolean }
  | { type: 'result'; result: DetectorResult }
  | { type: 'end' };

parentPort?.on('message', async ({ unit, detectors, from }: ToAnalyser) => {
  try {
    const list: readonly Detector[] = from === undefined ? allDetectors : (await import(from)).detectors;
    send({ type: 'begin', what: 'the sources' });
    const { audited, problems } = readUnit(unit, findKnownContract);
    const copies = audited?.program.copies ?? [];
    send({ type: 'read', problems, copies, isReadable: audited !== undefined });
    for (const id of audited ? detectors : []) {
      const detector = list.find((one) => one.id === id);
      if (!detector || !audited) continue;
      send({ type: 'begin', what: id });
      send({ type: 'result', result: runDetector(detector, audited) });
    }
  } catch (error) {
    send({ type: 'read', problems: [{ message: messageOf(error) }], copies: [], isReadable: false });
  }
  send({ type: 'end' });
});

function send(message: FromAnalyser): void {
  parentPort?.postMessage(message);
}
