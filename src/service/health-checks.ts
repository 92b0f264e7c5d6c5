import type { Platform } from '../actions/platform.ts';
import type { Health } from '../ops/health.ts';
import type { Engine } from '../queue/engines/types.ts';
import { checkNetwork } from './check-network.ts';
import { checkQueue } from './check-queue.ts';

/** Adds the parts that `/health`, `/readyz` and `slipway doctor` report on. */
export function addHealthChecks(health: Health, parts: { platform: Platform; engine: Engine }): void {
  const { platform, engine } = parts;
  health.add('database', {
    essential: true,
    async check() {
      await platform.store.ping();
      return { status: 'ok', detail: 'PostgreSQL answers.' };
    },
  });
  health.add('compiler', {
    essential: true,
    async check() {
      const { ok, detail } = platform.compiler.health();
      return { status: ok ? 'ok' : 'degraded', detail };
    },
  });
  health.add('queue', { essential: false, check: () => checkQueue(platform.store.read) });
  health.add('queue engine', {
    essential: false,
    async check() {
      const { ok, detail } = await engine.health();
      return { status: ok ? 'ok' : 'degraded', detail };
    },
  });
  for (const network of platform.chains.list()) {
    health.add(`network ${network.name}`, {
      essential: false,
      check: () => checkNetwork(platform.chains, network),
    });
  }
  health.add('networks', {
    essential: false,
    async check() {
      const names = platform.chains.list().map((network) => network.name);
      const rest = platform.chains.known().filter(({ configured }) => !configured).length;
      return {
        status: names.length > 0 ? 'ok' : 'degraded',
        detail: `${names.join(', ') || 'none'} configured; ${rest} more known.`,
      };
    },
  });
}
