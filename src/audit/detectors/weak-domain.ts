import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf, typeIdOf, typeOf } from '../ir/ast.ts';
import { entryFrame } from '../ir/frames.ts';
import { ownCallables } from '../ir/own.ts';
import { digestOf } from '../ir/signatures.ts';
import { typeStringOf } from '../ir/typed-data.ts';

/** An EIP-712 domain that many contracts share. */
export const weakDomain: Detector = {
  id: 'weak-domain',
  category: 'signature',
  severity: 'medium',
  confidence: 'high',
  title: 'An EIP-712 domain without contract or chain',
  why: 'The domain keeps signatures for one contract apart from those for others. Without verifyingContract every contract with the same name takes them, without chainId the same contract on every chain.',
  exploit:
    'An attacker takes a signature that was made for one deployment and uses it in another, whose nonces and marks know nothing of it.',
  fix: 'Use EIP712 of OpenZeppelin, or `EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)` with block.chainid and address(this).',
  references: ['SWC-121', 'CWE-294', 'OWASP-SC01:2025', 'EIP-712'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Ballot {
    bytes32 public immutable DOMAIN_SEPARATOR;
    bytes32 private constant KIND = keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
    constructor() {
        bytes32 kind = keccak256("EIP712Domain(string name,string version,uint256 chainId)");
        DOMAIN_SEPARATOR = keccak256(abi.encode(kind, keccak256("Ballot"), keccak256("1"), block.chainid)); // <-- finding
    }
    function other(address whom) public view returns (bytes32) {
        return keccak256(abi.encode(KIND, keccak256("Ballot"), block.chainid, whom)); // <-- finding
    }
    function third() public view returns (bytes32) {
        return keccak256(abi.encode(keccak256(bytes("EIP712Domain(string name,address verifyingContract)")), keccak256("B"), address(this))); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Ballot {
    bytes32 private constant KIND = keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
    bytes32 private constant VOTE = keccak256("Vote(uint256 ballot)");
    uint256 private immutable chain = block.chainid;
    function separator() public view returns (bytes32) {
        return keccak256(abi.encode(KIND, keccak256("Ballot"), _chainId(), address(this)));
    }
    function cached() public view returns (bytes32) {
        return keccak256(abi.encode(KIND, keccak256("Ballot"), block.chainid, this));
    }
    function body(uint256 ballot) public pure returns (bytes32) { return keccak256(abi.encode(VOTE, ballot)); }
    function _chainId() private view returns (uint256 id) { assembly { id := chainid() } }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context || callable.kind === 'modifier') continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'FunctionCall')) {
        const parts = encodedParts(node);
        const [kind, ...rest] = parts;
        if (!kind || rest.length === 0 || !/^EIP712Domain\(/.test(typeStringOf(kind, frame) ?? '')) continue;
        const { self, chain } = digestOf(node, frame);
        const isChain = chain || rest.some((part) => /chain/i.test(textOf(part, 'name')));
        const isSelf = self || rest.some((part) => /^contract /.test(typeOf(part)));
        const missing = [...(isSelf ? [] : ['contract']), ...(isChain ? [] : ['chain'])];
        if (missing.length === 0) continue;
        report({
          node,
          frame,
          message: `The domain in ${callable.name} says nothing of the ${missing.join(' and the ')}.`,
        });
      }
    }
  },
};

/** What `keccak256(abi.encode(…))` encodes. */
function encodedParts(node: AstNode): AstNode[] {
  if (!/^t_function_(keccak256|sha3)/.test(typeIdOf(childOf(node, 'expression')))) return [];
  const [encoded] = childrenOf(node, 'arguments');
  const isEncoded = textOf(encoded && childOf(encoded, 'expression'), 'memberName').startsWith('encode');
  return encoded && isEncoded ? childrenOf(encoded, 'arguments') : [];
}
