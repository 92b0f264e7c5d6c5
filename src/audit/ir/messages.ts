import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, referenceOf, textOf, typeOf } from './ast.ts';
import { type Frame, type Ref, resolve } from './frames.ts';
import { mentions } from './mentions.ts';
import type { Callable, Program } from './program.ts';

/** What an entry point is told of a message: a parameter, or a field of one. */
export interface Told {
  parameter: AstNode;
  /** Empty where the parameter itself tells it. */
  field: string;
  name: string;
}

/** @returns what tells who sent a message on the other chain: an address or bytes by a name for that */
export function sendersTold(program: Program, callable: Callable): Told[] {
  return told(program, callable, (name, type, isField) => {
    if (!/^(bytes|address|string)/.test(type) || /chain|domain|eid|id$|token|asset/i.test(name)) return false;
    return explicitSender.test(name) || (isField ? fieldSender : parameterSender).test(name);
  });
}

/** @returns what tells which chain a message is from: a number or text by a name for that */
export function chainsTold(program: Program, callable: Callable): Told[] {
  return told(
    program,
    callable,
    (name, type) =>
      /^(uint|bytes32|string)/.test(type) &&
      (sourceChain.test(name) || (/^uint/.test(type) && name === 'origin')),
  );
}

/** @returns what tells a message from others: its number, or an identifier */
export function numbersTold(program: Program, callable: Callable): Told[] {
  return told(program, callable, (name, type) => /^(uint|bytes32)/.test(type) && number.test(name));
}

/** @returns true when an entry point is told which other chain something comes from */
export function bringsMessage(program: Program, callable: Callable): boolean {
  return chainsTold(program, callable).some(({ name }) =>
    /src|source|origin|remote|foreign|from/i.test(name),
  );
}

const number =
  /^_?(\w*nonce|\w*sequence(number)?|(message|msg|deposit|transfer|packet|ticket)_?(id|number|index|hash)|(src|source|origin|remote|far|burn|lock)\w*(tx|trip|hash|id)|tx_?(hash|id)|log_?index|guid)_?$/i;

const explicitSender =
  /^_?(src|source|origin|remote|root|foreign|emitter|far|l1|l2|xdomain|counter)_?\w*(address|sender|port|app|emitter|contract|gateway|bridge|part|router)_?$/i;
const parameterSender = /^_?(src|source|origin|remote|sender|from|srcaddress)_?$/i;
const fieldSender = /^_?(sender|source|origin|emitter|srcaddress|messagesender)_?$/i;
const sourceChain =
  /^_?((src|source|origin|remote|foreign|emitter|far|from)_?(chain|domain|eid|network)_?(id|selector)?|srceid|chain_?id|chain|domain|eid)_?$/i;

function told(
  program: Program,
  { parameters }: Callable,
  is: (name: string, type: string, isField: boolean) => boolean,
): Told[] {
  return parameters.flatMap((parameter): Told[] => {
    const own = textOf(parameter, 'name');
    if (is(own, typeOf(parameter), false)) return [{ parameter, field: '', name: own }];
    return fieldsOf(program, parameter).flatMap((each) => {
      const name = textOf(each, 'name');
      return is(name, typeOf(each), true) ? [{ parameter, field: name, name: `${own}.${name}` }] : [];
    });
  });
}

/** The fields of a parameter that is a struct. */
function fieldsOf(program: Program, parameter: AstNode): AstNode[] {
  if (!/^struct [^[]*$/.test(typeOf(parameter))) return [];
  const type = childOf(parameter, 'typeName');
  const definition =
    type && program.node(referenceOf(type) ?? referenceOf(childOf(type, 'pathNode') ?? type) ?? -1);
  return definition ? childrenOf(definition, 'members') : [];
}

/** @returns true for an expression that is exactly what is told, its length aside */
export function isTold(item: AstNode, frame: Frame, things: readonly Told[]): boolean {
  const isLength = textOf(frame.program.parent(item), 'memberName') === 'length';
  if (isLength || !/^(Identifier|MemberAccess)$/.test(item.nodeType)) return false;
  return things.some(({ parameter, field }) => {
    if (field === '') return item.nodeType === 'Identifier' && referenceOf(item) === parameter.id;
    if (textOf(item, 'memberName') !== field) return false;
    const owner = childOf(item, 'expression');
    return owner !== undefined && isParameter(resolve(owner, frame), parameter);
  });
}

function isParameter({ node }: Ref, parameter: AstNode): boolean {
  return node.nodeType === 'Identifier' && referenceOf(node) === parameter.id;
}

/** @returns true for an expression that is made with something told, or with the whole record that it is told in */
export function mentionsTold(node: AstNode, frame: Frame, things: readonly Told[]): boolean {
  return mentions(node, frame, (item, at) => isTold(item, at, things) || isWhole(item, at, things));
}

/** The record that a thing is told in, as one. */
function isWhole(item: AstNode, { program }: Frame, things: readonly Told[]): boolean {
  return (
    item.nodeType === 'Identifier' &&
    program.parent(item)?.nodeType !== 'MemberAccess' &&
    things.some(({ parameter, field }) => field !== '' && referenceOf(item) === parameter.id)
  );
}
