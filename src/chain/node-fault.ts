import type { RpcError } from './rpc.ts';

/**
 * Words with which a node says that it cannot answer though another one could: its state is pruned, it has not caught
 * up, the method is switched off (Geth, Nethermind, Besu, Erigon, Reth and the gateways before them). A refused
 * transaction or a reverted call is no such thing.
 */
const words =
  /missing trie node|header not found|state .*(not available|is pruned|unavailable)|pruned|historical state|block .*not (found|available)|unknown block|not synced|still syncing|syncing|the method .* (does not exist|is not available)|method not (found|allowed|supported)|unsupported method|method .*not whitelisted|archive/i;

/** JSON-RPC 2.0: method not found; EIP-1474: resource unavailable, method not supported. */
const codes = new Set([-32601, -32002, -32004]);

/** @returns whether another node may answer where this one does not */
export function isNodeFault(error: RpcError): boolean {
  return codes.has(error.code) || words.test(error.message);
}
