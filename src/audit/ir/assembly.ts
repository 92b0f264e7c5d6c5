import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, descendants, textOf, walk } from './ast.ts';
import type { Call, LowLevelMethod } from './calls.ts';
import { yulName } from './yul.ts';

/** A machine operation in an assembly block that a detector may care about. */
export interface AssemblyOperation {
  name: string;
  /** The Solidity variable that its address operand names, when it is a plain name. */
  operand: number | undefined;
  operandText: string;
  /** `call` and `callcode`: ether may go along. */
  value: boolean;
  /** Nothing takes what it answers: `pop(call(…))`. */
  dropped: boolean;
}

/**
 * Reads an `InlineAssembly` node: its Yul tree from 0.6 on, its text before.
 *
 * @returns calls, self-destructs and storage writes in source order
 */
export function assemblyOperations(node: AstNode): AssemblyOperation[] {
  const references = externalReferences(node);
  const tree = childOf(node, 'AST');
  if (!tree) return fromText(textOf(node, 'operations'), references);
  const found: AssemblyOperation[] = [];
  walk(tree, (item, parent) => {
    if (item.nodeType !== 'YulFunctionCall') return;
    const name = yulName(item);
    const position = operandPosition[name];
    if (position === undefined) return;
    const given = childrenOf(item, 'arguments');
    const operandText = namedIn(given[position]);
    const taker = yulName(parent);
    found.push({
      name,
      operand: references.get(operandText),
      operandText,
      value: isPaying(name) && !/^(0x)?0+$/.test(textOf(given[2], 'value') || textOf(given[2], 'name')),
      dropped: taker === 'pop',
    });
  });
  return found;
}

// The name itself, or the one that only its upper bits are cut from: `shr(96, shl(96, to))`, `and(to, mask)`.
function namedIn(operand: AstNode | undefined): string {
  if (operand?.nodeType === 'YulIdentifier') return textOf(operand, 'name');
  if (!/^(shr|shl|and)$/.test(yulName(operand))) return '';
  for (const inner of operand ? childrenOf(operand, 'arguments') : []) {
    const name = namedIn(inner);
    if (name !== '') return name;
  }
  return '';
}

function isPaying(name: string): boolean {
  return name === 'call' || name === 'callcode';
}

/** @returns a `call` of assembly as a low-level call, when a variable of the function says whom it goes to */
export function callOf(node: AstNode, operation: AssemblyOperation): Call | undefined {
  const { name, operand, operandText, value } = operation;
  if (!isPaying(name) || operand === undefined) return undefined;
  const address: AstNode = {
    id: -1,
    nodeType: 'Identifier',
    src: node.src,
    name: operandText,
    referencedDeclaration: operand,
    typeDescriptions: { typeString: 'address', typeIdentifier: 't_address' },
  };
  const base = { node, callee: address, address, arguments: [], ...(value ? { value: node } : {}) };
  return { ...base, kind: 'low-level', method: name as LowLevelMethod };
}

/**
 * @returns the Solidity variables that an assembly block sets to who calls, how much came in or something of the block (`account := caller()`), each
 *   with the expression of Solidity that means the same
 */
export function magicAssignments(node: AstNode): { variable: number; value: AstNode }[] {
  const known = magics.get(node);
  if (known) return known;
  const found = readMagics(node);
  magics.set(node, found);
  return found;
}

const magics = new WeakMap<AstNode, { variable: number; value: AstNode }[]>();

function readMagics(node: AstNode): { variable: number; value: AstNode }[] {
  const assigned = assignedIn(node).filter(({ builtin }) => builtin in magicOf);
  if (assigned.length === 0) return [];
  const references = externalReferences(node);
  return assigned.flatMap(({ name, builtin, src }) => {
    const [object = '', member = ''] = magicOf[builtin] ?? [];
    const variable = references.get(name);
    return variable === undefined ? [] : [{ variable, value: magic(object, member, src) }];
  });
}

// The Yul tree from 0.6 on, the text before: `account := caller`, or `caller()`.
function assignedIn(node: AstNode): { name: string; builtin: string; src: string }[] {
  const tree = childOf(node, 'AST');
  if (!tree) {
    const pattern =
      /([\w$]+)\s*:=\s*(caller|origin|callvalue|chainid|timestamp|number|difficulty|coinbase|gaslimit)\b/g;
    return [...textOf(node, 'operations').matchAll(pattern)].map(([, name = '', builtin = '']) => ({
      ...{ name, builtin },
      src: node.src,
    }));
  }
  const found: { name: string; builtin: string; src: string }[] = [];
  walk(tree, (item) => {
    if (item.nodeType !== 'YulAssignment') return;
    const [target, ...others] = childrenOf(item, 'variableNames');
    const value = childOf(item, 'value');
    if (!target || others.length > 0 || value?.nodeType !== 'YulFunctionCall') return;
    const builtin = yulName(value);
    found.push({ name: textOf(target, 'name'), builtin, src: item.src });
  });
  return found;
}

/** @returns true for an assembly block that undoes all it did: it always ends with `revert` */
export function isUndone(node: AstNode): boolean {
  const tree = childOf(node, 'AST');
  if (!tree) {
    const text = textOf(node, 'operations');
    return /\brevert\s*\((?:[^{}()]|\([^{}()]*\))*\)\s*\}?\s*$/.test(text) && !/\b(return|stop)\b/.test(text);
  }
  const last = childOf(childrenOf(tree, 'statements').at(-1) ?? tree, 'expression');
  const names = descendants(tree, 'YulFunctionCall').map(yulName);
  return yulName(last) === 'revert' && !names.includes('return') && !names.includes('stop');
}

/**
 * @returns true where an assembly block compares who signed the transaction (`origin()`) with anything but the caller, or
 *   looks up what is stored for them
 */
export function decidesByOrigin(node: AstNode): boolean {
  const tree = childOf(node, 'AST');
  if (!tree)
    return /\b(eq|xor|sub)\s*\(\s*origin\b(?!\s*(\(\s*\))?\s*,\s*caller)/.test(textOf(node, 'operations'));
  const named = new Map<string, string>();
  walk(tree, (item) => {
    if (item.nodeType !== 'YulVariableDeclaration') return;
    const [variable] = childrenOf(item, 'variables');
    named.set(textOf(variable, 'name'), builtinOf(childOf(item, 'value'), named));
  });
  const looksUp = descendants(tree, 'YulFunctionCall').some((call) => yulName(call) === 'sload');
  let found = false;
  walk(tree, (item) => {
    const name = yulName(item);
    if (item.nodeType !== 'YulFunctionCall' || !/^(eq|xor|sub|mstore)$/.test(name)) return;
    const given = childrenOf(item, 'arguments');
    const sides = given.map((side) => builtinOf(side, named));
    const isZeroed = given.some((side) => /^(0x)?0+$/.test(textOf(side, 'value')));
    if (!sides.includes('origin') || sides.includes('caller') || sides.some(isMixedIn)) return;
    found ||= name === 'mstore' ? looksUp : !isZeroed;
  });
  return found;
}

/** Put together with the account for a number that nobody has had before. */
function isMixedIn(builtin: string): boolean {
  return /^(timestamp|number|prevrandao|difficulty|gas|coinbase|blockhash)$/.test(builtin);
}

function builtinOf(node: AstNode | undefined, named: ReadonlyMap<string, string>): string {
  if (node?.nodeType === 'YulIdentifier') return named.get(textOf(node, 'name')) ?? '';
  return yulName(node);
}

const magicOf: Record<string, [object: string, member: string]> = {
  caller: ['msg', 'sender'],
  origin: ['tx', 'origin'],
  callvalue: ['msg', 'value'],
  chainid: ['block', 'chainid'],
  timestamp: ['block', 'timestamp'],
  number: ['block', 'number'],
  difficulty: ['block', 'difficulty'],
  prevrandao: ['block', 'difficulty'],
  coinbase: ['block', 'coinbase'],
  gaslimit: ['block', 'gaslimit'],
};

const magicTypes: Record<string, string> = {
  msg: 't_magic_message',
  tx: 't_magic_transaction',
  block: 't_magic_block',
};

function magic(object: string, member: string, src: string): AstNode {
  const owner = {
    id: -1,
    nodeType: 'Identifier',
    src,
    name: object,
    typeDescriptions: described(object, magicTypes[object] ?? ''),
  };
  const isAmount = !/^(sender|origin|coinbase)$/.test(member);
  return {
    ...{ id: -1, nodeType: 'MemberAccess', src, memberName: member, expression: owner },
    typeDescriptions: isAmount ? described('uint256', 't_uint256') : described('address', 't_address'),
  };
}

function described(typeString: string, typeIdentifier: string) {
  return { typeString, typeIdentifier };
}

const operandPosition: Record<string, number> = {
  call: 1,
  callcode: 1,
  delegatecall: 1,
  staticcall: 1,
  selfdestruct: 0,
  suicide: 0,
  sstore: 0,
  tstore: 0,
};

/** @returns the Solidity variables that an assembly block names, by their declarations */
export function variablesIn(node: AstNode): number[] {
  return [...new Set(externalReferences(node).values())];
}

// Since 0.6 a list of places with their declarations, before that a list of name → declaration.
function externalReferences(node: AstNode): Map<string, number> {
  const found = new Map<string, number>();
  const list = Array.isArray(node['externalReferences'])
    ? (node['externalReferences'] as Record<string, unknown>[])
    : [];
  const tree = childOf(node, 'AST');
  const names = new Map<string, string>();
  if (tree) {
    walk(tree, (item) => {
      if (item.nodeType === 'YulIdentifier') names.set(item.src, textOf(item, 'name'));
    });
  }
  for (const item of list) {
    if (typeof item['declaration'] === 'number') {
      const name = names.get(String(item['src']));
      if (name) found.set(name, item['declaration']);
    } else {
      for (const [name, value] of Object.entries(item)) {
        const declaration = (value as Record<string, unknown> | null)?.['declaration'];
        if (typeof declaration === 'number') found.set(name, declaration);
      }
    }
  }
  return found;
}

function fromText(text: string, references: Map<string, number>): AssemblyOperation[] {
  const pattern =
    /(\bpop\s*\(\s*)?\b(call|callcode|delegatecall|staticcall|selfdestruct|suicide|sstore)\s*\(\s*([^,()]*(?:\([^()]*\))?)\s*(?:,\s*([\w$.]+)\s*(?:,\s*([\w$.]+))?)?/g;
  return [...text.matchAll(pattern)].map(([, pop, name = '', first = '', second = '', third = '']) => {
    const operandText = operandPosition[name] === 0 ? first.trim() : second;
    const value = isPaying(name) && !/^(0x)?0+$/.test(third);
    return { name, operand: references.get(operandText), operandText, value, dropped: pop !== undefined };
  });
}
