import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { codeOf } from '../ir/own.ts';
import { readsOf } from '../ir/places.ts';
import type { EntryRun } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { keyOf } from '../ir/storage.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Sending to oneself makes tokens out of nothing. */
export const selfTransfer: Detector = {
  id: 'self-transfer',
  category: 'input-validation',
  severity: 'high',
  confidence: 'high',
  title: 'A transfer to oneself raises the balance',
  why: 'Both balances are read before either is written. When sender and receiver are the same account, the second write puts back what the first one took, and adds the amount.',
  exploit:
    'An attacker sends all their tokens to themselves and has twice as many. Ten times later they own more than everybody else.',
  fix: 'Write the first balance before the second one is read (`balances[from] -= amount; balances[to] += amount`), or refuse equal accounts.',
  references: ['SWC-123', 'CWE-682', 'OWASP-SC03:2025', 'EEA-EthTrust: Avoid Read-Write Races'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Coin {
    mapping(address => uint256) public balances;
    function transfer(address to, uint256 amount) external { _move(msg.sender, to, amount); }
    function _move(address from, address to, uint256 amount) internal {
        uint256 fromBalance = balances[from];
        uint256 toBalance = balances[to];
        require(fromBalance >= amount);
        balances[from] = fromBalance - amount;
        balances[to] = toBalance + amount; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Coin {
    mapping(address => uint256) public balances;
    function transfer(address to, uint256 amount) external {
        uint256 mine = balances[msg.sender];
        require(mine >= amount);
        balances[msg.sender] = mine - amount;
        uint256 theirs = balances[to];
        balances[to] = theirs + amount;
    }
    function direct(address to, uint256 amount) external {
        balances[msg.sender] = balances[msg.sender] - amount;
        balances[to] = balances[to] + amount;
    }
    function refused(address to, uint256 amount) external {
        require(to != msg.sender);
        uint256 mine = balances[msg.sender];
        uint256 theirs = balances[to];
        balances[msg.sender] = mine - amount;
        balances[to] = theirs + amount;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const second of run.visits.writes) {
        const first = firstOf(run, second);
        if (!first || !isCopied(second, first) || areCompared(second, first)) continue;
        report({
          node: second.node,
          frame: second.frame,
          message: `${run.entry.name} writes \`${codeOf(program, second.node, 50)}\` from a copy that is older than the write before it.`,
          steps: [
            {
              node: first.node,
              frame: first.frame,
              note: 'written first; lost when both are the same account',
            },
          ],
        });
      }
    }
  },
};

/** The write right before, of the same table under another key, in the same function. */
function firstOf({ visits }: EntryRun, second: WriteVisit): WriteVisit | undefined {
  const { slot, frame, value } = second;
  if (!value || slot.keys.length === 0) return undefined;
  return visits.writes.find(
    (one) =>
      one.value !== undefined &&
      one.frame === frame &&
      one.slot.key === slot.key &&
      one.slot.exact !== slot.exact &&
      one.slot.keys.length === slot.keys.length &&
      startOf(one.node) < startOf(second.node) &&
      readsOf(one.value, frame).some((read) => read.slot.exact === one.slot.exact),
  );
}

/** What is written comes from a local that was filled before the first write. */
function isCopied({ value, frame, slot, node }: WriteVisit, first: WriteVisit): boolean {
  if (textOf(node, 'operator') !== '=') return false;
  return readsOf(value, frame).some(
    (read) => read.slot.exact === slot.exact && startOf(read.part.node) < startOf(first.node),
  );
}

function areCompared(second: WriteVisit, first: WriteVisit): boolean {
  const keys = [first, second].map(({ slot }) => {
    const last = slot.keys.at(-1);
    return last ? keyOf(last.node, last.frame) : '';
  });
  return comparisonsIn(second.state).some((sides) => keys.every((key) => sides.includes(key)));
}

function comparisonsIn({ conditions }: State): string[][] {
  return conditions.flatMap(({ node, frame }) =>
    descendants(node, 'BinaryOperation').map((item) =>
      ['leftExpression', 'rightExpression'].flatMap((field) => {
        const side = childOf(item, field);
        return side ? [keyOf(side, frame)] : [];
      }),
    ),
  );
}

function startOf(node: AstNode): number {
  return Number(node.src.split(':')[0]);
}
