import type { Detector } from '../detector.ts';
import { textOf } from '../ir/ast.ts';
import { type Frame, isThis } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import { keyOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** What was asked for is credited, not what arrived. */
export const feeOnTransfer: Detector = {
  id: 'fee-on-transfer',
  category: 'token-handling',
  severity: 'medium',
  confidence: 'medium',
  title: 'The amount that is credited may not have arrived',
  why: 'Tokens that take a fee, and those that rebase, deliver less than the amount of the call. The record then promises more than the contract has.',
  exploit:
    'Somebody deposits such a token again and again and withdraws the credited amounts. What is missing is paid by the others.',
  fix: 'Credit the difference of `balanceOf(address(this))` before and after the transfer, or take only tokens that are known.',
  references: ['SWC-123', 'CWE-682', 'OWASP-SC03:2025', 'EEA-EthTrust: Handle Token Fees'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
contract Vault {
    mapping(address => mapping(IERC20 => uint256)) public credit;
    function deposit(IERC20 token, uint256 amount) external {
        require(token.transferFrom(msg.sender, address(this), amount)); // <-- finding
        credit[msg.sender][token] += amount;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function balanceOf(address who) external view returns (uint256);
}
contract Vault {
    IERC20 public immutable usd;
    mapping(address => mapping(IERC20 => uint256)) public credit;
    constructor(IERC20 given) { usd = given; }
    function deposit(IERC20 token, uint256 amount) external {
        uint256 before = token.balanceOf(address(this));
        require(token.transferFrom(msg.sender, address(this), amount));
        credit[msg.sender][token] += token.balanceOf(address(this)) - before;
    }
    function depositUsd(uint256 amount) external {
        require(usd.transferFrom(msg.sender, address(this), amount));
        credit[msg.sender][usd] += amount;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || measures(run)) continue;
      for (const taken of run.visits.calls) {
        const { call, frame, node } = taken;
        const name = textOf(call.callee, 'memberName');
        if (!/^(safeT|t)ransferFrom$/.test(name)) continue;
        const given = call.kind === 'internal' ? call.arguments.slice(1) : call.arguments;
        const token = call.kind === 'external' ? call.address : call.arguments[0];
        const [, to, amount] = given;
        if (given.length !== 3 || !token || !to || !amount || !isThis(to, frame)) continue;
        // A token that the deployer chose once is known; one that the caller names, or that is in a list, may be any.
        const known = taintOf(token, frame);
        const isAny = hasBits(known, from.parameter | from.keyed);
        if (!isAny && known.variables.size === 0) continue;
        const key = keyOf(amount, frame);
        for (const write of run.visits.writes) {
          if (write.slot.keys.length === 0 || !write.state.calls.some((each) => each.call.node === call.node))
            continue;
          const value = write.value ?? (write.node['rightHandSide'] as typeof amount | undefined);
          if (!value || !mentions(value, write.frame, key)) continue;
          report({
            node,
            frame,
            ...(isAny ? {} : { severity: 'low' as const, confidence: 'low' as const }),
            message: `${run.entry.name} credits \`${codeOf(program, amount, 30)}\`, whatever \`${codeOf(program, token, 30)}\` delivers.`,
            note: 'less may arrive than is asked for',
            steps: [{ node: write.node, frame: write.frame, note: 'credited in full' }],
          });
          break;
        }
      }
    }
  },
};

/** Looks at its own balance on the way. */
function measures({ visits }: EntryRun): boolean {
  return visits.calls.some(({ call, frame }) => {
    const [of] = call.arguments;
    return call.kind === 'external' && call.name === 'balanceOf' && of !== undefined && isThis(of, frame);
  });
}

function mentions(value: Parameters<typeof keyOf>[0], frame: Frame, key: string): boolean {
  return keyOf(value, frame) === key || keyOf(value, frame).includes(key);
}
