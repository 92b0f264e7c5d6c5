import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, textOf, typeOf } from '../ir/ast.ts';
import { codeOf } from '../ir/own.ts';
import { digestOf, recoveriesOf } from '../ir/signatures.ts';

/** Two different requests have the same hash, and one signature is good for both. */
export const ambiguousDigest: Detector = {
  id: 'ambiguous-digest',
  category: 'signature',
  severity: 'high',
  confidence: 'medium',
  title: 'A signature is good for other values than those that were signed',
  why: 'What is signed is packed: texts or lists of any length stand next to each other without a seam. Characters or elements moved from one to the next give the same hash, for which there is a signature already.',
  exploit:
    'An attacker takes a signature for ("bob", "by") and uses it for ("bo", "bby"), or moves an account from one list to the other.',
  fix: 'Use abi.encode in place of abi.encodePacked, or hash each text and list first, as EIP-712 does.',
  references: ['SWC-133', 'CWE-294', 'OWASP-SC04:2025', 'EEA-EthTrust: No Hash Collisions with encodePacked'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Names {
    address public immutable clerk = msg.sender;
    mapping(bytes32 => bool) public used;
    mapping(string => address) public ownerOf;
    function register(string calldata name, string calldata place, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 hash = _hash(name, place);
        require(!used[hash] && ecrecover(hash, v, r, s) == clerk);
        used[hash] = true;
        ownerOf[name] = msg.sender;
    }
    function _hash(string calldata name, string calldata place) private view returns (bytes32) {
        return keccak256(abi.encodePacked(block.chainid, address(this), msg.sender, name, place)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Names {
    address public immutable clerk = msg.sender;
    mapping(bytes32 => bool) public used;
    mapping(string => address) public ownerOf;
    function register(string calldata name, string calldata place, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 hash = keccak256(
            abi.encode(block.chainid, address(this), msg.sender, name, place) // <-- guard: abi.encodePacked(block.chainid, address(this), msg.sender, name, place)
        );
        require(!used[hash] && ecrecover(hash, v, r, s) == clerk);
        used[hash] = true;
        ownerOf[name] = msg.sender;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role === 'constructor') continue;
      for (const { visit, digest } of recoveriesOf(run)) {
        for (const { node, frame } of digestOf(digest, visit.frame).hashes) {
          const open = program.isOwn(node) ? seamless(node) : undefined;
          if (!open) continue;
          report({
            node,
            frame,
            message: `What ${run.entry.name} takes as signed puts \`${codeOf(program, open[0], 30)}\` and \`${codeOf(program, open[1], 30)}\` together without a seam.`,
            steps: [{ node: visit.node, frame: visit.frame, note: 'the signature is checked here' }],
          });
        }
      }
    }
  },
};

/** Two parts of open length next to each other in `abi.encodePacked`. */
function seamless(hash: AstNode): [AstNode, AstNode] | undefined {
  for (const packed of childrenOf(hash, 'arguments')) {
    if (textOf(childOf(packed, 'expression'), 'memberName') !== 'encodePacked') continue;
    const parts = childrenOf(packed, 'arguments');
    for (const [index, part] of parts.entries()) {
      const next = parts[index + 1];
      if (next && isOpenEnded(part) && isOpenEnded(next)) return [part, next];
    }
  }
  return undefined;
}

function isOpenEnded(node: AstNode): boolean {
  const type = typeOf(node);
  return node.nodeType !== 'Literal' && (/^(string|bytes)( |$)/.test(type) || /\[\]( |$)/.test(type));
}
