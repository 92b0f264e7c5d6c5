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
    address public owner = msg.sender;
    function setReceiver(address to) external {
        require(msg.sender == owner);
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
    address public owner = msg.sender;
    IList public list;
    mapping(address => address) public delegateOf;
    function _notZero(address who) private pure { if (who == address(0)) revert(); }
    function setReceiver(address to) external { require(msg.sender == owner); _notZero(to); receiver = to; }
    function setListed(address to) external { require(msg.sender == owner && list.known(to)); receiver = to; }
    function delegate(address to) external { delegateOf[msg.sender] = to; }
    function take() external { require(msg.sender == owner); receiver = msg.sender; }
    function pay() external payable { payable(receiver).transfer(msg.value); }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role === 'unreached') continue;
      for (const { slot, value, node, frame, state } of run.visits.writes) {
        if (!value || slot.keys.length > 0 || slot.base < 0 || !/^address/.test(typeOf(value))) continue;
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
