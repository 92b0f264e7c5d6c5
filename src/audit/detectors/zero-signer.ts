import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, slotsOf, textOf, typeIdOf, typeOf } from '../ir/ast.ts';
import { type Call, classifyCall } from '../ir/calls.ts';
import { type Atom, atomsOf, clausesOf, equalSides, heldAtomsOf } from '../ir/conditions.ts';
import {
  assignmentsOf,
  childFrame,
  dispatch,
  type Frame,
  isFixed,
  isMagic,
  isTooDeep,
  outermost,
  type Ref,
  resolve,
  returnsOf,
} from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { isZero, keyOf, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

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
    `pragma solidity ^0.5.17;
contract Passes {
    mapping(uint256 => address) public curatorOf;
    mapping(address => bool) public passes;
    function fetch(uint256 id, uint8 v, bytes32 r, bytes32 s) external {
        require(_signer(keccak256(abi.encode(address(this), id, msg.sender)), v, r, s) == curatorOf[id], "wrong");
        passes[msg.sender] = true;
    }
    function _signer(bytes32 digest, uint8 v, bytes32 r, bytes32 s) private pure returns (address signer) {
        require(v == 27 || v == 28, "bad v");
        signer = ecrecover(digest, v, r, s); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Tickets {
    address private printer;
    mapping(bytes32 => bool) public used;
    // Nobody was ever made the printer.
    function enter(uint256 seat, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, seat));
        require(ecrecover(digest, v, r, s) == printer && !used[digest]); // <-- finding
        used[digest] = true;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
contract Leases {
    mapping(uint256 => address) public landlordOf;
    mapping(bytes32 => bool) public used;
    function take(uint256 id, bytes calldata signature) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), id, msg.sender));
        require(!used[digest]);
        used[digest] = true;
        (address who, , ) = ECDSA.tryRecover(digest, signature); // <-- finding
        require(who == landlordOf[id], "not the landlord");
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
contract Leases {
    mapping(uint256 => address) public landlordOf;
    mapping(bytes32 => bool) public used;
    function take(uint256 id, bytes calldata signature) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), id, msg.sender));
        require(!used[digest]);
        used[digest] = true;
        (address who, ECDSA.RecoverError error, ) = ECDSA.tryRecover(digest, signature);
        require(error == ECDSA.RecoverError.NoError, "no signature"); // <-- guard: nothing
        require(who == landlordOf[id], "not the landlord");
    }
}
`,
    `pragma solidity ^0.5.17;
contract Passes {
    mapping(uint256 => address) public curatorOf;
    mapping(address => bool) public curators;
    mapping(address => bool) public passes;
    function fetch(uint256 id, uint8 v, bytes32 r, bytes32 s) external {
        require(_signer(keccak256(abi.encode(address(this), id, msg.sender)), v, r, s) == curatorOf[id], "wrong");
        passes[msg.sender] = true;
    }
    function any(uint256 id, uint8 v, bytes32 r, bytes32 s) external {
        require(curators[ecrecover(keccak256(abi.encode(address(this), id, msg.sender)), v, r, s)], "wrong");
        passes[msg.sender] = true;
    }
    function _signer(bytes32 digest, uint8 v, bytes32 r, bytes32 s) private pure returns (address signer) {
        signer = ecrecover(digest, v, r, s);
        require(signer != address(0), "bad signature");
    }
}
`,
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
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role === 'constructor') continue;
      const atoms = atomsOf(run);
      const held = heldAtomsOf(run);
      for (const { call, node, frame } of run.visits.calls) {
        if (
          !program.isOwn(node) ||
          !(/^t_function_ecrecover/.test(typeIdOf(call.callee)) || isBareTry(call, frame))
        )
          continue;
        const isAnswer = (at: AstNode, within: Frame) => isMadeOf(at, within, node);
        const compared = [
          ...atoms.flatMap((atom) => equality(atom)),
          ...answers(run),
          ...comparedAt(node, frame),
        ].flatMap(([left, right]) => {
          if (isAnswer(left.node, left.frame)) return [right];
          return isAnswer(right.node, right.frame) ? [left] : [];
        });
        if (compared.length === 0 && run.role === 'unreached') continue;
        if (compared.some((other) => isZero(other.node) || isHash(other))) continue;
        if (compared.length > 0 && compared.every((other) => isNeverZero(other, held))) continue;
        if (atoms.some((atom) => isAbove(atom, isAnswer))) continue;
        if (compared.length > 0 && compared.every((other) => isFixed(program, other.node))) continue;
        if (isListed(atoms, isAnswer)) continue;
        report({
          node,
          frame,
          ...(compared.length > 0 && compared.every((other) => isSetOnce(other, runs)) ? weak : {}),
          message: `${run.entry.name} takes what \`${codeOf(program, node, 60)}\` answers, and never asks whether it is the zero address.`,
        });
      }
    }
  },
};

/** Compared with one account that somebody privileged sets: zero only by a mistake. */
const weak = { severity: 'low', confidence: 'low' } as const;

function equality(atom: Atom): [Ref, Ref][] {
  const sides = equalSides(atom, true) ?? equalSides(atom, false);
  return sides ? [sides] : [];
}

/** What a view function answers is a comparison too. */
function answers({ entry, visits }: EntryRun): [Ref, Ref][] {
  const frame = visits.calls.map((visit) => outermost(visit.frame))[0];
  if (!frame) return [];
  return returnsOf(frame.program, entry).flatMap((node) =>
    clausesOf({ conditions: [{ node, frame, truth: true }] })
      .flat()
      .flatMap(equality),
  );
}

/** `ecrecover(…) == owner`, whatever becomes of the outcome. */
function comparedAt(node: AstNode, frame: Frame): [Ref, Ref][] {
  const parent = frame.program.parent(node);
  return parent?.nodeType === 'BinaryOperation'
    ? equality({ node: parent, frame, truth: textOf(parent, 'operator') === '==' })
    : [];
}

/** `tryRecover` of a library, of whose answer only the signer is looked at: the error says that there is none. */
function isBareTry(call: Call, { program, callable }: Frame): boolean {
  if (call.kind !== 'internal' || !/^tryRecover/.test(call.target.name)) return false;
  const statement = program.parent(call.node);
  const error =
    statement?.nodeType === 'VariableDeclarationStatement'
      ? slotsOf(statement, 'declarations')[1]
      : undefined;
  if (statement?.nodeType !== 'VariableDeclarationStatement' || !callable.body) return false;
  return !error || !descendants(callable.body, 'Identifier').some((item) => referenceOf(item) === error.id);
}

/** The answer itself, under whatever name, not a hash or a record of it. */
function isMadeOf(node: AstNode, frame: Frame, answer: AstNode, depth = 0): boolean {
  const at = resolve(node, frame);
  if (at.node === answer) return true;
  if (depth > 6) return false;
  const within = (each: AstNode, inner: Frame) => isMadeOf(each, inner, answer, depth + 1);
  if (at.node.nodeType === 'Identifier') {
    const assigned = assignmentsOf(frame.program, at.frame.callable).get(referenceOf(at.node) ?? -1) ?? [];
    return assigned.some((value) => within(value, at.frame));
  }
  if (at.node.nodeType !== 'FunctionCall') return false;
  const call = classifyCall(frame.program, at.node);
  if (call.kind !== 'internal') return false;
  const target = dispatch(at.frame, call);
  if (!target.body || isTooDeep(at.frame, target)) return false;
  const child = childFrame(at.frame, at.node, target, call.arguments);
  return returnsOf(frame.program, target).some((value) => within(value, child));
}

type IsAnswer = (node: AstNode, frame: Frame) => boolean;

/** Looked up in a list, in which zero is not: also a linked one, `next[signer] != address(0)`. */
function isListed(atoms: readonly Atom[], isAnswer: IsAnswer): boolean {
  return atoms.some((atom) => {
    const kinds = equalSides(atom, false)?.some(({ node }) => isZero(node))
      ? /=> (bool|enum |struct |address|u?int)/
      : /=> (bool|enum |struct )/;
    return mentions(atom.node, atom.frame, (item, within) => {
      const index = item.nodeType === 'IndexAccess' ? childOf(item, 'indexExpression') : undefined;
      return (
        index !== undefined && kinds.test(typeOf(childOf(item, 'baseExpression'))) && isAnswer(index, within)
      );
    });
  });
}

/** The other account was required not to be zero. */
function isNeverZero({ node, frame }: Ref, held: readonly Atom[]): boolean {
  const key = keyOf(node, frame);
  return held.some((atom) => {
    const sides = equalSides(atom, false);
    return (
      sides?.some((side) => isZero(side.node)) === true &&
      sides.some((side) => keyOf(side.node, side.frame) === key)
    );
  });
}

/** An account that is computed as a hash is never zero. */
function isHash({ node, frame }: Ref): boolean {
  const taint = taintOf(node, frame);
  return (
    hasBits(taint, from.hash) &&
    taint.variables.size === 0 &&
    !isMagic(resolve(node, frame).node, 'msg', 'sender')
  );
}

/** `signer > last`: in rising order, of which zero is not the second. */
function isAbove({ node, frame, truth }: Atom, isAnswer: IsAnswer): boolean {
  const operator = textOf(node, 'operator');
  const above = (operator === '>' && truth) || (operator === '<=' && !truth);
  const below = (operator === '<' && truth) || (operator === '>=' && !truth);
  const side = above ? childOf(node, 'leftExpression') : below ? childOf(node, 'rightExpression') : undefined;
  return side !== undefined && isAnswer(side, frame);
}

function isSetOnce({ node, frame }: Ref, runs: Runs): boolean {
  const slot = slotOf(node, frame);
  if (slot === undefined || slot.keys.length > 0 || runs.open.has(slot.base)) return false;
  // What nothing ever sets is zero for good.
  const variable = frame.program.stateVariable(slot.base);
  return (
    (variable !== undefined && childOf(variable, 'value') !== undefined) ||
    runs.entries.some(({ visits }) => visits.writes.some((write) => write.slot.key === slot.key))
  );
}
