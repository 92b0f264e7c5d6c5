import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, textOf, typeOf } from '../ir/ast.ts';
import { isSender } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isGiven } from '../ir/places.ts';
import type { EntryRun } from '../ir/runs.ts';
import { isMadeOf } from '../ir/sources.ts';
import type { CallVisit } from '../ir/visits.ts';

/** A contract is made at an address that says nothing of whose it will be. */
export const openSalt: Detector = {
  id: 'open-salt',
  category: 'front-running',
  severity: 'medium',
  confidence: 'medium',
  title: 'Somebody else can make the contract at the same address first',
  why: 'The address of a contract that is made with CREATE2 follows from the salt and the code alone. The salt stands in the transaction, and who is to own the contract is told to it afterwards: the same salt with another owner gives the same address.',
  exploit:
    'A user hands out the address that their wallet will have, and money arrives there. An attacker makes the wallet first, with the same salt and themselves as the owner, and takes the money.',
  fix: 'Make the salt of what the contract is to be: `keccak256(abi.encode(owner, salt))`, or pass the owner to the constructor, whose arguments are part of the code.',
  references: ['SWC-114', 'CWE-362', 'OWASP-SC07:2025', 'EEA-EthTrust: Protect Against Front-Running'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Account {
    address public owner;
    function begin(address who) external { require(owner == address(0)); owner = who; }
}
contract Makers {
    mapping(address => bool) public made;
    function make(address who, bytes32 salt) external returns (address) {
        Account account = new Account{salt: salt}(); // <-- finding
        account.begin(who);
        made[address(account)] = true;
        return address(account);
    }
    function mine(uint256 number) external {
        _make(bytes32(number)).begin(msg.sender);
    }
    function _make(bytes32 salt) private returns (Account) {
        return new Account{salt: keccak256(abi.encode(salt))}(); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
interface ISafe { function initialize(address owner, uint256 limit) external; }
contract Safes {
    using Clones for address;
    address public immutable model;
    constructor(address given) { model = given; }
    function open(uint256 limit, bytes32 salt) external returns (address safe) {
        safe = model.cloneDeterministic(salt); // <-- finding
        ISafe(safe).initialize(msg.sender, limit);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
interface ISafe { function initialize(address owner) external; }
contract Account {
    address public owner;
    function begin(address who) external { require(owner == address(0)); owner = who; }
}
contract Named { address public owner; constructor(address who) { owner = who; } }
contract Makers {
    address public immutable model;
    address public immutable admin = msg.sender;
    event Made(address account);
    constructor(address given) { model = given; }
    function make(address who, bytes32 salt) external {
        Account account = new Account{salt: keccak256(abi.encode(who, salt))}(); // <-- guard: Account account = new Account{salt: salt}();
        account.begin(who);
    }
    function mine(bytes32 salt) external {
        address safe = Clones.cloneDeterministic(model, keccak256(abi.encode(msg.sender, salt))); // <-- guard: address safe = Clones.cloneDeterministic(model, salt);
        ISafe(safe).initialize(msg.sender);
    }
    function named(address who, bytes32 salt) external { emit Made(address(new Named{salt: salt}(who))); }
    function byAdmin(address who, bytes32 salt) external {
        require(msg.sender == admin);
        new Account{salt: salt}().begin(who);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const visit of run.visits.calls) {
        const salt = saltOf(visit);
        if (!salt || !program.isOwn(visit.node) || runs.privileged(visit.state)) continue;
        const { node, frame } = visit;
        const isBrought = isMadeOf(salt, frame, (part) => isGiven(part.node, part.frame));
        if (!isBrought || isMadeOf(salt, frame, (part) => isSender(part.node, part.frame))) continue;
        const told = toldAfter(run, visit, salt);
        if (!told) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} makes a contract with the salt \`${codeOf(program, salt, 40)}\`, which says nothing of whose it will be.`,
          steps: [{ node: told.node, frame: told.frame, note: 'only here the new contract is told' }],
        });
      }
    }
  },
};

/** The salt of `new Wallet{salt: s}()` without arguments, and of a clone that is all the same for everybody. */
function saltOf({ call, node }: CallVisit): AstNode | undefined {
  if (call.kind === 'create') {
    const options = childOf(node, 'expression');
    const names = Array.isArray(options?.['names']) ? (options['names'] as string[]) : [];
    const given = options ? childrenOf(options, 'options') : [];
    return call.arguments.length === 0 ? given[names.indexOf('salt')] : undefined;
  }
  const name = textOf(call.callee, 'memberName') || textOf(call.callee, 'name');
  if (call.kind !== 'internal' || !/^_?(clone|deploy|create)Deterministic$/i.test(name)) return undefined;
  return call.arguments.find((each) => /^bytes32/.test(typeOf(each)));
}

/** The new contract is called and told an account that its salt does not name. */
function toldAfter(run: EntryRun, made: CallVisit, salt: AstNode): CallVisit | undefined {
  const isIn = (node: AstNode, frame: CallVisit['frame']) =>
    isMadeOf(node, frame, (part) => part.node === made.node);
  return run.visits.calls.find(({ call, frame }) => {
    if (call.kind !== 'external' || !isIn(call.address, frame)) return false;
    return call.arguments.some((each) => {
      if (!/^address/.test(typeOf(each))) return false;
      if (isSender(each, frame)) return true;
      const names = (part: { node: AstNode; frame: CallVisit['frame'] }) =>
        isGiven(part.node, part.frame) && /^address/.test(typeOf(part.node));
      return isMadeOf(each, frame, names) && !isMadeOf(salt, made.frame, names);
    });
  });
}
