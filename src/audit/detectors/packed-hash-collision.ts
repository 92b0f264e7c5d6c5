import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import {
  childOf,
  childrenOf,
  descendants,
  referenceOf,
  textOf,
  typeIdOf,
  typeOf,
  unwrap,
} from '../ir/ast.ts';
import { assignmentsOf } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';

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
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Names {
    function a(string calldata first, string calldata last) external pure returns (bytes32) {
        bytes memory packed = abi.encodePacked(first, last);
        return keccak256(packed); // <-- finding
    }
    function b(string calldata first, string calldata last) external pure returns (bytes32) {
        return keccak256(bytes(string.concat(first, last))); // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Names { function a(string first, string last) public pure returns (bytes32) { return keccak256(first, last); } } // <-- finding
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
        for (const parts of packedIn(program, callable, node)) {
          const at = parts.findIndex((part, index) => {
            const next = parts[index + 1];
            return next !== undefined && isOpenEnded(part) && isOpenEnded(next);
          });
          if (at < 0) continue;
          const open = parts.slice(at, at + 2);
          report({
            node,
            message: `In ${callable.name}, \`${codeOf(program, open[0] ?? node, 30)}\` and \`${codeOf(program, open[1] ?? node, 30)}\` are hashed without a seam between them.`,
          });
        }
      }
    }
  },
};

/** @returns the lists of values that are hashed one right after the other: packed, joined, or given to an old hash one by one */
function packedIn(program: Program, callable: Callable, hash: AstNode): AstNode[][] {
  const given = childrenOf(hash, 'arguments');
  if (given.length > 1) return [given];
  return given.flatMap((one) => joinsIn(program, callable, one, 0));
}

function joinsIn(program: Program, callable: Callable, node: AstNode, depth: number): AstNode[][] {
  const at = unwrap(node);
  if (depth > 4) return [];
  if (at.nodeType === 'Identifier')
    return (assignmentsOf(program, callable).get(referenceOf(at) ?? -1) ?? []).flatMap((value) =>
      joinsIn(program, callable, value, depth + 1),
    );
  if (at.nodeType !== 'FunctionCall') return [];
  const parts = childrenOf(at, 'arguments');
  if (at['kind'] === 'typeConversion')
    return parts.flatMap((part) => joinsIn(program, callable, part, depth + 1));
  const name = textOf(childOf(at, 'expression'), 'memberName');
  return name === 'encodePacked' || name === 'concat' ? [parts] : [];
}

/** Of a length that the code does not fix. */
function isOpenEnded(node: AstNode): boolean {
  if (node.nodeType === 'Literal' || /^literal_string/.test(typeOf(node))) return false;
  // Digits cannot be mistaken for what begins with none.
  const isNumber = descendants(node, 'FunctionCall').some((call) => {
    const callee = childOf(call, 'expression');
    return /^toString$/.test(textOf(callee, 'memberName') || textOf(callee, 'name'));
  });
  if (isNumber) return false;
  return /^(string|bytes)( |$)/.test(typeOf(node)) || /\[\]( |$)/.test(typeOf(node));
}
