import type { EventEmitter } from 'node:events';
import type { Actor } from '../actions/platform.ts';
import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';
import type { Transport } from './packets.ts';

/** The live connections that are open in this process. */
export interface ConnectionCount {
  /**
   * Counts a connection until it closes.
   * @param connection tells its end by the event `close`, which must not have come yet
   * @throws AppError `too-many-sockets`
   */
  add(actor: Pick<Actor, 'ownerId' | 'tier'>, transport: Transport, connection: EventEmitter): void;
}

/** @param onChange told how many connections are open, whenever that changes */
export function createConnectionCount(
  onChange: (seen: { transport: Transport; open: number }) => void,
): ConnectionCount {
  const byOwner = new Map<string, number>();
  const byTransport: Record<Transport, number> = { websocket: 0, sse: 0 };

  function change(ownerId: string, transport: Transport, by: 1 | -1): void {
    const count = (byOwner.get(ownerId) ?? 0) + by;
    if (count > 0) byOwner.set(ownerId, count);
    else byOwner.delete(ownerId);
    byTransport[transport] += by;
    onChange({ transport, open: byTransport[transport] });
  }

  return {
    add({ ownerId, tier }, transport, connection) {
      const count = byOwner.get(ownerId) ?? 0;
      if (count >= limits.socketsPerOwnerMax[tier])
        throw fail('too-many-sockets', { count }, { retryAfterSeconds: 10 });
      change(ownerId, transport, 1);
      connection.once('close', () => change(ownerId, transport, -1));
    },
  };
}
