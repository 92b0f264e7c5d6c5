import type { RpcReply } from './rpc.ts';
import type { Network } from './types.ts';

/** How far behind in time a node may be before another one is asked first. */
const lagSeconds = 15;
const lagBlocksMin = 3;

/** @returns blocks that a node may be behind the highest one; more is a lag, less is how news travel */
export function lagAllowed({ blockSeconds }: Pick<Network, 'blockSeconds'>): bigint {
  return BigInt(Math.max(lagBlocksMin, Math.ceil(lagSeconds / blockSeconds)));
}

/** How high the endpoints of one network are. */
export interface EndpointHeads<Endpoint> {
  /** Asks all of them where the last time is long enough ago; waits only the first time, and not for silent ones. */
  look(): Promise<void>;
  /** Whether it was further behind the highest one than news take to travel. */
  lags(endpoint: Endpoint): boolean;
}

/**
 * Tells a node that is behind from one that is level, by the numbers of their newest blocks: it answers well and at
 * once, and what it says is old. Asks about once a block, and nothing while nothing else is asked.
 *
 * @param options.ask asks one endpoint for `eth_blockNumber`; null where it is not to be asked now
 * @param options.sleep resolves after so many milliseconds
 */
export function watchHeads<Endpoint>(options: {
  network: Network;
  endpoints: readonly Endpoint[];
  ask: (endpoint: Endpoint) => Promise<RpcReply | null>;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}): EndpointHeads<Endpoint> {
  const { network, endpoints, ask, now, sleep } = options;
  const everyMs = Math.min(15_000, Math.max(2_000, network.blockSeconds * 1_000));
  const allowed = lagAllowed(network);
  const heads = new Map<Endpoint, bigint>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function lookAt(endpoint: Endpoint): Promise<void> {
    const reply = await ask(endpoint);
    const number = reply?.kind === 'result' ? toNumber(reply.result) : null;
    if (number === null) heads.delete(endpoint);
    else heads.set(endpoint, number);
  }

  return {
    async look() {
      if (endpoints.length < 2 || now() - lookedAt < everyMs) return;
      const isFirst = lookedAt === Number.NEGATIVE_INFINITY;
      lookedAt = now();
      const looks = endpoints.map((endpoint) => lookAt(endpoint));
      // The order is a preference: nobody waits for it but who would otherwise ask a node of which nothing is known.
      if (isFirst) await Promise.race([Promise.all(looks), sleep(firstLookMsMax)]);
    },
    lags(endpoint) {
      const head = heads.get(endpoint);
      if (head === undefined) return false;
      const highest = [...heads.values()].reduce((most, each) => (each > most ? each : most), 0n);
      return highest - head > allowed;
    },
  };
}

const firstLookMsMax = 1_000;

function toNumber(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x[0-9a-f]{1,16}$/i.test(value) ? BigInt(value) : null;
}
