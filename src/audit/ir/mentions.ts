import type { AstNode } from '../../solidity/types.ts';
import { referenceOf, walk } from './ast.ts';
import { classifyCall } from './calls.ts';
import { assignmentsOf, childFrame, dispatch, type Frame, isMagic, isTooDeep } from './frames.ts';

/** Asked of every node that an expression is made of, in the activation that the node is read in. */
export type Test = (node: AstNode, frame: Frame) => boolean;

/**
 * @returns true when a node that an expression is made of passes the test: what stands in it, what its parameters and
 *   locals stand for, and the bodies of the internal functions that it calls
 */
export function mentions(expression: AstNode, frame: Frame, test: Test): boolean {
  return look(expression, frame, test, new Set());
}

/** @returns true when the outcome hangs on who calls: `msg.sender`, or who signed the transaction. */
export function mentionsSender(expression: AstNode, frame: Frame): boolean {
  return mentions(
    expression,
    frame,
    (node) => isMagic(node, 'msg', 'sender') || isMagic(node, 'tx', 'origin'),
  );
}

function look(expression: AstNode, frame: Frame, test: Test, seen: Set<string>): boolean {
  let found = false;
  walk(expression, (node) => {
    if (found) return false;
    found = test(node, frame) || isMadeOf(node, frame, test, seen);
    return !found;
  });
  return found;
}

function isMadeOf(node: AstNode, frame: Frame, test: Test, seen: Set<string>): boolean {
  if (node.nodeType === 'Identifier') {
    const id = referenceOf(node) ?? -1;
    const bound = frame.bindings.get(id);
    const assigned = assignmentsOf(frame.program, frame.callable).get(id) ?? [];
    if (!bound && assigned.length === 0) return false;
    if (!enter(seen, id, frame)) return false;
    return (
      (bound !== undefined && look(bound.node, bound.frame, test, seen)) ||
      assigned.some((value) => look(value, frame, test, seen))
    );
  }
  if (node.nodeType !== 'FunctionCall') return false;
  const call = classifyCall(frame.program, node);
  if (call.kind !== 'internal') return false;
  const target = dispatch(frame, call);
  if (!target.body || isTooDeep(frame, target) || !enter(seen, node.id, frame)) return false;
  return look(target.body, childFrame(frame, node, target, call.arguments), test, seen);
}

// The same thing in another activation may stand for something else.
function enter(seen: Set<string>, id: number, frame: Frame): boolean {
  const key = `${id}@${frame.depth}:${frame.via?.id ?? ''}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
