import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { atomsOf } from '../ir/conditions.ts';
import type { Frame, Ref } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import { digestOf, recoveriesOf } from '../ir/signatures.ts';
import { keyOf } from '../ir/storage.ts';

/** Until when a signature is good was signed, and nobody looks. */
export const uncheckedDeadline: Detector = {
  id: 'unchecked-deadline',
  category: 'signature',
  severity: 'medium',
  confidence: 'high',
  title: 'The deadline of a signature is never compared with the time',
  why: 'The signer named a time after which the signature is to be worth nothing. The function takes it as a part of what was signed and never asks what time it is.',
  exploit:
    'Whoever has an old signature keeps it and brings it when it suits them: after prices have moved, or when the signer has long forgotten.',
  fix: 'Begin with `require(block.timestamp <= deadline)`.',
  references: ['SWC-123', 'CWE-613', 'OWASP-SC04:2025', 'EIP-2612'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Purse {
    mapping(address => uint256) public nonces;
    mapping(address => mapping(address => uint256)) public allowance;
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        require(deadline != 0);
        bytes32 body = keccak256(abi.encode(block.chainid, address(this), owner, spender, value, nonces[owner]++, deadline));
        address signer = ecrecover(body, v, r, s); // <-- finding
        require(signer == owner && owner != address(0));
        allowance[owner][spender] = value;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Purse {
    mapping(address => uint256) public nonces;
    mapping(address => mapping(address => uint256)) public allowance;
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        require(block.timestamp <= deadline);
        bytes32 body = keccak256(abi.encode(block.chainid, address(this), owner, spender, value, nonces[owner]++, deadline));
        require(ecrecover(body, v, r, s) == owner && owner != address(0));
        allowance[owner][spender] = value;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      for (const { visit, digest } of recoveriesOf(run)) {
        if (runs.privileged(visit.state)) continue;
        const until = digestOf(digest, visit.frame).parts.find((part) => isDeadline(part));
        if (!until) continue;
        const key = keyOf(until.node, until.frame);
        const isIt = (item: AstNode, at: Frame) =>
          nameOf(item) === nameOf(until.node) && keyOf(item, at) === key;
        const looked = atomsOf(run).some(
          ({ node, frame }) => mentions(node, frame, isIt) && mentions(node, frame, isTime),
        );
        const handed = run.visits.calls.some(
          ({ call, frame }) =>
            call.kind === 'external' && call.arguments.some((each) => mentions(each, frame, isIt)),
        );
        if (looked || handed) continue;
        report({
          node: visit.node,
          frame: visit.frame,
          message: `${run.entry.name} takes \`${codeOf(program, until.node, 40)}\` as signed, and never compares it with the time.`,
        });
      }
    }
  },
};

/** A number of the caller's that is named after the end of something. */
function isDeadline({ node, frame }: Ref): boolean {
  if (
    !/^uint/.test(typeOf(node)) ||
    !/deadline|expir|validuntil|validbefore|notafter|goodtill/i.test(nameOf(node))
  )
    return false;
  const root =
    node.nodeType === 'MemberAccess' ? ((node['expression'] as AstNode | undefined) ?? node) : node;
  return !frame.parent && frame.callable.parameters.some((one) => one.id === referenceOf(root));
}

function nameOf(node: AstNode): string {
  return textOf(node, 'name') || textOf(node, 'memberName');
}

function isTime(node: AstNode): boolean {
  return (
    nameOf(node) === 'timestamp' ||
    nameOf(node) === 'now' ||
    (nameOf(node) === 'number' && node.nodeType === 'MemberAccess')
  );
}
