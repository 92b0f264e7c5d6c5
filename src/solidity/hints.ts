/** What to do about the compiler's commonest complaints, by its error code. The codes are stable since 0.6.8. */
const byCode: Record<string, string> = {
  '1878': 'Put a comment such as "// SPDX-License-Identifier: MIT" in the first line.',
  '2018': 'Add "view" or "pure" as the message says; it costs nothing and tells callers more.',
  '2072': 'Remove the variable, or use it.',
  '2271': 'Both sides need types that fit together; convert one explicitly, such as uint256(x).',
  '2314': 'Look just before the marked place: a semicolon, bracket or keyword is missing there.',
  '2333': 'Rename one of the two, or remove the second.',
  '2449': 'Move the base above the contract that inherits from it.',
  '2462': 'Constructors have no visibility since 0.7: remove "public" or "internal".',
  '2519': 'Give one of the two another name; the inner one hides the outer.',
  '3415': 'Pass the arguments in the constructor line, such as constructor() Ownable(msg.sender) { … }.',
  '3420': 'Add a line such as "pragma solidity ^0.8.20;" at the top.',
  '3656': 'Implement the functions that are named, or mark the contract "abstract".',
  '4327': 'List every base that declares the function, as override(A, B).',
  '4334': 'Mark the function in the base contract "virtual", or do not override it.',
  '4937': 'Add public, external, internal or private to the function.',
  '5159': 'Do not rely on selfdestruct: since Cancun it only sends the balance away.',
  '5333': 'Leave the compiler version out to have one chosen that fits, or change the pragma.',
  '5667': 'Remove the name of the parameter (keep its type), or use it.',
  '5883': 'Declare it once: the same event or error stands in a base contract already.',
  '5887': 'Mark the function payable, or do not read msg.value in it.',
  '6160': 'The function takes another number of arguments; the message says how many.',
  '6275': 'Add the file to the sources.',
  '6480': 'Override the function here, as override(A, B), because two bases declare it differently.',
  '6651': 'Say where the value lives: "memory" or "calldata" for parameters, "storage" for a reference.',
  '7407': 'Convert the value explicitly, or change one of the two types.',
  '7576': 'Declare it, import the file that does, or correct its spelling.',
  '7792': 'No base declares this function with these parameters: remove override, or correct the signature.',
  '7858': 'Something before this place does not belong at file level: often a closing brace too many.',
  '7920': 'Import the file that declares it, or correct its spelling.',
  '8760': 'Rename one: two declarations share this name.',
  '8936': 'Write the literal as unicode"…".',
  '9302': 'Check the result: (bool ok, ) = target.call(…); require(ok).',
  '9429': 'Write the address with the checksum that the message gives (EIP-55).',
  '9456': 'Add "override" to the function.',
  '9553': "Convert the argument to the parameter's type, or pass another value.",
  '9574': 'Convert the value explicitly, such as uint8(x), or change the type of the variable.',
  '9582': 'The type has no such member, or it is not visible here. Check the spelling and the import.',
  '9589': 'Import the library, or correct its name; SafeMath and Counters are gone from OpenZeppelin 5.',
  '9640': 'Convert in steps, such as address(uint160(x)) or payable(address(x)).',
};

const byMessage: [RegExp, string][] = [
  [
    /stack too deep/i,
    'Too many local variables are alive at once. Use fewer, put some in a struct or a block, or turn viaIR on.',
  ],
  [/undeclared identifier/i, 'Declare it, import the file that does, or correct its spelling.'],
  [/requires different compiler version/i, 'Leave the compiler version out to have one chosen that fits.'],
  [
    /invalid evm version/i,
    'Leave evmVersion out, or name a hard fork that this compiler knows, such as "paris".',
  ],
];

/** @returns the hint for a diagnostic, when there is one; compilers before 0.6.8 give no codes, only messages. */
export function hintFor(code: string | undefined, message: string): string | undefined {
  return (
    (code === undefined ? undefined : byCode[code]) ??
    byMessage.find(([pattern]) => pattern.test(message))?.[1]
  );
}
