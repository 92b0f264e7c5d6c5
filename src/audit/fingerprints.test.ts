import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCases } from '../../test/corpus/audit/read-cases.ts';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { AstNode, Compiler } from '../solidity/types.ts';
import { childrenOf, descendants, referenceOf, textOf } from './ir/ast.ts';
import { buildProgram } from './ir/program.ts';
import { runAudit } from './run-audit.ts';
import { auditOf, unitOf } from './test-support.ts';
import type { AuditUnit } from './types.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());

describe('small edits', () => {
  const source = `pragma solidity ^0.8.20;
contract Purse {
    mapping(address => uint256) balances;
    function empty(address payable to, uint256 amount) external returns (bool sent) {
        uint256 left = balances[to] - amount;
        (sent, ) = to.call{value: left}("");
        assembly { let size := add(left, 1) mstore(0, size) }
        balances[to] = 0;
    }
}`;
  const of = async (text: string) =>
    (await auditOf(compiler, { 'Purse.sol': text })).findings.map((one) => one.fingerprint).sort();

  test('a name that only the function sees is no part of it, what the code does is', async () => {
    const before = await of(source);
    expect(before.length).toBeGreaterThan(0);
    const renamed = source
      .replaceAll(/\bto\b/g, 'payee')
      .replaceAll(/\bamount\b/g, 'wanted')
      .replaceAll(/\bleft\b/g, 'rest')
      .replaceAll(/\bsent\b/g, 'done')
      .replaceAll(/\bsize\b/g, 'words');
    expect(await of(renamed)).toEqual(before);
    const other = source.replace('to.call{value: left}', 'to.call{value: amount}');
    expect(await of(other)).not.toEqual(before);
  });

  test('a file of another name is the same file, another function is another finding', async () => {
    const before = await of(source);
    const moved = await auditOf(compiler, { 'src/Other.sol': source });
    expect(moved.findings.map((one) => one.fingerprint).sort()).toEqual(before);
    expect(await of(source.replace('function empty', 'function drain'))).not.toEqual(before);
  });

  test('a finding about a whole contract or function does not depend on what else is in it', async () => {
    const locked = (more: string) =>
      of(`pragma solidity ^0.8.20;\ncontract Box {\n  receive() external payable {}\n${more}}`);
    const before = await locked('');
    expect(before.length).toBeGreaterThan(0);
    expect(await locked('  uint256 public size;\n')).toEqual(before);
  });
});

/** A cross-section of what has faults, of all classes and compilers. */
const cases = readCases()
  .filter(({ name }) => name.endsWith('.bad'))
  .filter((_, at) => at % 6 === 0);

describe('real contracts of the corpus', () => {
  let compared = 0;

  test.each(cases.map((one) => [one.name, one.source] as const))(
    '%s: the same set where it moves, where locals get other names, where members change places',
    async (_, text) => {
      // Documentation names parameters, and the compiler compares.
      const source = text.replaceAll('///', '// ').replaceAll('/**', '/* ');
      const unit = await unitOf(compiler, { [file]: source });
      const before = fingerprints(unit);
      compared += before.length;
      const edited = {
        moved: '\n'.repeat(40) + source,
        renamed: renamed(unit, source),
        reordered: reordered(unit, source),
      };
      for (const [name, edit] of Object.entries(edited)) {
        const after = fingerprints(await unitOf(compiler, { [file]: edit }));
        expect([name, after]).toEqual([name, before]);
      }
    },
    60_000,
  );

  test('are of many classes, and have many findings', () => {
    expect(new Set(cases.map(({ folder }) => folder)).size).toBeGreaterThan(10);
    expect(compared).toBeGreaterThan(20);
  });
});

const file = 'Case.sol';

function fingerprints(unit: AuditUnit): string[] {
  const { findings, tools } = runAudit(unit, { now: () => 0 });
  expect(['findings', 'passed']).toContain(tools[0]?.status);
  return findings.map(({ detector, fingerprint }) => `${detector} ${fingerprint}`).sort();
}

/**
 * Gives every parameter and local another name, but those that calls name their arguments by or assembly uses, and those of an
 * interface: what another contract calls its parameters says what they are.
 */
function renamed(unit: AuditUnit, source: string): string {
  const program = buildProgram(unit);
  const root = unit.asts[file] as AstNode;
  const named = new Set(
    descendants(root, 'FunctionCall').flatMap((call) => (call['names'] as string[] | undefined) ?? []),
  );
  const assembly = descendants(root, 'InlineAssembly')
    .map((node) => program.source.text(node))
    .join(' ');
  const isFree = (declaration: AstNode | undefined): declaration is AstNode => {
    if (declaration?.nodeType !== 'VariableDeclaration' || !program.enclosing(declaration)?.body)
      return false;
    const name = textOf(declaration, 'name');
    return name !== '' && !named.has(name) && !new RegExp(`\\b${name}\\b`).test(assembly);
  };
  const edits = descendants(root, 'VariableDeclaration', 'Identifier').flatMap((node): Edit[] => {
    const declaration = node.nodeType === 'Identifier' ? program.node(referenceOf(node) ?? Number.NaN) : node;
    if (!isFree(declaration)) return [];
    const name = textOf(declaration, 'name');
    const text = `other_${declaration.id}`;
    // A declaration ends with its name.
    const [start = 0, length = 0] = node.src.split(':').map(Number);
    return [{ start: start + length - name.length, end: start + length, text }];
  });
  expect(edits.length).toBeGreaterThan(0);
  return apply(source, edits);
}

/** Turns the order of every contract's functions and modifiers around. */
function reordered(unit: AuditUnit, source: string): string {
  const root = unit.asts[file] as AstNode;
  const contracts = childrenOf(root, 'nodes').filter((node) => node.nodeType === 'ContractDefinition');
  const bytes = Buffer.from(source);
  const turned = (nodes: AstNode[]): Edit[] => {
    const spans = nodes.map(({ src }) => src.split(':').map(Number));
    return spans.map(([start = 0, length = 0], at) => {
      const [from = 0, size = 0] = spans[spans.length - 1 - at] ?? [];
      return { start, end: start + length, text: bytes.subarray(from, from + size).toString() };
    });
  };
  const members = contracts.flatMap((contract) =>
    turned(
      childrenOf(contract, 'nodes').filter(({ nodeType }) =>
        /^(Function|Modifier)Definition$/.test(nodeType),
      ),
    ),
  );
  return apply(source, members);
}

interface Edit {
  /** Bytes. */
  start: number;
  end: number;
  text: string;
}

function apply(source: string, edits: Edit[]): string {
  const bytes = Buffer.from(source);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of edits.sort((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(at, start).toString(), text);
    at = end;
  }
  return [...parts, bytes.subarray(at).toString()].join('');
}
