import { encodeAbiParameters, isAddress } from 'viem';
import type { Issue } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import type { AbiParameter, Hex } from './types.ts';

/** Arguments ready to be sent, and as values for people and records. */
export interface EncodedArguments {
  /** ABI-encoded, with no selector; `0x` when there are no parameters. */
  encoded: Hex;
  values: unknown[];
}

/**
 * Checks JSON arguments against parameters of an ABI and encodes them (Contract ABI Specification). Integers may be safe
 * JSON numbers, decimal strings or 0x strings; tuples are arrays or objects.
 *
 * @param given an array in order, or an object by parameter name; nothing when there are none
 * @param pointer where they stand in the request
 * @returns what is wrong, an issue for each place, or the encoded arguments
 */
export function encodeArguments(
  parameters: readonly AbiParameter[],
  given: unknown,
  pointer: string,
): EncodedArguments | { issues: Issue[] } {
  const issues: Issue[] = [];
  const values = readList(parameters, given ?? [], { pointer, issues });
  if (issues.length > 0) return { issues };
  const encoded = parameters.length === 0 ? '0x' : encodeAbiParameters(parameters, values);
  if (encoded.length / 2 - 1 <= limits.constructorArgumentsBytesMax) return { encoded, values };
  const message = `the arguments have more than ${limits.constructorArgumentsBytesMax} bytes`;
  return { issues: [{ pointer, code: 'arguments-too-large', message }] };
}

interface Context {
  pointer: string;
  issues: Issue[];
}

/** Reads the members of the argument list or of a tuple, given as an array or as an object. */
function readList(parameters: readonly AbiParameter[], given: unknown, context: Context): unknown[] {
  if (Array.isArray(given)) return readByOrder(parameters, given, context);
  if (isRecord(given)) return readByName(parameters, given, context);
  problem(context, 'not-a-list', `expected an array of ${parameters.length} values, got ${show(given)}`);
  return [];
}

function readByOrder(parameters: readonly AbiParameter[], given: unknown[], context: Context): unknown[] {
  for (const [index, parameter] of parameters.entries()) {
    if (index >= given.length) {
      const message = `missing: ${describe(parameter)}, written as ${exampleOf(parameter)}`;
      problem(inside(context, index), 'argument-missing', message);
    }
  }
  if (given.length > parameters.length) {
    const message = `${given.length} values were given, ${parameters.length} are taken`;
    problem(inside(context, parameters.length), 'argument-unexpected', message);
  }
  return parameters.map((parameter, index) =>
    index < given.length ? readValue(parameter, given[index], inside(context, index)) : undefined,
  );
}

function readByName(
  parameters: readonly AbiParameter[],
  given: Record<string, unknown>,
  context: Context,
): unknown[] {
  const names = parameters.map((parameter) => parameter.name ?? '');
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const message = `there is no ${name}; the names are ${names.filter(Boolean).join(', ') || 'not given in the source'}`;
    problem(inside(context, name), 'argument-unexpected', message);
  }
  return parameters.map((parameter, index) => {
    const name = parameter.name ?? '';
    const at = inside(context, name || index);
    if (name && Object.hasOwn(given, name)) return readValue(parameter, given[name], at);
    problem(at, 'argument-missing', `missing: ${describe(parameter)}, written as ${exampleOf(parameter)}`);
    return undefined;
  });
}

function readValue(parameter: AbiParameter, given: unknown, context: Context): unknown {
  const { type } = parameter;
  const array = /^(.*)\[(\d*)\]$/.exec(type);
  if (array) return readArray({ ...parameter, type: array[1] ?? '' }, array[2] ?? '', given, context);
  if (type === 'tuple') return readTuple(parameter, given, context);
  if (type === 'string') return readString(parameter, given, context);
  if (type === 'bool') return readBoolean(parameter, given, context);
  if (type === 'address') return readAddress(parameter, given, context);
  if (type.startsWith('bytes') || type === 'function') return readBytes(parameter, given, context);
  return readInteger(parameter, given, context);
}

function readArray(element: AbiParameter, length: string, given: unknown, context: Context): unknown {
  if (!Array.isArray(given)) {
    return mistyped({ ...element, type: `${element.type}[${length}]` }, given, context);
  }
  if (length !== '' && given.length !== Number(length)) {
    problem(
      context,
      'array-length-wrong',
      `expected ${length} elements of ${element.type}, got ${given.length}`,
    );
    return undefined;
  }
  return given.map((one, index) => readValue(element, one, inside(context, index)));
}

/** viem takes a tuple as an object by name, or as an array when a member has no name. */
function readTuple(parameter: AbiParameter, given: unknown, context: Context): unknown {
  if (!Array.isArray(given) && !isRecord(given)) return mistyped(parameter, given, context);
  const members = parameter.components ?? [];
  const values = readList(members, given, context);
  if (members.some((member) => !member.name)) return values;
  return Object.fromEntries(members.map((member, index) => [member.name, values[index]]));
}

function readString(parameter: AbiParameter, given: unknown, context: Context): unknown {
  if (typeof given !== 'string') return mistyped(parameter, given, context);
  if (given.isWellFormed()) return given;
  problem(context, 'string-not-text', 'the string is not valid Unicode text');
  return undefined;
}

function readBoolean(parameter: AbiParameter, given: unknown, context: Context): unknown {
  return typeof given === 'boolean' ? given : mistyped(parameter, given, context);
}

function readAddress(parameter: AbiParameter, given: unknown, context: Context): unknown {
  if (typeof given !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(given))
    return mistyped(parameter, given, context);
  const hex = given.slice(2);
  const mixed = hex !== hex.toLowerCase() && hex !== hex.toUpperCase();
  if (mixed && !isAddress(given, { strict: true })) {
    const message = `${describe(parameter)}: the checksum of ${given} is wrong (EIP-55); a digit was mistyped, or write it all in lower case`;
    problem(context, 'address-checksum-wrong', message);
    return undefined;
  }
  return `0x${hex.toLowerCase()}`;
}

function readBytes(parameter: AbiParameter, given: unknown, context: Context): unknown {
  if (typeof given !== 'string' || given.length % 2 !== 0) return mistyped(parameter, given, context);
  if (given.length > 2 * limits.constructorArgumentsBytesMax) {
    const message = `${describe(parameter)} has more than ${limits.constructorArgumentsBytesMax} bytes`;
    problem(context, 'arguments-too-large', message);
    return undefined;
  }
  if (!/^0x[0-9a-fA-F]*$/.test(given)) return mistyped(parameter, given, context);
  const size = parameter.type === 'function' ? 24 : Number(parameter.type.slice('bytes'.length));
  const bytes = given.length / 2 - 1;
  if (size > 0 && bytes !== size) {
    const message = `${describe(parameter)} takes exactly ${size} bytes (0x and ${size * 2} digits), got ${bytes}`;
    problem(context, 'bytes-length-wrong', message);
    return undefined;
  }
  return given;
}

function readInteger(parameter: AbiParameter, given: unknown, context: Context): unknown {
  if (typeof given === 'number' && Number.isInteger(given) && !Number.isSafeInteger(given)) {
    const message = `${describe(parameter)}: JSON numbers this large lose digits; write it as a string, such as "1000000000000000000"`;
    problem(context, 'integer-unsafe', message);
    return undefined;
  }
  const value = integerOf(given);
  if (value === undefined)
    return notWhole(parameter, given, context) === null ? mistyped(parameter, given, context) : undefined;
  const [low, high] = rangeOf(parameter.type);
  if (value >= low && value <= high) return value;
  const message = `${describe(parameter)} takes ${low} to ${high}, got ${show(given)}`;
  problem(context, 'integer-out-of-range', message);
  return undefined;
}

/** Amounts as people say them: what the contract takes is whole units of the smallest kind. */
function notWhole(parameter: AbiParameter, given: unknown, context: Context): null | undefined {
  const text = String(given).trim();
  const [, digits = '', fraction = '', exponent, unit] =
    /^(\d+)(?:\.(\d+))?(?:e\+?(\d{1,3}))?\s*(wei|gwei|ether|eth)?$/i.exec(text) ?? [];
  const places = exponent === undefined ? unitPlaces[unit?.toLowerCase() ?? ''] : Number(exponent);
  if (digits === '' || (fraction === '' && places === undefined)) return null;
  const shift = places ?? 18;
  const whole =
    fraction.length <= shift ? `${digits}${fraction.padEnd(shift, '0')}`.replace(/^0+(?=\d)/, '') : null;
  const meant = places === undefined ? `${text} of a token with 18 decimals` : text;
  const [low, high] = rangeOf(parameter.type);
  const fits = whole !== null && whole.length <= 78 && BigInt(whole) >= low && BigInt(whole) <= high;
  const advice = fits ? `; ${meant} is written "${whole}"` : '';
  const message = `${describe(parameter)} takes a whole number of the smallest unit, got ${show(given)}${advice}`;
  problem(context, 'integer-not-whole', message);
  return undefined;
}

const unitPlaces: Record<string, number> = { wei: 0, gwei: 9, ether: 18, eth: 18 };

function integerOf(given: unknown): bigint | undefined {
  if (typeof given === 'bigint') return given;
  if (typeof given === 'number') return Number.isSafeInteger(given) ? BigInt(given) : undefined;
  if (typeof given !== 'string' || given.length > 80) return undefined;
  if (/^-?\d+$/.test(given)) return BigInt(given);
  if (/^0x[0-9a-fA-F]+$/.test(given)) return BigInt(given);
  return undefined;
}

function rangeOf(type: string): [bigint, bigint] {
  const bits = BigInt(/\d+$/.exec(type)?.[0] ?? '256');
  return type.startsWith('uint') ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

function mistyped(parameter: AbiParameter, given: unknown, context: Context): undefined {
  const message = `expected ${describe(parameter)}, got ${show(given)}; write it as ${exampleOf(parameter)}`;
  problem(context, 'argument-type-wrong', message);
  return undefined;
}

function problem(context: Context, code: string, message: string): void {
  context.issues.push({ pointer: context.pointer, code, message });
}

function inside(context: Context, key: string | number): Context {
  const segment = String(key).replaceAll('~', '~0').replaceAll('/', '~1');
  return { pointer: `${context.pointer}/${segment}`, issues: context.issues };
}

/** @returns the parameter as its source has it, such as `uint256 initialSupply` */
export function describe(parameter: AbiParameter): string {
  const internal = parameter.internalType?.replace(/^(struct|enum|contract) /, '');
  const type = parameter.type.startsWith('tuple') ? (internal ?? parameter.type) : parameter.type;
  return parameter.name ? `${type} ${parameter.name}` : type;
}

/** @returns how a value of this type is written in JSON */
export function exampleOf(parameter: AbiParameter): string {
  const { type } = parameter;
  const array = /^(.*)\[(\d*)\]$/.exec(type);
  if (array) return `[${exampleOf({ ...parameter, type: array[1] ?? '' })}, …]`;
  if (type === 'tuple') {
    const members = parameter.components ?? [];
    return `{${members.map((member) => `"${member.name ?? ''}": ${exampleOf(member)}`).join(', ')}}`;
  }
  if (type === 'string') return '"text"';
  if (type === 'bool') return 'true';
  if (type === 'address') return '"0x70997970c51812dc3a010c7d01b50e0d17dc79c8"';
  if (type === 'bytes') return '"0x1234"';
  if (type === 'function') return `"0x${'00'.repeat(24)}"`;
  if (type.startsWith('bytes')) return `"0x${'00'.repeat(Number(type.slice('bytes'.length)))}"`;
  return '"1000"';
}

function show(given: unknown): string {
  if (given === undefined) return 'nothing';
  const text = typeof given === 'bigint' ? String(given) : (JSON.stringify(given) ?? typeof given);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
