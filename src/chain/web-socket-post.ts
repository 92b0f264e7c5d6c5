import { connect } from 'node:net';
import { type ClientOptions, type RawData, WebSocket } from 'ws';
import { type Post, PostFault, type PostOptions, type PostReply } from './post.ts';

/** A connection, and who waits for which answer. */
interface Line {
  socket: WebSocket;
  waiting: Map<number, { answer: (reply: PostReply) => void; give: (fault: PostFault) => void }>;
}

/**
 * A transport for a node on this machine: JSON-RPC over one WebSocket (RFC 6455) to each address, with any number of
 * calls under way. A call takes half of the processor time that it takes over HTTP. Idle connections do not keep the
 * process alive; one that is gone is opened anew.
 */
export function makeWebSocketPost(): Post {
  const lines = new Map<string, Promise<Line>>();

  function lineTo({ url, replyBytesMax, timeoutMs }: PostOptions): Promise<Line> {
    const known = lines.get(url);
    if (known) return known;
    const opened = openLine(url, { replyBytesMax, timeoutMs, onGone: () => lines.delete(url) });
    lines.set(url, opened);
    return opened;
  }

  return async function post(options) {
    if (!/^ws:/.test(options.url)) throw new PostFault('is no address of a WebSocket');
    const begun = performance.now();
    const line = await lineTo(options);
    // The time is for the whole exchange, the opening of the connection included.
    return ask(line, options, Math.max(1, options.timeoutMs - (performance.now() - begun)));
  };
}

function openLine(
  url: string,
  options: Pick<PostOptions, 'replyBytesMax' | 'timeoutMs'> & { onGone: () => void },
): Promise<Line> {
  return new Promise((resolve, reject) => {
    const settings: ClientOptions = {
      perMessageDeflate: false,
      handshakeTimeout: options.timeoutMs,
      maxPayload: options.replyBytesMax,
    };
    const socket = new WebSocket(url, {
      ...settings,
      createConnection: ((to: { host: string; port: number }) => connect(to).unref()) as typeof connect,
    });
    const line: Line = { socket, waiting: new Map() };
    let why = 'closed the connection';
    socket.on('open', () => resolve(line));
    socket.on('message', (data: RawData) => hear(line, data));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      why = `failed with ${error.code ?? error.message}`;
    });
    socket.on('close', () => {
      options.onGone();
      const fault = new PostFault(why);
      reject(fault);
      for (const { give } of line.waiting.values()) give(fault);
    });
  });
}

function ask(line: Line, { id, body, timeoutMs }: PostOptions, leftMs: number): Promise<PostReply> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      line.waiting.delete(id);
    };
    const give = (fault: PostFault) => {
      end();
      reject(fault);
    };
    const timer = setTimeout(() => give(new PostFault(`did not answer within ${timeoutMs} ms`)), leftMs);
    line.waiting.set(id, {
      give,
      answer(reply) {
        end();
        resolve(reply);
      },
    });
    line.socket.send(body, (error) => error && give(new PostFault(`failed with ${error.message}`)));
  });
}

/** An answer without a known id is to a call that nobody waits for any more. */
function hear(line: Line, data: RawData): void {
  const text = data.toString();
  try {
    const json = JSON.parse(text) as { id?: unknown } | null;
    line.waiting.get(json?.id as number)?.answer({ status: 200, text, json });
  } catch {
    // No JSON: whoever waits for it is told when the time is up.
  }
}
