import { lt } from 'semver';

/** A value that does not become what it is needed as. */
interface Conversion {
  from: string;
  to: string;
  /** The source text of the value. */
  text: string;
  compiler: string;
}

/** Finds the two types in the compiler's messages about assignments, arguments, returns and explicit conversions. */
const patterns = [
  /^Type (.+?) is not implicitly convertible to expected type (.+?)\.(?: |$)/s,
  /Invalid implicit conversion from (.+?) to (.+?) requested\./s,
  /^Return argument type (.+?) is not implicitly convertible to expected type \(type of first return variable\) (.+?)\.(?: |$)/s,
  /^Explicit type conversion not allowed from "(.+?)" to "(.+?)"\./s,
];

/** @returns how one type becomes the other, or why it cannot; nothing where that is not known for sure */
export function conversionAdvice(
  message: string,
  problem: Pick<Conversion, 'text' | 'compiler'>,
): string | undefined {
  for (const pattern of patterns) {
    const [, from, to] = pattern.exec(message) ?? [];
    if (from !== undefined && to !== undefined) return adviceFor({ from, to, ...problem });
  }
  return undefined;
}

function adviceFor(conversion: Conversion): string | undefined {
  for (const rule of rules) {
    const advice = rule(conversion);
    if (advice !== undefined) return advice;
  }
  return undefined;
}

type Rule = (conversion: Conversion) => string | undefined;

/** The first that knows the pair of types speaks. */
const rules: readonly Rule[] = [
  fromFunction,
  toBool,
  fromLiteralNumber,
  fromLiteralText,
  betweenAddresses,
  betweenIntegers,
  withBytes,
  betweenPlaces,
  withValueType,
];

function fromFunction({ from, to }: Conversion): string | undefined {
  if (!from.startsWith('function ') || to.startsWith('function ')) return undefined;
  return 'The function is only named here: call it, with its arguments in parentheses.';
}

function toBool({ from, to }: Conversion): string | undefined {
  if (to === 'bool' && /^(u?int|address|bytes)/.test(from))
    return 'Write a comparison, such as x != 0: only true and false are conditions.';
  if (from === 'bool' && integer(to)) return 'Write x ? 1 : 0.';
  return undefined;
}

function fromLiteralNumber({ from, to, text }: Conversion): string | undefined {
  const target = integer(to);
  if (from.startsWith('rational_const ')) {
    return target
      ? 'There are no fractions at run time: multiply before you divide, or count in a smaller unit.'
      : undefined;
  }
  if (!from.startsWith('int_const ')) return undefined;
  if (target?.signed === false && from.startsWith('int_const -')) {
    return `${to} has no negative numbers: use int${target.bits}; for its greatest value write type(${to}).max.`;
  }
  if (target)
    return `The number does not fit: ${to} ends at ${powerOfTwo(target.signed ? target.bits - 1 : target.bits)} - 1.`;
  if (to === 'address' || to === 'address payable') {
    const digits = /^0x([0-9a-f]+)$/i.exec(text)?.[1]?.length;
    if (digits !== undefined && digits !== 40) return `An address has 40 hex digits; this has ${digits}.`;
    return text === '0' ? `Write ${to === 'address' ? 'address(0)' : 'payable(address(0))'}.` : undefined;
  }
  if (to.startsWith('enum '))
    return `Name a member, or convert the number: ${to.slice(5).split('.').at(-1)}(0).`;
  return undefined;
}

function fromLiteralText({ from, to }: Conversion): string | undefined {
  if (!from.startsWith('literal_string ')) return undefined;
  if (/^address/.test(to) && /"0x[0-9a-fA-F]{40}"$/.test(from)) return 'Write the address without quotes.';
  const size = /^bytes(\d+)$/.exec(to)?.[1];
  if (size) return `The text is longer than ${size} bytes: shorten it, or use string or bytes.`;
  return undefined;
}

function betweenAddresses({ from, to, compiler }: Conversion): string | undefined {
  // Before 0.6 there was no payable(…).
  const payable = !lt(compiler, '0.6.0');
  const toPayable = to === 'address payable';
  if (from === 'address' && toPayable) return payable ? 'Write payable(x).' : 'Write address(uint160(x)).';
  if (from.startsWith('contract ') && to === 'address') return 'Write address(x).';
  if (from.startsWith('contract ') && toPayable && payable) return 'Write payable(address(x)).';
  if (/^address/.test(from) && to.startsWith('contract '))
    return `Write ${to.slice(9).split('.').at(-1)}(x).`;
  if (from.startsWith('contract ') && to.startsWith('contract ')) {
    return `${from.slice(9)} does not inherit from ${to.slice(9)}: let it, or write ${to.slice(9)}(address(x)).`;
  }
  const number = integer(from);
  if (number && /^address/.test(to)) {
    const steps =
      number.signed || number.bits !== 160
        ? `uint160(${number.signed ? `uint${number.bits}(x)` : 'x'})`
        : 'x';
    return toPayable && payable ? `Write payable(address(${steps})).` : `Write address(${steps}).`;
  }
  const wanted = integer(to);
  if (/^address/.test(from) && wanted)
    return wanted.signed
      ? undefined
      : `Write ${wanted.bits === 160 ? '' : `${to}(`}uint160(x)${wanted.bits === 160 ? '' : ')'}.`;
  return undefined;
}

function betweenIntegers({ from, to }: Conversion): string | undefined {
  const [source, target] = [integer(from), integer(to)];
  if (!source || !target) return undefined;
  if (source.signed === target.signed) {
    return `The value may not fit: check it first, then write ${to}(x), which cuts off what is too much without an error.`;
  }
  const step = source.bits === target.bits ? 'x' : `${target.signed ? 'u' : ''}int${target.bits}(x)`;
  const check = target.signed ? `that it fits into ${to}` : 'that it is not negative';
  return `Check ${check} first, then write ${to}(${step}).`;
}

function withBytes({ from, to, compiler }: Conversion): string | undefined {
  const [source, target] = [fixedBytes(from), fixedBytes(to)];
  const number = integer(from);
  if (number && target) {
    const width = target * 8;
    return `Write ${to}(${number.signed || number.bits !== width ? `uint${width}(x)` : 'x'}): both must have the same number of bits.`;
  }
  const wanted = integer(to);
  if (source && wanted)
    return wanted.bits === source * 8 && !wanted.signed
      ? undefined
      : `Write ${to}(uint${source * 8}(x)): both must have the same number of bits.`;
  if (/^bytes (memory|calldata|storage)/.test(from)) {
    if (/^string/.test(to)) return 'Write string(x).';
    if (target && !lt(compiler, '0.8.5'))
      return `Write ${to}(x), which cuts what is longer and fills up what is shorter.`;
  }
  if (/^string (memory|calldata|storage)/.test(from) && /^bytes (memory|calldata|storage)/.test(to))
    return 'Write bytes(x).';
  if (number && /^string/.test(to))
    return 'Use a function that writes numbers, such as Strings.toString of OpenZeppelin.';
  return undefined;
}

function betweenPlaces({ from, to }: Conversion): string | undefined {
  if (/\[\d+\] memory$/.test(from) && /\[\] (memory|storage)/.test(to)) {
    return 'A literal makes an array of fixed length: create new T[](n) and set its elements one by one.';
  }
  if (/ memory$/.test(from) && / storage pointer$/.test(to)) {
    return 'A storage variable only points at state: declare it memory, or assign a state variable.';
  }
  if (/ (memory|storage\b.*)$/.test(from) && / calldata$/.test(to)) {
    return 'calldata is only what the caller sent: declare the parameter memory.';
  }
  return undefined;
}

/** User-defined value types are the only ones that are named without saying what they are. */
function withValueType({ from, to }: Conversion): string | undefined {
  if (isValueType(to) && (integer(from) || fixedBytes(from) || /^(int_const|address|bool)/.test(from)))
    return `Write ${to.split('.').at(-1)}.wrap(x).`;
  if (isValueType(from) && (integer(to) || fixedBytes(to) || /^(address|bool)/.test(to)))
    return `Write ${from.split('.').at(-1)}.unwrap(x).`;
  return undefined;
}

function isValueType(name: string): boolean {
  return (
    /^[A-Za-z_$][\w$]*(\.[\w$]+)*$/.test(name) &&
    !integer(name) &&
    !fixedBytes(name) &&
    !/^(address|bool|string|bytes)$/.test(name)
  );
}

function integer(name: string): { signed: boolean; bits: number } | undefined {
  const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(name) ?? [];
  return bits === undefined ? undefined : { signed: unsigned === '', bits: Number(bits) };
}

function fixedBytes(name: string): number | undefined {
  const size = /^bytes(\d+)$/.exec(name)?.[1];
  return size === undefined ? undefined : Number(size);
}

function powerOfTwo(exponent: number): string {
  return `2**${exponent}`;
}

/** @returns what to do when an operator does not take two types */
export function operatorAdvice(message: string, compiler: string): string | undefined {
  const [, operator = '', left = '', right = ''] =
    /^(?:Built-in binary operator|Operator) (\S+) (?:cannot be applied to|not compatible with) types (.+?) and (.+?)(?:\.(?: |$)|$)/s.exec(
      message,
    ) ?? [];
  const both = [left, right];
  const isText = (type: string) => /^(string|literal_string|bytes (memory|calldata|storage))/.test(type);
  if (both.every(isText)) {
    if (operator === '==' || operator === '!=')
      return `Compare hashes: keccak256(bytes(a)) ${operator} keccak256(bytes(b)).`;
    if (operator.startsWith('+') && !lt(compiler, '0.8.12')) return 'Join texts with string.concat(a, b).';
  }
  if (/^[/%]/.test(operator) && right === 'int_const 0') return 'Nothing can be divided by zero.';
  if ((operator === '&&' || operator === '||') && both.some((type) => type !== 'bool'))
    return 'Both sides must be conditions: write a comparison, such as x != 0.';
  const [one, other] = [integer(left), integer(right)];
  if (one && other && one.signed !== other.signed)
    return 'Convert one side, so that both are signed or both unsigned; check the sign or the range first.';
  if (both.some((type) => isValueType(type)))
    return 'Unwrap both sides first with T.unwrap(x), or define the operator with using {f as +} for T global.';
  return undefined;
}
