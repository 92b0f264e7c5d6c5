/**
 * The process in which attacks are tried: foreign code runs in its machine and nowhere else. It has no environment, reads
 * program files only, and ends with its parent, and of itself when it has grown too large.
 */
import { searchProof } from '../search.ts';
import type { FromProver, ToProver } from './messages.ts';

const memoryBytesMax = Number(process.argv[2]);

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => void search(message as ToProver));
send({ type: 'ready' });

async function search({ id, task }: ToProver): Promise<void> {
  const isFull = () => process.memoryUsage.rss() > memoryBytesMax;
  try {
    send({
      type: 'done',
      id,
      proof: await searchProof(task, { now: () => performance.now(), isFull }),
      isFull: isFull(),
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    send({ type: 'failed', id, detail: detail.slice(0, 500), isFull: isFull() });
  }
}

function send(message: FromProver): void {
  process.send?.(message);
}
