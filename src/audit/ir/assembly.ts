import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, textOf, walk } from './ast.ts';

/** A machine operation in an assembly block that a detector may care about. */
export interface AssemblyOperation {
  name: string;
  /** The Solidity variable that its address operand names, when it is a plain name. */
  operand: number | undefined;
  operandText: string;
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
  walk(tree, (item) => {
    if (item.nodeType !== 'YulFunctionCall') return;
    const name = textOf(childOf(item, 'functionName'), 'name');
    const position = operandPosition[name];
    if (position === undefined) return;
    const operand = childrenOf(item, 'arguments')[position];
    const operandText = operand?.nodeType === 'YulIdentifier' ? textOf(operand, 'name') : '';
    found.push({ name, operand: references.get(operandText), operandText });
  });
  return found;
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
    /\b(call|callcode|delegatecall|staticcall|selfdestruct|suicide|sstore)\s*\(\s*([^,()]*(?:\([^()]*\))?)\s*(?:,\s*([\w$.]+))?/g;
  return [...text.matchAll(pattern)].map(([, name = '', first = '', second = '']) => {
    const operandText = operandPosition[name] === 0 ? first.trim() : second;
    return { name, operand: references.get(operandText), operandText };
  });
}
