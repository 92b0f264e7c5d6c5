import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, typeIdOf } from './ast.ts';
import type { Frame, Ref } from './frames.ts';
import type { EntryRun } from './runs.ts';
import type { CallVisit } from './visits.ts';

/** A limit that a trade on a foreign market takes from whoever calls it. */
export interface TradeLimit extends Ref {
  kind: 'least' | 'most' | 'deadline';
  /** The parameter's or field's name; a general one where the interface names none. */
  name: string;
}

/** A trade on a foreign market: a swap, or liquidity that is added or taken out. */
export interface Trade {
  visit: CallVisit;
  limits: TradeLimit[];
  /** A field for the least amount that is never filled, and so is zero. */
  forgotten?: string;
}

/** @returns the trades of a run, with the limits that each is given: by name, by place, or in the fields of a struct */
export function tradesOf({ visits }: EntryRun): Trade[] {
  return visits.calls.flatMap((visit): Trade[] => {
    const written = writtenCall(visit);
    if (!written || !trading.test(written.name)) return [];
    const direct = limitsIn(written.name, written.given, written.names, visit.frame);
    const fields = written.given.flatMap((node) => fieldsOf(node, visit.frame) ?? []);
    const limits = [...direct, ...fields.flatMap((field) => field.limits)];
    const forgotten = fields.find((field) => field.forgotten)?.forgotten;
    return [{ visit, limits, ...(forgotten ? { forgotten } : {}) }];
  });
}

const trading =
  /swap|^exchange(_|$)|add_?liquidity|remove_?liquidity|exact(in|out)put|^(joinPool|exitPool|unoswap|trade)/i;

interface Written {
  name: string;
  given: AstNode[];
  /** By place; empty where the interface has no names. */
  names: string[];
}

/** A call by an interface, or one that is encoded by hand: `abi.encodeWithSelector(router.swap….selector, …)`. */
function writtenCall({ call, node, frame }: CallVisit): Written | undefined {
  if (call.kind === 'external') {
    const written = Array.isArray(node['names']) ? (node['names'] as string[]) : [];
    const declared = (call.target?.parameters ?? []).map((one) => textOf(one, 'name'));
    return { name: call.name, given: call.arguments, names: written.length > 0 ? written : declared };
  }
  if (
    call.kind !== 'other' ||
    !/^encode(WithSelector|WithSignature|Call)$/.test(textOf(call.callee, 'memberName'))
  )
    return undefined;
  const [selector, ...rest] = call.arguments;
  const name =
    selector &&
    /\b(\w+)(?:\.selector|\(|$)/.exec(frame.program.source.text(selector).replace(/^\w+\./, ''))?.[1];
  const [only] = rest;
  const given = only?.nodeType === 'TupleExpression' ? childrenOf(only, 'components') : rest;
  return name ? { name, given, names: [] } : undefined;
}

function limitsIn(call: string, given: AstNode[], names: string[], frame: Frame): TradeLimit[] {
  const isNamed = names.some((name) => name !== '');
  const known = isNamed
    ? undefined
    : places.find(([pattern, count]) => pattern.test(call) && count === given.length)?.[2];
  return given.flatMap((node, index): TradeLimit[] => {
    const name = names[index] ?? '';
    const kind = isNamed ? kindOf(name) : known?.[index];
    return kind ? [{ kind, name: name || general[kind], node, frame }] : [];
  });
}

const general = { least: 'the least amount', most: 'the greatest amount', deadline: 'the deadline' } as const;

function kindOf(name: string): TradeLimit['kind'] | undefined {
  if (/sqrtPrice/i.test(name)) return undefined;
  if (/deadline|expir|valid_?until/i.test(name)) return 'deadline';
  if (/(^|[a-z_])_?min|Min|least|limit_?out/i.test(name) && !/admin|minter|minute/i.test(name))
    return 'least';
  return /max(imum)?_?(in|amount|cost|pay)|(in|amount)_?max/i.test(name) ? 'most' : undefined;
}

/** Of the markets that most interfaces are copied from, often without names: where the limits stand. */
const places: [RegExp, number, Record<number, TradeLimit['kind']>][] = [
  [/^swapExactETHFor/i, 4, { 0: 'least', 3: 'deadline' }],
  [/^swapExactTokensFor/i, 5, { 1: 'least', 4: 'deadline' }],
  [/^swapTokensForExact/i, 5, { 1: 'most', 4: 'deadline' }],
  [/^swapETHForExact/i, 4, { 3: 'deadline' }],
  [/^addLiquidity$/i, 8, { 4: 'least', 5: 'least', 7: 'deadline' }],
  [/^addLiquidity(ETH|AVAX)$/i, 6, { 2: 'least', 3: 'least', 5: 'deadline' }],
  [/^removeLiquidity$/i, 7, { 3: 'least', 4: 'least', 6: 'deadline' }],
  [/^removeLiquidity(ETH|AVAX)/i, 6, { 2: 'least', 3: 'least', 5: 'deadline' }],
  [/^exchange(_underlying)?$/, 4, { 3: 'least' }],
  [/^remove_liquidity_one_coin$/, 3, { 2: 'least' }],
  [/^add_liquidity$/, 2, { 1: 'least' }],
];

interface Fields {
  limits: TradeLimit[];
  forgotten?: string | undefined;
}

/** The limits among the fields of a struct of a trade, where it is made or filled field by field. */
function fieldsOf(given: AstNode, frame: Frame): Fields | undefined {
  const { program, callable } = frame;
  const struct = program.node(structOf(given));
  if (struct?.nodeType !== 'StructDefinition') return undefined;
  const members = childrenOf(struct, 'members').map((member) => textOf(member, 'name'));
  if (given.nodeType === 'FunctionCall' && textOf(given, 'kind') === 'structConstructorCall') {
    const names = Array.isArray(given['names']) ? (given['names'] as string[]) : [];
    return {
      limits: limitsIn('', childrenOf(given, 'arguments'), names.length > 0 ? names : members, frame),
    };
  }
  const id = given.nodeType === 'Identifier' ? referenceOf(given) : undefined;
  if (id === undefined || !callable.body) return undefined;
  const bound = frame.bindings.get(id);
  if (bound) return fieldsOf(bound.node, bound.frame);
  const made = descendants(callable.body, 'VariableDeclarationStatement').find((node) =>
    childrenOf(node, 'declarations').some((one) => one.id === id),
  );
  const whole = made && childOf(made, 'initialValue');
  const start = whole?.nodeType === 'FunctionCall' ? fieldsOf(whole, frame) : undefined;
  const set = descendants(callable.body, 'Assignment').flatMap((node) => {
    const left = childOf(node, 'leftHandSide');
    const right = childOf(node, 'rightHandSide');
    const isField =
      left?.nodeType === 'MemberAccess' && referenceOf(childOf(left, 'expression') ?? left) === id;
    return isField && right ? [{ name: textOf(left, 'memberName'), node: right }] : [];
  });
  const names = set.map(({ name }) => name);
  const limits = limitsIn(
    '',
    set.map(({ node }) => node),
    names,
    frame,
  );
  const least = members.find((member) => kindOf(member) === 'least');
  const isEmpty = made !== undefined && !whole && set.length > 0;
  return {
    limits: [...(start?.limits ?? []), ...limits],
    forgotten: isEmpty && least && !names.includes(least) ? least : undefined,
  };
}

/** The declaration of a struct's type: `t_struct$_Params_$12_memory_ptr`. */
function structOf(node: AstNode): number {
  return Number(/^t_struct\$_\w+?_\$(\d+)_/.exec(typeIdOf(node))?.[1] ?? -1);
}
