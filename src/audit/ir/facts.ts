import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, typeIdOf, typeOf, unwrap } from './ast.ts';
import { type Call, classifyCall } from './calls.ts';
import {
  childFrame,
  dispatch,
  type Frame,
  isFixed,
  isOrigin,
  isSender,
  isTooDeep,
  onlyAnswer,
  resolve,
} from './frames.ts';
import type { Callable, Program } from './program.ts';
import { commonRelations, noRelations, type Relation, relate, withRelations } from './relations.ts';
import { isZero, keyOf, literalBoolean, literalValue, slotOf } from './storage.ts';
import { from, hasBits, taintOf } from './taint.ts';

/** A check that the sender is somebody in particular. */
export interface AuthFact {
  key: string;
  /** State variables that say who is allowed; whoever may write them may pass. */
  variables: readonly number[];
  /** The place in storage that the sender was compared with or looked up in (`Slot.key`), where it is a single one. */
  place?: string | undefined;
  /** The sender is compared with a record that belongs to users (the owner of a token, the seller of an item). */
  holder: boolean;
  /** The comparison itself. */
  node: AstNode;
}

/** What holds after a condition came out as assumed. */
export interface Facts {
  auth: AuthFact[];
  /** Storage places (with keys) that were compared with a fixed value: flags, locks, states. */
  checked: string[];
  relations: Relation[];
}

const nothing: Facts = { auth: [], checked: [], relations: [] };

/** Reads a condition as facts under the assumption that it is `truth`. */
export function factsOf(condition: AstNode, truth: boolean, frame: Frame): Facts {
  const node = unwrap(condition);
  const operator = textOf(node, 'operator');
  if (node.nodeType === 'UnaryOperation' && operator === '!') {
    const operand = childOf(node, 'subExpression');
    return operand ? factsOf(operand, !truth, frame) : nothing;
  }
  if (node.nodeType === 'BinaryOperation') {
    const left = childOf(node, 'leftExpression');
    const right = childOf(node, 'rightExpression');
    if (!left || !right) return nothing;
    if (operator === '&&' || operator === '||') {
      const facts = [factsOf(left, truth, frame), factsOf(right, truth, frame)] as const;
      return (operator === '&&') === truth ? all(...facts) : either(...facts);
    }
    return comparison(node, { left, right, operator, truth, frame });
  }
  if (node.nodeType === 'FunctionCall') return callFacts(node, truth, frame);
  return flagFacts(node, truth, frame);
}

/** @returns what holds in both cases; two different checks of the sender remain one check by either of them. */
export function either(a: Facts, b: Facts): Facts {
  return {
    auth: eitherAuth(a.auth, b.auth),
    checked: a.checked.filter((item) => b.checked.includes(item)),
    relations: [
      ...commonRelations(
        withRelations(noRelations, a.relations),
        withRelations(noRelations, b.relations),
      ).values(),
    ],
  };
}

/** @returns the checks of the sender that hold whichever of two ways was taken. */
export function eitherAuth(a: readonly AuthFact[], b: readonly AuthFact[]): AuthFact[] {
  const common = a.filter((fact) => b.some((other) => other.key === fact.key));
  const [first, second] = [a[0], b[0]];
  if (common.length > 0 || !first || !second) return common;
  const variables = [...new Set([...first.variables, ...second.variables])];
  return [
    { key: `${first.key}|${second.key}`, variables, holder: first.holder || second.holder, node: first.node },
  ];
}

interface Comparison {
  left: AstNode;
  right: AstNode;
  operator: string;
  truth: boolean;
  frame: Frame;
}

function comparison(node: AstNode, { left, right, operator, truth, frame }: Comparison): Facts {
  if (operator === '==' || operator === '!=') {
    const equal = (operator === '==') === truth;
    const boolean = literalBoolean(left) ?? literalBoolean(right);
    if (boolean !== undefined) {
      return factsOf(literalBoolean(left) === undefined ? left : right, equal === boolean, frame);
    }
    const checked = [checkedPlace(left, right, frame), checkedPlace(right, left, frame)].flatMap(
      (item) => item ?? [],
    );
    const relations = equal ? [relate(left, right, frame, false), relate(right, left, frame, false)] : [];
    const auth = equal
      ? [senderEquals(node, left, right, frame) ?? senderEquals(node, right, left, frame)]
      : [];
    const role = roleNumber(node, left, right, equal, frame) ?? roleNumber(node, right, left, equal, frame);
    return { auth: [...auth, role].flatMap((fact) => fact ?? []), checked, relations };
  }
  const less = operator === '<' || operator === '<=';
  if (!less && operator !== '>' && operator !== '>=') return nothing;
  const [small, large] = less === truth ? [left, right] : [right, left];
  const strict = (operator === '<' || operator === '>') === truth;
  const checked = [checkedPlace(left, right, frame), checkedPlace(right, left, frame)].flatMap(
    (item) => item ?? [],
  );
  return { auth: [], checked, relations: [relate(small, large, frame, strict)] };
}

// `msg.sender == owner`: who the other side is must not be the caller's own choice.
function senderEquals(node: AstNode, side: AstNode, other: AstNode, frame: Frame): AuthFact | undefined {
  const taint = taintOf(other, frame);
  const hashed = hasBits(taintOf(side, frame), from.sender) && hasBits(taintOf(side, frame), from.hash);
  const recovered = isRecovered(side, frame);
  if (!isSender(side, frame) && !isOrigin(side, frame) && !hashed && !recovered) return undefined;
  if (isSender(other, frame) || isOrigin(other, frame) || isZero(other)) return undefined;
  // A hash names one account (an address by CREATE2), whatever went into it.
  const known = taint.variables.size > 0 || hasBits(taint, from.external | from.created | from.hash);
  if (!known && hasBits(taint, from.parameter | from.sender | from.origin)) return undefined;
  const keyed = (slotOf(other, frame)?.keys.length ?? 0) > 0 || hasBits(taint, from.keyed);
  // A hash that the sender and something they bring make together: one of a list of members.
  const listed =
    hashed &&
    [side, ...childrenOf(unwrap(side), 'arguments')].some((part) =>
      hasBits(taintOf(part, frame), from.parameter),
    );
  const at = resolve(other, frame);
  const slot = slotOf(at.node, at.frame);
  // Storage behind a function that points to it (ERC-7201) has no variable of its own.
  const variables = [...new Set([...taint.variables, ...(slot ? [slot.base] : [])])];
  return { key: keyOf(other, frame), variables, place: slot?.key, holder: keyed || listed, node };
}

function isRecovered(node: AstNode, frame: Frame): boolean {
  const at = unwrap(node);
  const calls = [at, ...descendants(at, 'FunctionCall')].filter((item) => item.nodeType === 'FunctionCall');
  const names = calls.map(
    (call) =>
      textOf(childOf(call, 'expression'), 'name') || textOf(childOf(call, 'expression'), 'memberName'),
  );
  if (names.some((name) => /^(ec)?recover/i.test(name))) return true;
  if (at.nodeType !== 'Identifier') return false;
  const local = frame.program.node(referenceOf(at) ?? -1);
  const statement = local && frame.program.parent(local);
  const value =
    statement?.nodeType === 'VariableDeclarationStatement' ? childOf(statement, 'initialValue') : undefined;
  return value !== undefined && value.nodeType === 'FunctionCall' && isRecovered(value, frame);
}

// `wards[msg.sender] == 1`, `roles[msg.sender] == Role.Admin`
function roleNumber(
  node: AstNode,
  side: AstNode,
  other: AstNode,
  equal: boolean,
  frame: Frame,
): AuthFact | undefined {
  // `Duty own = dutyOf[msg.sender]; return own == duty;`
  const at = resolve(side, frame);
  const slot = slotOf(at.node, at.frame);
  if (!slot?.keys.some((key) => isSender(key.node, key.frame))) return undefined;
  if (!isFixed(frame.program, resolve(other, frame).node)) return undefined;
  const zero = isZero(other) || isFirstMember(other, frame);
  if (zero === equal || /^t_mapping/.test(typeIdOf(side))) return undefined;
  // `balance[msg.sender] != 0`, `joinedAt[msg.sender] != 0`: an amount or a time is no role.
  if (!equal && /^uint(?!8$)/.test(typeOf(side)) && zero) return undefined;
  return { key: slot.exact, variables: [slot.base], place: slot.key, holder: false, node };
}

/** `Move.None`: what an enum is where nothing was set. */
function isFirstMember(node: AstNode, frame: Frame): boolean {
  const member = frame.program.node(referenceOf(resolve(node, frame).node) ?? -1);
  const declared = member?.nodeType === 'EnumValue' ? frame.program.parent(member) : undefined;
  return declared !== undefined && childrenOf(declared, 'members')[0] === member;
}

// `isOwner[msg.sender]`, `!locked`
function flagFacts(node: AstNode, truth: boolean, frame: Frame): Facts {
  const slot = slotOf(node, frame);
  if (!slot) return nothing;
  const bySender = truth && slot.keys.some((key) => isSender(key.node, key.frame));
  const auth = bySender
    ? [{ key: slot.exact, variables: [slot.base], place: slot.key, holder: false, node }]
    : [];
  return { auth, checked: [slot.exact], relations: [] };
}

function callFacts(node: AstNode, truth: boolean, frame: Frame): Facts {
  const call = classifyCall(frame.program, node);
  if (call.kind === 'conversion' && call.arguments[0]) return factsOf(call.arguments[0], truth, frame);
  const passesSender = call.arguments.some((argument) => hasBits(taintOf(argument, frame), from.sender));
  // A token that moved says nothing of who the sender is.
  const name = textOf(call.callee, 'name') || textOf(call.callee, 'memberName');
  if (/^_?(try)?(safe)?transfer(From)?$/i.test(name)) return nothing;
  if (call.kind === 'external' && truth && passesSender) {
    const asked = taintOf(call.address, frame);
    // A contract that the caller chose, or is, vouches for whomever it likes.
    if (asked.variables.size === 0 && hasBits(asked, from.parameter | from.sender)) return nothing;
    const variables = [...asked.variables];
    return { ...nothing, auth: [{ key: keyOf(node, frame), variables, holder: false, node }] };
  }
  if (call.kind !== 'internal') return nothing;
  return internalFacts(call, { truth, frame, passesSender });
}

function internalFacts(
  call: Extract<Call, { kind: 'internal' }>,
  { truth, frame, passesSender }: { truth: boolean; frame: Frame; passesSender: boolean },
): Facts {
  const target = dispatch(frame, call);
  if (!target.body || isTooDeep(frame, target)) return nothing;
  const child = childFrame(frame, call.node, target, call.arguments);
  const value = onlyAnswer(frame.program, target);
  const inner = value ? factsOf(value, truth, child) : nothing;
  if (inner.auth.length > 0 || !truth) return inner;
  // A yes-or-no function that looks at the sender and at storage decides by who the sender is.
  const looks = passesSender || mentionsSender(target.body);
  const passed = call.arguments.flatMap((argument) => [...taintOf(argument, frame).variables]);
  const variables = [...new Set([...variablesIn(frame.program, target), ...passed])];
  if (!looks || (variables.length === 0 && !readsUnnamed(frame.program, target))) return inner;
  // Whoever brings a proof or names a record is one of many.
  const holder = call.arguments.some((argument) => hasBits(taintOf(argument, frame), from.parameter));
  return { ...inner, auth: [{ key: keyOf(call.node, frame), variables, holder, node: call.node }] };
}

/** Storage that is read by slot, or what another contract says: both have no variable here. */
function readsUnnamed(program: Program, { body }: Callable, depth = 0): boolean {
  return (body ? descendants(body, 'InlineAssembly', 'FunctionCall') : []).some((node) => {
    if (node.nodeType === 'InlineAssembly')
      return /\b(sload|staticcall|call)\b/.test(program.source.text(node));
    const call = classifyCall(program, node);
    if (call.kind === 'external') return true;
    return call.kind === 'internal' && depth < 3 && readsUnnamed(program, call.target, depth + 1);
  });
}

function mentionsSender(body: AstNode): boolean {
  return descendants(body, 'MemberAccess', 'Identifier').some(
    (node) =>
      textOf(node, 'name') === '_msgSender' ||
      (textOf(node, 'memberName') === 'sender' &&
        /^t_magic_message/.test(typeIdOf(childOf(node, 'expression')))),
  );
}

function variablesIn(program: Program, callable: Callable): number[] {
  const ids = callable.body
    ? descendants(callable.body, 'Identifier').map((node) => referenceOf(node) ?? -1)
    : [];
  return [...ids.filter((id) => program.stateVariable(id) !== undefined), ...pointedIn(program, callable)];
}

// Storage behind a function that points to it (ERC-7201) counts as one variable.
function pointedIn(program: Program, { body }: Callable): number[] {
  return (body ? descendants(body, 'FunctionCall') : [])
    .map((node) => classifyCall(program, node))
    .flatMap((call) =>
      call.kind === 'internal' && /^struct .* storage/.test(typeOf(call.node)) ? [-call.target.node.id] : [],
    );
}

function checkedPlace(side: AstNode, other: AstNode, frame: Frame): string | undefined {
  // `require(phase == wanted)` in a modifier that is given the phase.
  return isFixed(frame.program, resolve(other, frame).node) || literalValue(other) !== undefined
    ? slotOf(side, frame)?.exact
    : undefined;
}

function all(a: Facts, b: Facts): Facts {
  return {
    auth: [...a.auth, ...b.auth],
    checked: [...a.checked, ...b.checked],
    relations: [...a.relations, ...b.relations],
  };
}
