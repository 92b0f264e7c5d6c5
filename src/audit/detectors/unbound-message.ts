import type { Detector } from '../detector.ts';
import { childrenOf } from '../ir/ast.ts';
import { bringsMessage } from '../ir/messages.ts';
import { codeOf } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { type Digest, digestOf, recoveriesOf } from '../ir/signatures.ts';

/** What the keepers of a bridge sign does not say where it is to be carried out. */
export const unboundMessage: Detector = {
  id: 'unbound-message',
  category: 'cross-chain',
  severity: 'high',
  confidence: 'medium',
  title: 'A message is good for other destinations',
  why: 'The signers of the bridge vouch for where a message comes from and what it says, and not for which chain and contract it is meant for. Wherever the same signers are trusted it passes once more, as each place keeps marks of its own.',
  exploit:
    'An attacker burns tokens once, collects the signatures, and mints the tokens on every chain that the bridge serves.',
  fix: 'Put the destination into what is signed: `keccak256(abi.encode(block.chainid, address(this), sourceChain, nonce, to, amount))`.',
  references: ['SWC-121', 'CWE-294', 'OWASP-SC01:2025', 'EEA-EthTrust: Prevent Signature Replay'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Mint {
    address public immutable notary = msg.sender;
    mapping(bytes32 => bool) public done;
    mapping(address => uint256) public balanceOf;
    function mint(uint256 sourceChain, uint256 nonce, address to, uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(sourceChain, nonce, to, amount)); // <-- finding
        require(!done[digest] && ecrecover(digest, v, r, s) == notary);
        done[digest] = true;
        balanceOf[to] += amount;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Hashes {
    struct Order { uint64 srcChain; bytes32 srcTx; address to; uint256 amount; }
    // The chain that is named is the one it comes from.
    function _hash(Order calldata order) internal view returns (bytes32) {
        require(order.srcChain != block.chainid);
        return keccak256(abi.encode(address(this), order.srcChain, order.srcTx, order.to, order.amount)); // <-- finding
    }
}
contract Vault is Hashes {
    mapping(address => bool) public guardians;
    mapping(bytes32 => bool) public done;
    mapping(address => uint256) public balanceOf;
    constructor(address first) { guardians[first] = true; }
    function release(Order calldata order, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = _hash(order);
        require(!done[digest] && guardians[ecrecover(digest, v, r, s)]);
        done[digest] = true;
        balanceOf[order.to] += order.amount;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Mint {
    address public immutable notary = msg.sender;
    mapping(bytes32 => bool) public done;
    mapping(address => uint256) public balanceOf;
    function mint(uint256 sourceChain, uint256 nonce, address to, uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), sourceChain, nonce, to, amount)); // <-- guard: bytes32 digest = keccak256(abi.encode(block.chainid, sourceChain, nonce, to, amount));
        require(!done[digest] && ecrecover(digest, v, r, s) == notary);
        done[digest] = true;
        balanceOf[to] += amount;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      if (!bringsMessage(program, run.entry)) continue;
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
          message: `The message that ${run.entry.name} takes, \`${codeOf(program, place.node, 60)}\`, does not name ${missing.join(' and ')} as where it goes.`,
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
