import { childOf, childrenOf, descendants, slotsOf, textOf, typeOf } from '../../src/audit/ir/ast.ts';
import type { AstNode } from '../../src/solidity/types.ts';

/** A source with one guard less. */
export interface Mutant {
  /** What was done to it, such as `without: require(msg.sender == owner);`. */
  what: string;
  source: string;
}

/** Marks a line of a good example that has a guard which cannot be taken away by rule: the line without it follows. */
const replacement = /^(.*?)\/\/ <-- guard: (.+)$/;
/** Says why a good example has no guard that could be taken away. */
const reason = /\/\/ no guard: (.{10,})$/m;

/** @returns why nothing can be taken away from an example, where it says so */
export function reasonWithoutGuard(source: string): string | undefined {
  return reason.exec(source)?.[1];
}

/** @returns the example once for each line marked with `// <-- guard: <what stands there without it>` */
export function markedMutants(source: string): Mutant[] {
  const lines = source.split('\n');
  return lines.flatMap((line, index) => {
    const [, , without] = replacement.exec(line) ?? [];
    if (without === undefined) return [];
    const mutated = lines.with(index, without === 'nothing' ? '' : without);
    return [{ what: `line ${index + 1} as: ${without}`, source: mutated.join('\n') }];
  });
}

/**
 * Takes guards away, one at a time: statements that stop the transaction, modifiers, checks around a result, one side of a
 * condition, locks and bookkeeping, the order of two statements, what a function may be called by, arguments that bound
 * something. Not all of what comes out compiles.
 *
 * @param root the syntax tree of the source
 * @returns mutants, the likeliest guards first
 */
export function guardMutants(source: string, root: AstNode): Mutant[] {
  const bytes = Buffer.from(source, 'utf8');
  const spanOf = ({ src }: AstNode) => {
    const [start = 0, length = 0] = src.split(':').map(Number);
    return { start, end: start + length };
  };
  const text = (node: AstNode | undefined) => {
    if (!node) return '';
    const { start, end } = spanOf(node);
    return bytes.toString('utf8', start, end);
  };
  const mutants: Mutant[] = [];
  const replace = (node: AstNode, by: string) => {
    const { start, end } = spanOf(node);
    const [before, after] = [bytes.toString('utf8', 0, start), bytes.toString('utf8', end)];
    // The semicolon of a statement is no part of its node in older compilers' trees.
    const rest = by === '' || /[;}]\s*$/.test(by) ? after.replace(/^\s*;/, '') : after;
    const what = `${text(node).replace(/\s+/g, ' ').slice(0, 80)} → ${by === '' ? 'nothing' : by.slice(0, 80)}`;
    if (text(node) !== by) mutants.push({ what, source: before + by + rest });
  };
  const all = (...types: string[]) => descendants(root, ...types);

  for (const node of all('ModifierInvocation')) replace(node, '');
  for (const node of all('ExpressionStatement')) {
    const call = childOf(node, 'expression');
    if (call?.nodeType !== 'FunctionCall') continue;
    replace(node, '');
    const given = childrenOf(call, 'arguments')[0];
    if (/^(require|assert)$/.test(textOf(childOf(call, 'expression'), 'name')))
      replace(node, `${text(given)};`);
  }
  for (const node of all('IfStatement')) {
    const [condition, body, otherwise] = ['condition', 'trueBody', 'falseBody'].map((field) =>
      childOf(node, field),
    );
    if (!condition) continue;
    replace(node, otherwise ? text(otherwise) : '');
    replace(node, text(body));
    const calls = descendants(condition, 'FunctionCall');
    if (calls[0]) replace(node, `${text(calls[0])};`);
  }
  for (const node of all('BinaryOperation')) {
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    const operator = textOf(node, 'operator');
    if (/^(&&|\|\|)$/.test(operator)) {
      replace(node, text(left));
      replace(node, text(right));
    } else if (/^([<>]=?|[!=]=)$/.test(operator)) {
      replace(node, 'true');
      replace(node, 'false');
    } else if (operator === '/' && left) {
      const product = left.nodeType === 'TupleExpression' ? childrenOf(left, 'components')[0] : left;
      if (product?.['operator'] !== '*') continue;
      const [a, b] = [text(childOf(product, 'leftExpression')), text(childOf(product, 'rightExpression'))];
      replace(node, `${a} / ${text(right)} * ${b}`);
    } else replace(node, text(left));
  }
  for (const node of all('Conditional'))
    for (const field of ['trueExpression', 'falseExpression']) replace(node, text(childOf(node, field)));
  for (const node of all('ExpressionStatement'))
    if (childOf(node, 'expression')?.nodeType !== 'FunctionCall') replace(node, '');
  for (const node of all('FunctionDefinition')) {
    const header = /^[^{]*/.exec(text(node))?.[0] ?? '';
    const open = header.replace(/\b(internal|private)\b/, 'public');
    if (open !== header) replace(node, text(node).replace(header, open));
  }
  for (const node of all('FunctionCall')) mutateCall(node);
  for (const node of all('MemberAccess')) if (text(node) === 'msg.sender') replace(node, 'tx.origin');
  for (const block of all('Block', 'UncheckedBlock')) {
    const statements = childrenOf(block, 'statements');
    statements.slice(1).forEach((second, index) => {
      swap(statements[index] as AstNode, second);
    });
  }
  return mutants;

  function mutateCall(node: AstNode): void {
    const callee = childOf(node, 'expression');
    const given = slotsOf(node, 'arguments');
    const name = textOf(callee, 'memberName') || textOf(callee, 'name');
    const owner = text(callee && childOf(callee, 'expression'));
    const plain = /^safe(Transfer|TransferFrom|Approve|Mint)$|^force(Approve)$/.exec(name);
    const method = plain && (plain[1] ?? plain[2] ?? '');
    const list = given.map(text);
    if (method) replace(node, `${owner}.${method[0]?.toLowerCase()}${method.slice(1)}(${list.join(', ')})`);
    const operator = { add: '+', sub: '-', mul: '*', div: '/' }[name];
    if (operator && owner)
      replace(
        node,
        given.length > 1 ? `(${list[0]} ${operator} ${list[1]})` : `(${owner} ${operator} ${list[0]})`,
      );
    const width = /^to(Ui|I)nt(\d+)$/.exec(name);
    if (width) replace(node, `${width[1]?.toLowerCase()}nt${width[2]}(${list[0] ?? owner})`);
    if (name === 'encode' && owner === 'abi') replace(node, `abi.encodePacked(${list.join(', ')})`);
    const isCall = callee?.nodeType === 'MemberAccess';
    given.forEach((argument, index) => {
      if (!argument || !isCall) return;
      if (owner === 'abi' && given.length > 1)
        replace(node, `${text(callee)}(${list.toSpliced(index, 1).join(', ')})`);
      if (/^uint/.test(typeOf(argument))) for (const by of ['0', 'block.timestamp']) replace(argument, by);
    });
  }

  function swap(first: AstNode, second: AstNode): void {
    const [a, b] = [spanOf(first), spanOf(second)];
    const part = (from: number, to?: number) => bytes.toString('utf8', from, to);
    const tail = /^\s*;/.exec(part(b.end))?.[0].length ?? 0;
    const one = `${part(a.start, a.end).replace(/;$/, '')}${/\}$/.test(part(a.start, a.end)) ? '' : ';'}`;
    const two = `${part(b.start, b.end).replace(/;$/, '')}${/\}$/.test(part(b.start, b.end)) ? '' : ';'}`;
    mutants.push({
      what: `the order of: ${one.slice(0, 60)} and ${two.slice(0, 60)}`,
      source: `${part(0, a.start)}${two} ${one}${part(b.end + tail)}`,
    });
  }
}
