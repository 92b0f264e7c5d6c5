import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, textOf, typeIdOf } from './ast.ts';
import { type Call, classifyCall } from './calls.ts';
import { type Frame, isSender, isThis } from './frames.ts';
import type { Program } from './program.ts';
import type { EntryRun } from './runs.ts';
import type { CallVisit } from './visits.ts';

/** Tokens or ether that a call moves. */
export interface Move {
  visit: CallVisit;
  /** `pull`: transferFrom; `push`: transfer; `mint` and `burn` of shares of its own; `ether`: value sent. */
  kind: 'pull' | 'push' | 'mint' | 'burn' | 'ether';
  /** Of other tokens than its own. */
  token: AstNode | undefined;
  from: AstNode | undefined;
  to: AstNode | undefined;
  amount: AstNode;
}

/** @returns what an entry point moves, in order: by the token's functions, wrappers around them, or encoded calls. */
export function movesOf(run: EntryRun): Move[] {
  return run.visits.calls.flatMap((visit) => moveOf(visit) ?? []);
}

/** @returns what one call moves; undefined for any other call */
export function moveOf(visit: CallVisit): Move | undefined {
  const { call, frame } = visit;
  if (call.kind === 'transfer' || call.kind === 'send') return ether(visit, call.address, call.arguments[0]);
  if (call.kind === 'low-level') return ether(visit, call.address, call.value);
  const name = textOf(call.callee, 'memberName') || textOf(call.callee, 'name');
  if (call.kind === 'external') {
    const receiver = childOf(call.callee, 'expression');
    if (receiver && isThis(receiver, frame)) return undefined;
    return byName(visit, name, call.address, call.arguments);
  }
  if (call.kind === 'internal') return internalMove(visit, call, name);
  return call.kind === 'other' ? encoded(visit, frame.program) : undefined;
}

/** @returns true when a move takes from the sender */
export function takesFromSender(move: Move): boolean {
  return move.from !== undefined && isSender(move.from, move.visit.frame);
}

/** @returns true when a move gives to the sender */
export function givesToSender(move: Move): boolean {
  return move.to !== undefined && isSender(move.to, move.visit.frame);
}

function ether(visit: CallVisit, to: AstNode, amount: AstNode | undefined): Move | undefined {
  return amount && { visit, kind: 'ether', token: undefined, from: undefined, to, amount };
}

function byName(visit: CallVisit, name: string, token: AstNode, given: AstNode[]): Move | undefined {
  const [first, second, third] = given;
  if (/^(safeT|t)ransferFrom$/.test(name) && first && second && third && given.length === 3)
    return { visit, kind: 'pull', token, from: first, to: second, amount: third };
  if (/^(safeT|t)ransfer$/.test(name) && first && second && given.length === 2)
    return { visit, kind: 'push', token, from: undefined, to: first, amount: second };
  return undefined;
}

// Wrappers take the token first: `token.safeTransfer(to, amount)`, `TransferHelper.safeTransfer(token, to, amount)`.
function internalMove(
  visit: CallVisit,
  call: Extract<Call, { kind: 'internal' }>,
  name: string,
): Move | undefined {
  const [first, second, ...rest] = call.arguments;
  if (/^_(mint|burn)$/.test(name) && first && second && rest.length === 0) {
    const base = { visit, token: undefined, amount: second };
    return name === '_mint'
      ? { ...base, kind: 'mint', from: undefined, to: first }
      : { ...base, kind: 'burn', from: first, to: undefined };
  }
  const inLibrary = call.target.contract?.kind === 'library';
  if (!inLibrary || !first) return undefined;
  return byName(visit, name, first, call.arguments.slice(1));
}

// `abi.encodeWithSelector(token.transferFrom.selector, from, to, amount)`, wherever it is sent to.
function encoded(visit: CallVisit, program: Program): Move | undefined {
  const { call } = visit;
  const name = textOf(call.callee, 'memberName');
  if (!/^encode(WithSelector|WithSignature|Call)$/.test(name) || !isAbi(call.callee)) return undefined;
  const [selector, ...rest] = call.arguments;
  if (!selector) return undefined;
  const method = /\b(transferFrom|transfer)\b/.exec(program.source.text(selector))?.[1];
  if (!method) return undefined;
  const [only] = rest;
  const given =
    name === 'encodeCall' && only?.nodeType === 'TupleExpression' ? childrenOf(only, 'components') : rest;
  const move = byName(visit, method, selector, given);
  return move && { ...move, token: undefined };
}

function isAbi(callee: AstNode): boolean {
  return /^t_magic_abi/.test(typeIdOf(childOf(callee, 'expression')));
}

/** @returns true for the balance of this contract in ether or in a token */
export function isOwnHolding(node: AstNode, frame: Frame): boolean {
  if (node.nodeType === 'MemberAccess' && textOf(node, 'memberName') === 'balance') {
    const owner = childOf(node, 'expression');
    return owner !== undefined && isThis(owner, frame);
  }
  return isOwnTokens(node, frame);
}

/** @returns true for `token.balanceOf(address(this))` */
export function isOwnTokens(node: AstNode, frame: Frame): boolean {
  if (node.nodeType !== 'FunctionCall') return false;
  const call = classifyCall(frame.program, node);
  const [of] = call.arguments;
  return call.kind === 'external' && call.name === 'balanceOf' && of !== undefined && isThis(of, frame);
}
