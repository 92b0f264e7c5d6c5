export type HealthStatus = 'ok' | 'degraded' | 'down';

/** What a check found. */
export interface PartHealth {
  status: HealthStatus;
  /** One sentence for an operator; no secrets. */
  detail: string;
}

export interface PartReport extends PartHealth {
  name: string;
  /** Whether the platform can serve without it. */
  essential: boolean;
  milliseconds: number;
}

export interface HealthReport {
  /** Down when an essential part is, degraded when anything is not well. */
  status: HealthStatus;
  parts: PartReport[];
}

/** A check gives what it found; a throw counts as down. Its signal is aborted when its time is over. */
export type HealthCheck = (signal: AbortSignal) => Promise<PartHealth>;

/** The named parts of a running process. */
export interface Health {
  /** @throws Error when the name is taken */
  add(name: string, part: { essential: boolean; check: HealthCheck }): void;
  /** Runs all checks at once; takes no longer than the time limit, whatever they do. */
  report(): Promise<HealthReport>;
}

/**
 * Makes the list of parts that `/health`, `/readyz` and `doctor` report on.
 *
 * @param options.timeoutMs what one check may take before its part counts as down
 */
export function createHealth(options: { timeoutMs?: number } = {}): Health {
  const timeoutMs = options.timeoutMs ?? 2_000;
  const parts = new Map<string, { essential: boolean; check: HealthCheck }>();
  return {
    add(name, part) {
      if (parts.has(name)) throw new Error(`two parts are named ${name}`);
      parts.set(name, part);
    },
    async report() {
      const reports = await Promise.all(
        [...parts].map(async ([name, { essential, check }]) => {
          const start = performance.now();
          const health = await checkWithin(check, timeoutMs);
          return { name, essential, ...health, milliseconds: Math.round(performance.now() - start) };
        }),
      );
      return { status: overall(reports), parts: reports };
    },
  };
}

async function checkWithin(check: HealthCheck, timeoutMs: number): Promise<PartHealth> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartHealth>((resolve) => {
    timer = setTimeout(() => {
      controller.abort();
      resolve({ status: 'down', detail: `no answer within ${timeoutMs} ms` });
    }, timeoutMs);
  });
  try {
    return await Promise.race([check(controller.signal), late]);
  } catch (error) {
    return { status: 'down', detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

function overall(parts: readonly PartReport[]): HealthStatus {
  if (parts.some((part) => part.essential && part.status === 'down')) return 'down';
  return parts.every((part) => part.status === 'ok') ? 'ok' : 'degraded';
}
