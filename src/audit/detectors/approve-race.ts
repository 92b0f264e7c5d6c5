import type { Detector } from '../detector.ts';
import { descendants } from '../ir/ast.ts';
import { isSender } from '../ir/frames.ts';
import { isMadeOf } from '../ir/sources.ts';
import { slotOf } from '../ir/storage.ts';

/** An allowance is replaced while the old one can still be spent. */
export const approveRace: Detector = {
  id: 'approve-race',
  category: 'front-running',
  severity: 'low',
  confidence: 'high',
  title: 'An allowance that is changed can be spent twice',
  why: 'approve replaces the allowance by a new amount. The spender who sees it coming spends the old allowance first and the new one afterwards.',
  exploit:
    'Alice lowers the allowance of Bob from 100 to 50. Bob sees the transaction, takes 100 before it and 50 after it.',
  fix: 'Offer functions that raise and lower an allowance by a difference, or let approve refuse to change one amount into another without going through zero.',
  references: ['SWC-114', 'CWE-362', 'OWASP-SC07:2025', 'EEA-EthTrust: Protect Against Front-Running'],
  bad: [
    `pragma solidity ^0.4.24;
contract Coin {
    mapping(address => mapping(address => uint)) public allowed;
    function approve(address spender, uint value) public returns (bool) {
        allowed[msg.sender][spender] = value; // <-- finding
        return true;
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Coin {
    mapping(address => mapping(address => uint)) public allowed;
    function approve(address spender, uint value) public returns (bool) {
        require(value == 0 || allowed[msg.sender][spender] == 0);
        allowed[msg.sender][spender] = value;
        return true;
    }
}
contract Other {
    mapping(address => mapping(address => uint)) public allowed;
    function approve(address spender, uint value) public returns (bool) {
        allowed[msg.sender][spender] = value;
        return true;
    }
    function increaseApproval(address spender, uint value) public {
        require(allowed[msg.sender][spender] + value >= value);
        allowed[msg.sender][spender] += value;
    }
}
`,
  ],
  run({ runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.entry.signature !== 'approve(address,uint256)') continue;
      const others = run.context.linearised.flatMap((contract) => contract.functions);
      if (others.some(({ name }) => /^(increase|decrease)(Allowance|Approval)$|^permit$/.test(name)))
        continue;
      for (const { slot, frame, node, state } of run.visits.writes) {
        const [owner] = slot.keys;
        if (slot.keys.length !== 2 || !owner || !isSender(owner.node, owner.frame)) continue;
        const isAsked = state.conditions.some((condition) =>
          descendants(condition.node, 'IndexAccess', 'FunctionCall', 'Identifier').some((each) =>
            isMadeOf(each, condition.frame, (part) => slotOf(part.node, part.frame)?.key === slot.key),
          ),
        );
        if (isAsked) continue;
        report({
          node,
          frame,
          message: `${run.context.name}.approve replaces an allowance that may be spent before.`,
        });
      }
    }
  },
};
