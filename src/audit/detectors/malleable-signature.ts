import type { Detector } from '../detector.ts';
import { typeIdOf } from '../ir/ast.ts';
import { isFixed } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { checksHighS, digestOf, recoveriesOf, rootsOf } from '../ir/signatures.ts';
import { keyOf } from '../ir/storage.ts';

/** Both forms of a signature are taken. */
export const malleableSignature: Detector = {
  id: 'malleable-signature',
  category: 'signature',
  severity: 'low',
  confidence: 'medium',
  title: 'The second form of a signature is taken as well',
  why: 'ecrecover takes an s in the upper half of its range, which Ethereum itself refuses since EIP-2. Of every signature there are then two, and whoever sees one has the other.',
  exploit:
    'Where anything is remembered by the bytes of a signature, the second form passes as new. Where nothing is, the two forms do no harm yet.',
  fix: 'Use ECDSA.recover of OpenZeppelin, or require that s is at most half the order of the curve.',
  references: ['SWC-117', 'CWE-347', 'OWASP-SC01:2025', 'EEA-EthTrust: No Signature Malleability'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vouchers {
    address public immutable booth = msg.sender;
    mapping(bytes32 => bool) public used;
    function redeem(uint256 prize, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, prize));
        require(!used[digest]);
        used[digest] = true;
        require(_signed(digest, v, r, s), "wrong");
        payable(msg.sender).transfer(prize);
    }
    function _signed(bytes32 digest, uint8 v, bytes32 r, bytes32 s) private view returns (bool) {
        require(v == 27 || v == 28);
        return ecrecover(digest, v, r, s) == booth; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
library Tools {
    uint256 private constant HALF = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    function isLow(bytes32 s) internal pure returns (bool) { return uint256(s) <= HALF; }
}
contract Vouchers {
    address public immutable booth = msg.sender;
    mapping(bytes32 => bool) public used;
    function redeem(uint256 prize, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, prize));
        require(!used[digest] && Tools.isLow(s));
        used[digest] = true;
        require(ecrecover(digest, v, r, s) == booth, "wrong");
        payable(msg.sender).transfer(prize);
    }
    function take(uint256 prize, bytes calldata signature) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, prize));
        require(!used[digest]);
        used[digest] = true;
        require(ECDSA.recover(digest, signature) == booth, "wrong");
        payable(msg.sender).transfer(prize);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || checksHighS(run)) continue;
      const keyed = recoveriesOf(run).some(({ visit, signature }) => {
        const given = rootsOf(signature, visit.frame);
        return run.visits.writes.some(
          ({ slot, value }) =>
            value !== undefined &&
            isFixed(program, value) &&
            slot.keys.some(({ node, frame }) =>
              digestOf(node, frame).parts.some((part) => given.has(keyOf(part.node, part.frame))),
            ),
        );
      });
      for (const { call, node, frame } of run.visits.calls) {
        if (!/^t_function_ecrecover/.test(typeIdOf(call.callee)) || !program.isOwn(node)) continue;
        report({
          node,
          frame,
          // Nothing is gained by the second form where what was signed is what is remembered.
          ...(keyed ? { severity: 'medium' as const, confidence: 'high' as const } : {}),
          message: `${run.entry.name} takes both forms of a signature: \`${codeOf(program, node, 60)}\` is given any s.`,
        });
      }
    }
  },
};
