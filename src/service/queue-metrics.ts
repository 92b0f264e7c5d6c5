import type { Metrics } from '../ops/metrics.ts';
import type { Store } from '../store/db.ts';
import { readQueueDepth } from '../store/queue-depth.ts';

/**
 * Fills the gauges about the whole queue when somebody asks: they come from the rows, so each process tells the same.
 * @returns the text of all metrics. A database that is away leaves these gauges out rather than all metrics.
 */
export function queueMetrics(store: Store, metrics: Metrics): () => Promise<string> {
  return async () => {
    metrics.queueDepth.reset();
    metrics.queueOldestSeconds.reset();
    try {
      for (const { kind, state, count, oldestSeconds } of await readQueueDepth(store.read)) {
        metrics.queueDepth.set({ kind, state }, count);
        metrics.queueOldestSeconds.set({ kind, state }, oldestSeconds);
      }
      metrics.queueReadable.set(1);
    } catch {
      metrics.queueReadable.set(0);
    }
    return metrics.registry.metrics();
  };
}
