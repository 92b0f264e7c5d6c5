import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeIdOf } from '../ir/ast.ts';
import { entryFrame, type Frame, isFixed, resolve } from '../ir/frames.ts';
import { codeOf, ownCallables, statementOf } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { isZero } from '../ir/storage.ts';

/** `ecrecover` answers zero for a wrong signature, and zero may be who is expected. */
export const zeroSigner: Detector = {
  id: 'zero-signer',
  category: 'signature',
  severity: 'high',
  confidence: 'medium',
  title: 'A signature that is none may pass',
  why: 'ecrecover reverts never: for a signature that makes no sense it answers the zero address. Compared with an account that may be zero itself, anything passes.',
  exploit:
    'An attacker gives a signature of zeros for an entry whose signer was never set. The answer is zero, the expected signer is zero, and the check passes.',
  fix: 'Use ECDSA.recover of OpenZeppelin, or require that the answer is not the zero address.',
  references: ['SWC-117', 'CWE-347', 'OWASP-SC01:2025', 'EEA-EthTrust: Check ecrecover'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vouchers {
    mapping(uint256 => address) public signerOf;
    mapping(uint256 => bool) public used;
    function claim(uint256 id, bytes32 digest, uint8 v, bytes32 r, bytes32 s) external {
        address signer = ecrecover(digest, v, r, s); // <-- finding
        require(signer == signerOf[id], "wrong");
        require(!used[id]);
        used[id] = true;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vouchers {
    mapping(uint256 => address) public signerOf;
    address public immutable authority = msg.sender;
    function a(uint256 id, bytes32 digest, uint8 v, bytes32 r, bytes32 s) external view returns (bool) {
        address signer = ecrecover(digest, v, r, s);
        require(signer != address(0) && signer == signerOf[id], "wrong");
        return true;
    }
    function b(uint256 id, bytes32 digest, uint8 v, bytes32 r, bytes32 s) external view returns (bool) {
        return _recover(digest, v, r, s) == signerOf[id];
    }
    function _recover(bytes32 digest, uint8 v, bytes32 r, bytes32 s) internal pure returns (address signer) {
        signer = ecrecover(digest, v, r, s);
        if (signer == address(0)) revert("none");
    }
    function c(bytes32 digest, uint8 v, bytes32 r, bytes32 s) external view returns (bool) {
        return ecrecover(digest, v, r, s) == authority;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract ?? program.contracts[0];
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'FunctionCall')) {
        if (!/^t_function_ecrecover/.test(typeIdOf(childOf(node, 'expression')))) continue;
        if (
          looksForZero(callable.body, node, frame) ||
          comparesWithFixed(program, callable.body, node, frame)
        )
          continue;
        // Handed back as it is: whoever calls decides.
        if (statementOf(program, node).nodeType === 'Return' && callable.visibility === 'internal') continue;
        report({
          node,
          frame,
          message: `${callable.name} takes what \`${codeOf(program, node, 60)}\` answers, and never asks whether it is the zero address.`,
        });
      }
    }
  },
};

function comparisons(body: AstNode): AstNode[] {
  return descendants(body, 'BinaryOperation').filter((node) =>
    ['==', '!='].includes(textOf(node, 'operator')),
  );
}

/** Some comparison of the function is with zero: of the answer, or of the variable that holds it. */
function looksForZero(body: AstNode, call: AstNode, frame: Frame): boolean {
  return comparisons(body).some((node) => {
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    if (!left || !right) return false;
    const other = isZero(left) ? right : isZero(right) ? left : undefined;
    return other !== undefined && isAnswer(other, call, frame);
  });
}

/** Compared with a constant or immutable, which is not zero. */
function comparesWithFixed(program: Program, body: AstNode, call: AstNode, frame: Frame): boolean {
  const own = comparisons(body).flatMap((node) => {
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    if (!left || !right) return [];
    if (isAnswer(left, call, frame)) return [right];
    return isAnswer(right, call, frame) ? [left] : [];
  });
  return own.length > 0 && own.every((other) => isFixed(program, other));
}

function isAnswer(node: AstNode, call: AstNode, frame: Frame): boolean {
  const at = resolve(node, frame).node;
  if (at === call) return true;
  // A named return value, or a local that is set more than once.
  const id = referenceOf(at);
  const parent = frame.program.parent(call);
  const left = parent?.nodeType === 'Assignment' ? childOf(parent, 'leftHandSide') : undefined;
  return id !== undefined && left !== undefined && referenceOf(left) === id;
}
