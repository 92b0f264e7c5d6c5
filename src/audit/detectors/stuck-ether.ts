import type { Detector } from '../detector.ts';
import { childrenOf, descendants } from '../ir/ast.ts';
import { entryFrame, isMagic } from '../ir/frames.ts';
import { bodiesFrom } from '../ir/own.ts';
import type { Callable, Contract, Program } from '../ir/program.ts';
import type { Runs } from '../ir/runs.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** Ether comes in by a way that nobody counts. */
export const stuckEther: Detector = {
  id: 'stuck-ether',
  category: 'selfdestruct-and-locked-ether',
  severity: 'low',
  confidence: 'medium',
  title: 'Ether that nobody counts cannot leave',
  why: 'The function takes ether and writes down nothing of it, and all that leaves the contract is what somebody was credited. What comes in this way belongs to nobody.',
  exploit:
    'Nobody has to attack: a plain transfer, or ether that was sent along by mistake, stays in the contract for good.',
  fix: 'Leave out `payable`, credit the sender, or let the owner withdraw what is not owed to anybody.',
  references: ['SWC-132', 'CWE-772', 'OWASP-SC03:2025', 'EEA-EthTrust: Explicitly Handle Ether'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public credit;
    receive() external payable {} // <-- finding
    function put() external payable { credit[msg.sender] += msg.value; }
    function rename(string calldata) external payable { credit[address(1)] = 0; } // <-- finding
    function take() external {
        uint256 amount = credit[msg.sender];
        credit[msg.sender] = 0;
        payable(msg.sender).transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public credit;
    address payable public owner = payable(msg.sender);
    receive() external payable {}
    function put() external payable { credit[msg.sender] += msg.value; }
    function sweep() external { owner.transfer(address(this).balance); }
}
contract Strict {
    mapping(address => uint256) public credit;
    receive() external payable { _put(msg.sender); }
    function _put(address who) private { credit[who] += msg.value; }
    function take() external {
        uint256 amount = credit[msg.sender];
        credit[msg.sender] = 0;
        payable(msg.sender).transfer(amount);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      if (!paysOnlyWhatIsOwed(runs, contract)) continue;
      for (const { context, role, entry } of runs.entries) {
        if (context !== contract || role !== 'entry' || entry.mutability !== 'payable') continue;
        if (countsEther(program, entry, contract)) continue;
        report({
          node: entry.node,
          message: `Ether that comes in by ${entry.name} of ${contract.name} is credited to nobody.`,
        });
      }
    }
  },
};

/** It sends ether, and never by its balance, by an amount that somebody names, or by foreign code. */
function paysOnlyWhatIsOwed(runs: Runs, contract: Contract): boolean {
  let pays = false;
  for (const { context, visits } of runs.entries) {
    if (context !== contract) continue;
    if (visits.assembly.some(({ operation }) => /call|selfdestruct|suicide/.test(operation.name)))
      return false;
    for (const { call, frame } of visits.calls) {
      if (call.kind === 'selfdestruct') return false;
      if (call.kind === 'low-level' && call.method !== 'call' && call.method !== 'staticcall') return false;
      const amount = call.kind === 'transfer' || call.kind === 'send' ? call.arguments[0] : call.value;
      if (!amount) continue;
      const taint = taintOf(amount, frame);
      if (!hasBits(taint, from.storage) || hasBits(taint, from.balance | from.parameter)) return false;
      pays = true;
    }
  }
  return pays;
}

/** It looks at how much came, or lets nothing pass. */
function countsEther(program: Program, entry: Callable, contract: Contract): boolean {
  const bodies = bodiesFrom(entryFrame(program, entry, contract));
  const first = entry.body && childrenOf(entry.body, 'statements')[0];
  if (first && /^(RevertStatement|Throw)$/.test(first.nodeType)) return true;
  return bodies.some(({ body }) =>
    descendants(body, 'MemberAccess', 'InlineAssembly', 'FunctionCall').some(
      (node) =>
        node.nodeType === 'InlineAssembly' ||
        isMagic(node, 'msg', 'value') ||
        (node.nodeType === 'FunctionCall' && /revert/.test(String(program.source.text(node)).slice(0, 6))),
    ),
  );
}
