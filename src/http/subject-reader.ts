import type { Reader } from '../store/db.ts';
import { getDeployment } from '../store/deployments.ts';
import { terminalJobStates } from '../store/jobs.ts';
import { getJobWithResult, getPipelineWithResult } from '../store/results.ts';
import type { SubjectReader } from './subjects.ts';

/** Reads jobs, pipelines and deployments as their GET routes show them, for waiting and for live updates. */
export function createSubjectReader(read: Reader): SubjectReader {
  return {
    async read(kind, ownerId, id) {
      if (kind === 'jobs') {
        const subject = await getJobWithResult(read, ownerId, id);
        return { seq: subject.seq, subject, finished: terminalJobStates.includes(subject.state) };
      }
      if (kind === 'pipelines') {
        const subject = await getPipelineWithResult(read, ownerId, id);
        return {
          seq: subject.seq,
          subject,
          finished: subject.state !== 'queued' && subject.state !== 'running',
        };
      }
      // What the chain says may change: a deployment is never over for those who watch it.
      const subject = await getDeployment(read, ownerId, id);
      return { seq: subject.seq, subject, finished: false };
    },
  };
}
