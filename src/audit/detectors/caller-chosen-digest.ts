import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { referenceOf, typeOf } from '../ir/ast.ts';
import { atomsOf } from '../ir/conditions.ts';
import { type Frame, type Ref, resolve } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import { digestOf, recoveriesOf } from '../ir/signatures.ts';

/** The caller brings the hash along with the signature. */
export const callerChosenDigest: Detector = {
  id: 'caller-chosen-digest',
  category: 'signature',
  severity: 'high',
  confidence: 'medium',
  title: 'What was signed is whatever the caller says',
  why: 'The function checks a signature against a hash that the caller passes, and never computes what that hash has to be. Any message that the signer ever signed is good for any call.',
  exploit:
    'An attacker takes a signature of the signer from anywhere, with the hash it was made for, and calls the function with parameters of their own.',
  fix: 'Compute the hash from the parameters inside the contract: `keccak256(abi.encode(…, to, amount, nonce))` under an EIP-712 domain.',
  references: ['SWC-122', 'CWE-347', 'OWASP-SC04:2025', 'EEA-EthTrust: Verify Signatures'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Till {
    address public immutable signer = msg.sender;
    mapping(bytes32 => bool) public used;
    function pay(address payable to, uint256 amount, bytes32 hash, uint8 v, bytes32 r, bytes32 s) external {
        require(!used[hash] && ecrecover(hash, v, r, s) == signer); // <-- finding
        used[hash] = true;
        to.transfer(amount);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
contract Till {
    using MessageHashUtils for bytes32;
    address public immutable signer = msg.sender;
    mapping(bytes32 => bool) public used;
    function pay(uint256 amount, bytes32 hash, bytes calldata signature) external {
        require(!used[hash]);
        used[hash] = true;
        require(ECDSA.recover(hash.toEthSignedMessageHash(), signature) == signer); // <-- finding
        payable(msg.sender).transfer(amount);
    }
}
`,
    `pragma solidity ^0.4.24;
contract Till {
    address signer = msg.sender;
    mapping(bytes32 => bool) used;
    function pay(uint amount, bytes32 hash, uint8 v, bytes32 r, bytes32 s) public {
        require(!used[hash] && _signerOf(hash, v, r, s) == signer);
        used[hash] = true;
        msg.sender.transfer(amount);
    }
    function _signerOf(bytes32 hash, uint8 v, bytes32 r, bytes32 s) private pure returns (address) {
        return ecrecover(keccak256("\\x19Ethereum Signed Message:\\n32", hash), v, r, s); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Till {
    address public immutable signer = msg.sender;
    mapping(bytes32 => bool) public used;
    function pay(address payable to, uint256 amount, bytes32 hash, uint8 v, bytes32 r, bytes32 s) external {
        require(hash == keccak256(abi.encode(block.chainid, address(this), to, amount)));
        require(!used[hash] && ecrecover(hash, v, r, s) == signer);
        used[hash] = true;
        to.transfer(amount);
    }
    function isSigned(bytes32 hash, uint8 v, bytes32 r, bytes32 s) external view returns (bool) {
        return ecrecover(hash, v, r, s) == signer;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      for (const { visit, digest } of recoveriesOf(run)) {
        const at = broughtIn(digest, visit.frame);
        const id = at.node.nodeType === 'Identifier' ? referenceOf(at.node) : undefined;
        const isGiven =
          !at.frame.parent &&
          at.frame.callable.parameters.some((one) => one.id === id && /^bytes32/.test(typeOf(one)));
        if (!isGiven || runs.privileged(visit.state) || !changesSomething(run)) continue;
        const isIt = (item: typeof at.node, within: Frame) => referenceOf(item) === id && within === at.frame;
        // Compared with a hash of our own, or looked up among what was proposed.
        const known = atomsOf(run).some(
          ({ node, frame, truth }) =>
            !isWithin(frame, visit.node) &&
            mentions(node, frame, isIt) &&
            !mentions(node, frame, (item) => item === visit.node) &&
            (node.nodeType === 'BinaryOperation' || truth),
        );
        if (known) continue;
        report({
          node: visit.node,
          frame: visit.frame,
          message: `${run.entry.name} checks a signature of \`${codeOf(program, digest, 40)}\`, which the caller passes as it is.`,
        });
      }
    }
  },
};

/** What a library asks while it recovers the signer says nothing of the hash. */
function isWithin(frame: Frame, call: AstNode): boolean {
  for (let at: Frame | undefined = frame; at; at = at.parent) if (at.via === call) return true;
  return false;
}

/** What is signed, without the prefix or the domain around it: `hash.toEthSignedMessageHash()`. */
function broughtIn(digest: AstNode, frame: Frame): Ref {
  const at = resolve(digest, frame);
  const { parts, sender, opaque } = digestOf(digest, frame);
  const [only] = parts;
  return only && parts.length === 1 && !sender && !opaque ? resolve(only.node, only.frame) : at;
}

function changesSomething({ visits }: Parameters<typeof recoveriesOf>[0]): boolean {
  return (
    visits.writes.length > 0 ||
    visits.calls.some(({ call }) => ['external', 'low-level', 'transfer', 'send'].includes(call.kind))
  );
}
