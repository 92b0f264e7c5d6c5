import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a proxy gives back: a body, or silence until the client gives up. */
export type ProxyReply = { status?: number; body: string } | 'silence';

export interface RpcProxy {
  url: string;
  /** Methods asked for, in order. */
  methods: string[];
  /** Decides on each call; `forward` hands it to the real node and resolves with its answer. */
  intercept: (method: string, forward: () => Promise<string>) => Promise<ProxyReply>;
  /** Closes every connection, as a server does that idles or restarts. */
  dropConnections(): void;
  stop(): Promise<void>;
}

/** Starts a small HTTP proxy in front of a node, which a test makes misbehave as real gateways do. */
export async function startRpcProxy(target: () => string): Promise<RpcProxy> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method } = JSON.parse(body) as { method: string };
    proxy.methods.push(method);
    const reply = await proxy.intercept(method, () => forward(target(), body));
    if (reply !== 'silence') response.writeHead(reply.status ?? 200).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    methods: [],
    intercept: async (_method, forward) => ({ body: await forward() }),
    dropConnections: () => server.closeAllConnections(),
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}

async function forward(url: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body })).text();
}
