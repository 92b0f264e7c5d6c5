import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeOf, unwrap } from '../ir/ast.ts';
import type { Frame } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { Ranges } from '../ir/ranges.ts';
import { keyOf } from '../ir/storage.ts';
import { chosenByCaller, from, hasBits, taintOf, variableTaint } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** A list may be made so long that its elements are all of the storage, or a slot is named by the caller. */
export const arbitraryStorageWrite: Detector = {
  id: 'arbitrary-storage-write',
  category: 'language-trap',
  severity: 'high',
  confidence: 'high',
  title: 'Anyone can write to any storage slot',
  why: 'Element i of a list lies at the hash of the list’s slot plus i, modulo 2^256. A list whose length wrapped below zero, or was set by the caller, has an element at every slot, the owner’s and all balances among them.',
  exploit:
    'An attacker makes the list endless, works out which index falls on the slot of the owner, and writes their address there.',
  fix: 'Shorten a list only while it has elements (`require(list.length > 0)`, or `pop()` since 0.5), never set its length to a number of the caller’s, and compare an index with the length.',
  references: ['SWC-124', 'CWE-123', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Storage'],
  bad: [
    `pragma solidity ^0.4.24;
contract Wallet {
    address public owner = msg.sender;
    uint[] private codes;
    function push(uint code) public { codes.push(code); }
    function pop() public {
        require(codes.length >= 0);
        codes.length--; // <-- finding
    }
    function update(uint index, uint code) public { codes[index] = code; }
}
`,
    `pragma solidity ^0.5.17;
contract Base {
    bytes32[] internal slots;
    function _resize(uint count) internal { slots.length = count; } // <-- finding
}
contract Notes is Base {
    address owner = msg.sender;
    function resize(uint count) external { _resize(count); }
    function put(uint index, bytes32 note) external { slots[index] = note; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Registers {
    address public owner = msg.sender;
    function put(uint256 slot, uint256 value) external {
        assembly { // <-- finding
            sstore(slot, value)
        }
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Wallet {
    address public owner = msg.sender;
    uint[] private codes;
    function push(uint code) public { codes.push(code); }
    function pop() public {
        require(codes.length > 0);
        codes.length--;
    }
    function last() public { if (codes.length != 0) codes.length -= 1; }
    function reset(uint count) public {
        require(msg.sender == owner);
        codes.length = count;
    }
    function start() public { codes.length = 0; }
    function remove(uint index) public {
        require(index < codes.length);
        delete codes[index];
        codes.length--;
    }
    function drop(uint index) public {
        codes[index] = codes[codes.length - 1];
        codes.length--;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Registers {
    address public owner = msg.sender;
    bytes32 constant SLOT = keccak256("registers");
    function put(uint256 slot, uint256 value) external {
        require(msg.sender == owner);
        assembly {
            sstore(slot, value)
        }
    }
    function set(uint256 value) external {
        bytes32 slot = SLOT;
        assembly {
            sstore(slot, value)
        }
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const write of run.visits.writes) {
        const { node, frame, state } = write;
        if (runs.privileged(state) || !program.isOwn(node)) continue;
        const how = makesEndless(runs.ranges, write);
        if (!how) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} ${how} by \`${codeOf(program, node, 40)}\`, and its elements are then all of the storage.`,
          note: 'the list may have any length from here on',
        });
      }
      for (const { operation, node, frame, state } of run.visits.assembly) {
        if (operation.name !== 'sstore' || operation.operand === undefined || runs.privileged(state))
          continue;
        // The block asks by itself who calls.
        if (/\bcaller\b/.test(program.source.text(node))) continue;
        const taint = variableTaint(operation.operand, frame);
        if (!hasBits(taint, from.parameter) || hasBits(taint, from.hash)) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} writes to the slot \`${operation.operandText}\`, which the caller chooses.`,
        });
      }
    }
  },
};

/** What an assignment to a list's length does to it when nothing keeps it in bounds. */
function makesEndless(ranges: Ranges, { node, frame, state }: WriteVisit): string | undefined {
  const place = childOf(node, 'leftHandSide') ?? childOf(node, 'subExpression');
  const list = place && lengthOf(unwrap(place));
  if (!place || !list || !/\[\] storage/.test(typeOf(list))) return undefined;
  const operator = textOf(node, 'operator');
  if (operator === '--' || operator === '-=') {
    const right = childOf(node, 'rightHandSide');
    const taken = right ? ranges.of(right, frame, state.relations).max : 1n;
    const isKept = ranges.of(place, frame, state.relations).min >= taken;
    const isCompared = right !== undefined && !hasBits(taintOf(right, frame), from.parameter);
    return isKept || isCompared || readsLast(list, frame) ? undefined : 'can make a list shorter than empty';
  }
  const value = operator === '=' ? childOf(node, 'rightHandSide') : undefined;
  if (!value || !hasBits(taintOf(value, frame), chosenByCaller)) return undefined;
  const { max } = ranges.of(value, frame, state.relations);
  return max < 2n ** 64n ? undefined : 'lets the caller set the length of a list';
}

function lengthOf(node: AstNode): AstNode | undefined {
  const isLength = node.nodeType === 'MemberAccess' && textOf(node, 'memberName') === 'length';
  return isLength ? childOf(node, 'expression') : undefined;
}

/** `list[list.length - 1]`: reading the last element fails when there is none. */
function readsLast(list: AstNode, frame: Frame): boolean {
  const { body } = frame.callable;
  const key = keyOf(list, frame);
  return (body ? descendants(body, 'IndexAccess') : []).some((node) => {
    const [base, index] = [childOf(node, 'baseExpression'), childOf(node, 'indexExpression')];
    const length = index && textOf(index, 'operator') === '-' ? childOf(index, 'leftExpression') : undefined;
    return (
      base !== undefined &&
      length !== undefined &&
      keyOf(base, frame) === key &&
      keyOf(length, frame) === `${key}.length`
    );
  });
}
