import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { keccak256 } from 'viem';
import { type Anvil, startAnvil } from '../../support/anvil.ts';
import { chooseFaults, type Fault, garbage, type Misbehaviour, wrongErrors } from './chain-faults.ts';
import { type Call, type OldView, oldView } from './old-view.ts';
import { createRandom } from './random.ts';

/**
 * Told of each call before it reaches the node and after. @param port that the call came from
 * @returns whether whoever called was killed; the call then goes no further
 */
export type Watcher = (method: string, when: 'before' | 'after', port: number) => Promise<boolean>;

/** A real chain behind a proxy that makes mistakes on purpose. */
export interface FaultyChain {
  chainId: number;
  /** Of the proxy: what the platform is told. */
  url: string;
  /** Of the node itself: for whoever wants the truth. */
  truth: string;
  /** How often each fault was made; `behind` counts answers of a node that has not caught up. */
  made: Map<Fault | 'behind', number>;
  /** From now on; null for a chain that does everything right. */
  misbehave(how: Misbehaviour | null): void;
  /** Takes bytes with the right answer, and drops them. */
  forgetsAll: boolean;
  watcher: Watcher | null;
  /** Does something to the node while nobody else asks it anything: what is under way ends before. */
  alone<Result>(act: (rpc: FaultyChain['rpc']) => Promise<Result>): Promise<Result>;
  /** Asks the node itself. */
  rpc<Result>(method: string, params: unknown[]): Promise<Result>;
  height(): Promise<number>;
  stop(): Promise<void>;
}

/** One call on its way. */
interface Exchange {
  call: Call;
  request: IncomingMessage;
  response: ServerResponse;
}

/** Starts a node with this chain id, and the proxy in front of it. */
export async function startFaultyChain(chainId: number): Promise<FaultyChain> {
  const anvil: Anvil = await startAnvil({ args: ['--chain-id', String(chainId)] });
  const random = createRandom(`chain/${chainId}`);
  let choose: (method: string) => Fault | null = () => null;
  let lag: { from: number; to: number; blocks: number; height: number | null } | null = null;
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const call = JSON.parse(body) as Call;
    const port = request.socket.remotePort ?? 0;
    try {
      if (await isStruck(call.method, 'before', port)) return void request.socket.destroy();
      const fault = choose(call.method);
      if (fault) return await suffer(fault, { call, request, response });
      const answer = await answerTo(call);
      if (await isStruck(call.method, 'after', port)) return void request.socket.destroy();
      response.end(answer);
    } catch {
      // The node was asked while the proof ends.
      request.socket.destroy();
    }
  }

  const isStruck: Watcher = async (...call) => (await chain.watcher?.(...call)) ?? false;

  async function suffer(fault: Fault, { call, request, response }: Exchange): Promise<void> {
    count(fault);
    switch (fault) {
      case 'taken, no reply':
        await forward(call);
        return void request.socket.destroy();
      case 'taken, silent':
        return void (await forward(call));
      case 'no reply':
        await wait(random.whole(0, 300));
        return void request.socket.destroy();
      case 'twice':
        await forward(call);
        return void response.end(await forward(call));
      case 'again later':
        response.end(await forward(call));
        await wait(random.whole(100, 2_000));
        return void (await forward(call));
      case '429':
        return void response.writeHead(429, { 'retry-after': '1' }).end('{"error":"Too Many Requests"}');
      case '500':
        return void response.writeHead(500).end('<html>Internal Server Error</html>');
      case 'wrong error':
        return void response.end(refusal(random.pick(wrongErrors)));
      case 'garbage':
        return void response.end(random.pick(garbage));
      case 'forgotten':
        return void response.end(taken(call));
    }
  }

  async function answerTo(call: Call): Promise<string> {
    if (call.method === 'eth_sendRawTransaction') return chain.forgetsAll ? taken(call) : forward(call);
    const view = await viewNow();
    if (!view) return forward(call);
    count('behind');
    const asked = view.ask(call);
    if (!asked) return refusal('header not found');
    const { result, ...rest } = JSON.parse(await forward(asked)) as { result?: unknown };
    return JSON.stringify('error' in rest ? rest : { ...rest, result: view.answer(call, result) });
  }

  /** Where the lag began, or lower where the chain has gone back since. */
  async function viewNow(): Promise<OldView | null> {
    const now = performance.now();
    if (!lag || now < lag.from || now > lag.to) return null;
    const newest = await chain.height();
    lag.height ??= Math.max(0, newest - lag.blocks);
    return oldView(Math.min(lag.height, newest));
  }

  function count(fault: Fault | 'behind'): void {
    chain.made.set(fault, (chain.made.get(fault) ?? 0) + 1);
  }

  let underWay = 0;
  let gate: Promise<unknown> = Promise.resolve();

  async function forward(call: Call): Promise<string> {
    // Looked at again after the wait: the next one may have closed it meanwhile.
    for (let closed = gate; ; closed = gate) {
      await closed;
      if (closed === gate) break;
    }
    underWay += 1;
    try {
      return await toNode(call);
    } finally {
      underWay -= 1;
    }
  }

  async function alone<Result>(act: () => Promise<Result>): Promise<Result> {
    const before = gate;
    const turn = (async () => {
      await before;
      while (underWay > 0) await wait(1);
      return act();
    })();
    gate = turn.catch(() => {});
    return turn;
  }

  async function toNode({ method, params }: Call): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    return (await fetch(anvil.url, { method: 'POST', headers, body })).text();
  }

  const chain: FaultyChain = {
    chainId,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    truth: anvil.url,
    made: new Map(),
    forgetsAll: false,
    watcher: null,
    misbehave(how) {
      choose = how ? chooseFaults(how) : () => null;
      const from = performance.now() + (how?.lag?.afterMs ?? 0);
      lag = how?.lag ? { from, to: from + how.lag.ms, blocks: how.lag.blocks, height: null } : null;
    },
    alone: (act) =>
      alone(() => act(async (method, params) => read(method, await toNode({ method, params })))),
    rpc: async (method, params) => read(method, await forward({ method, params })),
    height: async () => Number(await chain.rpc<string>('eth_blockNumber', [])),
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await anvil.stop();
    },
  };
  return chain;
}

function read<Result>(method: string, reply: string): Result {
  const { result, error } = JSON.parse(reply) as { result: Result; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

function refusal(message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32_000, message } });
}

/** What a node says that takes bytes: their hash. */
function taken({ params }: Call): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: keccak256(params[0] as `0x${string}`) });
}
