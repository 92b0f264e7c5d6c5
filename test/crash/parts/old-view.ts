/** A JSON-RPC call and its answer, as far as a view needs them. */
export interface Call {
  method: string;
  params: unknown[];
}

/** What a node says that has not caught up. */
export interface OldView {
  /** @returns the call as it has to be asked of a node that has; null where it can only be refused */
  ask(call: Call): Call | null;
  /** @returns what the node that lags would have said */
  answer(call: Call, result: unknown): unknown;
}

/**
 * Shows a chain as it stood at a block: later blocks and receipts are not there, and "latest" is that block.
 *
 * @param height the newest block that is shown
 */
export function oldView(height: number): OldView {
  const tag = `0x${height.toString(16)}`;
  const isLater = (value: unknown) => typeof value === 'string' && Number(value) > height;
  return {
    ask({ method, params }) {
      const at = params.findIndex((param) => param === 'latest' || param === 'pending');
      if (at >= 0) return { method, params: params.with(at, tag) };
      const block = blockOf(method, params);
      return isLater(block) && method !== 'eth_getBlockByNumber' ? null : { method, params };
    },
    answer({ method, params }, result) {
      if (method === 'eth_blockNumber') return tag;
      if (method === 'eth_getBlockByNumber' && isLater(params[0])) return null;
      const block = (result as { blockNumber?: unknown } | null)?.blockNumber;
      return method === 'eth_getTransactionReceipt' && isLater(block) ? null : result;
    },
  };
}

/** The block that a call asks about by its number. */
function blockOf(method: string, params: readonly unknown[]): unknown {
  if (method === 'eth_getBlockByNumber') return params[0];
  return ['eth_call', 'eth_getCode', 'eth_getBalance', 'eth_getTransactionCount'].includes(method)
    ? params[1]
    : undefined;
}
