import type { Platform } from '../actions/platform.ts';
import { generateContract } from '../generate/generate-contract.ts';
import type { JobHandler } from '../queue/worker.ts';
import { completeGeneration, getGeneration } from '../store/generations.ts';

/** Turns a prompt or a template's options into sources. Deterministic, so a second run gives the same. */
export function generate(platform: Platform): JobHandler {
  return async (job, { log }) => {
    const { request } = await getGeneration(platform.store.read, job.ownerId, job.subjectId);
    const result = generateContract(request);
    log('info', 'generated', {
      template: result.template,
      version: result.templateVersion,
      notUnderstood: result.notUnderstood.length,
    });
    return { state: 'succeeded', write: (tx) => completeGeneration(tx, job.subjectId, result) };
  };
}
