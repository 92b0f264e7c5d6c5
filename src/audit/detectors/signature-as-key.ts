import type { Detector } from '../detector.ts';
import { typeOf } from '../ir/ast.ts';
import { isFixed, type Ref } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { checksHighS, digestOf, recoveriesOf, rootsOf } from '../ir/signatures.ts';
import { keyOf } from '../ir/storage.ts';

/** The signature itself is what is remembered as used. */
export const signatureAsKey: Detector = {
  id: 'signature-as-key',
  category: 'signature',
  severity: 'medium',
  confidence: 'high',
  title: 'A used signature is told by its own bytes',
  why: 'Of every signature (r, s, v) there is a second one (r, n − s, the other v) that is good for the same message, and whoever sees one can compute the other. A mark under the bytes of the first says nothing of the second.',
  exploit: 'An attacker waits for the signature to be used, flips its s and v, and uses it again.',
  fix: 'Keep the mark under what was signed (`used[digest]`) or under a nonce, and use ECDSA.recover of OpenZeppelin, which refuses the second form.',
  references: ['SWC-117', 'CWE-347', 'OWASP-SC01:2025', 'EEA-EthTrust: No Signature Malleability'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vouchers {
    address public immutable booth = msg.sender;
    mapping(bytes32 => bool) public used;
    function redeem(uint256 prize, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 key = keccak256(abi.encodePacked(r, s, v)); // <-- finding
        require(!used[key]);
        used[key] = true;
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, prize));
        require(ecrecover(digest, v, r, s) == booth, "wrong");
        payable(msg.sender).transfer(prize);
    }
    mapping(bytes => bool) private seen;
    function take(uint256 prize, bytes calldata signature) external {
        require(!seen[signature], "used");
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, prize));
        require(_signer(digest, signature) == booth, "wrong");
        seen[signature] = true; // <-- finding
        payable(msg.sender).transfer(prize);
    }
    function _signer(bytes32 digest, bytes calldata signature) private pure returns (address) {
        (bytes32 r, bytes32 s) = abi.decode(signature[:64], (bytes32, bytes32));
        return ecrecover(digest, uint8(signature[64]), r, s);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vouchers {
    address public immutable booth = msg.sender;
    mapping(bytes32 => bool) public used;
    function redeem(uint256 prize, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, prize));
        require(!used[digest]); // <-- guard: bytes32 key = keccak256(abi.encodePacked(r, s, v)); require(!used[key]); used[key] = true;
        used[digest] = true;
        require(ecrecover(digest, v, r, s) == booth, "wrong");
        payable(msg.sender).transfer(prize);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const { visit, signature } of recoveriesOf(run)) {
        const given = rootsOf(signature, visit.frame);
        const used = run.visits.writes.find(({ slot, value, frame }) => {
          const isMark = value !== undefined && isFixed(frame.program, value);
          return isMark && slot.keys.some((key) => isMadeOf(key, given));
        });
        if (!used) continue;
        const key = used.slot.keys.find((each) => isMadeOf(each, given));
        const hash = key && digestOf(key.node, key.frame).hashes[0];
        report({
          ...(hash && program.isOwn(hash.node) ? hash : { node: used.node, frame: used.frame }),
          ...(checksHighS(run) ? { severity: 'low' as const } : {}),
          message: `${run.entry.name} remembers \`${codeOf(program, key?.node ?? used.node, 60)}\`, the signature, as used: its second form is still good.`,
          steps: [{ node: visit.node, frame: visit.frame, note: 'the signature is checked here' }],
        });
      }
    }
  },
};

/** A hash of the signature, or its bytes, and nothing of what was signed. */
function isMadeOf(key: Ref, given: ReadonlySet<string>): boolean {
  if (!/^bytes/.test(typeOf(key.node))) return false;
  const { parts } = digestOf(key.node, key.frame);
  return parts.length > 0 && parts.every((part) => given.has(keyOf(part.node, part.frame)));
}
