import { Queue, Worker } from 'bullmq';
import { atOnce, counter, type Drive } from './drive.ts';

/** BullMQ as its documentation starts it, finished jobs kept as ours are: what it gives by itself. */
export async function bareBullmq(url: string): Promise<{ drive: Drive; close(): Promise<void> }> {
  const connection = { url, maxRetriesPerRequest: null };
  const queue = new Queue('bare', { connection });
  await queue.waitUntilReady();

  const drive: Drive = async ({ jobs, inFlight }) => {
    const { finished, count } = counter(jobs);
    const worker = new Worker('bare', async () => {}, { connection, concurrency: inFlight });
    worker.on('completed', count);
    worker.on('error', (error) => {
      throw error;
    });
    await worker.waitUntilReady();
    const begin = performance.now();
    await atOnce(inFlight, jobs, () => queue.add('nothing', {}));
    await finished;
    const seconds = (performance.now() - begin) / 1000;
    await worker.close();
    return jobs / seconds;
  };
  return { drive, close: () => queue.close() };
}
