import type { AstNode } from '../../solidity/types.ts';
import { childOf, descendants, referenceOf, slotsOf, unwrap } from './ast.ts';
import type { Program } from './program.ts';

/** @returns true when the first value of a call (its success) is read by anything. */
export function isSuccessUsed(program: Program, call: AstNode): boolean {
  let node = call;
  let parent = program.parent(node);
  while (parent?.nodeType === 'TupleExpression' && slotsOf(parent, 'components').length === 1) {
    node = parent;
    parent = program.parent(node);
  }
  if (!parent || parent.nodeType === 'ExpressionStatement') return false;
  if (parent.nodeType === 'VariableDeclarationStatement') {
    const variable = slotsOf(parent, 'declarations')[0];
    return variable !== undefined && isRead(program, variable.id, call);
  }
  if (parent.nodeType === 'Assignment' && childOf(parent, 'rightHandSide') === node) {
    const left = unwrap(childOf(parent, 'leftHandSide') ?? parent);
    const place = left.nodeType === 'TupleExpression' ? slotsOf(left, 'components')[0] : left;
    if (!place) return false;
    return place.nodeType !== 'Identifier' || isRead(program, referenceOf(place) ?? -1, call);
  }
  return true;
}

// A named return value is read by the caller, a state variable by whoever comes later.
function isRead(program: Program, variable: number, near: AstNode): boolean {
  const callable = program.enclosing(near);
  if (!callable?.body || program.stateVariable(variable)) return true;
  if (callable.returns.some((item) => item.id === variable)) return true;
  return descendants(callable.body, 'Identifier', 'InlineAssembly').some((node) => {
    if (node.nodeType === 'InlineAssembly')
      return JSON.stringify(node['externalReferences'] ?? '').includes(`:${variable},`);
    return referenceOf(node) === variable && !isAssigned(program, node);
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
