import type { Platform } from '../actions/platform.ts';
import type { Config } from '../ops/config.ts';
import { engines } from '../queue/engines/index.ts';
import type { Engine } from '../queue/engines/types.ts';

/** An engine that is away says so at every try: a line a minute is enough for the log. */
const logEveryMs = 60_000;

/** Opens the queue engine of the settings. One whose server is away does not keep the service from starting. */
export function openEngine(config: Config, platform: Pick<Platform, 'store' | 'log'>): Engine {
  let loggedAt = Number.NEGATIVE_INFINITY;
  return engines[config.queueEngine]({
    store: platform.store,
    url: config.redisUrl,
    onError(error) {
      if (performance.now() - loggedAt < logEveryMs) return;
      loggedAt = performance.now();
      platform.log.warn(
        { engine: config.queueEngine, error: error.message },
        'the queue engine has trouble; PostgreSQL wakes the workers meanwhile',
      );
    },
  });
}
