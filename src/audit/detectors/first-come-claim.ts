import type { Detector } from '../detector.ts';
import { childOf, descendants, typeOf } from '../ir/ast.ts';
import { looksUpCommitment, takesCommitments } from '../ir/commitments.ts';
import { isSender, type Ref } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isGiven } from '../ir/places.ts';
import { isMadeOf, nameOf, sourcesOf } from '../ir/sources.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** A name belongs to whoever registers it first, and the mempool shows who is about to. */
export const firstComeClaim: Detector = {
  id: 'first-come-claim',
  category: 'front-running',
  severity: 'medium',
  confidence: 'low',
  title: 'A name can be taken by whoever sees the registration coming',
  why: 'The first transaction that names something gets it. The name stands in the open before it is mined, and nothing binds it to who wanted it.',
  exploit:
    'A bot watches for registrations, registers each name itself with a higher fee, and sells it to the one who wanted it.',
  fix: 'Register in two steps: first a commitment to `keccak256(name, salt, msg.sender)`, some minutes later the name itself.',
  references: ['SWC-114', 'CWE-362', 'OWASP-SC07:2025', 'EEA-EthTrust: Protect Against Front-Running'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Names {
    struct Entry { address owner; uint256 until; }
    mapping(bytes32 => Entry) public entries;
    mapping(string => address) public handles;
    function register(string calldata name) external payable {
        bytes32 key = keccak256(bytes(name));
        require(entries[key].owner == address(0) || entries[key].until < block.timestamp);
        entries[key].owner = msg.sender; // <-- finding
        entries[key].until = block.timestamp + 365 days;
    }
    function take(string calldata handle) external {
        require(handles[handle] == address(0));
        _give(handle, msg.sender);
    }
    function _give(string calldata handle, address to) private {
        handles[handle] = to; // <-- finding
    }
}
`,
    `pragma solidity ^0.5.17;
contract Labels {
    mapping(bytes32 => address) public ownerOf;
    mapping(address => bytes32) public hidden;
    function hide(bytes32 commitment) external { hidden[msg.sender] = commitment; }
    // Who takes a label is not asked for what they have hidden.
    function take(bytes32 label) external payable {
        if (ownerOf[label] != address(0)) revert();
        ownerOf[label] = msg.sender; // <-- finding
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.5.17;
contract Labels {
    mapping(bytes32 => address) public ownerOf;
    mapping(address => bytes32) public hidden;
    function hide(bytes32 commitment) external { hidden[msg.sender] = commitment; }
    function take(bytes32 label, bytes32 salt) external payable {
        require(hidden[msg.sender] == keccak256(abi.encode(msg.sender, label, salt)));
        if (ownerOf[label] != address(0)) revert();
        ownerOf[label] = msg.sender;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Names {
    mapping(bytes32 => address) public owners;
    mapping(bytes32 => uint256) public noticed;
    mapping(string => address) public handles;
    mapping(uint256 => address) public offers;
    address public registrar = msg.sender;
    function notice(bytes32 commitment) external { noticed[commitment] = block.timestamp; }
    function register(string calldata name, bytes32 salt) external payable {
        bytes32 commitment = keccak256(abi.encode(name, salt, msg.sender));
        require(noticed[commitment] != 0 && noticed[commitment] + 10 minutes < block.timestamp);
        bytes32 key = keccak256(bytes(name));
        require(owners[key] == address(0));
        owners[key] = msg.sender;
    }
    function handOut(string calldata handle) external {
        require(msg.sender == registrar && handles[handle] == address(0));
        handles[handle] = msg.sender;
    }
    function pass(string calldata handle, address to) external {
        require(handles[handle] == msg.sender);
        handles[handle] = to;
    }
    function offer(uint256 id) external { require(offers[id] == address(0)); offers[id] = msg.sender; }
}
`,
  ],
  run({ program, runs }, report) {
    const isMeantToHide = takesCommitments(runs);
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const write of run.visits.writes) {
        const { node, frame, state, slot } = write;
        const key = slot.keys.find((each) => isText(each));
        if (!key || !namesSender(write) || runs.authorised(state)) continue;
        if (!isFree(write) || state.conditions.some((condition) => looksUpCommitment(condition))) continue;
        report({
          node,
          frame,
          // Where all names are first come, first served, that is what was promised.
          ...(isMeantToHide ? {} : { severity: 'low' }),
          message: `${run.entry.name} gives \`${codeOf(program, key.node, 40)}\` to whoever asks first.`,
        });
      }
    }
  },
};

/** A text of the caller's, the hash of one, or 32 bytes that are named as one. */
function isText({ node, frame }: Ref): boolean {
  return sourcesOf(node, frame).some((part) => {
    const isShort =
      /^bytes32/.test(typeOf(part.node)) && /name|label|handle|domain|title/i.test(nameOf(part.node));
    return (isShort || /^(string|bytes) /.test(`${typeOf(part.node)} `)) && isGiven(part.node, part.frame);
  });
}

function namesSender({ value, frame }: WriteVisit): boolean {
  return value !== undefined && isMadeOf(value, frame, (part) => isSender(part.node, part.frame));
}

/** A condition looked at the same record before: nobody has it yet. */
function isFree({ slot, state }: WriteVisit): boolean {
  const looked = [...state.reads].some((key) => key === slot.key || key.startsWith(`${slot.key}.`));
  return looked && !state.conditions.some((condition) => comparesSender(condition));
}

function comparesSender({ node, frame }: Ref): boolean {
  return descendants(node, 'BinaryOperation').some((item) =>
    ['leftExpression', 'rightExpression'].some((field) => {
      const side = childOf(item, field);
      return side !== undefined && isSender(side, frame);
    }),
  );
}
