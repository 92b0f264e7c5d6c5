import type { LiveMessage } from '../http/live-messages.ts';

/** The server sends a heartbeat every 20 s; three missed ones mean that the connection is dead. */
const silenceMsMax = 65_000;

/**
 * Opens one socket and gives its messages until it closes, for whatever reason: a broken connection ends the
 * iteration, it does not throw.
 */
export async function* openLive(
  address: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<LiveMessage, void> {
  const socket = new WebSocket(address);
  const queue: LiveMessage[] = [];
  let closed = false;
  let wake = () => {};
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  function finish() {
    closed = true;
    wake();
  }
  function watch() {
    clearTimeout(watchdog);
    watchdog = setTimeout(finish, silenceMsMax);
  }

  socket.addEventListener('message', (event) => {
    watch();
    queue.push(JSON.parse(String(event.data)) as LiveMessage);
    wake();
  });
  socket.addEventListener('close', finish);
  socket.addEventListener('error', finish);
  signal?.addEventListener('abort', finish, { once: true });
  if (signal?.aborted) finish();
  watch();
  try {
    for (;;) {
      const message = queue.shift();
      if (message) yield message;
      else if (closed) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    clearTimeout(watchdog);
    signal?.removeEventListener('abort', finish);
    socket.close();
  }
}
