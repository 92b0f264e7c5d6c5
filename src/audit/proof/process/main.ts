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

/** Milliseconds that this process has computed: on a busy machine the same search goes as far as on an idle one. */
function computed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function search({ id, task }: ToProver): Promise<void> {
  const isFull = () => process.memoryUsage.rss() > memoryBytesMax;
  const end = performance.now() + task.clockSeconds * 1_000;
  const mustStop = () => isFull() || performance.now() > end;
  try {
    send({
      type: 'done',
      id,
      proof: await searchProof(task, { now: computed, mustStop }),
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
