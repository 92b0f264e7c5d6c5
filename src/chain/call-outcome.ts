import type { RpcError } from './rpc.ts';
import type { ExecutionFault, Hex } from './types.ts';

const halts =
  /invalid opcode|out of gas|outofgas|stack (under|over)flow|bad jump|invalid jump|invalidfeopcode|opcode 0x|code size|codesize|initcode|contract creation code|create collision|gas required exceeds allowance|vm execution error|evm error|bad instruction/i;
const funds = /insufficient ?funds|insufficient balance|enough funds|outoffunds|out of funds/i;

/**
 * Tells a failed execution, which is an answer, from a node that could not answer. Clients differ: code 3 with data
 * (Geth, Reth, Anvil), -32015 with `Reverted 0x…` (Nethermind), -32000 and words (Besu), nested data (Hardhat).
 *
 * @returns null when the error is the node's own
 */
export function executionFault(error: RpcError): ExecutionFault | null {
  const data = findData(error.data);
  const reverted = error.code === 3 || /revert/i.test(error.message) || /^reverted/i.test(asText(error.data));
  if (reverted || data) return { kind: 'reverted', data, message: error.message };
  if (funds.test(error.message)) return { kind: 'insufficient-funds', message: error.message };
  if (halts.test(error.message)) return { kind: 'reverted', data: null, message: error.message };
  return null;
}

function findData(value: unknown, depth = 0): Hex | null {
  if (typeof value === 'string') {
    const bytes = /^(?:reverted )?(0x(?:[0-9a-f]{2})*)$/i.exec(value.trim())?.[1];
    return bytes === undefined ? null : (bytes as Hex);
  }
  if (depth > 3 || typeof value !== 'object' || value === null) return null;
  const { data, originalError } = value as { data?: unknown; originalError?: unknown };
  return findData(data, depth + 1) ?? findData(originalError, depth + 1);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
