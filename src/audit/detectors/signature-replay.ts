import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, textOf } from '../ir/ast.ts';
import { clausesOf, equalSides } from '../ir/conditions.ts';
import { isSender, type Ref, resolve } from '../ir/frames.ts';
import type { Program } from '../ir/program.ts';
import type { EntryRun } from '../ir/runs.ts';
import { type Digest, digestOf, recoveriesOf, rootsOf } from '../ir/signatures.ts';
import type { State } from '../ir/state.ts';
import { isZero, keyOf, literalBoolean, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** A signature works more than once. */
export const signatureReplay: Detector = {
  id: 'signature-replay',
  category: 'signature',
  severity: 'high',
  confidence: 'medium',
  title: 'A signature can be used again',
  why: 'Nothing is written down that tells this signature from one that was used: no nonce is counted up and no hash is marked.',
  exploit:
    'Whoever saw the signature once, on the chain or from the signer, sends it again and again, and is paid each time.',
  fix: 'Put a nonce of the signer into what is signed and count it up, or mark the hash as used before anything else happens. Sign by EIP-712, with chain id and contract.',
  references: ['SWC-121', 'CWE-294', 'OWASP-SC01:2025', 'EEA-EthTrust: Prevent Signature Replay'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Payouts {
    address public immutable signer = msg.sender;
    function claim(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, amount));
        require(ecrecover(digest, v, r, s) == signer, "wrong"); // <-- finding
        payable(msg.sender).transfer(amount);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Cheques {
    struct Cheque { address drawer; address payee; uint256 amount; uint256 number; }
    mapping(address => uint256) public purse;
    mapping(address => mapping(uint256 => bool)) public cashed;
    mapping(address => uint256) public nonces;
    function put() external payable { purse[msg.sender] += msg.value; }
    // The mark is kept under whoever brings the cheque, and the cheque says nothing of them.
    function cash(Cheque calldata c, uint8 v, bytes32 r, bytes32 s) external {
        require(_signer(c, v, r, s) == c.drawer && c.drawer != address(0), "wrong");
        require(!cashed[msg.sender][c.number], "cashed");
        cashed[msg.sender][c.number] = true;
        purse[c.drawer] -= c.amount;
        payable(c.payee).transfer(c.amount);
    }
    function _signer(Cheque calldata c, uint8 v, bytes32 r, bytes32 s) private view returns (address) {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), c.drawer, c.payee, c.amount, c.number));
        return ecrecover(digest, v, r, s); // <-- finding
    }
    // A nonce is counted, and is no part of what is signed.
    function pay(address drawer, address to, uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), drawer, to, amount));
        require(ecrecover(digest, v, r, s) == drawer && drawer != address(0), "wrong"); // <-- finding
        nonces[drawer]++;
        purse[drawer] -= amount;
        purse[to] += amount;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
contract Cheques is EIP712("Cheques", "1"), Nonces {
    struct Cheque { address drawer; address payee; uint256 amount; uint256 number; }
    mapping(address => uint256) public purse;
    mapping(address => mapping(uint256 => bool)) public cashed;
    mapping(uint256 => uint256) private used;
    mapping(address => uint256) public drawn;
    function put() external payable { purse[msg.sender] += msg.value; }
    function cash(Cheque calldata c, bytes calldata signature) external {
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(c.drawer, c.payee, c.amount, c.number)));
        if (ECDSA.recover(digest, signature) != c.drawer || cashed[c.drawer][c.number]) revert();
        cashed[c.drawer][c.number] = true; // <-- guard: nothing
        purse[c.drawer] -= c.amount;
        payable(c.payee).transfer(c.amount);
    }
    function pay(address drawer, address to, uint256 amount, bytes calldata signature) external {
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(drawer, to, amount, _useNonce(drawer))));
        require(ECDSA.recover(digest, signature) == drawer, "wrong");
        purse[drawer] -= amount;
        purse[to] += amount;
    }
    function one(address drawer, uint256 amount, uint256 bit, bytes calldata signature) external {
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(msg.sender, drawer, amount, bit)));
        require(ECDSA.recover(digest, signature) == drawer, "wrong");
        require(used[bit >> 8] & (1 << (bit & 255)) == 0);
        used[bit >> 8] |= 1 << (bit & 255);
        purse[drawer] -= amount;
        payable(msg.sender).transfer(amount);
    }
    // A running total: what was paid before is taken off.
    function draw(address drawer, uint256 total, bytes calldata signature) external {
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(msg.sender, drawer, total)));
        require(ECDSA.recover(digest, signature) == drawer, "wrong");
        uint256 rest = total - drawn[msg.sender];
        drawn[msg.sender] = total;
        purse[drawer] -= rest;
        payable(msg.sender).transfer(rest);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Payouts {
    address public immutable signer = msg.sender;
    mapping(address => uint256) public nonces;
    mapping(bytes32 => bool) public used;
    function claim(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, amount, nonces[msg.sender]++));
        require(ecrecover(digest, v, r, s) == signer, "wrong");
        payable(msg.sender).transfer(amount);
    }
    function take(uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, amount));
        require(!used[digest]);
        used[digest] = true;
        require(ecrecover(digest, v, r, s) == signer, "wrong");
        payable(msg.sender).transfer(amount);
    }
    function check(bytes32 digest, uint8 v, bytes32 r, bytes32 s) external view returns (bool) {
        return ecrecover(digest, v, r, s) == signer;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      const [recovery] = recoveriesOf(run);
      if (!recovery || !changesSomething(run) || runs.privileged(recovery.visit.state)) continue;
      const { node, frame } = recovery.visit;
      const digest = digestOf(recovery.digest, frame);
      if (
        run.visits.writes.some((write) =>
          marksUse(program, write, digest, rootsOf(recovery.signature, frame)),
        )
      )
        continue;
      report({
        node,
        frame,
        message: `${run.entry.name} accepts the same signature again: nothing that is written tells it from one that was used.`,
      });
    }
  },
};

function changesSomething({ visits }: EntryRun): boolean {
  return (
    visits.writes.length > 0 ||
    visits.calls.some(({ call }) => ['external', 'low-level', 'transfer', 'send'].includes(call.kind))
  );
}

/** A record of what was signed is closed, or a counter that is signed goes up. */
function marksUse(
  program: Program,
  write: WriteVisit,
  digest: Digest,
  signature: ReadonlySet<string>,
): boolean {
  const { slot, value, node, state } = write;
  if (!slot.keys.every((key) => isBound(key, state, digest, signature))) return false;
  const named = `${textOf(program.stateVariable(slot.base), 'name')} ${slot.key}`;
  if (counts(write)) return digest.opaque || isSigned(write, digest, named);
  if (slot.keys.length === 0) return false;
  if (node['operator'] === '|=' || node['operator'] === 'delete' || marking.test(named)) return true;
  if (!value || isZero(value) || literalBoolean(value) === false) return false;
  const taint = taintOf(value, write.frame);
  if (!hasBits(taint, from.parameter | from.sender | from.keyed | from.external)) return true;
  // A running total that was looked at before.
  return state.reads.has(slot.key) && digest.keys.has(keyOf(value, write.frame));
}

const marking = /used|claimed|spent|executed|processed|consumed|filled|redeemed|minted|done|cancel/i;

/**
 * A key that is whoever calls marks only their own use, unless they are named in what is signed. One that the caller
 * brings has to be signed as well: another one would be a new mark.
 */
function isBound(key: Ref, state: State, digest: Digest, signature: ReadonlySet<string>): boolean {
  if (digest.opaque) return true;
  if (!isSender(key.node, key.frame)) {
    const brought = digestOf(key.node, key.frame).parts.filter((part) => {
      const taint = taintOf(part.node, part.frame);
      return hasBits(taint, from.parameter) && taint.variables.size === 0;
    });
    const keys = brought.map((part) => keyOf(part.node, part.frame));
    return keys.every((each) => isPart(each, digest) || signature.has(each));
  }
  if (digest.sender) return true;
  return clausesOf(state).some((clause) =>
    clause.every((atom) => {
      const sides = equalSides(atom);
      const other = sides?.find((side) => !isSender(side.node, side.frame));
      const isSenders = sides?.some((side) => isSender(side.node, side.frame));
      return other !== undefined && isSenders === true && isPart(keyOf(other.node, other.frame), digest);
    }),
  );
}

function counts({ node, value, slot, frame }: WriteVisit): boolean {
  if (node.nodeType === 'UnaryOperation' || node['operator'] === '+=') return true;
  if (value?.nodeType !== 'BinaryOperation' || textOf(value, 'operator') !== '+') return false;
  const left = childOf(value, 'leftExpression');
  return left !== undefined && placeOf({ node: left, frame })?.key === slot.key;
}

/** The counter itself is signed, or a number that it is compared with. */
function isSigned({ slot }: WriteVisit, { parts }: Digest, named: string): boolean {
  if (parts.some((part) => placeOf(part)?.key === slot.key)) return true;
  const isNonce = /nonce|sequence|counter|number|index|next/i;
  return isNonce.test(named) && parts.some(({ node }) => isNonce.test(nameOf(node)));
}

function placeOf({ node, frame }: Ref) {
  const at = resolve(node, frame);
  const inner = at.node.nodeType === 'UnaryOperation' ? childOf(at.node, 'subExpression') : undefined;
  return slotOf(inner ?? at.node, at.frame);
}

function nameOf(node: AstNode): string {
  return `${textOf(node, 'name')}${textOf(node, 'memberName')}`;
}

/** The value is signed, or the record that it is a field of. */
function isPart(key: string, { keys }: Digest): boolean {
  return keys.has(key) || keys.has(key.replace(/\.[^.]*$/, ''));
}
