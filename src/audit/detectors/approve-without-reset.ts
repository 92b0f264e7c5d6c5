import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants, referenceOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { type Frame, isThis, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import { keyOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { CallVisit } from '../ir/visits.ts';

/** An allowance of a token is replaced by another one that is not zero. */
export const approveWithoutReset: Detector = {
  id: 'approve-without-reset',
  category: 'token-handling',
  severity: 'medium',
  confidence: 'medium',
  title: 'An allowance is replaced without going through zero',
  why: 'Some tokens (USDT among them) refuse to change an allowance that is not zero into another one. Where it works, the spender can use the old one right before and the new one after it.',
  exploit:
    'A spender whose allowance is to be lowered sees the transaction, draws the old allowance, and then draws the new one as well. With USDT the change fails as long as anything is left.',
  fix: 'Use `forceApprove` or `safeIncreaseAllowance` of OpenZeppelin, or approve zero first and look at what was used.',
  references: ['SWC-114', 'CWE-362', 'OWASP-SC03:2025', 'EEA-EthTrust: Protect Token Approvals'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function approve(address spender, uint256 amount) external returns (bool); }
contract Purse {
    IERC20 public token;
    address public owner = msg.sender;
    mapping(address => uint256) public allowed;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    function change(address who, uint256 amount) external onlyOwner {
        allowed[who] = amount;
        _allow(who, amount);
    }
    function _allow(address who, uint256 amount) private {
        require(token.approve(who, amount)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function approve(address spender, uint256 amount) external returns (bool);
    function allowance(address owner, address spender) external view returns (uint256);
}
contract Purse {
    IERC20 public token;
    address public owner = msg.sender;
    constructor(IERC20 given, address first) { token = given; require(given.approve(first, 100)); }
    modifier onlyOwner() { require(msg.sender == owner); _; }
    function change(address who, uint256 amount) external onlyOwner {
        require(token.approve(who, 0));
        require(token.approve(who, amount));
    }
    function careful(address who, uint256 amount) external onlyOwner {
        require(token.allowance(address(this), who) == 0);
        require(token.approve(who, amount));
    }
    function close(address who) external onlyOwner { require(token.approve(who, 0)); }
    function all(address who) external onlyOwner { require(token.approve(who, type(uint256).max)); }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const visit of run.visits.calls) {
        const { call, frame, node, state } = visit;
        if (call.kind !== 'external' || call.name !== 'approve' || !program.isOwn(node)) continue;
        const [spender, amount] = call.arguments;
        if (!spender || !amount || call.arguments.length !== 2 || isThis(call.address, frame)) continue;
        if (runs.once(state) || isWhole(amount, frame) || isReset(run, visit, spender)) continue;
        // A contract that the deployer chose is no user, and what is spent in the same call mostly leaves nothing behind.
        const isUser = hasBits(taintOf(spender, frame), from.parameter | from.keyed);
        report({
          node,
          frame,
          ...(!isUser || spends(run, visit, spender) ? { severity: 'low', confidence: 'low' } : {}),
          message: `${run.entry.name} sets an allowance with \`${codeOf(program, node, 60)}\`, whatever is left of the one before.`,
        });
      }
    }
  },
};

/** Zero, or without limit; or the id of one token of many. */
function isWhole(amount: AstNode, frame: Frame): boolean {
  const at = resolve(amount, frame).node;
  const text = frame.program.source.text(at).replace(/\s/g, '');
  return (
    constantOf(frame.program, at) === 0n || /\.max$|^(uint256|uint)?\(?-1\)?$|^~|2\*\*256-1|id$/i.test(text)
  );
}

/** The allowance is set to zero, or asked for, somewhere in the same run. */
function isReset(run: EntryRun, { frame, call }: CallVisit, spender: AstNode): boolean {
  const key = keyOf(spender, frame);
  return run.visits.calls.some(({ call: other, frame: at }) => {
    if (other.kind !== 'external' || other.node === call.node) return false;
    if (other.name === 'allowance') return other.arguments.some((argument) => keyOf(argument, at) === key);
    const [to, amount] = other.arguments;
    return (
      other.name === 'approve' &&
      to !== undefined &&
      amount !== undefined &&
      keyOf(to, at) === key &&
      isWhole(amount, at)
    );
  });
}

/** The spender, where it is a contract that the deployer chose, is called afterwards in the same run. */
function spends(run: EntryRun, { frame, node }: CallVisit, spender: AstNode): boolean {
  const key = keyOf(spender, frame);
  const isChosen = hasBits(taintOf(spender, frame), from.parameter);
  const id = referenceOf(resolve(spender, frame).node);
  return run.visits.calls.some(({ call, frame: at, node: other }) => {
    if (other === node || (call.kind !== 'external' && call.kind !== 'low-level')) return false;
    if (keyOf(call.address, at) === key) return true;
    return (
      !isChosen &&
      id !== undefined &&
      descendants(call.address, 'Identifier').some((each) => referenceOf(each) === id)
    );
  });
}
