import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { closeCodes } from './live-messages.ts';
import { heartbeats, type Transport } from './packets.ts';

/** Why the server ends a live connection. */
export type Ending =
  /** The subject is finished and everything was sent. */
  | 'ended'
  /** The client took nothing of what waits for it. */
  | 'slow'
  /** Nobody answers at the other end. */
  | 'dead'
  | 'access-ended'
  | 'stopping'
  /** A fault of ours. */
  | 'unwell';

/** Where the bytes of one live connection go. What the other end does not take is buffered in this process. */
export interface Outlet {
  transport: Transport;
  /** @param onTaken called when the other end's connection has taken them, or is lost */
  write(bytes: Buffer, onTaken?: () => void): void;
  /** What is written between the two leaves in one call of the operating system. */
  cork(): void;
  uncork(): void;
  /** Bytes that were written but not taken yet. */
  bufferedBytes(): number;
  /** Bytes that the operating system has taken from this connection so far, so that progress shows. */
  takenBytes(): number;
  /** Calls back once, when all that was written has been taken. */
  onDrain(listener: () => void): void;
  /** Sends a heartbeat. @returns false when the other end is found dead */
  beat(): boolean;
  /** @param detail why access has ended, as an error code */
  end(ending: Ending, detail?: string): void;
}

/** Pings without an answer after which nobody is there any more. */
const unansweredMax = 2;

/**
 * A WebSocket, whose frames are made once for all clients (`packets.ts`): they go past `ws` to the connection below it.
 * That is safe because `ws` never holds frames back as long as nothing is compressed.
 */
export function socketOutlet(socket: WebSocket, connection: Socket): Outlet {
  let unanswered = 0;
  const alive = () => {
    unanswered = 0;
  };
  socket.on('pong', alive);
  socket.on('ping', alive);
  const write = (bytes: Buffer, onTaken?: () => void) => {
    if (socket.readyState === socket.OPEN) connection.write(bytes, onTaken);
  };
  return {
    transport: 'websocket',
    write,
    cork: () => connection.cork(),
    uncork: () => connection.uncork(),
    bufferedBytes: () => connection.writableLength,
    takenBytes: () => takenBytes(connection),
    onDrain: (listener) => connection.once('drain', listener),
    beat() {
      if (unanswered === unansweredMax) return false;
      unanswered += 1;
      write(heartbeats.websocket);
      return true;
    },
    end(ending, detail) {
      if (ending === 'slow' || ending === 'dead') socket.terminate();
      else if (ending === 'ended') socket.close(closeCodes.ended, 'finished');
      else if (ending === 'access-ended') socket.close(closeCodes.accessEnded, detail);
      else if (ending === 'stopping')
        socket.close(closeCodes.stopping, 'the server stops; come back with since');
      else socket.close(closeCodes.unwell, 'come back with since');
    },
  };
}

/** A stream of server-sent events. @param connection the one below it */
export function streamOutlet(response: ServerResponse, connection: Socket): Outlet {
  const write = (bytes: Buffer, onTaken?: () => void) => {
    if (!response.destroyed) response.write(bytes, onTaken);
  };
  return {
    transport: 'sse',
    write,
    cork: () => response.cork(),
    uncork: () => response.uncork(),
    bufferedBytes: () => response.writableLength,
    takenBytes: () => takenBytes(connection),
    onDrain: (listener) => response.once('drain', listener),
    beat() {
      write(heartbeats.sse);
      return !response.destroyed;
    },
    end(ending) {
      if (ending === 'slow' || ending === 'dead') response.destroy();
      else response.end();
    },
  };
}

/**
 * What Node's own socket timeout looks at (`net.js`, `_onTimeout`): the only numbers that move while one large write is
 * taken piece by piece. `writableLength` counts a write as a whole until its last byte is gone.
 */
function takenBytes(connection: Socket): number {
  const { _handle: handle } = connection as unknown as {
    _handle: { bytesWritten: number; writeQueueSize: number } | null;
  };
  return handle ? handle.bytesWritten - handle.writeQueueSize : 0;
}
