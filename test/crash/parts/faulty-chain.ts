import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Anvil, startAnvil } from '../../support/anvil.ts';
import type { Random } from './random.ts';

/** What a node, or what stands before it, does wrong. */
export const faults = [
  'no reply after it was taken',
  'no reply',
  'twice',
  '429',
  '500',
  'wrong error',
  'garbage',
  'forgotten',
  'behind',
] as const;
export type Fault = (typeof faults)[number];

/** Where a worker is killed: before a call of this method reaches the node, or after, when the answer is lost. */
export interface KillPoint {
  method: string;
  when: 'before' | 'after';
}

/** Each of them lies between two facts of the journal. */
export const killPoints: readonly KillPoint[] = [
  { method: 'eth_getBalance', when: 'before' },
  { method: 'eth_call', when: 'before' },
  { method: 'eth_estimateGas', when: 'before' },
  { method: 'eth_estimateGas', when: 'after' },
  { method: 'eth_sendRawTransaction', when: 'before' },
  { method: 'eth_sendRawTransaction', when: 'after' },
  { method: 'eth_getTransactionReceipt', when: 'before' },
  { method: 'eth_getTransactionReceipt', when: 'after' },
  { method: 'eth_getCode', when: 'before' },
  { method: 'eth_getCode', when: 'after' },
];

/** A real chain behind a proxy that makes mistakes on purpose. */
export interface FaultyChain {
  chainId: number;
  /** Of the proxy: what the platform is told. */
  url: string;
  /** Of the node itself: for whoever wants the truth. */
  truth: string;
  /** How often each fault was made. */
  made: Map<Fault, number>;
  /** One call in so many goes wrong; 0 for none. */
  faultRate: number;
  /**
   * Waits for the next call at this point. The call is held, and lost when `strike` has struck.
   * @param strike gets the port that the call came from. @returns whether it killed somebody; else the call goes on
   */
  arm(point: KillPoint, strike: (port: number) => Promise<boolean>): void;
  disarm(): void;
  /** Asks the node itself. */
  rpc<Result>(method: string, params: unknown[]): Promise<Result>;
  stop(): Promise<void>;
}

/** @param random decides which calls go wrong, and how */
export async function startFaultyChain(chainId: number, random: Random): Promise<FaultyChain> {
  const anvil: Anvil = await startAnvil({ args: ['--chain-id', String(chainId)] });
  let armed: { point: KillPoint; strike: (port: number) => Promise<boolean> } | null = null;
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method } = JSON.parse(body) as { method: string };
    const port = request.socket.remotePort ?? 0;
    try {
      if (await isStruck(method, 'before', port)) return void request.socket.destroy();
      const fault = random.chance(rateOf(method)) ? faultFor(method) : null;
      if (fault) return await misbehave(fault, { body, request, response });
      const answer = await forward(body);
      if (await isStruck(method, 'after', port)) return void request.socket.destroy();
      response.end(answer);
    } catch {
      // The node was asked while the proof ends.
      request.socket.destroy();
    }
  }

  async function isStruck(method: string, when: KillPoint['when'], port: number): Promise<boolean> {
    if (armed?.point.method !== method || armed.point.when !== when) return false;
    const { strike } = armed;
    armed = null;
    return strike(port);
  }

  /** Sends are few among all calls, and what goes wrong with them is what matters most. */
  function rateOf(method: string): number {
    return method === 'eth_sendRawTransaction' ? Math.min(0.6, 3 * chain.faultRate) : chain.faultRate;
  }

  function faultFor(method: string): Fault {
    const isSend = method === 'eth_sendRawTransaction';
    const fault = random.pick(faults);
    if (fault === 'behind' && method !== 'eth_blockNumber' && method !== 'eth_getTransactionReceipt')
      return '500';
    // What only a send can suffer.
    const forSends: readonly Fault[] = ['no reply after it was taken', 'twice', 'wrong error', 'forgotten'];
    return forSends.includes(fault) && !isSend ? '429' : fault;
  }

  async function misbehave(
    fault: Fault,
    { body, request, response }: { body: string; request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    chain.made.set(fault, (chain.made.get(fault) ?? 0) + 1);
    switch (fault) {
      case 'no reply after it was taken':
        await forward(body);
        return void request.socket.destroy();
      case 'no reply':
        await wait(random.whole(0, 300));
        return void request.socket.destroy();
      case 'twice':
        await forward(body);
        return void response.end(await forward(body));
      case '429':
        return void response.writeHead(429, { 'retry-after': '1' }).end('{"error":"Too Many Requests"}');
      case '500':
        return void response.writeHead(500).end('<html>Internal Server Error</html>');
      case 'wrong error':
        return void response.end(error(random.pick(wrongErrors)));
      case 'garbage':
        return void response.end(random.pick(['{"jsonrpc":"2.0","id":1,"resu', '', '[]', '{"result":true}']));
      case 'forgotten':
        return void response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: `0x${random.hex(32)}` }));
      case 'behind':
        return void response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: behind(body) }));
    }
  }

  function behind(body: string): string | null {
    return body.includes('eth_blockNumber') ? '0x1' : null;
  }

  async function forward(body: string): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(anvil.url, { method: 'POST', headers, body })).text();
  }

  const chain: FaultyChain = {
    chainId,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    truth: anvil.url,
    made: new Map(),
    faultRate: 0,
    arm(point, strike) {
      armed = { point, strike };
    },
    disarm() {
      armed = null;
    },
    async rpc<Result>(method: string, params: unknown[]): Promise<Result> {
      const text = await forward(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
      const { result, error } = JSON.parse(text) as { result: Result; error?: { message: string } };
      if (error) throw new Error(`${method}: ${error.message}`);
      return result;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await anvil.stop();
    },
  };
  return chain;
}

/** Said of bytes that the node has not seen. */
const wrongErrors = [
  'nonce too low',
  'already known',
  'replacement transaction underpriced',
  'insufficient funds for gas * price + value',
  'internal error',
];

function error(message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32_000, message } });
}
