import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf, typeOf } from '../ir/ast.ts';
import { entryFrame } from '../ir/frames.ts';
import { ownCallables } from '../ir/own.ts';
import { fieldCountOf, typeStringOf } from '../ir/typed-data.ts';

/** The type names other fields than those that are hashed. */
export const typehashMismatch: Detector = {
  id: 'typehash-mismatch',
  category: 'signature',
  severity: 'medium',
  confidence: 'high',
  title: 'What is hashed is not what the type says',
  why: 'The EIP-712 type lists the fields that a wallet shows and signs. Here a different number of values follows the type hash: a field is not signed at all, or no wallet makes a signature that passes.',
  exploit:
    'Where a field was left out of the hash, whoever brings the signature chooses it: the receiver, the amount or the deadline.',
  fix: 'Encode the type hash and then every field of the type, in its order.',
  references: ['SWC-122', 'CWE-347', 'OWASP-SC04:2025', 'EIP-712'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Orders {
    bytes32 private constant ORDER = keccak256("Order(address maker,address taker,uint256 amount,uint256 nonce)");
    function hash(address maker, uint256 amount, uint256 nonce) public pure returns (bytes32) {
        return keccak256(abi.encode(ORDER, maker, amount, nonce)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Orders {
    struct Order { address maker; uint256 amount; }
    bytes32 private constant ORDER = keccak256("Order(address maker,uint256 amount)");
    bytes32 private constant DEEP = keccak256("Deep(Order order,uint256 nonce)Order(address maker,uint256 amount)");
    bytes32 private constant ROLE = keccak256("ROLE");
    function hash(address maker, uint256 amount) public pure returns (bytes32) {
        return keccak256(abi.encode(ORDER, maker, amount));
    }
    function whole(Order calldata order) public pure returns (bytes32) { return keccak256(abi.encode(ORDER, order)); }
    function deep(Order calldata order, uint256 nonce) public pure returns (bytes32) {
        return keccak256(abi.encode(DEEP, whole(order), nonce));
    }
    function other(address a) public pure returns (bytes32) { return keccak256(abi.encode(ROLE, a)); }
    function key(bytes32 body) public pure returns (bytes32) { return keccak256(abi.encodePacked(ORDER, body)); }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'FunctionCall')) {
        if (textOf(childOf(node, 'expression'), 'memberName') !== 'encode') continue;
        const [kind, ...values] = childrenOf(node, 'arguments');
        const type = kind && typeStringOf(kind, frame);
        if (
          !type ||
          values.length === 0 ||
          values.some((value) => /^(struct|bytes memory|tuple)/.test(typeOf(value)))
        )
          continue;
        const wanted = fieldCountOf(type);
        if (wanted === values.length) continue;
        report({
          node,
          frame,
          message: `${callable.name} hashes ${values.length} values as ${type.split('(')[0]}, which has ${wanted} fields.`,
        });
      }
    }
  },
};
