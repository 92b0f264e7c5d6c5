import type { AstNode } from '../../solidity/types.ts';
import { childrenOf, descendants, referenceOf } from './ast.ts';
import { type Call, classifyCall } from './calls.ts';
import { childFrame, dispatch, type Frame, isTooDeep } from './frames.ts';
import { type Callable, modifiersOf, type Program } from './program.ts';

/** @returns every function and modifier with a body in the files that the audit reports on. */
export function ownCallables(program: Program): Callable[] {
  const contracts = program.contracts.filter((contract) => contract.own);
  const all = contracts.flatMap((contract) => [...contract.functions, ...contract.modifiers]);
  return [...all, ...program.free.filter((callable) => callable.own)].filter((callable) => callable.body);
}

/** @returns every call in a function's body, in source order. */
export function callsIn(program: Program, callable: Callable): readonly Call[] {
  const { body } = callable;
  if (!body) return [];
  let known = calls.get(callable);
  if (!known) {
    known = descendants(body, 'FunctionCall').map((node) => classifyCall(program, node));
    calls.set(callable, known);
  }
  return known;
}

const calls = new WeakMap<Callable, readonly Call[]>();

/** @returns the statement an expression stands in. */
export function statementOf(program: Program, node: AstNode): AstNode {
  let at = node;
  for (let parent = program.parent(at); parent; parent = program.parent(at)) {
    if (/Statement$|^Return$|^Block$|^UncheckedBlock$/.test(parent.nodeType)) {
      return /Block$/.test(parent.nodeType) ? at : parent;
    }
    at = parent;
  }
  return at;
}

/** @returns true where a node stands in a loop, or in another kind of statement, of its own function. */
export function isInside(program: Program, node: AstNode, kind: RegExp): boolean {
  for (let at = program.parent(node); at; at = program.parent(at)) {
    if (kind.test(at.nodeType)) return true;
    if (/^(Function|Modifier|Contract)Definition$/.test(at.nodeType)) return false;
  }
  return false;
}

export const loops = /^(For|While|DoWhile)Statement$/;

/** @returns the code of a node on one short line, for messages. */
export function codeOf(program: Program, node: AstNode, charactersMax = 80): string {
  const text = program.source.text(node).replace(/\s+/g, ' ').trim();
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1)}…`;
}

/** @returns true when an expression, or an internal function that it calls, looks at a state variable. */
export function looksAt(node: AstNode, frame: Frame, variable: number, depth = 0): boolean {
  return descendants(node, 'Identifier', 'FunctionCall').some((item) => {
    if (item.nodeType === 'Identifier') return referenceOf(item) === variable;
    const call = classifyCall(frame.program, item);
    if (call.kind !== 'internal' || depth > 5) return false;
    const target = dispatch(frame, call);
    if (target.node.id === -variable) return true; // Storage behind a function that points to it.
    return (
      target.body !== undefined &&
      !isTooDeep(frame, target) &&
      looksAt(target.body, frame, variable, depth + 1)
    );
  });
}

/** @returns the bodies that run when a function does, its own first, each once with an activation it is read in; modifiers too. */
export function bodiesFrom(start: Frame): { body: AstNode; frame: Frame }[] {
  const found = new Map<Callable, { body: AstNode; frame: Frame }>();
  const left = [start];
  for (let frame = left.pop(); frame; frame = left.pop()) {
    const { callable, program, context } = frame;
    if (!callable.body || found.has(callable)) continue;
    found.set(callable, { body: callable.body, frame });
    for (const { invocation, modifier } of modifiersOf(program, callable, context))
      left.push(childFrame(frame, invocation, modifier, childrenOf(invocation, 'arguments')));
    for (const call of callsIn(program, callable)) {
      if (call.kind !== 'internal') continue;
      const target = dispatch(frame, call);
      if (!isTooDeep(frame, target)) left.push(childFrame(frame, call.node, target, call.arguments));
    }
  }
  return [...found.values()];
}
