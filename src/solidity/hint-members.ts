import { nearest } from './nearest.ts';

/** Members that the language itself gives, by the type as the compiler's messages name it. */
const members: readonly [type: RegExp, names: string][] = [
  [/^address payable$/, 'balance code codehash call delegatecall staticcall send transfer'],
  [/^address$/, 'balance code codehash call delegatecall staticcall'],
  [/^msg$/, 'data gas sender sig value'],
  [/^tx$/, 'gasprice origin'],
  [/^block$/, 'basefee blobbasefee chainid coinbase difficulty gaslimit number prevrandao timestamp'],
  [/^abi$/, 'decode encode encodeCall encodePacked encodeWithSelector encodeWithSignature'],
  [/\] storage (ref|pointer)$|^bytes storage (ref|pointer)$/, 'length pop push'],
  [/\] (memory|calldata)$|^bytes (memory|calldata)$/, 'length'],
  [/^type\(u?int\d+\)$/, 'max min'],
];

/**
 * Advice for `Member "x" not found …` (code 9582).
 *
 * @param declared whether the sources declare such a name somewhere
 * @param similar the name they declare that is most like it
 */
export function memberAdvice(
  message: string,
  names: { declared: boolean; similar: string | undefined },
): string | undefined {
  const [, member, type] = /^Member "([^"]+)" not found .* lookup in (.+?)\.?$/s.exec(message) ?? [];
  if (member === undefined || type === undefined) return undefined;
  if (/^string /.test(type)) {
    return member === 'length' ? 'Write bytes(text).length: it counts bytes, not characters.' : undefined;
  }
  const builtIn = members.find(([pattern]) => pattern.test(type))?.[1].split(' ');
  if (builtIn) {
    const meant = nearest(member, builtIn);
    return meant ? `Did you mean ${meant}?` : `It has only these: ${builtIn.join(', ')}.`;
  }
  if (type.startsWith('type(contract super ')) {
    return names.declared
      ? 'No base has an implementation that super could call: remove the call.'
      : undefined;
  }
  if (type.startsWith('contract ') && names.declared) {
    return 'From here only public and external functions of a contract can be called; change its visibility, or call it without "this.".';
  }
  return names.similar && `Did you mean ${names.similar}?`;
}
