/**
 * What to do about the compiler's commonest complaints, by its error code (stable since 0.6.9). Each is compiled in the
 * test of `hints.ts`; where the right advice depends on names or types, a function there gives it instead.
 */
export const hintsByCode: Readonly<Record<string, string>> = {
  // Files, licences, versions
  '1114':
    'Write one SPDX expression, such as MIT, Apache-2.0 or UNLICENSED, and nothing else behind the colon.',
  '1878':
    'Put a comment such as "// SPDX-License-Identifier: MIT" in the first line (UNLICENSED for closed source).',
  '2904': 'The file does not declare that name: correct its spelling, or import it from the file that does.',
  '3420':
    'Add a line such as "pragma solidity ^0.8.20;" at the top, so that no other compiler changes what it means.',
  '3716': 'Keep one SPDX comment: a flattened file repeats that of every file in it.',
  '5333': 'Leave the compiler version out to have one chosen that fits, or change the pragma.',
  '6275': 'Add the file to the sources under exactly this path, or remap the path to where the file is.',
  '8491': 'No compiler of this version knows that experimental feature: remove the pragma.',
  '8506': 'Remove the line: ABI coder v2 is what every compiler from 0.8.0 on uses.',
  '9511': 'Remove "pragma abicoder v1": v2 is the default since 0.8.0.',

  // Syntax
  '1005': 'The key of a mapping is an elementary type, a contract, an enum or a user-defined value type.',
  '2314':
    'Look at the mark and just before it: a semicolon, bracket or keyword is missing there, or one is too many.',
  '2915':
    'Write receive() external payable { … } to take ether, or fallback() external { … } for unknown calls.',
  '3147': 'Name at least one member: an enum needs a value that it can have.',
  '3546': 'A type is expected here, such as uint256, address or the name of a struct.',
  '5620': 'Name the event behind emit, with its arguments in parentheses: emit Transfer(from, to, amount);',
  '6933': 'An expression is expected here; the word or mark that stands here cannot begin one.',
  '7319': 'Brackets, blocks or operators are nested too deeply: give parts of it names of their own.',
  '7858':
    'Only pragmas, imports and definitions stand outside of contracts: often a closing brace above is one too many.',
  '9182':
    'A contract holds declarations; statements belong into a function. Often a closing brace above is one too many.',
  '9439': 'Keep one of public, external, internal and private.',
  '9636': 'Remove the plus sign; to add to a variable write +=.',
  '9680': 'Keep one of view, pure and payable.',

  // Names
  '1686': 'Two functions of one name need different parameter types: rename one, or remove the second.',
  '2333': 'Rename one of the two, or remove the second; the other place is shown with it.',
  '2519': 'Give one of the two another name: inside, the inner one hides the outer.',
  '2319': 'Choose another name: from here on it hides a name of the language.',
  '5883': 'Declare the event once; one of the same name and parameters is there already, perhaps in a base.',
  '9097': 'A base has this name already: use its variable, or rename this one.',

  '7576': 'Declare it, import the file that does, or correct its spelling.',
  '7920': 'Import the file that declares it, or correct its spelling.',
  '9582': 'The type has no such member: correct its spelling, or convert the value to the type that has it.',
  '9589': 'Import the library, or correct its name.',

  // Unused, unreachable, without effect
  '2072': 'Remove the variable, or use it.',
  '5667': 'Remove the name of the parameter and keep its type, or use it.',
  '5740':
    'Nothing leads here: what stands before always returns or reverts. Remove it, or correct the condition.',
  '6133': 'The value is computed and dropped: assign it, return it, or remove the line.',
  '6321': 'Some path ends without a return: return a value there, or name the return variable and assign it.',

  // Visibility and mutability
  '2018': 'Add "view" or "pure" as the message says: it tells callers that nothing is changed.',
  '2462':
    'Remove "public" or "internal": constructors have no visibility since 0.7. Write "abstract" for a contract that only others inherit.',
  '1845':
    'Remove "internal" from the constructor, and put "abstract" before "contract" if only others are to inherit it.',
  '2527': 'Change "pure" to "view", or do not read state, the block or the message there.',
  '4126':
    'Remove the visibility: a function outside of contracts can be called from wherever it is imported.',
  '4937': 'Add external or public if others call the function, internal or private if not.',
  '5587': 'Make it public or external: only a call from outside brings ether along.',
  '5796': 'Write constructor(…) { … } without "function" and name.',
  '5887':
    'Mark the function "payable" if it is to take ether, or move the use of msg.value into an internal function.',
  '7708': 'Remove "payable": a library is called in the context of its caller and takes no ether itself.',
  '8961': 'Remove "view" or "pure", or do not change state, emit, create or send there.',
  '1558': 'Remove the mutability: a constructor changes state by its nature; it may only be payable.',
  '9712': 'Remove "returns (…)": what a constructor gives is the contract itself.',

  // Inheritance
  '2353': 'Name in override(…) just those bases that declare the function themselves.',
  '2449': 'Move the base above the contract that inherits from it, or break the circle of bases.',
  '2971':
    'An interface has no code: create a contract that implements it, or convert an address with Name(address).',
  '3364': 'Pass the arguments in one place: in the list of bases, or in the constructor line.',
  '3415': 'Pass the arguments in the constructor line, such as constructor() Ownable(msg.sender) { … }.',
  '3656':
    'Implement the functions that are shown, with the same parameters, or mark the contract "abstract".',
  '3942': 'Remove one of the two: what is private cannot be overridden.',
  '4327': 'List every base that declares the function, as override(A, B).',
  '4334': 'Mark the function in the base contract "virtual", or do not override it.',
  '4614': 'Create a contract that inherits from it and implements what is missing.',
  '4822': 'Return the same types as the function that is overridden.',
  '5005':
    'List the bases from the most basic to the most derived: a base stands before what inherits from it.',
  '5225':
    'Make the overridden function external: only then can the getter of a public variable take its place.',
  '5424': 'Add "virtual" to the function, or give it a body.',
  '6480': 'Override the function here, with override and all bases that declare it, because they differ.',
  '6536': 'Let the interface inherit from an interface, or make it an abstract contract.',
  '6959':
    'Keep the mutability of the base; only stricter is allowed: view or pure for nonpayable, pure for view.',
  '7792': 'No base declares this function with these parameters: remove override, or correct name and types.',
  '7813':
    'Two contracts hold the code of each other: hand one in as an address, or create it in a third contract.',
  '7927': 'Give the base as many arguments as its constructor takes; the message has both numbers.',
  '2973': 'Give the modifier or base as many arguments as it takes; the message has both numbers.',
  '9098': 'Keep the visibility of the base; only external may become public.',
  '9456': 'Add "override" to it.',
  '1452':
    'The getter of a public variable cannot be overridden: make the variable internal and write a virtual function.',

  // Interfaces, libraries, fallbacks
  '1159': 'Change its visibility to external.',
  '1560': 'Change its visibility to external: an interface describes calls from outside.',
  '4095': 'Change its visibility to external.',
  '4726': 'End the declaration with a semicolon; code belongs into a contract.',
  '6482': 'Remove it: an interface has no state to set up.',
  '7793': 'Write receive() external payable { … }.',
  '8274': 'Declare a function for it, such as function total() external view returns (uint256);',
  '8342': 'Make it "constant", or move it into a contract: state belongs to contracts.',
  '9469': 'Remove the base; a library may call other libraries instead.',
  '9957':
    'Make it "constant", or pass a storage reference to the library: libraries have no state of their own.',
  '4357': 'Name a library, or attach single functions with using {f} for T;',

  // Values, places, storage
  '1080': 'Give both sides of the colon the same type; convert one of them.',
  '1406': 'Give the array a length of at least 1, or leave it out: T[] has any length.',
  '1581': 'An immutable is set once, inline or in the constructor; drop "immutable" to change it later.',
  '2046': 'A struct cannot hold itself: hold an array of it, a mapping to it, or an index.',
  '2056': 'Mappings, and types that hold them, cannot be encoded: pass single values.',
  '2558': 'A conversion takes one value: write T(x).',
  '2614': 'Only arrays, mappings and bytes can be indexed.',
  '2658':
    'Assign every immutable in the constructor, on every path; from 0.8.21 on that is not demanded any more.',
  '3383': 'The index lies behind the end: an array T[n] has the indexes 0 to n - 1.',
  '3464':
    'Assign a state variable to it where it is declared, as in S storage x = list[i]; or make it memory.',
  '4061': 'Declare the variable as storage and assign a state variable to it: mappings live in storage only.',
  '4103': 'Pass a key, return single values, or make the function internal: mappings cannot cross a call.',
  '4156': 'Copy it to memory first, or declare the parameter memory: calldata cannot be changed.',
  '4182': 'Assign a state variable to it: mappings live in storage and cannot be created in a function.',
  '4247': 'The left side must be a variable, an element or a member that can be changed.',
  '4266': 'Give the constant its value where it is declared.',
  '4599':
    'Compute the value first, and assign the immutable once, outside of the if; or use 0.8.21 or later.',
  '4994':
    'A memory array keeps its length: create it long enough with new T[](n), or make it a state variable.',
  '5145': 'Write the number in decimal, or multiply: 0x10 * 1 ether.',
  '5306': 'Give the struct a member.',
  '5359':
    'Arrays and mappings are left out of getters, and nothing else is there: write a function that takes keys or indexes.',
  '5462': 'Use a number or a constant as length; for one known at run time create new T[](n) in memory.',
  '6182': 'Copy the array to memory first, or declare the parameter memory: calldata cannot be changed.',
  '6377': 'Immutables hold value types only; keep strings, arrays and structs in ordinary state variables.',
  '6520': 'Constants keep their value: drop "constant" to change it.',
  '7366': 'Both sides need types that the operator takes: write it out as x = …, with a conversion.',
  '7567': 'Use push() and pop(): since 0.6 the length cannot be set. Shorten a long array in a loop.',
  '8349':
    'Use only literals, other constants and pure expressions; for values known at deployment use immutable.',
  '9214': 'Assign the members one by one, or delete it: mappings cannot be copied.',
  '9515':
    'Assign the members of the state variable one by one: a struct with a mapping cannot be made at once.',
  '9767': 'A mapping does not know its keys: delete single entries, or use another mapping.',
  '9961': 'Convert it first: bytes(text)[i].',

  // Types
  '2271': 'Both sides need types that the operator takes together: convert one of them.',
  '2326': 'Convert the value explicitly where cutting off its fraction is meant, or change the type.',
  '6359': 'Return the declared type: convert the value, or change what stands behind returns.',
  '7407': 'Change one of the two types, or convert the value where that is meant.',
  '9553': 'Pass the type that the parameter has: convert the value, or change the parameter.',
  '9574': 'Change one of the two types, or convert the value where that is meant.',
  '9640': 'There is no direct conversion between these types.',

  // Calls
  '2193':
    'Options such as {value: …} go with calls to other contracts and with new; call this one as this.f{value: …}().',
  '3419': 'Call it on an instance: Name(address).f(…).',
  '4323':
    'Join the values first: keccak256(abi.encode(a, b)), or abi.encodePacked for the hash of before 0.5.',
  '4487': 'Several functions fit: convert the argument to the very type that is meant, such as uint8(1).',
  '4974': 'Name each argument as the parameter is named in the declaration.',
  '5347': 'Put an external call or new behind try: try token.f() { … } catch { … }.',
  '2536': 'Call it from outside as this.f(), if it is public, or put another external call behind try.',
  '5704':
    'Only functions, types, structs, events and errors can be called: remove the parentheses, or correct the name.',
  '6160': 'Give as many arguments as the declaration has parameters; the message has both numbers.',
  '7006': 'Mark the function that is called "payable", or send no value.',
  '7279': 'Give it a type first, such as abi.encodePacked(uint256(1)): its size decides the bytes.',
  '7364': 'Name as many variables as there are values; leave a place empty to skip one: (uint256 a, ) = f();',
  '7501': 'Remove the call: the base only declares the function.',
  '7556': 'Encode the value first: keccak256(abi.encode(x)).',
  '8051':
    'Encode the data first: abi.encodeCall(Token.transfer, (to, amount)) or abi.encodeWithSignature(…).',
  '8863': 'Return as many values as the function declares behind returns.',
  '9207':
    'Write (bool ok, ) = to.call{value: amount}(""); require(ok); and guard against reentrancy: it forwards all gas.',
  '9302': 'Check the result: (bool ok, ) = target.call(…); require(ok);',
  '9322': 'No function of that name takes these argument types; those that there are, are shown below.',
  '9755': 'Give a value for every member of the struct, in order, or by name: S({a: 1, b: 2}).',
  '5878': 'Check the result: require(to.send(amount)), or use call and check that.',

  // Control flow, modifiers, events, errors
  '1941': 'Remove the inner unchecked: the outer one holds for all that stands in it.',
  '2883': 'Put _; where the body of the function is to run.',
  '3132': 'Write emit before it.',
  '4123': 'Use it inside of a loop only; return leaves a function.',
  '4659': 'Only modifiers and bases stand in the head of a function; call functions in its body.',
  '6102': 'Use it inside of a loop only; return leaves a function.',
  '7249':
    'Leave "indexed" to three parameters at most: a log has four topics, and the first names the event.',
  '7757': 'Write revert MyError(…); or, from 0.8.26 on, require(condition, MyError(…)).',
  '9292': 'Name an event behind emit, with its arguments in parentheses.',

  // Gone or changed since older versions
  '1400': 'Write gasleft().',
  '1621': 'Write the options in braces before the arguments: f{value: 1 ether, gas: 50000}(x).',
  '2256': 'Use delegatecall, which keeps msg.sender and msg.value too.',
  '3557': 'Write keccak256(…).',
  '4538': 'Write revert(), or require(condition, "reason") in place of if (…) throw.',
  '4820': 'Write 365 days: years were removed because they are not all of one length.',
  '5159':
    'Do not rely on it: since Cancun it removes code only in the transaction that created the contract, else it only sends the balance.',
  '7359': 'Write block.timestamp.',
  '8050': 'Write selfdestruct(…); since Cancun it only sends the balance.',
  '8113': 'Write blockhash(number).',
  '8417':
    'Write block.prevrandao; a proposer can influence it, so it is no safe source of randomness by itself.',
  '8429': 'Let the modifier call a virtual function instead: overriding modifiers goes away.',
  '9170': 'Compare the addresses: address(a) == address(b).',
  '9862': 'Convert the address: payable(to).transfer(amount), or use call and check its result.',

  // Assembly
  '1408': 'Write name.slot for the place of a state variable in storage, and sload(name.slot) for its value.',
  '2424': 'Write assembly ("memory-safe") { … } instead of the comment.',
  '3083': 'Drop the value with pop(…), or assign it with let.',
  '4619': "No such function: assembly knows the EVM's instructions and functions declared in the same block.",
  '4634': 'Declare it first: let name := value.',
  '7000': 'Give the instruction as many arguments as it takes; the message has both numbers.',
  '8198': 'Declare it first: let name := value. State variables are reached as name.slot.',

  // Documentation comments
  '2604': 'Write one @return for each value that the function returns.',
  '3335': "Write the parameter's name behind @param, then what it is.",
  '3881': 'Correct the name behind @param, or remove the line: the function has no such parameter.',
  '6546': 'Remove the tag, or name it @custom:…; which tags are allowed depends on what is documented.',
  '9397': 'Name a direct or indirect base behind @inheritdoc.',

  // EVM versions
  '2394': 'Clear what you store within the same call if others may call again in the same transaction.',
  '7398': 'Convert the address first: Name(payable(x)).',
};
