import type { AstOutcome } from '../solidity/types.ts';
import type { AuditUnit } from './types.ts';

/** @returns what the analyser looks at, of an outcome with trees */
export function unitOfOutcome({ prepared, asts }: AstOutcome): AuditUnit {
  const sources = Object.fromEntries(
    Object.entries(prepared.input.sources).map(([file, source]) => [file, source.content]),
  );
  return { compiler: prepared.compiler, sources, asts, ownFiles: prepared.ownFiles };
}
