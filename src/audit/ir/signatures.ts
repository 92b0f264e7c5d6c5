import type { AstNode } from '../../solidity/types.ts';
import { childOf, descendants, referenceOf, slotsOf, textOf, typeIdOf, typeOf, unwrap } from './ast.ts';
import { type Call, classifyCall } from './calls.ts';
import {
  assignmentsOf,
  childFrame,
  dispatch,
  type Frame,
  isMagic,
  isTooDeep,
  type Ref,
  resolve,
  returnsOf,
} from './frames.ts';
import { mentions } from './mentions.ts';
import type { EntryRun } from './runs.ts';
import { keyOf, slotOf } from './storage.ts';
import type { CallVisit } from './visits.ts';

/** What was signed, as far as it can be read from the code. */
export interface Digest {
  /** The values that go into it: parameters, fields, places in storage. */
  parts: readonly Ref[];
  /** Their keys (`keyOf`). */
  keys: ReadonlySet<string>;
  /** This contract's own address, the chain, or a domain that stands for both is among them. */
  self: boolean;
  chain: boolean;
  domain: boolean;
  sender: boolean;
  /** The hashes on the way, outermost first. */
  hashes: readonly Ref[];
  /** A part is made in a way that is not followed: more may be signed than is known. */
  opaque: boolean;
}

/** A place where a signature is checked or its signer recovered. */
export interface Recovery {
  visit: CallVisit;
  digest: AstNode;
  /** The signature's bytes, or v, r and s. */
  signature: readonly AstNode[];
}

/** @returns where a run recovers signers, the outermost call of each; what that call does in turn is left out. */
export function recoveriesOf({ visits }: EntryRun): Recovery[] {
  const found: Recovery[] = [];
  for (const visit of visits.calls) {
    const given = recovered(visit.call);
    if (!given || isInside(visit.frame, found)) continue;
    found.push({ visit, ...given });
  }
  return found;
}

/** @returns true for a call that answers who signed, or whether somebody did. */
export function recoversSigner(call: Call): boolean {
  return recovered(call) !== undefined;
}

function recovered(call: Call): { digest: AstNode; signature: AstNode[] } | undefined {
  const name = textOf(call.callee, 'name') || textOf(call.callee, 'memberName');
  const given = call.arguments;
  if (/^isValid\w*SignatureNow/.test(name) && given.length >= 3) return split(given.slice(1));
  if (/^isValidSignature/.test(name)) return split(given);
  return /^_?(ec|try)?recover(Signer|Calldata)?$/i.test(name) ? split(given) : undefined;
}

function split([digest, ...signature]: AstNode[]): { digest: AstNode; signature: AstNode[] } | undefined {
  return digest && signature.length > 0 ? { digest, signature } : undefined;
}

function isInside(frame: Frame, found: readonly Recovery[]): boolean {
  for (let at: Frame | undefined = frame; at; at = at.parent)
    if (found.some(({ visit }) => visit.node === at?.via)) return true;
  return false;
}

/**
 * @returns where a signature is made use of: helpers that answer who signed leave that to their caller
 */
export function usedAt({ node, frame }: Ref): Ref {
  const { callable, program, parent, via } = frame;
  if (!parent || !via || callable.kind === 'modifier') return { node, frame };
  const answers = returnsOf(program, callable).some((value) =>
    mentions(value, frame, (item) => item === node),
  );
  return answers ? usedAt({ node: via, frame: parent }) : { node, frame };
}

/** @returns where it could be written down that a signature was used: functions that only look cannot */
export function rememberedAt(at: Ref): Ref {
  const used = usedAt(at);
  const { callable, parent, via } = used.frame;
  if (!parent || !via || !/^(view|pure)$/.test(callable.mutability)) return used;
  return rememberedAt({ node: via, frame: parent });
}

/** Reads what a digest is made of: through locals, internal functions, hashes and encodings. */
export function digestOf(node: AstNode, frame: Frame): Digest {
  const parts: Ref[] = [];
  const hashes: Ref[] = [];
  const has = { self: false, chain: false, domain: false, sender: false, opaque: false };
  const seen = new Set<string>();
  const all = (nodes: readonly (AstNode | undefined)[], within: Frame) => {
    for (const each of nodes) if (each) look(each, within);
  };
  const look = (written: AstNode, within: Frame): void => {
    const at = resolve(written, within);
    const key = `${at.node.id}@${at.frame.depth}:${at.frame.via?.id ?? ''}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (isNamedDomain(written, at)) has.domain = true;
    switch (at.node.nodeType) {
      case 'FunctionCall':
        ofCall(at);
        break;
      case 'Identifier':
        ofName(at);
        break;
      case 'TupleExpression':
        all(slotsOf(at.node, 'components'), at.frame);
        break;
      case 'BinaryOperation':
        all([childOf(at.node, 'leftExpression'), childOf(at.node, 'rightExpression')], at.frame);
        break;
      case 'Conditional':
        all([childOf(at.node, 'trueExpression'), childOf(at.node, 'falseExpression')], at.frame);
        break;
      case 'UnaryOperation':
        all([childOf(at.node, 'subExpression')], at.frame);
        break;
      case 'Assignment':
        all([childOf(at.node, 'leftHandSide'), childOf(at.node, 'rightHandSide')], at.frame);
        break;
      case 'Literal':
        break;
      case 'MemberAccess':
        if (isMagic(at.node, 'msg', 'sender')) has.sender = true;
        else if (isMagic(at.node, 'block', 'chainid')) has.chain = true;
        else parts.push(at);
        break;
      case 'IndexAccess':
      case 'IndexRangeAccess':
        // A slice of bytes is made of the bytes.
        if (slotOf(at.node, at.frame)) parts.push(at);
        else all([childOf(at.node, 'baseExpression')], at.frame);
        break;
      default:
        parts.push(at);
    }
  };
  const ofName = (at: Ref) => {
    const name = textOf(at.node, 'name');
    if (name === 'this') has.self = true;
    else if (/chain_?id/i.test(name)) has.chain = true;
    else {
      const assigned = assignmentsOf(at.frame.program, at.frame.callable).get(referenceOf(at.node) ?? -1);
      if (assigned && assigned.length > 0) all(assigned, at.frame);
      else parts.push(at);
    }
  };
  const ofCall = (at: Ref) => {
    const call = classifyCall(at.frame.program, at.node);
    const name = textOf(call.callee, 'name') || textOf(call.callee, 'memberName');
    if (/^t_function_(keccak256|sha3|sha256|ripemd160)/.test(typeIdOf(call.callee))) hashes.push(at);
    if (/typedData(V4)?$/i.test(name) && call.arguments.length <= 2) has.domain = true;
    if (/chain_?id$/i.test(name)) has.chain = true;
    else if (call.kind === 'external' || call.kind === 'low-level') {
      parts.push(at);
      all(call.arguments, at.frame);
      has.opaque ||= !/domain|nonce/i.test(name);
    } else if (call.kind !== 'internal') all(call.arguments, at.frame);
    else {
      const target = dispatch(at.frame, call);
      const returned = returnsOf(at.frame.program, target);
      if (isTooDeep(at.frame, target)) return;
      // Assembly that answers is made of what it is given.
      const isAssembly = target.body && descendants(target.body, 'InlineAssembly').length > 0;
      if (isAssembly) all(call.arguments, at.frame);
      else if (!target.body || returned.length === 0) has.opaque = true;
      all(returned, childFrame(at.frame, at.node, target, call.arguments));
    }
  };
  look(node, frame);
  const keys = new Set(parts.map((part) => keyOf(part.node, part.frame)));
  return { parts, hashes, keys, ...has };
}

/** `DOMAIN_SEPARATOR`, `_domain`, `_domainSeparatorV4()`: made elsewhere, of the contract and the chain. */
function isNamedDomain(written: AstNode, at: Ref): boolean {
  return [written, at.node].some((node) => {
    const callee = node.nodeType === 'FunctionCall' ? (childOf(node, 'expression') ?? node) : node;
    const name = textOf(callee, 'name') || textOf(callee, 'memberName');
    return /domain|separator/i.test(name) && /^(bytes32|function)/.test(typeOf(callee));
  });
}

/** @returns the keys of everything that some expressions are made of */
export function rootsOf(nodes: readonly AstNode[], frame: Frame): ReadonlySet<string> {
  return new Set(nodes.flatMap((node) => [...digestOf(node, frame).keys]));
}

/** Half the order of secp256k1, above which an s is the second form of a signature (EIP-2), and it plus one. */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** @returns true when a run looks whether the s of a signature is in the lower half, or has a library do it */
export function checksHighS({ visits }: EntryRun): boolean {
  return visits.calls.some(({ call, frame }) => {
    if (!/^t_function_ecrecover/.test(typeIdOf(call.callee))) return false;
    for (let at: Frame | undefined = frame; at; at = at.parent) {
      const { body } = at.callable;
      if (body && mentions(body, at, isHalfOrder)) return true;
    }
    return false;
  });
}

function isHalfOrder(node: AstNode, { program }: Frame): boolean {
  const variable =
    node.nodeType === 'Identifier' ? program.stateVariable(referenceOf(node) ?? -1) : undefined;
  const at = unwrap(variable ? (childOf(variable, 'value') ?? node) : node);
  const written = at.nodeType === 'Literal' ? textOf(at, 'value') : '';
  const value = /^(0x[\da-f]+|\d+)$/i.test(written) ? BigInt(written) : undefined;
  return value === halfOrder || value === halfOrder + 1n;
}
