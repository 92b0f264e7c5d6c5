import type { Detector } from '../detector.ts';
import { type descendants, textOf } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import type { Frame } from '../ir/frames.ts';
import type { Program } from '../ir/program.ts';
import type { EntryRun } from '../ir/runs.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** A signature works more than once. */
export const signatureReplay: Detector = {
  id: 'signature-replay',
  category: 'signature',
  severity: 'high',
  confidence: 'medium',
  title: 'A signature can be used again',
  why: 'Nothing is written down that tells this signature from one that was used: no nonce is counted up and no hash is marked.',
  exploit:
    'Whoever saw the signature once, on the chain or from the signer, sends it again and again, and is paid each time.',
  fix: 'Put a nonce of the signer into what is signed and count it up, or mark the hash as used before anything else happens. Sign by EIP-712, with chain id and contract.',
  references: ['SWC-121', 'CWE-294', 'OWASP-SC01:2025', 'EEA-EthTrust: Prevent Signature Replay'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Payouts {
    address public immutable signer = msg.sender;
    function claim(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, amount));
        require(ecrecover(digest, v, r, s) == signer, "wrong"); // <-- finding
        payable(msg.sender).transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Payouts {
    address public immutable signer = msg.sender;
    mapping(address => uint256) public nonces;
    mapping(bytes32 => bool) public used;
    function claim(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, amount, nonces[msg.sender]++));
        require(ecrecover(digest, v, r, s) == signer, "wrong");
        payable(msg.sender).transfer(amount);
    }
    function take(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, amount));
        require(!used[digest]);
        used[digest] = true;
        require(ecrecover(digest, v, r, s) == signer, "wrong");
        payable(msg.sender).transfer(amount);
    }
    function check(bytes32 digest, uint8 v, bytes32 r, bytes32 s) external view returns (bool) {
        return ecrecover(digest, v, r, s) == signer;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || !run.signed || /^(view|pure)$/.test(run.entry.mutability)) continue;
      if (!changesSomething(run) || marksUse(program, run)) continue;
      const recovery = run.visits.calls.find(({ call }) => recovers(call));
      if (!recovery || runs.privileged(recovery.state)) continue;
      report({
        node: recovery.node,
        frame: recovery.frame,
        message: `${run.entry.name} accepts the same signature again: no nonce and no mark is written.`,
      });
    }
  },
};

function recovers({ callee }: Call): boolean {
  const name = textOf(callee, 'name') || textOf(callee, 'memberName');
  return /^(ec|try)?recover$|^isValidSignature(Now)?$/i.test(name);
}

function changesSomething({ visits }: EntryRun): boolean {
  return (
    visits.writes.length > 0 ||
    visits.calls.some(({ call }) => ['external', 'low-level', 'transfer', 'send'].includes(call.kind))
  );
}

/** A record is written under a key that hangs on what was signed or on who signed, or a counter goes up. */
function marksUse(program: Program, { visits }: EntryRun): boolean {
  return visits.writes.some(({ slot, value, node }) => {
    const counts = node.nodeType === 'UnaryOperation' || node['operator'] === '+=';
    const named = `${textOf(program.stateVariable(slot.base), 'name')} ${slot.key}`;
    if ((counts || value !== undefined) && marking.test(named)) return true;
    return slot.keys.some((key) => isOfSignature(key) && isMark(value));
  });
}

const marking = /nonce|used|claimed|spent|executed|processed|consumed|filled|redeemed|minted|done/i;

function isOfSignature({ node, frame }: { node: Parameters<typeof taintOf>[0]; frame: Frame }): boolean {
  return hasBits(taintOf(node, frame), from.hash | from.parameter);
}

/** `true`, an amount or a time: anything but zero. */
function isMark(value: Parameters<typeof descendants>[0] | undefined): boolean {
  return value === undefined || !(value.nodeType === 'Literal' && /^(false|0)$/.test(textOf(value, 'value')));
}
