import { WebSocket } from 'ws';

/** A live connection and what came over it. */
export interface Listener {
  socket: WebSocket;
  messages: { type: string; seq?: number; event?: { type: string } }[];
  /** Resolves when a message fits, at once for one that came before. */
  until(fits: (message: { type: string; seq?: number }) => boolean): Promise<void>;
  closed: Promise<{ code: number; reason: string }>;
}

/** Opens a WebSocket and keeps what it says. */
export function listenTo(url: string, headers: Record<string, string>): Listener {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers });
  const messages: Listener['messages'] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    for (const look of waiting) look();
  });
  socket.on('error', () => {});
  return {
    socket,
    messages,
    until: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          if (!messages.some(fits)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    closed: new Promise((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
    ),
  };
}

/** What a connection sent, without the heartbeats. */
export function told({ messages }: Listener): string[] {
  return messages
    .filter(({ type }) => type !== 'heartbeat')
    .map(({ type, seq }) => (seq === undefined ? type : `${type} ${seq}`));
}
