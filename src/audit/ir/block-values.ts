import type { AstNode } from '../../solidity/types.ts';
import { childOf, descendants, referenceOf, textOf, typeIdOf, typeOf, unwrap, walk } from './ast.ts';
import type { Call } from './calls.ts';
import { assignmentsOf } from './frames.ts';
import { callsIn, ownCallables } from './own.ts';
import type { Callable, Program } from './program.ts';

/** A value that block producers know and partly choose. */
export interface BlockValue {
  kind: 'timestamp' | 'number' | 'blockhash' | 'difficulty' | 'coinbase' | 'gaslimit' | 'basefee' | 'gas';
  node: AstNode;
}

/**
 * Block values that an expression is made of: written in it, or in a local variable or a state variable's initial
 * value that it uses. What other functions return is left to those functions.
 *
 * @param within `plain` leaves out what only stands in a call's arguments, such as the input of a hash
 */
export function blockValuesIn(
  program: Program,
  callable: Callable,
  expression: AstNode,
  within: 'all' | 'plain' = 'all',
): BlockValue[] {
  const found: BlockValue[] = [];
  const seen = new Set<number>();
  const look = (root: AstNode) => {
    walk(root, (node) => {
      const kind = kindOf(program, node);
      if (kind) {
        found.push({ kind, node });
        return false;
      }
      if (node.nodeType === 'FunctionCall' && within === 'plain') return false;
      if (node.nodeType !== 'Identifier') return true;
      const id = referenceOf(node) ?? -1;
      if (seen.has(id)) return true;
      seen.add(id);
      const initial = program.stateVariable(id);
      const values = initial
        ? [childOf(initial, 'value')]
        : [...(assignmentsOf(program, callable).get(id) ?? []), ...clockGivenTo(program, callable, id)];
      for (const value of values) if (value) look(value);
      return true;
    });
  };
  look(expression);
  return found;
}

/** What a helper's parameter stands for, where all who call it pass the time or the number of the block as it is. */
function clockGivenTo(program: Program, callable: Callable, id: number): AstNode[] {
  const index = callable.parameters.findIndex((parameter) => parameter.id === id);
  if (index < 0 || !/^(internal|private)$/.test(callable.visibility)) return [];
  const given = callersOf(program, callable).map((call) => call.arguments[index]);
  const isClock = (node: AstNode | undefined) => {
    const kind = node && kindOf(program, unwrap(node));
    return kind === 'timestamp' || kind === 'number';
  };
  const [first] = given;
  return first && given.every(isClock) ? [first] : [];
}

function callersOf(program: Program, callable: Callable): Call[] {
  let known = callers.get(program);
  if (!known) {
    known = new Map();
    for (const call of ownCallables(program).flatMap((each) => callsIn(program, each))) {
      if (call.kind !== 'internal') continue;
      const list = known.get(call.target);
      if (list) list.push(call);
      else known.set(call.target, [call]);
    }
    callers.set(program, known);
  }
  return known.get(callable) ?? [];
}

const callers = new WeakMap<Program, Map<Callable, Call[]>>();

function kindOf(program: Program, node: AstNode): BlockValue['kind'] | undefined {
  if (node.nodeType === 'Identifier') {
    const builtIn = textOf(node, 'name') === 'now' && program.node(referenceOf(node) ?? -1) === undefined;
    return builtIn ? 'timestamp' : undefined;
  }
  if (node.nodeType === 'FunctionCall') {
    const callee = childOf(node, 'expression');
    if (/^t_function_gasleft/.test(typeIdOf(callee))) return 'gas';
    return /^t_function_blockhash/.test(typeIdOf(callee)) ? 'blockhash' : undefined;
  }
  // What is left of the gas, and its price, the sender chooses.
  if (/^t_magic_(message|transaction)/.test(typeIdOf(childOf(node, 'expression'))))
    return /^gas(price)?$/.test(textOf(node, 'memberName')) ? 'gas' : undefined;
  if (node.nodeType !== 'MemberAccess' || !/^t_magic_block/.test(typeIdOf(childOf(node, 'expression'))))
    return undefined;
  const name = textOf(node, 'memberName');
  if (name === 'prevrandao') return 'difficulty';
  return ['timestamp', 'number', 'difficulty', 'coinbase', 'gaslimit', 'basefee'].includes(name)
    ? (name as BlockValue['kind'])
    : undefined;
}

/**
 * @returns true when `time % divisor` rounds to a period or cuts a number to its type (`% 1 days`, `% 2**32`, a
 * named period); false when it draws one of a few (`% 15`, `% players.length`)
 */
export function isPeriod(divisor: AstNode): boolean {
  const literal = /^int_const (\d+)$/.exec(typeOf(divisor))?.[1];
  if (literal === undefined) return textOf(unwrap(divisor), 'memberName') !== 'length';
  const seconds = Number(literal);
  return seconds > 366 * 86_400 || (seconds >= 60 && seconds % 60 === 0);
}

/** @returns true for a time that was cut to whole hours or days before: `(block.timestamp / 1 hours) % 24` is an hour of the day */
export function isWholePeriods(node: AstNode): boolean {
  return descendants(node, 'BinaryOperation').some((item) => {
    const divisor = textOf(item, 'operator') === '/' ? childOf(item, 'rightExpression') : undefined;
    return divisor !== undefined && /^int_const \d+$/.test(typeOf(divisor)) && isPeriod(divisor);
  });
}
