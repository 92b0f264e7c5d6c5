import type { Detector } from '../detector.ts';
import { childrenOf } from '../ir/ast.ts';
import { bringsMessage } from '../ir/messages.ts';
import { codeOf } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { type Digest, digestOf, recoveriesOf } from '../ir/signatures.ts';

/** What is signed does not say for which contract, or for which chain. */
export const unboundDigest: Detector = {
  id: 'unbound-digest',
  category: 'signature',
  severity: 'medium',
  confidence: 'medium',
  title: 'A signature is good for other contracts or chains',
  why: 'What is signed names neither this contract nor the chain, or only one of them. The same signature is good wherever the same code stands: the next version, a copy, the other chain after a fork.',
  exploit:
    'An attacker takes a signature that was used in another deployment, and uses it here, where its nonce was never counted.',
  fix: 'Sign by EIP-712 with chainId and verifyingContract in the domain, or put `block.chainid` and `address(this)` into the hash.',
  references: ['SWC-121', 'CWE-294', 'OWASP-SC01:2025', 'EEA-EthTrust: Prevent Signature Replay'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Payouts {
    address public immutable signer = msg.sender;
    mapping(address => uint256) public nonces;
    function claim(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 inner = keccak256(abi.encode(msg.sender, amount, nonces[msg.sender]++)); // <-- finding
        bytes32 digest = keccak256(abi.encodePacked("\\x19Ethereum Signed Message:\\n32", inner));
        require(ecrecover(digest, v, r, s) == signer, "wrong");
        payable(msg.sender).transfer(amount);
    }
}
abstract contract Consents {
    // The contract is named, the chain is not.
    function _consent(address who, uint256 amount, uint256 nonce) internal view returns (bytes32) {
        return keccak256(abi.encode(address(this), who, amount, nonce)); // <-- finding
    }
}
contract Bond is Consents {
    address public immutable signer = msg.sender;
    mapping(address => uint256) public nonces;
    function take(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        require(ecrecover(_consent(msg.sender, amount, nonces[msg.sender]++), v, r, s) == signer, "wrong");
        payable(msg.sender).transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
contract Payouts is EIP712("Payouts", "1") {
    address public immutable signer = msg.sender;
    mapping(address => uint256) public nonces;
    function claim(uint256 amount, bytes calldata signature) external {
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(msg.sender, amount, nonces[msg.sender]++)));
        require(ECDSA.recover(digest, signature) == signer, "wrong");
        payable(msg.sender).transfer(amount);
    }
    function take(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 inner = keccak256(abi.encode(_topic(), msg.sender, amount, nonces[msg.sender]++)); // <-- guard: bytes32 inner = keccak256(abi.encode(msg.sender, amount, nonces[msg.sender]++));
        require(ecrecover(inner, v, r, s) == signer, "wrong");
        payable(msg.sender).transfer(amount);
    }
    function _topic() private view returns (bytes32) {
        return keccak256(abi.encode("take", address(this), _chainId())); // <-- guard: return keccak256(abi.encode("take", _chainId()));
    }
    function _chainId() private view returns (uint256 id) { assembly { id := chainid() } }
}
contract Own {
    bytes32 public immutable DOMAIN_SEPARATOR;
    address public immutable signer = msg.sender;
    mapping(address => uint256) public nonces;
    constructor() { DOMAIN_SEPARATOR = keccak256(abi.encode(block.chainid, address(this))); }
    function claim(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 body = keccak256(abi.encode(msg.sender, amount, nonces[msg.sender]++));
        bytes32 digest = keccak256(abi.encodePacked("\\x19\\x01", DOMAIN_SEPARATOR, body));
        require(ecrecover(digest, v, r, s) == signer, "wrong");
        payable(msg.sender).transfer(amount);
    }
}
`,
    `pragma solidity ^0.4.24;
// Compilers before 0.5 know no chain id.
contract Channel {
    address signer = msg.sender;
    mapping(bytes32 => bool) done;
    function close(uint amount, uint8 v, bytes32 r, bytes32 s) public {
        bytes32 hash = keccak256(abi.encodePacked(address(this), msg.sender, amount));
        require(!done[hash] && ecrecover(hash, v, r, s) == signer);
        done[hash] = true;
        msg.sender.transfer(amount);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      if (bringsMessage(program, run.entry)) continue; // The same fault of a bridge has a detector of its own.
      for (const { visit, digest: signed } of recoveriesOf(run)) {
        if (runs.privileged(visit.state)) continue;
        const digest = digestOf(signed, visit.frame);
        const place = placeOf(program, digest);
        if (!place || digest.opaque || digest.domain) continue;
        const missing = [
          ...(digest.self ? [] : ['this contract']),
          ...(digest.chain || program.minor < 5 ? [] : ['the chain']),
        ];
        if (missing.length === 0) continue;
        report({
          ...place,
          message: `What ${run.entry.name} takes as signed, \`${codeOf(program, place.node, 60)}\`, does not name ${missing.join(' and ')}.`,
          steps: [{ node: visit.node, frame: visit.frame, note: 'the signature is checked here' }],
        });
      }
    }
  },
};

/** The hash of our own code that the most goes into. */
function placeOf(program: Program, { hashes }: Digest) {
  const sizeOf = (node: (typeof hashes)[number]['node']) =>
    childrenOf(childrenOf(node, 'arguments')[0] ?? node, 'arguments').length;
  const own = hashes.filter(({ node }) => program.isOwn(node));
  return own.toSorted((a, b) => sizeOf(b.node) - sizeOf(a.node))[0];
}
