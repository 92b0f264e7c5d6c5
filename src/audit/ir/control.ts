import type { AstNode } from '../../solidity/types.ts';
import { textOf, typeOf } from './ast.ts';
import type { Call } from './calls.ts';
import type { AuthFact } from './facts.ts';
import { type Frame, isThis } from './frames.ts';
import { codeOf } from './own.ts';
import type { Program } from './program.ts';
import { type EntryRun, type Runs, withoutKeys } from './runs.ts';
import type { PendingCall, State } from './state.ts';
import { literalValue } from './storage.ts';
import { chosenByCaller, from, hasBits, taintOf } from './taint.ts';
import type { WriteVisit } from './visits.ts';

/** Somebody whose code runs in the middle of a function. */
export interface Guest {
  address: AstNode;
  frame: Frame;
  /** `ether`: with all gas and ether; `call`: called by name or with data; `hook`: a token tells its receiver. */
  how: 'ether' | 'call' | 'hook';
}

/**
 * Says whose code a call runs that a stranger may have chosen: the address itself, or the receiver of tokens that
 * tell their receiver (ERC-721 and ERC-1155 `safe…`, ERC-777, ERC-677, ERC-1363).
 *
 * @returns undefined where only somebody runs whom this contract's keepers chose
 */
export function guestOf({ call, frame }: PendingCall, runs: Runs): Guest | undefined {
  if (!('address' in call)) return undefined;
  const paid = call.value !== undefined && literalValue(call.value) !== 0n;
  if (isForeign(call.address, frame, runs))
    return { address: call.address, frame, how: paid ? 'ether' : 'call' };
  const receiver = call.kind === 'external' ? receiverOf(call) : undefined;
  if (!receiver || isThis(receiver, frame) || !isForeign(receiver, frame, runs)) return undefined;
  return { address: receiver, frame, how: 'hook' };
}

/** @returns true when a stranger chose the address, or whoever a record of users names. */
export function isForeign(address: AstNode, frame: Frame, runs: Runs): boolean {
  const taint = taintOf(address, frame);
  if (hasBits(taint, chosenByCaller | from.keyed | from.external)) return true;
  return [...taint.variables].some((id) => runs.open.has(id));
}

/** Position of the receiver among the arguments of functions that tell the receiver of a token. */
const receivers: Record<string, number> = {
  safeTransferFrom: 1,
  safeBatchTransferFrom: 1,
  safeMint: 0,
  safeTransfer: 0,
  transferAndCall: 0,
  transferFromAndCall: 1,
  approveAndCall: 0,
  operatorSend: 1,
  operatorMint: 0,
};

function receiverOf(call: Extract<Call, { kind: 'external' }>): AstNode | undefined {
  const { name, arguments: given, address } = call;
  const known = receivers[name];
  if (known !== undefined) return given[known];
  const withData = given.some((argument) => /^(bytes|literal_string)/.test(typeOf(argument)));
  if ((name === 'mint' || name === 'mintBatch' || name === 'send') && withData && given.length >= 3)
    return given[0];
  if (!/777/.test(typeOf(address))) return undefined;
  if (name === 'transfer') return given[0];
  return name === 'transferFrom' ? given[1] : undefined;
}

/** @returns true when a write takes something away: what was there before it is worth more than what is there after. */
export function takesAway({ node, value }: WriteVisit): boolean {
  const operator = node['operator'];
  if (operator === '-=' || operator === '--' || operator === 'delete') return true;
  return operator === '=' && value?.nodeType === 'Literal';
}

/** @returns the entry points that whoever has control in the middle of `run` may call then. */
export function reachableDuring(runs: Runs, run: EntryRun, { before }: PendingCall): EntryRun[] {
  const locks = [...before.locks].map(withoutKeys);
  return runs.entries.filter(
    ({ context, role, entry, guards }) =>
      context === run.context &&
      role === 'entry' &&
      entry !== run.entry &&
      !locks.some((lock) => guards.has(lock)),
  );
}

/**
 * @returns true when only a few whom the contract trusts get here. That the sender stands in a list of members, or has
 *   something in it, makes nobody trusted
 */
export function isTrusted(state: State, program: Program, runs: Runs): boolean {
  return state.auth.some((fact) => {
    if (fact.holder || !runs.privileged({ ...state, auth: [fact] })) return false;
    return !isMembership(fact, program);
  });
}

function isMembership({ node, key, variables }: AuthFact, program: Program): boolean {
  if (node.nodeType === 'FunctionCall')
    return /proof|onlist|member|eligible|verif|allowlist|whitelist/i.test(program.source.text(node));
  const names = variables.map((id) => textOf(program.stateVariable(id), 'name')).join(' ');
  return key.includes('[') && !roles.test(`${names} ${key}`);
}

const roles =
  /admin|owner|operator|keeper|role|auth(?!or)|\bward|minter|manager|govern|guardian|trusted|relay|executor|signer|control|vault|strateg|deployer|treasur|board|council|staff/i;

/** @returns an address on one short line, for messages */
export function shownAddress(program: Program, address: AstNode): string {
  // What assembly calls has a name and no place of its own.
  return address.id < 0 ? textOf(address, 'name') : codeOf(program, address, 40);
}
