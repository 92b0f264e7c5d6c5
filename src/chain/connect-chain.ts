import { AppError } from '../lib/app-error.ts';
import { invariant } from '../lib/invariant.ts';
import { limits } from '../lib/limits.ts';
import { executionFault } from './call-outcome.ts';
import * as decode from './decode.ts';
import { makeEndpoints, type RpcUrl, unreachable } from './endpoints.ts';
import { fail } from './errors.ts';
import { feeHistoryBlocks, feesFromHistory, legacyFees, rewardPercentile } from './fees.ts';
import { makePost, type Post } from './post.ts';
import { assembleSigned } from './read-signed.ts';
import type { RpcError } from './rpc.ts';
import { sendRaw } from './send-raw.ts';
import type {
  BlockTag,
  CallRequest,
  ChainClient,
  ExecutionFault,
  FeePolicy,
  Fees,
  Hex,
  Network,
} from './types.ts';
import { makeWebSocketPost } from './web-socket-post.ts';

export interface ConnectChainOptions {
  network: Network;
  /** Tried in this order; may hold credentials, which never appear in an error. */
  rpcUrls: readonly (string | RpcUrl)[];
  /** The transport; HTTP with connections kept open when absent. */
  post?: Post;
  /** Per call and URL; `limits.rpcTimeoutSeconds` when absent. */
  timeoutMs?: number;
}

/**
 * Makes the client of one network. Makes no call itself; the first call to each URL checks its chain id.
 * Encoding follows the Ethereum JSON-RPC specification; nonces, fees and receipts are asked for by name and never filled in.
 */
export function connectChain(options: ConnectChainOptions): ChainClient {
  const { network } = options;
  const endpoints = makeEndpoints({
    network,
    urls: options.rpcUrls.map((url) => (typeof url === 'string' ? { url } : url)),
    post: options.post ?? makeAnyPost(),
    timeoutMs: options.timeoutMs ?? limits.rpcTimeoutSeconds * 1000,
  });

  async function ask<T>(method: string, params: readonly unknown[], read: (value: unknown) => T): Promise<T> {
    const reply = await endpoints.ask(method, params);
    if (reply.kind === 'error') throw refused({ network, method }, reply.error);
    return readReply({ network, method }, () => read(reply.result));
  }

  async function execute<T>(
    method: string,
    params: readonly unknown[],
    read: (value: unknown) => T,
  ): Promise<T | ExecutionFault> {
    const reply = await endpoints.ask(method, params);
    if (reply.kind === 'result') return readReply({ network, method }, () => read(reply.result));
    const fault = executionFault(reply.error);
    if (!fault) throw refused({ network, method }, reply.error);
    return fault;
  }

  async function readFees(policy: FeePolicy): Promise<Fees> {
    if (network.eip1559) {
      const params = [`0x${feeHistoryBlocks.toString(16)}`, 'latest', [rewardPercentile(policy)]];
      const reply = await endpoints.ask('eth_feeHistory', params);
      // A node that does not know the method leaves the gas price.
      if (reply.kind === 'result') {
        const history = readReply({ network, method: 'eth_feeHistory' }, () =>
          decode.feeHistory(reply.result),
        );
        return feesFromHistory(history, policy, network);
      }
    }
    return legacyFees(await ask('eth_gasPrice', [], decode.quantity), policy);
  }

  const client: ChainClient = {
    network,
    connect: () => ask('eth_chainId', [], () => undefined),
    blockNumber: () => ask('eth_blockNumber', [], decode.quantity),
    block: (which) =>
      isHash(which)
        ? ask('eth_getBlockByHash', [which, false], decode.block)
        : ask('eth_getBlockByNumber', [tag(which), false], decode.block),
    async genesisHash() {
      const genesis = await client.block(0n);
      if (!genesis) throw malformed({ network, method: 'eth_getBlockByNumber' }, 'genesis block');
      return genesis.hash;
    },
    balance: (address) => ask('eth_getBalance', [address, 'latest'], decode.quantity),
    nonce: (address, at) =>
      ask('eth_getTransactionCount', [address, tag(at)], (value) => Number(decode.quantity(value))),
    code: (address, at = 'latest') => ask('eth_getCode', [address, tag(at)], decode.bytes),
    storage: (address, slot, at = 'latest') => ask('eth_getStorageAt', [address, slot, tag(at)], decode.word),
    call: (request, at = 'latest') =>
      execute('eth_call', [encodeCall(request), tag(at)], (value) => ({
        kind: 'ok' as const,
        data: decode.bytes(value),
      })),
    estimateGas: (request) =>
      execute('eth_estimateGas', [encodeCall(request)], (value) => ({
        kind: 'ok' as const,
        gas: decode.quantity(value),
      })),
    fees: remembered(feesKeptMs(network), readFees),
    send: (raw) => sendRaw(endpoints, raw),
    async receipt(hash, { everywhere = false } = {}) {
      if (!everywhere) return ask('eth_getTransactionReceipt', [hash], decode.receipt);
      const replies = await endpoints.askEach('eth_getTransactionReceipt', [hash]);
      const receipts = replies.flatMap((reply) =>
        reply.kind === 'result' && reply.result !== null
          ? [readReply({ network, method: 'eth_getTransactionReceipt' }, () => decode.receipt(reply.result))]
          : [],
      );
      if (receipts[0]) return receipts[0];
      const silent = replies.flatMap((reply) =>
        reply.kind === 'result' ? [] : [reply.kind === 'fault' ? reply.reason : reply.error.message],
      );
      if (silent.length > 0 || replies.length === 0)
        throw unreachable(network, 'eth_getTransactionReceipt', silent);
      return null;
    },
    logs: (hash, { blockHash }) =>
      ask('eth_getTransactionReceipt', [hash], (value) => decode.logsIn(value, blockHash)),
    transaction: (hash) => ask('eth_getTransactionByHash', [hash], decode.transaction),
    sentBy: (address, number) =>
      ask('eth_getBlockByNumber', [tag(number), true], (value) => decode.sentBy(value, address)),
    signedBytes: (hash) =>
      ask('eth_getTransactionByHash', [hash], (reply) =>
        reply === null ? null : assembleSigned(reply, hash),
      ),
    async devSetBalance(address, wei) {
      invariant(network.kind === 'local', `devSetBalance on ${network.name}`);
      await ask('anvil_setBalance', [address, `0x${wei.toString(16)}`], () => undefined);
    },
    async devEmptyPool(address) {
      invariant(network.kind === 'local', `devEmptyPool on ${network.name}`);
      const reply = await endpoints.ask('anvil_removePoolTransactions', [address]);
      return reply.kind === 'result';
    },
    async health() {
      const start = performance.now();
      const latencyMs = () => Math.round((performance.now() - start) * 10) / 10;
      try {
        const blockNumber = await client.blockNumber();
        return {
          ok: true,
          blockNumber: blockNumber.toString(),
          latencyMs: latencyMs(),
          detail: `block ${blockNumber}`,
        };
      } catch (error) {
        const detail = error instanceof AppError ? error.message : 'the check itself failed';
        return { ok: false, latencyMs: latencyMs(), detail };
      }
    },
  };
  return client;
}

/** By the address: HTTP, or a WebSocket where it says so. */
function makeAnyPost(): Post {
  const [overHttp, overWebSocket] = [makePost(), makeWebSocketPost()];
  return (options) => (/^ws:/.test(options.url) ? overWebSocket(options) : overHttp(options));
}

/** Fees move with the blocks: milliseconds for which those of a moment ago are as good as new ones. */
function feesKeptMs({ blockSeconds }: Network): number {
  return Math.min(1_000, blockSeconds * 250);
}

/** Asks once for whoever asks at about the same time. A failure is not kept. */
function remembered<Key, Value>(keptMs: number, ask: (key: Key) => Promise<Value>) {
  const known = new Map<Key, { at: number; value: Promise<Value> }>();
  return (key: Key): Promise<Value> => {
    const found = known.get(key);
    if (found && performance.now() - found.at < keptMs) return found.value;
    const value = ask(key);
    const entry = { at: performance.now(), value };
    known.set(key, entry);
    value.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return value;
  };
}

/** Which call of which network, for an error's words. */
interface Call {
  network: Network;
  method: string;
}

function readReply<T>(call: Call, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof decode.MalformedReply) throw malformed(call, error.message);
    throw error;
  }
}

function refused({ network, method }: Call, error: RpcError) {
  const reason = error.message || `code ${error.code}`;
  return fail('rpc-error', { network: network.name, method, reason }, { data: { rpcCode: error.code } });
}

function malformed({ network, method }: Call, expected: string) {
  return fail('rpc-reply-malformed', { network: network.name, method, expected });
}

function isHash(which: BlockTag): which is Hex {
  return typeof which === 'string' && which.startsWith('0x');
}

/** A block number as a quantity, a hash as EIP-1898 wants it, a tag as it is. */
function tag(which: BlockTag): string | { blockHash: Hex } {
  if (typeof which === 'bigint') return `0x${which.toString(16)}`;
  return isHash(which) ? { blockHash: which } : which;
}

function encodeCall({ from, to, data, value, gas }: CallRequest): Record<string, string> {
  const quantities = { ...(value ? { value } : {}), ...(gas ? { gas } : {}) };
  const encoded = Object.entries(quantities).map(([name, amount]) => [name, `0x${amount.toString(16)}`]);
  return { from, ...(to ? { to } : {}), data, ...Object.fromEntries(encoded) };
}
