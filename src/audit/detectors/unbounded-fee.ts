import type { Detector } from '../detector.ts';
import { textOf, typeOf } from '../ir/ast.ts';
import { isCompared } from '../ir/conditions.ts';
import { resolve } from '../ir/frames.ts';
import { storedParts } from '../ir/stored.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** A fee may be set to everything. */
export const unboundedFee: Detector = {
  id: 'unbounded-fee',
  category: 'input-validation',
  severity: 'medium',
  confidence: 'medium',
  title: 'A fee without an upper limit',
  why: 'Whoever may set the fee may set it to the whole amount, or to more, so that every transfer fails. Users cannot know what they agree to.',
  exploit:
    'The owner, or whoever got hold of the owner’s key, sets the fee to 100 % the moment before a large payment goes through.',
  fix: 'Compare with a constant that users can read: `require(fee <= MAX_FEE)`.',
  references: ['SWC-123', 'CWE-1284', 'OWASP-SC04:2025', 'EEA-EthTrust: Validate Inputs'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Market {
    address public owner = msg.sender;
    uint256 public feeBps;
    mapping(address => uint256) public owed;
    function setFee(uint256 value) external {
        require(msg.sender == owner);
        feeBps = value; // <-- finding
    }
    function changeFee(uint256 value) external {
        require(msg.sender == owner && value != feeBps && value > 0);
        feeBps = value; // <-- finding
    }
    function buy(address seller) external payable { owed[seller] += msg.value - msg.value * feeBps / 10_000; }
    struct Listing { address seller; uint96 royaltyBps; uint256 price; }
    mapping(uint256 => Listing) public listings;
    function list(uint256 id, uint96 royaltyBps, uint256 price) external {
        listings[id] = Listing(msg.sender, royaltyBps, price); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Market {
    address public owner = msg.sender;
    uint256 public feeBps;
    address public feeReceiver;
    uint256 public constant MAX = 500;
    function setFee(uint256 value) external {
        require(msg.sender == owner);
        _set(value);
    }
    function _set(uint256 value) private { if (value > MAX) revert(); feeBps = value; }
    function setReceiver(address to) external { require(msg.sender == owner); feeReceiver = to; }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const { slot, value: written, node, frame, state } of run.visits.writes) {
        if (!written || slot.base < 0) continue;
        const variable = textOf(program.stateVariable(slot.base), 'name');
        for (const { node: value, place } of storedParts(written, frame, slot.key)) {
          // `12.feeBps`: the field says what it is, or else the variable.
          const name = place.split('.').slice(1).at(-1) ?? variable;
          if (!/^uint/.test(typeOf(value)) || !isShare(name)) continue;
          // In a record a plain fee is an amount that both sides agreed on.
          if (name !== variable && !/bps|royalt|commission|percent|permille/i.test(name)) continue;
          const at = resolve(value, frame);
          const taint = taintOf(value, frame);
          if (!hasBits(taint, from.parameter) || hasBits(taint, from.external)) continue;
          if (!/^(Identifier|MemberAccess)$/.test(at.node.nodeType)) continue;
          if (isCompared(value, frame, state) || isCompared(at.node, at.frame, state)) continue;
          report({
            node,
            frame,
            message: `${run.entry.name} sets \`${name}\` to any number that it is given.`,
          });
        }
      }
    }
  },
};

/** A part of what others pay, by its name, and not an amount that was collected. */
function isShare(name: string): boolean {
  return (
    /fee|bps|royalt|commission|taxrate|penalty|percent|permille/i.test(name) &&
    !/total|accrued|collected|pending|earned|balance|owed|paid|receiver|amount/i.test(name)
  );
}
