import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, referenceOf, textOf, typeOf } from './ast.ts';
import type { Contract, Program } from './program.ts';
import { layoutOf, type StoredVariable } from './proxies.ts';

/** A state variable with the place that the compiler gives it. */
export interface PlacedVariable extends StoredVariable {
  slot: bigint;
  /** Bytes from the start of the slot. */
  offset: number;
}

/** What a value takes: part of a slot, or whole slots of its own. */
type Size = { bytes: number } | { slots: bigint };

const slotBytes = 32;

/** @returns the state variables with their slots, as the compiler packs them (Solidity docs, "Layout of State Variables in Storage") */
export function placesOf(program: Program, contract: Contract): PlacedVariable[] {
  const variables = layoutOf(contract);
  const { places } = pack(variables.map(({ node }) => sizeOf(program, childOf(node, 'typeName'))));
  return variables.map((variable, index) => ({ ...variable, ...(places[index] ?? { slot: 0n, offset: 0 }) }));
}

/**
 * @param isLast nothing stands behind the value, so that it may grow
 * @returns true when what was stored as `before` is read as what it was by code that takes it for `after`
 */
export function readsAs(
  program: Program,
  before: AstNode | undefined,
  after: AstNode | undefined,
  isLast = false,
): boolean {
  if (!before || !after) return before === after;
  if (before.nodeType !== after.nodeType) return isAddress(program, before) && isAddress(program, after);
  if (before.nodeType === 'Mapping')
    return (
      readsAs(program, childOf(before, 'keyType'), childOf(after, 'keyType')) &&
      readsAs(program, childOf(before, 'valueType'), childOf(after, 'valueType'), true)
    );
  if (before.nodeType === 'ArrayTypeName') {
    const [was, is] = [lengthOf(before), lengthOf(after)];
    if ((was === undefined) !== (is === undefined)) return false;
    return readsAs(program, childOf(before, 'baseType'), childOf(after, 'baseType'));
  }
  if (before.nodeType !== 'UserDefinedTypeName') return plain(before) === plain(after);
  const [was, is] = [declarationOf(program, before), declarationOf(program, after)];
  if (!was || !is || was === is) return true;
  if (was.nodeType !== is.nodeType) return false;
  const members = childrenOf(was, 'members');
  const others = childrenOf(is, 'members');
  if (was.nodeType === 'EnumDefinition')
    return members.every((member, index) => textOf(member, 'name') === textOf(others[index], 'name'));
  if (was.nodeType !== 'StructDefinition') return true;
  if (!isLast && members.length !== others.length) return false;
  return members.every((member, index) => {
    const other = others[index];
    if (!other || !readsAs(program, childOf(member, 'typeName'), childOf(other, 'typeName'))) return false;
    const name = textOf(member, 'name');
    return name === textOf(other, 'name') || !others.some((one) => textOf(one, 'name') === name);
  });
}

function pack(sizes: readonly Size[]): { places: { slot: bigint; offset: number }[]; slots: bigint } {
  let slot = 0n;
  let offset = 0;
  const places = sizes.map((size) => {
    const fits = 'bytes' in size && offset + size.bytes <= slotBytes;
    if (!fits && offset > 0) {
      slot += 1n;
      offset = 0;
    }
    const place = { slot, offset };
    if ('bytes' in size) offset += size.bytes;
    else slot += size.slots;
    return place;
  });
  return { places, slots: offset > 0 ? slot + 1n : slot };
}

function sizeOf(program: Program, type: AstNode | undefined): Size {
  if (type?.nodeType === 'ElementaryTypeName') return elementarySize(typeOf(type));
  if (type?.nodeType === 'FunctionTypeName')
    return { bytes: textOf(type, 'visibility') === 'external' ? 24 : 8 };
  if (type?.nodeType === 'ArrayTypeName') {
    const length = lengthOf(type);
    return length === undefined
      ? { slots: 1n }
      : { slots: arraySlots(sizeOf(program, childOf(type, 'baseType')), length) };
  }
  const declaration = type && declarationOf(program, type);
  if (declaration?.nodeType === 'ContractDefinition') return { bytes: 20 };
  if (declaration?.nodeType === 'EnumDefinition') return { bytes: 1 };
  if (declaration?.nodeType === 'StructDefinition') {
    const members = childrenOf(declaration, 'members');
    return { slots: pack(members.map((member) => sizeOf(program, childOf(member, 'typeName')))).slots };
  }
  if (declaration?.nodeType === 'UserDefinedValueTypeDefinition')
    return sizeOf(program, childOf(declaration, 'underlyingType'));
  return { slots: 1n };
}

function elementarySize(type: string): Size {
  if (/^address/.test(type)) return { bytes: 20 };
  if (type === 'bool' || type === 'byte') return { bytes: 1 };
  const number = /^u?int(\d+)$/.exec(type)?.[1];
  if (number) return { bytes: Number(number) / 8 };
  const fixed = /^bytes(\d+)$/.exec(type)?.[1];
  return fixed ? { bytes: Number(fixed) } : { slots: 1n };
}

function arraySlots(element: Size, length: bigint): bigint {
  if ('slots' in element) return element.slots * length;
  const perSlot = BigInt(Math.floor(slotBytes / element.bytes));
  return (length + perSlot - 1n) / perSlot;
}

/** Of a list of fixed length. */
function lengthOf(array: AstNode): bigint | undefined {
  if (!childOf(array, 'length')) return undefined;
  const digits = /\[(\d+)\](?: |$)/.exec(typeOf(array))?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

function declarationOf(program: Program, type: AstNode): AstNode | undefined {
  const id = referenceOf(type) ?? referenceOf(childOf(type, 'pathNode') ?? type);
  return id === undefined ? undefined : program.node(id);
}

function isAddress(program: Program, type: AstNode): boolean {
  return /^address/.test(typeOf(type)) || declarationOf(program, type)?.nodeType === 'ContractDefinition';
}

function plain(type: AstNode): string {
  return typeOf(type).replace(' payable', '');
}
