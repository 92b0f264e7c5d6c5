import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, descendants, referenceOf, slotsOf, typeIdOf, typeOf, unwrap } from './ast.ts';
import { classifyCall } from './calls.ts';
import { assignmentsOf, returnsOf } from './frames.ts';
import type { Callable, Program } from './program.ts';

/**
 * @returns true when something depends on the first value of a call (its success): it is required, returned, stored,
 *   handed on, or decides over more than which event is told
 */
export function isSuccessUsed(program: Program, call: AstNode): boolean {
  return isActedOn(program, call, 0);
}

/** Names that nothing follows further; what is longer than this is taken as used. */
const depthMax = 6;

function isActedOn(program: Program, value: AstNode, depth: number): boolean {
  const parent = program.parent(value);
  if (depth > depthMax) return true;
  if (!parent) return false;
  switch (parent.nodeType) {
    case 'TupleExpression':
      // Parentheses; in a longer one it is one of several values.
      return slotsOf(parent, 'components').length === 1 ? isActedOn(program, parent, depth) : true;
    case 'ExpressionStatement':
      return false;
    case 'UnaryOperation':
    case 'BinaryOperation':
    case 'Conditional':
      return isActedOn(program, parent, depth);
    case 'VariableDeclarationStatement': {
      const variable = slotsOf(parent, 'declarations')[0];
      return variable !== undefined && isRead(program, variable.id, value, depth);
    }
    case 'Assignment': {
      if (childOf(parent, 'rightHandSide') !== value) return true;
      const left = unwrap(childOf(parent, 'leftHandSide') ?? parent);
      const place = left.nodeType === 'TupleExpression' ? slotsOf(left, 'components')[0] : left;
      if (!place) return false;
      return place.nodeType !== 'Identifier' || isRead(program, referenceOf(place) ?? -1, value, depth);
    }
    case 'IfStatement':
      return hasEffect(childOf(parent, 'trueBody')) || hasEffect(childOf(parent, 'falseBody'));
    case 'FunctionCall':
      return !isEvent(parent) || childOf(parent, 'expression') === value;
    case 'TryStatement':
      return isAnswerUsed(program, parent, value);
    default:
      return true;
  }
}

// A named return value is read by the caller, a state variable by whoever comes later.
function isRead(program: Program, variable: number, near: AstNode, depth: number): boolean {
  const callable = program.enclosing(near);
  if (!callable?.body || program.stateVariable(variable)) return true;
  if (callable.returns.some((item) => item.id === variable)) return true;
  return descendants(callable.body, 'Identifier', 'InlineAssembly').some((node) => {
    if (node.nodeType === 'InlineAssembly')
      return JSON.stringify(node['externalReferences'] ?? '').includes(`:${variable},`);
    return (
      referenceOf(node) === variable && !isAssigned(program, node) && isActedOn(program, node, depth + 1)
    );
  });
}

function isAssigned(program: Program, node: AstNode): boolean {
  let at = node;
  let parent = program.parent(at);
  while (parent?.nodeType === 'TupleExpression') {
    at = parent;
    parent = program.parent(at);
  }
  return (
    parent?.nodeType === 'Assignment' && childOf(parent, 'leftHandSide') === at && parent['operator'] === '='
  );
}

/** @returns true when a branch does anything but tell an event */
export function hasEffect(branch: AstNode | undefined): boolean {
  if (!branch) return false;
  if (/^(Block|UncheckedBlock)$/.test(branch.nodeType))
    return childrenOf(branch, 'statements').some(hasEffect);
  if (branch.nodeType === 'EmitStatement') return false;
  const expression = branch.nodeType === 'ExpressionStatement' ? childOf(branch, 'expression') : undefined;
  return expression?.nodeType !== 'FunctionCall' || !isEvent(expression);
}

function isEvent(call: AstNode): boolean {
  return /^t_function_event/.test(typeIdOf(childOf(call, 'expression')));
}

// That a call in `try` did not revert says nothing of what it answered.
function isAnswerUsed(program: Program, statement: AstNode, call: AstNode): boolean {
  const { target } = asExternal(program, call);
  const answer = target?.returns[0];
  if (!answer || typeOf(answer) !== 'bool') return true;
  const success = childrenOf(statement, 'clauses')[0];
  const parameters = success && childOf(success, 'parameters');
  const given = parameters ? childrenOf(parameters, 'parameters')[0] : undefined;
  return given !== undefined && isRead(program, given.id, call, 0);
}

function asExternal(program: Program, node: AstNode): { target: Callable | undefined } {
  const call = classifyCall(program, node);
  return { target: call.kind === 'external' ? call.target : undefined };
}

/**
 * @returns true for a function that answers whether a call of its own worked, in place of reverting when it did not:
 *   it returns the success of a low-level call, of `send`, of a token's transfer, or of another such function
 */
export function reportsOutcome(program: Program, callable: Callable): boolean {
  const known = outcomes.get(callable);
  if (known !== undefined) return known;
  outcomes.set(callable, false); // Ends recursion.
  const [answer] = callable.returns;
  const reports =
    callable.body !== undefined &&
    answer !== undefined &&
    typeOf(answer) === 'bool' &&
    returnsOf(program, callable).some((value) => isOutcome(program, callable, value, 0));
  outcomes.set(callable, reports);
  return reports;
}

const outcomes = new WeakMap<Callable, boolean>();

function isOutcome(program: Program, callable: Callable, value: AstNode, depth: number): boolean {
  if (depth > depthMax) return false;
  // Of several values the first one is the answer.
  const at = value.nodeType === 'TupleExpression' ? (slotsOf(value, 'components')[0] ?? value) : value;
  if (at.nodeType === 'Literal')
    return callable.body !== undefined && descendants(callable.body, 'TryStatement').length > 0;
  return descendants(at, 'FunctionCall', 'Identifier').some((node) => {
    if (node.nodeType === 'FunctionCall') return tellsSuccess(program, node);
    const id = referenceOf(node) ?? -1;
    if (isRequired(program, callable, id)) return false;
    const assigned = assignmentsOf(program, callable).get(id) ?? [];
    return assigned.some((each) => each !== value && isOutcome(program, callable, each, depth + 1));
  });
}

function tellsSuccess(program: Program, node: AstNode): boolean {
  const call = classifyCall(program, node);
  if (call.kind === 'low-level') return call.method !== 'staticcall';
  if (call.kind === 'send') return true;
  if (call.kind === 'external')
    return /^(safe)?transfer(From)?$/.test(call.name) && typeOf(call.target?.returns[0]) === 'bool';
  return call.kind === 'internal' && reportsOutcome(program, call.target);
}

function isRequired(program: Program, { body }: Callable, variable: number): boolean {
  if (!body) return false;
  return descendants(body, 'FunctionCall').some((node) => {
    const call = classifyCall(program, node);
    const condition = call.kind === 'require' || call.kind === 'assert' ? call.arguments[0] : undefined;
    return condition !== undefined && referenceOf(unwrap(condition)) === variable;
  });
}
