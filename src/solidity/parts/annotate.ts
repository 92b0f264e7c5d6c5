import type { AstNode } from '../types.ts';
import type { Reduction } from './leave-out.ts';

/** The field of a function's node that names modifiers which were left out of its header. */
export const unknownModifiers = 'unknownModifiers';

/**
 * Takes the stand-ins out of the trees: a function whose body was left out has none, which is not the same as doing nothing,
 * and one whose modifiers were left out says which. Changes the trees.
 */
export function annotate(asts: Readonly<Record<string, AstNode>>, reduction: Reduction): void {
  for (const [file, root] of Object.entries(asts)) {
    const own = reduction.remnants.filter((one) => one.file === file);
    if (own.length === 0) continue;
    const bytes = byteOffsets(reduction.texts.get(file) ?? '');
    // The node begins at the brace.
    const byStart = new Map(own.map((one) => [bytes(one.bodyStart - 1), one]));
    for (const callable of callablesOf(root)) {
      const body = callable['body'] as AstNode | null | undefined;
      const remnant = body && byStart.get(Number(body.src.split(':')[0]));
      if (!remnant) continue;
      if (remnant.isBodiless) callable['body'] = null;
      if (remnant.modifiers.length > 0) callable[unknownModifiers] = remnant.modifiers;
    }
  }
}

/** @returns the functions and modifiers of a file, those of its contracts and the free ones */
export function callablesOf(root: AstNode): AstNode[] {
  const items = nodesOf(root).flatMap((node) =>
    node.nodeType === 'ContractDefinition' ? nodesOf(node) : [node],
  );
  return items.filter(({ nodeType }) => /^(Function|Modifier)Definition$/.test(nodeType));
}

function nodesOf(node: AstNode): AstNode[] {
  return Array.isArray(node['nodes']) ? (node['nodes'] as AstNode[]) : [];
}

function byteOffsets(text: string): (offset: number) => number {
  return (offset) => Buffer.byteLength(text.slice(0, offset), 'utf8');
}
