import type { Detector } from '../detector.ts';
import { isSenders } from '../ir/places.ts';
import type { EntryRun } from '../ir/runs.ts';
import { isMadeOf } from '../ir/sources.ts';
import { keyOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** A token lets anybody move what others hold. */
export const unspentAllowance: Detector = {
  id: 'unspent-allowance',
  category: 'token-handling',
  severity: 'high',
  confidence: 'high',
  title: 'transferFrom does not use up an allowance',
  why: 'The function takes tokens from an account that the caller names. When it neither looks at an allowance of the sender nor lowers it, an approval is worth nothing, or is good for ever.',
  exploit:
    'An attacker calls transferFrom with somebody else as `from` and themselves as `to`; or somebody with an allowance of ten takes ten again and again.',
  fix: 'Require `allowance[from][msg.sender] >= amount` and take the amount from it.',
  references: ['SWC-105', 'CWE-863', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Token Approvals'],
  bad: [
    `pragma solidity ^0.4.24;
contract Base {
    mapping(address => uint) public balanceOf;
    function move(address from, address to, uint value) internal {
        require(balanceOf[from] >= value && balanceOf[to] + value >= value);
        balanceOf[from] -= value;
        balanceOf[to] += value;
    }
}
contract Coin is Base {
    mapping(address => mapping(address => uint)) public allowed;
    function approve(address spender, uint value) public { allowed[msg.sender][spender] = value; }
    function transferFrom(address from, address to, uint value) public returns (bool) { // <-- finding
        require(allowed[from][msg.sender] >= value);
        move(from, to, value);
        return true;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Coin {
    mapping(address => uint256) public balanceOf;
    function transferFrom(address from, address to, uint256 amount) external returns (bool) { // <-- finding
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Coin {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    address public bridge = msg.sender;
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (msg.sender != bridge) _spend(from, amount);
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        return true;
    }
    function _spend(address from, uint256 amount) private {
        if (allowance[from][msg.sender] != type(uint256).max) allowance[from][msg.sender] -= amount;
    }
}
contract Card {
    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public balanceOf;
    function transferFrom(address from, address to, uint256 id) external {
        require(ownerOf[id] == from && msg.sender == from);
        ownerOf[id] = to;
        balanceOf[from] -= 1;
        balanceOf[to] += 1;
    }
}
`,
  ],
  run({ runs }, report) {
    for (const run of runs.entries) {
      if (
        run.role !== 'entry' ||
        run.signed ||
        run.entry.signature !== 'transferFrom(address,address,uint256)'
      )
        continue;
      const taken = takenFrom(run);
      if (!taken || runs.privileged(taken.state)) continue;
      const spends = run.visits.writes.some(({ slot }) => slot.keys.length > 1 && isSenders(slot));
      if (spends || isOwnOnly(run)) continue;
      report({
        node: run.entry.node,
        frame: taken.frame,
        message: `${run.context.name}.transferFrom takes from any account, and no allowance of the sender gets smaller.`,
        steps: [{ node: taken.node, frame: taken.frame, note: 'tokens leave the account here' }],
      });
    }
  },
};

/** The balance of `from` goes down by the amount: tokens that are counted, not single ones. */
function takenFrom({ visits, entry }: EntryRun) {
  const [payer, , amount] = entry.parameters;
  return visits.writes.find(({ slot, node, value, frame }) => {
    const [key] = slot.keys;
    if (slot.keys.length !== 1 || !key || !payer || !amount) return false;
    if (!isMadeOf(key.node, key.frame, (part) => part.node['referencedDeclaration'] === payer.id))
      return false;
    return isMadeOf(value ?? node, frame, (part) => part.node['referencedDeclaration'] === amount.id);
  });
}

/** Only the holder passes: `msg.sender == from`. */
function isOwnOnly({ visits, entry }: EntryRun): boolean {
  const [payer] = entry.parameters;
  return visits.writes.some(({ state }) =>
    state.conditions.some(({ node, frame }) => {
      const sides = [node['leftExpression'], node['rightExpression']] as (typeof node | undefined)[];
      const isSender = sides.some(
        (side) => side && hasBits(taintOf(side, frame), from.sender) && /sender/i.test(keyOf(side, frame)),
      );
      return isSender && sides.some((side) => side?.['referencedDeclaration'] === payer?.id);
    }),
  );
}
