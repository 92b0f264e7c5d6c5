import type { Client } from '../client/create-client.ts';
import type { Io } from './command.ts';

/**
 * Waits for a job to end, or until it waits for a signature, showing how far it is on a terminal.
 * @returns the job with its result
 */
export async function runJob(io: Io, client: Client, jobId: string) {
  const live = io.stderr.isTTY === true;
  for await (const message of client.follow('jobs', jobId, { since: 0 })) {
    if (message.type !== 'event') continue;
    const { type, data } = message.event;
    if (live) io.stderr.write(`\r\x1b[K${type}${data['stage'] ? ` ${String(data['stage'])}` : ''}`);
    if (['succeeded', 'failed', 'cancelled'].includes(type)) break;
    if (data['stage'] === 'awaiting_signature') break;
  }
  if (live) io.stderr.write('\r\x1b[K');
  return client.call('GET /api/v1/jobs/:id', { params: { id: jobId } });
}
