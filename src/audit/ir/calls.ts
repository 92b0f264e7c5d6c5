import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, isNode, referenceOf, textOf, typeIdOf, unwrap } from './ast.ts';
import type { Callable, Program } from './program.ts';

export type LowLevelMethod = 'call' | 'delegatecall' | 'callcode' | 'staticcall';

/** What a `FunctionCall` node does, the same for all compiler versions. */
export type CallKind =
  | { kind: 'internal'; target: Callable; arguments: AstNode[]; dispatch: 'virtual' | 'super' | 'exact' }
  | { kind: 'external'; address: AstNode; name: string; target: Callable | undefined }
  | { kind: 'low-level'; address: AstNode; method: LowLevelMethod }
  | { kind: 'transfer' | 'send'; address: AstNode }
  | { kind: 'selfdestruct' | 'require' | 'assert' | 'revert' | 'create' | 'conversion' | 'other' }
  | { kind: 'push' | 'pop'; array: AstNode };

/** A call with the value and gas it was given, whether by `{value: v}` or by `.value(v)`. */
export type Call = CallKind & {
  node: AstNode;
  callee: AstNode;
  value?: AstNode;
  gas?: AstNode;
  arguments: AstNode[];
};

const memo = new WeakMap<Program, Map<AstNode, Call>>();

/** Says what a `FunctionCall` node does. */
export function classifyCall(program: Program, node: AstNode): Call {
  let known = memo.get(program);
  if (!known) {
    known = new Map();
    memo.set(program, known);
  }
  let call = known.get(node);
  if (!call) {
    call = classify(program, node);
    known.set(node, call);
  }
  return call;
}

/** @returns true for `f.value(x)` and `f.gas(x)`: calls in the tree that only set an option of the call around them. */
export function isOptionCall(node: AstNode): boolean {
  const callee = childOf(node, 'expression');
  return callee !== undefined && /^t_function_set(value|gas)/.test(typeIdOf(callee));
}

function classify(program: Program, node: AstNode): Call {
  const argumentsGiven = childrenOf(node, 'arguments');
  const { callee, value, gas } = unwrapOptions(node);
  const base = {
    node,
    callee,
    ...(value ? { value } : {}),
    ...(gas ? { gas } : {}),
    arguments: argumentsGiven,
  };
  if (textOf(node, 'kind') === 'typeConversion') return { ...base, kind: 'conversion' };
  if (textOf(node, 'kind') === 'structConstructorCall') return { ...base, kind: 'other' };
  const type = /^t_function_([a-z0-9]+)/.exec(typeIdOf(callee))?.[1] ?? '';
  const receiver = callee.nodeType === 'MemberAccess' ? childOf(callee, 'expression') : undefined;
  const reference = referenceOf(callee);
  const target = reference === undefined ? undefined : program.callable(reference);
  if (type === 'internal' || type === 'delegatecall' || (type === 'callcode' && target)) {
    const ordered = target ? inOrder(node, target, argumentsGiven) : argumentsGiven;
    return { ...base, ...internalCall(program, callee, receiver, target, ordered) };
  }
  if (type === 'external' && receiver) {
    const self = unwrap(receiver);
    // `this.f()` runs our own code: the call graph follows it as if it were internal.
    if (target && self.nodeType === 'Identifier' && textOf(self, 'name') === 'this') {
      return { ...base, kind: 'internal', target, dispatch: 'virtual' };
    }
    return { ...base, kind: 'external', address: receiver, name: textOf(callee, 'memberName'), target };
  }
  const bare = /^bare(call|delegatecall|callcode|staticcall)$/.exec(type)?.[1];
  if (bare && receiver)
    return { ...base, kind: 'low-level', address: receiver, method: bare as LowLevelMethod };
  if ((type === 'transfer' || type === 'send') && receiver) return { ...base, kind: type, address: receiver };
  if (type === 'selfdestruct' || type === 'require' || type === 'assert' || type === 'revert') {
    return { ...base, kind: type };
  }
  if (type === 'creation') return { ...base, kind: 'create' };
  if ((type === 'arraypush' || type === 'bytearraypush' || type === 'arraypop') && receiver) {
    return { ...base, kind: type === 'arraypop' ? 'pop' : 'push', array: receiver };
  }
  return { ...base, kind: 'other' };
}

// `f({b: 2, a: 1})`: the tree keeps the arguments as they were written.
function inOrder(node: AstNode, target: Callable, given: AstNode[]): AstNode[] {
  const names = node['names'];
  if (!Array.isArray(names) || names.length === 0) return given;
  const ordered = target.parameters.map((parameter) => given[names.indexOf(textOf(parameter, 'name'))]);
  return ordered.flatMap((argument) => argument ?? []);
}

function internalCall(
  program: Program,
  callee: AstNode,
  receiver: AstNode | undefined,
  target: Callable | undefined,
  given: AstNode[],
): CallKind {
  if (!target) return { kind: 'other' };
  const owner = receiver && unwrap(receiver);
  if (!owner) return { kind: 'internal', target, arguments: given, dispatch: 'virtual' };
  if (owner.nodeType === 'Identifier' && textOf(owner, 'name') === 'super') {
    return { kind: 'internal', target, arguments: given, dispatch: 'super' };
  }
  // `Library.f(x)` and `Base.f(x)` name the function; `x.f()` by `using for` passes x as the first argument.
  const named = referenceOf(owner);
  const isName = named !== undefined && program.contract(named) !== undefined;
  const isModule = /^t_module/.test(typeIdOf(owner)) || /^t_type/.test(typeIdOf(owner));
  if (isName || isModule || callee.nodeType !== 'MemberAccess') {
    return { kind: 'internal', target, arguments: given, dispatch: 'exact' };
  }
  return { kind: 'internal', target, arguments: [owner, ...given], dispatch: 'exact' };
}

function unwrapOptions(node: AstNode): { callee: AstNode; value?: AstNode; gas?: AstNode } {
  let callee = unwrap(childOf(node, 'expression') ?? node);
  let value: AstNode | undefined;
  let gas: AstNode | undefined;
  for (;;) {
    if (callee.nodeType === 'FunctionCallOptions') {
      const names = Array.isArray(callee['names']) ? (callee['names'] as string[]) : [];
      const options = Array.isArray(callee['options']) ? callee['options'].filter(isNode) : [];
      value ??= options[names.indexOf('value')];
      gas ??= options[names.indexOf('gas')];
    } else if (callee.nodeType === 'FunctionCall' && isOptionCall(callee)) {
      const option = childOf(callee, 'expression');
      const given = childrenOf(callee, 'arguments')[0];
      if (/^t_function_setvalue/.test(typeIdOf(option))) value ??= given;
      else gas ??= given;
      callee = unwrap((option && childOf(option, 'expression')) ?? callee);
      continue;
    } else break;
    callee = unwrap(childOf(callee, 'expression') ?? callee);
  }
  return { callee, ...(value ? { value } : {}), ...(gas ? { gas } : {}) };
}
