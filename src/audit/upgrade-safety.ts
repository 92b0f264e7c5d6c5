import { invariant } from '../lib/invariant.ts';
import { documentationOf } from '../solidity/read-storage.ts';
import type { AstNode } from '../solidity/types.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, typeIdOf, walk } from './ir/ast.ts';
import { buildProgram, type Callable, type Contract, type Program, resolveVirtual } from './ir/program.ts';
import { yulName } from './ir/yul.ts';
import type { AuditUnit } from './types.ts';

/** How a proxy finds its implementation. */
export type ProxyKind = 'uups' | 'transparent' | 'beacon';

/** Why a contract must not stand behind a proxy. */
export interface UpgradeProblem {
  code: string;
  message: string;
  hint: string;
  /** `file:line`, where there is one. */
  where?: string;
}

/**
 * Looks for what goes wrong behind a proxy: its constructor and initial values are never seen by the proxy's storage, code that
 * destroys or delegates can take every proxy along, and a UUPS implementation without an upgrade function is the last one.
 * What a comment allows in the words of OpenZeppelin's plugins (`@custom:oz-upgrades-unsafe-allow`) is left out.
 *
 * @param unit.asts of all files reached
 */
export function checkUpgradeSafety(
  unit: AuditUnit,
  wanted: { file: string; contract: string; kind: ProxyKind },
): { problems: UpgradeProblem[]; warnings: string[] } {
  const program = buildProgram(unit);
  const contract = program.contracts.find(
    (one) => one.name === wanted.contract && program.source.fileOf(one.node) === wanted.file,
  );
  // What was not looked at must not pass.
  invariant(contract, `${wanted.file} has a contract ${wanted.contract}`);
  const problems: UpgradeProblem[] = [];
  const add = (node: AstNode, problem: UpgradeProblem) => {
    const place = program.source.locate(node);
    problems.push({ ...problem, ...(place ? { where: `${place.file}:${place.line}` } : {}) });
  };
  for (const one of contract.linearised) {
    for (const variable of one.variables) checkVariable(variable, one, add);
    for (const callable of one.functions)
      if (callable.kind === 'constructor') checkConstructor(callable, one, { add, program });
  }
  for (const danger of dangers) {
    for (const callable of reachable(program, contract, danger)) checkCode(callable, danger, add);
  }
  if (wanted.kind === 'uups' && !canBeUpgraded(contract)) {
    problems.push({
      code: 'upgrade-function-missing',
      message: `${contract.name} has no public upgradeToAndCall(address,bytes), so its proxy could never be upgraded.`,
      hint: 'Inherit UUPSUpgradeable of @openzeppelin/contracts and say in _authorizeUpgrade who may.',
    });
  }
  const isLocked = contract.linearised.some(({ functions }) => functions.some(locksInitializers));
  const warnings = isLocked
    ? []
    : [
        `${contract.name} can be initialised by anybody at its own address: call _disableInitializers() in its constructor.`,
      ];
  return { problems, warnings };
}

/** What an implementation must not do, by the names that comments allow it by. */
const dangers = ['delegatecall', 'selfdestruct'] as const;
type Danger = (typeof dangers)[number];

type Add = (node: AstNode, problem: UpgradeProblem) => void;

function checkVariable(variable: AstNode, contract: Contract, add: Add): void {
  const name = textOf(variable, 'name');
  const mutability = textOf(variable, 'mutability');
  if (variable['constant'] === true || mutability === 'constant') return;
  if (mutability === 'immutable') {
    if (allows('state-variable-immutable', variable, contract)) return;
    add(variable, {
      code: 'immutable-variable',
      message: `${contract.name}.${name} is immutable: its value is that of the implementation, the same for every proxy, and may change with an upgrade.`,
      hint: 'Make it a constant or an ordinary variable that is initialised; where that is meant: /// @custom:oz-upgrades-unsafe-allow state-variable-immutable',
    });
    return;
  }
  if (childOf(variable, 'value') && !allows('state-variable-assignment', variable, contract)) {
    add(variable, {
      code: 'initial-value',
      message: `${contract.name}.${name} gets its value where it is declared, which the proxy never sees.`,
      hint: 'Set it in the initialiser, or make it a constant.',
    });
  }
  if (
    /^t_function_internal/.test(typeIdOf(variable)) &&
    !allows('internal-function-storage', variable, contract)
  ) {
    add(variable, {
      code: 'function-pointer-stored',
      message: `${contract.name}.${name} keeps a place in the code, which is another one after an upgrade.`,
      hint: 'Keep an enum or an id, and choose the function by it.',
    });
  }
}

function checkConstructor(
  callable: Callable,
  contract: Contract,
  { add, program }: { add: Add; program: Program },
): void {
  const statements = callable.body ? childrenOf(callable.body, 'statements') : [];
  if (statements.every((statement) => isHarmless(statement, program))) return;
  if (allows('constructor', callable.node, contract)) return;
  add(callable.node, {
    code: 'constructor-has-effects',
    message: `The constructor of ${contract.name} writes to the storage of the implementation, which no proxy ever sees.`,
    hint: 'Move it into an initialiser; what may stay is _disableInitializers() and immutable values.',
  });
}

/** `_disableInitializers()`, and values of immutables: they are part of the code. */
function isHarmless(statement: AstNode, program: Program): boolean {
  const expression = childOf(statement, 'expression');
  if (!expression) return false;
  if (expression.nodeType === 'FunctionCall') return calledName(expression) === '_disableInitializers';
  const left = expression.nodeType === 'Assignment' ? childOf(expression, 'leftHandSide') : undefined;
  const id = left && referenceOf(left);
  return id !== undefined && textOf(program.stateVariable(id), 'mutability') === 'immutable';
}

/** `_disableInitializers()`, or the older way: the constructor itself has the modifier `initializer`. */
function locksInitializers({ kind, body, node }: Callable): boolean {
  if (kind !== 'constructor') return false;
  const modifiers = childrenOf(node, 'modifiers').map((one) => textOf(childOf(one, 'modifierName'), 'name'));
  if (modifiers.includes('initializer')) return true;
  const calls = body ? descendants(body, 'FunctionCall') : [];
  return calls.some((call) => calledName(call) === '_disableInitializers');
}

function calledName(call: AstNode): string {
  const callee = childOf(call, 'expression');
  return textOf(callee, 'name') || textOf(callee, 'memberName');
}

/**
 * Functions that a call from outside can reach, those of libraries and those that override what is called included, unless a
 * comment lets their inside pass.
 */
function reachable(program: Program, contract: Contract, danger: Danger): Set<Callable> {
  const found = new Set<Callable>();
  const open = contract.linearised.flatMap(({ functions }) =>
    functions.filter(({ visibility, kind }) => kind !== 'constructor' && /public|external/.test(visibility)),
  );
  while (open.length > 0) {
    const callable = open.pop() as Callable;
    if (found.has(callable) || mayReach(callable, danger)) continue;
    found.add(callable);
    walk(callable.node, (node) => {
      const id = referenceOf(node);
      const next = id === undefined ? undefined : program.callable(id);
      if (next && next.kind !== 'constructor') open.push(next, resolveVirtual(next, contract));
    });
  }
  return found;
}

/** OpenZeppelin's comment for functions that reach it in a way that was checked. */
function mayReach({ node }: Callable, danger: Danger): boolean {
  const comment = new RegExp(`@custom:oz-upgrades-unsafe-allow-reachable\\s[^@]*\\b${danger}\\b`);
  return comment.test(documentationOf(node));
}

function checkCode(callable: Callable, danger: Danger, add: Add): void {
  const { node, contract, name } = callable;
  const what = contract ? `${contract.name}.${name}` : name;
  walk(node, (at) => {
    if (dangerOf(at) !== danger || allows(danger, node, contract)) return;
    add(at, {
      code: danger === 'selfdestruct' ? 'destroys-itself' : 'delegates',
      message:
        danger === 'selfdestruct'
          ? `${what} can destroy the implementation, and every proxy with it.`
          : `${what} runs code of another contract on the proxy's storage.`,
      hint: `Leave it out; where it can do no harm: /// @custom:oz-upgrades-unsafe-allow ${danger}`,
    });
  });
}

function dangerOf(node: AstNode): Danger | null {
  if (node.nodeType === 'YulFunctionCall') {
    const name = yulName(node);
    if (name === 'delegatecall' || name === 'callcode') return 'delegatecall';
    return name === 'selfdestruct' ? 'selfdestruct' : null;
  }
  if (node.nodeType === 'MemberAccess' && /^t_function_bare(delegate|callcode)/.test(typeIdOf(node)))
    return 'delegatecall';
  if (node.nodeType !== 'Identifier' || !/^t_function_selfdestruct/.test(typeIdOf(node))) return null;
  return 'selfdestruct';
}

function canBeUpgraded({ linearised }: Contract): boolean {
  const signatures = new Set(['upgradeToAndCall(address,bytes)', 'upgradeTo(address)']);
  return linearised.some(({ functions }) =>
    functions.some(
      ({ signature, visibility }) => signatures.has(signature) && /public|external/.test(visibility),
    ),
  );
}

/** Whether the comment above it or above its contract lets it pass. */
function allows(what: string, node: AstNode, contract: Contract | undefined): boolean {
  const pattern = new RegExp(`@custom:oz-upgrades-unsafe-allow(-reachable)?\\s[^@]*\\b${what}(?![\\w-])`);
  return (
    pattern.test(documentationOf(node)) ||
    (contract !== undefined && pattern.test(documentationOf(contract.node)))
  );
}
