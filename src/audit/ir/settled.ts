import type { AstNode } from '../../solidity/types.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from './ast.ts';
import { type Atom, clausesOf, equalSides } from './conditions.ts';
import { constantOf } from './constants.ts';
import { isFixed, isSender, isThis, resolve } from './frames.ts';
import type { Contract, Program } from './program.ts';
import type { Runs } from './runs.ts';
import type { State } from './state.ts';
import { isZero, keyOf, literalBoolean, literalValue } from './storage.ts';

/** The values that a state variable of a contract ever has, as keys; undefined where that is not known. */
export type Settled = ReadonlyMap<number, ReadonlySet<string>>;

/**
 * @returns for each variable of a contract to which only literals are ever written, what it may be: its initial value and
 *   those. Empty where code writes by slot or runs foreign code.
 */
export function settledValues(program: Program, runs: Runs, contract: Contract): Settled {
  const found = new Map<number, Set<string>>();
  // What constructors of libraries write is not seen.
  for (const { variables, own } of contract.linearised)
    for (const variable of own ? variables : []) {
      const first = firstValue(program, variable);
      if (first !== undefined) found.set(variable.id, new Set([first]));
    }
  for (const { context, visits } of runs.entries) {
    if (context !== contract) continue;
    if (visits.assembly.some(({ operation }) => /^(sstore|delegatecall|callcode)$/.test(operation.name)))
      return new Map();
    if (
      visits.calls.some(({ call }) => call.kind === 'low-level' && /delegatecall|callcode/.test(call.method))
    )
      return new Map();
    for (const { slot, value, node, frame } of visits.writes) {
      const written =
        node['operator'] === 'delete' ? '0' : value && valueKey(program, resolve(value, frame).node);
      if (written === undefined || slot.keys.length > 0) found.delete(slot.base);
      else found.get(slot.base)?.add(written);
    }
  }
  return found;
}

function firstValue(program: Program, variable: AstNode): string | undefined {
  if (variable['constant'] === true || textOf(variable, 'mutability') === 'immutable') return undefined;
  if (!/^(bool|u?int\d*|enum |address)/.test(typeOf(variable))) return undefined;
  const value = childOf(variable, 'value');
  return value ? valueKey(program, value) : '0';
}

// Members of an enum by their place, so that the first one is what a variable is born with.
function valueKey(program: Program, node: AstNode): string | undefined {
  const truth = literalBoolean(node);
  if (truth !== undefined) return truth ? '1' : '0';
  const number = literalValue(node) ?? constantOf(program, node);
  if (number !== undefined) return String(number);
  if (isZero(node)) return '0';
  if (node.nodeType !== 'MemberAccess' || !isFixed(program, node)) return undefined;
  const member = program.node(referenceOf(node) ?? -1);
  const owner = member && program.parent(member);
  const members = owner?.nodeType === 'EnumDefinition' ? descendants(owner, 'EnumValue') : [];
  return member && members.includes(member) ? String(members.indexOf(member)) : undefined;
}

/** @returns true when a state is never reached: it needs a value that a variable never has, or a sender that nobody is. */
export function isNeverReached(state: State, settled: Settled, program: Program): boolean {
  return clausesOf(state).some((clause) => clause.every((atom) => isNeverSo(atom, settled, program)));
}

function isNeverSo(atom: Atom, settled: Settled, program: Program): boolean {
  const { node, frame, truth } = atom;
  const equal = equalSides(atom);
  const sender = equal?.find((side) => isSender(side.node, side.frame));
  const asked = sender && equal?.find((side) => side !== sender);
  if (asked) {
    const who = resolve(asked.node, frame);
    const value = constantValue(program, who.node);
    return isThis(asked.node, frame) || isZero(value ?? who.node);
  }
  const own = valuesOf(node, settled);
  if (own) return !own.has(truth ? '1' : '0');
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (node.nodeType !== 'BinaryOperation' || !left || !right) return false;
  const [a, b] = [left, right].map((side) => {
    const at = resolve(side, frame).node;
    const known = valuesOf(at, settled);
    const key = known ? undefined : valueKey(program, at);
    return known ? [...known] : key === undefined ? undefined : [key];
  });
  if (!a || !b || keyOf(left, frame) === keyOf(right, frame)) return false;
  return !a.some((x) => b.some((y) => compare(textOf(node, 'operator'), BigInt(x), BigInt(y)) === truth));
}

function constantValue(program: Program, node: AstNode): AstNode | undefined {
  const variable = program.stateVariable(referenceOf(node) ?? -1);
  return variable?.['constant'] === true ? childOf(variable, 'value') : undefined;
}

function valuesOf(node: AstNode, settled: Settled): ReadonlySet<string> | undefined {
  return node.nodeType === 'Identifier' ? settled.get(referenceOf(node) ?? -1) : undefined;
}

// What is no comparison may come out either way, and so does one that is not known here.
function compare(operator: string, a: bigint, b: bigint): boolean | undefined {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}
