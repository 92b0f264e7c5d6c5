import type { Detector } from '../detector.ts';
import { typeOf } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import { isSuccessUsed, reportsOutcome } from '../ir/results.ts';

/** Another contract answers yes or no, or how much, and nobody looks. */
export const ignoredAnswer: Detector = {
  id: 'ignored-answer',
  category: 'unchecked-result',
  severity: 'medium',
  confidence: 'medium',
  title: 'The answer of another contract is ignored',
  why: 'A function that answers true or false need not revert when it could not do what was asked, and one that moves tokens may move fewer than it was asked to. Who does not look at the answer takes the wish for the deed.',
  exploit:
    'The other contract answers false, or pays out a part only. The records here say that all was done, and the difference is missing when the last one withdraws.',
  fix: 'Require the answer, or go on with the amount that it names.',
  references: ['SWC-104', 'CWE-252', 'OWASP-SC06:2025', 'EEA-EthTrust: Check External Calls Return'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Escrow { function lock(address who, uint256 n) external returns (bool); function withdraw(uint256 n) external returns (uint256 got); }
contract Desk {
    Escrow public immutable escrow;
    mapping(address => uint256) public locked;
    constructor(Escrow e) { escrow = e; }
    function lock(uint256 n) external {
        escrow.lock(msg.sender, n); // <-- finding
        locked[msg.sender] += n;
    }
    function unlock(uint256 n) external {
        locked[msg.sender] -= n;
        _take(n);
    }
    function _take(uint256 n) internal { escrow.withdraw(n); } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Escrow { function lock(address who, uint256 n) external returns (bool); function withdraw(uint256 n) external returns (uint256 got); function note(uint256 n) external returns (uint256); }
contract Desk {
    Escrow public immutable escrow;
    mapping(address => uint256) public locked;
    constructor(Escrow e) { escrow = e; }
    function lock(uint256 n) external { require(escrow.lock(msg.sender, n)); locked[msg.sender] += n; }
    function unlock(uint256 n) external { locked[msg.sender] -= n; n = escrow.withdraw(n); escrow.note(n); }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const call of callsIn(program, callable)) {
        const kind = kindOf(call);
        if (!kind || isSuccessUsed(program, call.node)) continue;
        if (call.kind === 'external' && call.target && reportsOutcome(program, call.target)) continue;
        report({
          node: call.node,
          ...(kind === 'amount' ? { severity: 'low' as const } : {}),
          message: `${callable.name} does not look at what \`${codeOf(program, call.callee, 60)}\` answers.`,
        });
      }
    }
  },
};

/** Token transfers and approvals have detectors of their own. */
function kindOf(call: Call): 'yes-or-no' | 'amount' | undefined {
  if (call.kind !== 'external' || !call.target || /view|pure/.test(call.target.mutability)) return undefined;
  if (/^(transfer(From)?|approve|(increase|decrease)Allowance)$/.test(call.name)) return undefined;
  const { returns } = call.target;
  const type = typeOf(returns[0]);
  if (returns.length !== 1) return undefined;
  if (type === 'bool') return 'yes-or-no';
  const moves = /withdraw|redeem|take|claim|swap|exit|unstake|harvest|borrow|repay|deposit|^mint$|^burn$/i;
  return /^uint/.test(type) && moves.test(call.name) ? 'amount' : undefined;
}
