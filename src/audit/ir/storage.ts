import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, referenceOf, textOf, typeIdOf, typeOf, unwrap } from './ast.ts';
import { classifyCall } from './calls.ts';
import { dispatch, type Frame, isFixedVariable, type Ref, resolve } from './frames.ts';
import { operate } from './integers.ts';

/** A place in storage as the source names it: `accounts[msg.sender].balance`. */
export interface Slot {
  /** Id of the state variable; negative for storage reached through a pointer-making function (ERC-7201). */
  base: number;
  /** Base and member names without the keys: `12.balance`. What reads and writes are compared by. */
  key: string;
  /** The same with the keys: `12[msg.sender].balance`. */
  exact: string;
  keys: Ref[];
}

/** @returns the place in storage that an expression names, or undefined for anything else. Constants are no storage. */
export function slotOf(node: AstNode, frame: Frame): Slot | undefined {
  const at = unwrap(node);
  if (at.nodeType === 'IndexAccess') {
    const base = slotOf(childOf(at, 'baseExpression') ?? at, frame);
    const index = childOf(at, 'indexExpression');
    if (!base || !index) return base;
    const exact = `${base.exact}[${keyOf(index, frame)}]`;
    return { ...base, exact, keys: [...base.keys, { node: index, frame }] };
  }
  if (at.nodeType === 'MemberAccess') {
    const inner = childOf(at, 'expression');
    if (!inner || !isStored(inner, frame)) return undefined;
    const base = slotOf(inner, frame);
    const member = textOf(at, 'memberName');
    if (!base || member === 'length') return base;
    return { ...base, key: `${base.key}.${member}`, exact: `${base.exact}.${member}` };
  }
  if (at.nodeType === 'Identifier') {
    const variable = frame.program.stateVariable(referenceOf(at) ?? -1);
    if (variable) return isFixedVariable(variable) ? undefined : plainSlot(variable.id);
    if (!/storage/.test(typeOf(at))) return undefined;
  } else if (at.nodeType !== 'FunctionCall' || !/storage/.test(typeOf(at))) return undefined;
  const target = resolve(at, frame);
  if (target.node !== at) return slotOf(target.node, target.frame);
  if (at.nodeType !== 'FunctionCall') return undefined;
  const call = classifyCall(frame.program, at);
  return call.kind === 'internal' ? plainSlot(-dispatch(frame, call).node.id) : undefined;
}

/** @returns true when reading or writing one touches the other: the same place or a part of it. */
export function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

/** @returns a text that is equal for expressions that mean the same place or value within one entry point. */
export function keyOf(node: AstNode, frame: Frame, depth = 0): string {
  const at = resolve(node, frame);
  const inner = (field: string) => {
    const child = childOf(at.node, field);
    return child ? keyOf(child, at.frame, depth + 1) : '';
  };
  if (depth > 20) return `#${at.node.id}`;
  switch (at.node.nodeType) {
    case 'Identifier':
      return `${textOf(at.node, 'name')}#${referenceOf(at.node) ?? ''}`;
    case 'Literal':
      return literalKey(at.node);
    case 'MemberAccess':
      return `${inner('expression')}.${textOf(at.node, 'memberName')}`;
    case 'IndexAccess':
      return `${inner('baseExpression')}[${inner('indexExpression')}]`;
    case 'BinaryOperation':
      return `(${inner('leftExpression')}${textOf(at.node, 'operator')}${inner('rightExpression')})`;
    case 'FunctionCall': {
      const given = childrenOf(at.node, 'arguments').map((argument) => keyOf(argument, at.frame, depth + 1));
      return `${inner('expression')}(${given.join(',')})`;
    }
    default:
      return `#${at.node.id}`;
  }
}

/** @returns the number a literal stands for, its unit included, or undefined. */
export function literalValue(node: AstNode): bigint | undefined {
  const at = unwrap(node);
  const [, exact, shortened] =
    /^(?:int_const|rational_const) (?:(-?\d+)$|(-?\d+\.\.\.))/.exec(typeOf(at)) ?? [];
  if (exact !== undefined) return BigInt(exact);
  return shortened === undefined ? undefined : longConstant(at);
}

// The compiler prints constants of many digits with a gap in the middle.
function longConstant(node: AstNode): bigint | undefined {
  if (node.nodeType === 'Literal') {
    const [, digits, power = '0'] =
      /^(0x[\da-f]+|\d+)(?:e(\d+))?$/i.exec(textOf(node, 'value').replaceAll('_', '')) ?? [];
    const factor = textOf(node, 'subdenomination');
    if (digits === undefined || !(factor in subdenominations)) return undefined;
    return BigInt(digits) * 10n ** BigInt(power) * (subdenominations[factor] ?? 1n);
  }
  const operand = childOf(node, 'subExpression');
  if (operand && textOf(node, 'operator') === '-') {
    const value = literalValue(operand);
    return value === undefined ? undefined : -value;
  }
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  const [a, b] = [left && literalValue(left), right && literalValue(right)];
  const operator = textOf(node, 'operator');
  // A fraction of literals is kept as one, and is no whole number.
  if (a === undefined || b === undefined || (operator === '/' && (b === 0n || a % b !== 0n)))
    return undefined;
  return operate(operator, a, b);
}

const subdenominations: Record<string, bigint> = {
  '': 1n,
  wei: 1n,
  gwei: 10n ** 9n,
  szabo: 10n ** 12n,
  finney: 10n ** 15n,
  ether: 10n ** 18n,
  seconds: 1n,
  minutes: 60n,
  hours: 3_600n,
  days: 86_400n,
  weeks: 604_800n,
  years: 31_536_000n,
};

/** @returns what a literal `true` or `false` says, or undefined for anything else */
export function literalBoolean(node: AstNode): boolean | undefined {
  const at = unwrap(node);
  return at.nodeType === 'Literal' && textOf(at, 'kind') === 'bool' ? at['value'] === 'true' : undefined;
}

/** @returns true for zero as a number, an address or a byte string. */
export function isZero(node: AstNode): boolean {
  const at = unwrap(node);
  const inner =
    at.nodeType === 'FunctionCall' && textOf(at, 'kind') === 'typeConversion'
      ? childrenOf(at, 'arguments')[0]
      : undefined;
  return inner ? isZero(inner) : literalValue(at) === 0n;
}

function plainSlot(base: number): Slot {
  return { base, key: String(base), exact: String(base), keys: [] };
}

function isStored(node: AstNode, frame: Frame): boolean {
  const type = typeIdOf(node);
  if (/_storage(_ptr)?$/.test(type)) return true;
  return /^t_(struct|array|bytes|string)/.test(type) && slotOf(node, frame) !== undefined;
}

function literalKey(node: AstNode): string {
  const number = literalValue(node);
  return number !== undefined ? String(number) : JSON.stringify(node['value'] ?? node['hexValue'] ?? '');
}
