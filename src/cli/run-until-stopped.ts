import { limits } from '../lib/limits.ts';
import type { Service } from '../service/start-service.ts';
import { exitCodes, type Io } from './command.ts';

/** Part of the limit that is left for the process itself to end. */
const marginMs = 300;

/**
 * Starts a service and keeps it until SIGINT or SIGTERM. Stopping has a limit; a second signal ends the process at
 * once. Whatever the start leaves half done, a signal meanwhile included, is taken down again.
 */
export async function runUntilStopped(io: Io, start: () => Promise<Service>): Promise<number> {
  const stopped = firstSignal();
  const service = await start();
  const signal = await stopped;
  io.stderr.write(`\n${signal}: stopping…\n`);
  const deadline = setTimeout(
    () => {
      io.stderr.write('A part did not stop in time; the next start takes it over.\n');
      process.exit(exitCodes.failed);
    },
    (limits.stopSeconds + service.graceSeconds) * 1000 - marginMs,
  );
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));
  await service.stop();
  clearTimeout(deadline);
  return exitCodes.ok;
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const listeners = (['SIGINT', 'SIGTERM'] as const).map((name) => {
      const listener = () => {
        for (const [other, remove] of listeners) process.off(other, remove);
        resolve(name);
      };
      process.on(name, listener);
      return [name, listener] as const;
    });
  });
}
