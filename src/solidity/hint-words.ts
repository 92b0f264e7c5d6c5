/** What a complaint of the parser or the name resolver is about. */
interface Marked {
  message: string;
  /** The source text that is marked. */
  text: string;
}

/** Words of older Solidity, or of other languages, at which the compiler only says that something else was expected. */
const words: Readonly<Record<string, string>> = {
  finney: 'Write 1e15 wei, or 0.001 ether: finney is gone since 0.7.',
  szabo: 'Write 1e12 wei, or 0.000001 ether: szabo is gone since 0.7.',
  byte: 'Write bytes1: byte is gone since 0.8.',
  var: 'Write the type of the value in place of var, which is gone since 0.5.',
  let: 'Write a type in place of let: it declares variables in assembly only.',
  null: 'There is no null: write address(0), 0 or false, or use delete.',
  undefined: 'There is no undefined: write address(0), 0 or false, or use delete.',
  float: 'There are no fractions at run time: use an integer of a smaller unit, as wei is for ether.',
  double: 'There are no fractions at run time: use an integer of a smaller unit, as wei is for ether.',
  and: 'Write && for "and".',
  or: 'Write || for "or".',
};

/** @returns advice about the marked word itself, where that says more than the complaint */
export function wordAdvice({ message, text }: Marked): string | undefined {
  if (text === 'constant') {
    return /^Expected '\{'/.test(message)
      ? 'Write "view" or "pure": functions do not take "constant" since 0.5.'
      : 'Write "constant" between type and name: uint256 constant MAX = 10;';
  }
  const reserved = /reserved keyword '(\w+)'/.exec(message)?.[1];
  if (Object.hasOwn(words, text)) return words[text];
  return reserved === undefined ? undefined : `Choose another name: ${reserved} is reserved.`;
}

/** The scanner has one code for all that it cannot read; what to do depends on what it was. */
const unreadable: readonly [message: RegExp, hint: string][] = [
  [/^Invalid character in string/, 'Write the literal as unicode"…".'],
  [
    /^Expected string end-quote/,
    'Close the string on the line it begins on; longer ones are several literals in a row.',
  ],
  [
    /^Invalid escape sequence/,
    'Write a backslash as \\\\; the escapes are \\n, \\r, \\t, \\\\, \\\', \\", \\xNN and \\uNNNN.',
  ],
  [/^Octal numbers/, 'Remove the leading zero, or write the number in hex as 0x….'],
  [
    /^Expected even number of hex-nibbles/,
    'Give each byte two hex digits, the first of them 0 for a small one.',
  ],
  [/^Invalid token/, 'Replace the character: outside of comments and strings only ASCII is read.'],
];

/** @returns advice about a text that cannot be read at all (code 8936) */
export function unreadableAdvice({ message }: Pick<Marked, 'message'>): string | undefined {
  return unreadable.find(([pattern]) => pattern.test(message))?.[1];
}
