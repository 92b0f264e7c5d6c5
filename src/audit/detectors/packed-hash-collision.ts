import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf, typeIdOf, typeOf } from '../ir/ast.ts';
import { codeOf, ownCallables } from '../ir/own.ts';

/** Two texts of unknown length are put together without a seam, and hashed. */
export const packedHashCollision: Detector = {
  id: 'packed-hash-collision',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'medium',
  title: 'Different values give the same hash',
  why: 'abi.encodePacked writes no lengths: ("ab", "c") and ("a", "bc") become the same bytes. A hash of two or more parts of unknown length says nothing of where one ends.',
  exploit:
    'An attacker moves characters from one part to the next. The hash, and with it the signature or the key, is the same for something that nobody agreed to.',
  fix: 'Use abi.encode, which writes lengths, or hash each part on its own first.',
  references: ['SWC-133', 'CWE-294', 'OWASP-SC04:2025', 'EEA-EthTrust: No Hash Collisions with encodePacked'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Names {
    mapping(bytes32 => address) public ownerOf;
    function register(string calldata first, string calldata last) external {
        bytes32 key = keccak256(abi.encodePacked(first, last)); // <-- finding
        require(ownerOf[key] == address(0));
        ownerOf[key] = msg.sender;
    }
    function members(address[] calldata a, address[] calldata b) external pure returns (bytes32) {
        return keccak256(abi.encodePacked(a, b)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Names {
    function a(string calldata first, string calldata last) external pure returns (bytes32) {
        return keccak256(abi.encode(first, last));
    }
    function b(string calldata name, uint256 id) external pure returns (bytes32) {
        return keccak256(abi.encodePacked(name, id));
    }
    function c(string calldata name) external pure returns (bytes32) {
        return keccak256(abi.encodePacked("prefix:", name));
    }
    function uri(string calldata base, string calldata name) external pure returns (string memory) {
        return string(abi.encodePacked(base, name));
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      if (!callable.body) continue;
      for (const node of descendants(callable.body, 'FunctionCall')) {
        if (!/^t_function_(keccak256|sha3|sha256)/.test(typeIdOf(childOf(node, 'expression')))) continue;
        for (const given of childrenOf(node, 'arguments')) {
          if (!isPacked(given)) continue;
          const parts = childrenOf(given, 'arguments');
          const at = parts.findIndex((part, index) => {
            const next = parts[index + 1];
            return next !== undefined && isOpenEnded(part) && isOpenEnded(next);
          });
          if (at < 0) continue;
          const open = parts.slice(at, at + 2);
          report({
            node,
            message: `In ${callable.name}, \`${codeOf(program, open[0] ?? given, 30)}\` and \`${codeOf(program, open[1] ?? given, 30)}\` are hashed without a seam between them.`,
          });
        }
      }
    }
  },
};

function isPacked(node: AstNode): boolean {
  return (
    node.nodeType === 'FunctionCall' && textOf(childOf(node, 'expression'), 'memberName') === 'encodePacked'
  );
}

/** Of a length that the code does not fix. */
function isOpenEnded(node: AstNode): boolean {
  if (node.nodeType === 'Literal' || /^literal_string/.test(typeOf(node))) return false;
  return /^(string|bytes)( |$)/.test(typeOf(node)) || /\[\]( |$)/.test(typeOf(node));
}
