import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, unwrap } from './ast.ts';
import { classifyCall } from './calls.ts';
import type { Callable, Program } from './program.ts';
import { isZero, literalValue } from './storage.ts';

/** What its name promises. */
const lockNames = /reentran|mutex|^lock(ed)?$/i;

/** @returns true for a modifier that is called like a lock against reentrancy. */
export function isCalledLock({ name }: Pick<Callable, 'name'>): boolean {
  return lockNames.test(name);
}

/**
 * Reads a lock that is made of plain state variables.
 *
 * @returns why it does not lock; undefined where it does, and where what it does is out of sight (assembly, libraries)
 */
export function lockFault(program: Program, modifier: Callable): string | undefined {
  const known = faults.get(modifier);
  if (known !== undefined) return known === '' ? undefined : known;
  const fault = findFault(program, modifier);
  faults.set(modifier, fault ?? '');
  return fault;
}

const faults = new WeakMap<Callable, string>();

/**
 * @returns true for a modifier that lets a function run once, and those that it calls meanwhile: `require(running || !done)`,
 *   both set before, and `running` set back at the end, as copies of OpenZeppelin's `initializer` under other names do
 */
export function runsOnceByFlags(program: Program, { body }: Callable): boolean {
  if (!body) return false;
  const set = (value: string) =>
    new Set(
      descendants(body, 'Assignment').flatMap((node) => {
        const [place, given] = [childOf(node, 'leftHandSide'), childOf(node, 'rightHandSide')];
        const id = place && referenceOf(unwrap(place));
        return id !== undefined && program.stateVariable(id) && given && constantOf(given) === value
          ? [id]
          : [];
      }),
    );
  const [raised, lowered] = [set('true'), set('false')];
  return descendants(body, 'BinaryOperation').some((node) => {
    if (textOf(node, 'operator') !== '||') return false;
    const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')].map(
      (side) => side && unwrap(side),
    );
    const negated = sides.find((side) => side && textOf(side, 'operator') === '!');
    const [done, running] = [
      negated && referenceOf(unwrap(childOf(negated, 'subExpression') ?? negated)),
      referenceOf(sides.find((side) => side && side !== negated) ?? node),
    ];
    if (done === undefined || running === undefined) return false;
    return raised.has(done) && !lowered.has(done) && raised.has(running) && lowered.has(running);
  });
}

interface Step {
  kind: 'check' | 'write' | 'body';
  /** Of a check: the condition as it has to be; of a write: the assignment. */
  node: AstNode;
  /** Of a check: whether the condition has to hold. */
  truth: boolean;
}

function findFault(program: Program, modifier: Callable): string | undefined {
  if (!modifier.body) return undefined;
  const steps: Step[] = [];
  if (!collect(program, modifier.body, steps, 0)) return undefined;
  const body = steps.findIndex(({ kind }) => kind === 'body');
  const before = steps.slice(0, body).filter(({ kind }) => kind === 'write');
  const checks = steps.filter(({ kind }) => kind === 'check');
  if (before.length === 0 && checks.some((check) => isSetElsewhere(program, modifier, check.node)))
    return undefined;
  if (before.length === 0)
    return steps.some(({ kind }) => kind === 'write')
      ? 'it is set only after the function has run'
      : 'it is never set';
  if (checks.length === 0) return 'nothing looks at it';
  const firstCheck = steps.findIndex(({ kind }) => kind === 'check');
  if (firstCheck > body) return undefined; // A counter that is compared afterwards.
  const [check, last] = [checks[0], before.at(-1)];
  return check && last && passes(check, last.node)
    ? 'it is set to what the check lets pass when the function runs'
    : undefined;
}

/** Functions set the flag by themselves, between the check and what must not be entered again. */
function isSetElsewhere(program: Program, modifier: Callable, condition: AstNode): boolean {
  const looked = new Set(
    descendants(condition, 'Identifier', 'MemberAccess').flatMap((node) => referenceOf(node) ?? []),
  );
  const contracts = program.contracts.filter(
    ({ linearised }) => modifier.contract && linearised.includes(modifier.contract),
  );
  return contracts
    .flatMap(({ linearised }) => linearised.flatMap(({ functions }) => functions))
    .filter((each) => each.kind !== 'constructor')
    .some(({ body }) =>
      descendants(body ?? modifier.node, 'Assignment').some((node) => {
        const place = unwrap(childOf(node, 'leftHandSide') ?? node);
        const value = childOf(node, 'rightHandSide');
        const isCleared = value !== undefined && /^(0|false)$/.test(constantOf(value) ?? '');
        return looked.has(referenceOf(place) ?? -1) && !isCleared && body !== undefined;
      }),
    );
}

/** @returns false where something is out of sight */
function collect(program: Program, root: AstNode, steps: Step[], depth: number): boolean {
  const kinds = ['InlineAssembly', 'PlaceholderStatement', 'Assignment', 'UnaryOperation'];
  for (const node of descendants(root, ...kinds, 'IfStatement', 'FunctionCall')) {
    if (node.nodeType === 'InlineAssembly') return false;
    if (node.nodeType === 'PlaceholderStatement') steps.push({ kind: 'body', node, truth: true });
    else if (node.nodeType === 'IfStatement') {
      const condition = childOf(node, 'condition');
      const holdsBody = descendants(childOf(node, 'trueBody') ?? node, 'PlaceholderStatement').length > 0;
      if (condition) steps.push({ kind: 'check', node: condition, truth: holdsBody });
    } else if (node.nodeType === 'FunctionCall') {
      const call = classifyCall(program, node);
      const condition = call.arguments[0];
      if ((call.kind === 'require' || call.kind === 'assert') && condition)
        steps.push({ kind: 'check', node: condition, truth: true });
      if (call.kind === 'external' || call.kind === 'low-level') return false;
      if (call.kind !== 'internal') continue;
      if (call.target.contract?.kind === 'library' || !call.target.body || depth > 3) return false;
      if (!collect(program, call.target.body, steps, depth + 1)) return false;
    } else if (writesState(program, node)) steps.push({ kind: 'write', node, truth: true });
  }
  return true;
}

function writesState(program: Program, node: AstNode): boolean {
  if (node.nodeType === 'UnaryOperation' && !/^(\+\+|--|delete)$/.test(textOf(node, 'operator')))
    return false;
  const place = childOf(node, node.nodeType === 'Assignment' ? 'leftHandSide' : 'subExpression');
  return place !== undefined && variableOf(program, place) !== undefined;
}

/** Whether the check would still pass after the write; false where that cannot be told. */
function passes(check: Step, write: AstNode): boolean {
  const value = childOf(write, 'rightHandSide');
  const place = childOf(write, 'leftHandSide');
  if (!value || !place || write['operator'] !== '=') return false;
  let [condition, truth] = [unwrap(check.node), check.truth];
  while (condition.nodeType === 'UnaryOperation' && textOf(condition, 'operator') === '!') {
    condition = unwrap(childOf(condition, 'subExpression') ?? condition);
    truth = !truth;
  }
  if (condition.nodeType !== 'BinaryOperation') {
    return referenceOf(condition) === referenceOf(unwrap(place)) && constantOf(value) === String(truth);
  }
  const [left, right] = [childOf(condition, 'leftExpression'), childOf(condition, 'rightExpression')];
  if (!left || !right || referenceOf(unwrap(left)) !== referenceOf(unwrap(place))) return false;
  const [limit, set] = [constantOf(right), constantOf(value)];
  if (limit === undefined || set === undefined) return false;
  if (textOf(condition, 'operator') === '==') return (limit === set) === truth;
  return textOf(condition, 'operator') === '!=' && (limit !== set) === truth;
}

function constantOf(node: AstNode): string | undefined {
  const at = unwrap(node);
  if (isZero(at)) return '0';
  const number = literalValue(at);
  if (number !== undefined) return String(number);
  if (at.nodeType === 'Literal') return textOf(at, 'value');
  return at.nodeType === 'Identifier' || at.nodeType === 'MemberAccess' ? `#${referenceOf(at)}` : undefined;
}

function variableOf(program: Program, place: AstNode): AstNode | undefined {
  const at = unwrap(place);
  if (at.nodeType === 'Identifier') return program.stateVariable(referenceOf(at) ?? -1);
  const base = childOf(at, at.nodeType === 'IndexAccess' ? 'baseExpression' : 'expression');
  return base && variableOf(program, base);
}

/** @returns the modifiers of a function that are called like a lock and are none, with the reason. */
export function brokenLocksOf(program: Program, callable: Callable): { modifier: Callable; fault: string }[] {
  return childrenOf(callable.node, 'modifiers').flatMap((invocation) => {
    const name = childOf(invocation, 'modifierName');
    const modifier = name && program.callable(referenceOf(name) ?? -1);
    if (modifier?.kind !== 'modifier' || !isCalledLock(modifier)) return [];
    const fault = lockFault(program, modifier);
    return fault === undefined ? [] : [{ modifier, fault }];
  });
}
