import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { clausesOf } from '../ir/conditions.ts';
import { type Frame, resolve } from '../ir/frames.ts';
import { mentions, mentionsSender } from '../ir/mentions.ts';

/** An account is stored as it comes, zero or not. */
export const missingZeroCheck: Detector = {
  id: 'missing-zero-check',
  category: 'input-validation',
  severity: 'low',
  confidence: 'low',
  title: 'The zero address may be set',
  why: 'An address that a script forgot to fill in is zero. Kept as the owner, the token or the receiver of fees, it locks functions for ever or burns what is paid.',
  exploit:
    'The contract is deployed or set up with a field left empty, and nobody notices until it is too late to change it.',
  fix: 'Require that the address is not zero.',
  references: ['SWC-123', 'CWE-20', 'OWASP-SC04:2025', 'EEA-EthTrust: Validate Inputs'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Till {
    address public receiver;
    constructor(address to) {
        receiver = to; // <-- finding
    }
    function pay() external payable { payable(receiver).transfer(msg.value); }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IList { function known(address who) external view returns (bool); }
contract Till {
    address public receiver;
    address public keeper;
    address public helper;
    IList public list;
    mapping(address => address) public delegateOf;
    constructor(address to, address keeper_, IList list_, address helper_) {
        _notZero(to);
        receiver = to;
        list = list_;
        require(list.known(keeper_));
        keeper = keeper_;
        helper = helper_;
    }
    function _notZero(address who) private pure { if (who == address(0)) revert(); }
    // What can be set again is set right when it was wrong.
    function setHelper(address to) external { require(msg.sender == keeper); helper = to; }
    function delegate(address to) external { delegateOf[msg.sender] = to; }
    function pay() external payable { payable(receiver).transfer(msg.value); }
}
`,
  ],
  run({ program, runs }, report) {
    const again = new Set(
      runs.entries
        .filter(({ role }) => role === 'entry')
        .flatMap(({ visits }) => visits.writes.map(({ slot }) => slot.base)),
    );
    for (const run of runs.entries) {
      if (run.role !== 'constructor') continue;
      for (const { slot, value, node, frame, state } of run.visits.writes) {
        if (
          !value ||
          slot.keys.length > 0 ||
          slot.base < 0 ||
          again.has(slot.base) ||
          !/^address/.test(typeOf(value))
        )
          continue;
        const at = resolve(value, frame);
        const isParameter =
          !at.frame.parent && at.frame.callable.parameters.some((one) => one.id === referenceOf(at.node));
        if (!isParameter || mentionsSender(value, frame)) continue;
        const isIt = (item: AstNode, within: Frame) =>
          item.nodeType === 'Identifier' && resolve(item, within).node === at.node;
        const id = referenceOf(at.node);
        const isAsked = clausesOf(state).some((clause) =>
          clause.some((atom) =>
            mentions(atom.node, atom.frame, (item, within) => isIt(item, within) || referenceOf(item) === id),
          ),
        );
        if (isAsked) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} sets \`${textOf(program.stateVariable(slot.base), 'name')}\` to any address, zero among them.`,
        });
      }
    }
  },
};
