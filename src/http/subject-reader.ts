import type { Reader } from '../store/db.ts';
import { getDeployment } from '../store/deployments.ts';
import { getJobWithResult, getPipelineWithResult } from '../store/results.ts';
import { isFinished, type SubjectReader } from './subjects.ts';

/** Reads jobs, pipelines and deployments as their GET routes show them, for waiting and for live updates. */
export function createSubjectReader(read: Reader): SubjectReader {
  return {
    async read(kind, ownerId, id) {
      const subject =
        kind === 'jobs'
          ? await getJobWithResult(read, ownerId, id)
          : kind === 'pipelines'
            ? await getPipelineWithResult(read, ownerId, id)
            : await getDeployment(read, ownerId, id);
      return { seq: subject.seq, subject, finished: isFinished(kind, subject) };
    },
  };
}
