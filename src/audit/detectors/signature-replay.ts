import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { atomsOf, clausesOf, equalSides, heldAtomsOf } from '../ir/conditions.ts';
import { isSender, type Ref, resolve } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import type { EntryRun } from '../ir/runs.ts';
import { type Digest, digestOf, recoveriesOf, rememberedAt, rootsOf } from '../ir/signatures.ts';
import type { State } from '../ir/state.ts';
import { isZero, keyOf, literalBoolean, type Slot, slotOf } from '../ir/storage.ts';
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
        require(_signer(c, v, r, s) == c.drawer && c.drawer != address(0), "wrong"); // <-- finding
        require(!cashed[msg.sender][c.number], "cashed");
        cashed[msg.sender][c.number] = true;
        purse[c.drawer] -= c.amount;
        payable(c.payee).transfer(c.amount);
    }
    function _signer(Cheque calldata c, uint8 v, bytes32 r, bytes32 s) private view returns (address) {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), c.drawer, c.payee, c.amount, c.number));
        return ecrecover(digest, v, r, s);
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
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Purses {
    address public immutable till = msg.sender;
    mapping(address => uint256) public purse;
    mapping(address => uint256) public nonces;
    mapping(address => uint256) public last;
    function put() external payable { purse[msg.sender] += msg.value; }
    function _digest(string memory what, address from, address to, uint256 amount, uint256 nonce) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), what, from, to, amount, nonce));
    }
    function _move(address from, address to, uint256 amount) private { purse[from] -= amount; purse[to] += amount; }
    // Only the till comes here, as often as it likes with the same word of somebody else.
    function charge(address from, uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        require(msg.sender == till && from != address(0));
        require(ecrecover(_digest("charge", from, till, amount, nonces[from]), v, r, s) == from); // <-- finding
        _move(from, till, amount);
    }
    // The nonce of another account is counted.
    function send(address from, address to, uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        require(from != address(0) && ecrecover(_digest("send", from, to, amount, nonces[from]), v, r, s) == from); // <-- finding
        nonces[to]++;
        _move(from, to, amount);
    }
    // The nonce that was signed is not compared with the one that is kept.
    function give(address from, address to, uint256 amount, uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        require(from != address(0) && ecrecover(_digest("give", from, to, amount, nonce), v, r, s) == from); // <-- finding
        nonces[from]++;
        _move(from, to, amount);
    }
    // The same number is not less than itself.
    function pass(address from, address to, uint256 amount, uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        require(from != address(0) && nonce >= last[from]);
        require(ecrecover(_digest("pass", from, to, amount, nonce), v, r, s) == from); // <-- finding
        last[from] = nonce;
        _move(from, to, amount);
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
    mapping(address => uint256) public last;
    mapping(address => uint256) public owed;
    function give(address to, uint256 amount, uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        require(nonce > last[to]); // <-- guard: require(nonce >= last[to]);
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), to, amount, nonce));
        require(ecrecover(digest, v, r, s) == signer, "wrong");
        last[to] = nonce;
        owed[to] += amount;
    }
    function grant(address to, uint256 amount, uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        require(nonce == nonces[to]); // <-- guard: nothing
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), to, amount, nonce));
        require(ecrecover(digest, v, r, s) == signer, "wrong");
        nonces[to] = nonce + 1;
        owed[to] += amount;
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
  run({ runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      const [recovery] = recoveriesOf(run);
      if (!recovery || !changesSomething(run)) continue;
      const { node, frame, state } = recovery.visit;
      const digest = digestOf(recovery.digest, frame);
      // Who is trusted may use their own word as often as they like, and not that of others.
      if (runs.privileged(state) && !signsNonce(digest)) continue;
      if (run.visits.writes.some((write) => marksUse(run, write, digest, rootsOf(recovery.signature, frame))))
        continue;
      report({
        ...rememberedAt({ node, frame }),
        message: `${run.entry.name} accepts the same signature again: nothing that is written tells it from one that was used.`,
      });
    }
  },
};

/** A number that the contract keeps for somebody is part of what is signed. */
function signsNonce({ parts }: Digest): boolean {
  return parts.some((part) => {
    const slot = /^uint/.test(typeOf(part.node)) ? placeOf(part) : undefined;
    return slot?.keys.some((key) => !isSender(key.node, key.frame)) === true;
  });
}

function changesSomething({ visits }: EntryRun): boolean {
  return (
    visits.writes.length > 0 ||
    visits.calls.some(({ call }) => ['external', 'low-level', 'transfer', 'send'].includes(call.kind))
  );
}

/** A record of what was signed is closed, or a counter that is signed goes up. */
function marksUse(run: EntryRun, write: WriteVisit, digest: Digest, signature: ReadonlySet<string>): boolean {
  const { slot, value, node, state } = write;
  // `nonces[owner]` itself is signed, whoever else is not.
  const isSameSigned = digest.parts.some((part) => placeOf(part)?.exact === slot.exact);
  if (isSameSigned && counts(write, digest)) return true;
  if (!slot.keys.every((key) => isBound(key, state, digest, signature))) return false;
  const named = `${textOf(write.frame.program.stateVariable(slot.base), 'name')} ${slot.key}`;
  if (counts(write, digest)) return digest.opaque || isSigned(run, write, digest, named);
  if (slot.keys.length === 0) return false;
  if (node['operator'] === '|=' || node['operator'] === 'delete' || marking.test(named)) return true;
  if (!value || isZero(value) || literalBoolean(value) === false) return false;
  const taint = taintOf(value, write.frame);
  if (!hasBits(taint, from.parameter | from.sender | from.keyed | from.external)) return true;
  // A running total that was looked at before.
  return (
    state.reads.has(slot.key) && digest.keys.has(keyOf(value, write.frame)) && !mayBeEqual(run, write, value)
  );
}

/** The new value was only asked not to be less than the one before: the same one passes again. */
function mayBeEqual(run: EntryRun, { slot, frame }: WriteVisit, value: AstNode): boolean {
  const key = keyOf(value, frame);
  const compared = heldAtomsOf(run).filter(({ node, frame: within }) => {
    const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    return (
      node.nodeType === 'BinaryOperation' &&
      sides.some((side) => side && keyOf(side, within) === key) &&
      sides.some((side) => side && placeOf({ node: side, frame: within })?.key === slot.key)
    );
  });
  const isTaken = run.visits.arithmetic.some(
    ({ node, frame: within }) =>
      textOf(node, 'operator') === '-' &&
      mentions(node, within, (item, inner) => placeOf({ node: item, frame: inner })?.key === slot.key),
  );
  return (
    compared.length > 0 &&
    !isTaken &&
    compared.every(
      ({ node, truth }) => (textOf(node, 'operator') === '>=' || textOf(node, 'operator') === '<=') === truth,
    )
  );
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

function counts({ node, value, slot, frame }: WriteVisit, { keys }: Digest): boolean {
  if (node.nodeType === 'UnaryOperation' || node['operator'] === '+=') return true;
  if (!value) return false;
  // `nonces[owner] = nonce + 1`, of the number that was signed; `nonce.add(1)` too.
  const sum = resolve(value, frame);
  if (sum.node.nodeType !== 'BinaryOperation' || textOf(sum.node, 'operator') !== '+') return false;
  const left = childOf(sum.node, 'leftExpression');
  if (!left) return false;
  return placeOf({ node: left, frame: sum.frame })?.key === slot.key || keys.has(keyOf(left, sum.frame));
}

/** The counter itself is signed, or a number that it is compared with. */
function isSigned(run: EntryRun, { slot }: WriteVisit, { parts }: Digest, named: string): boolean {
  const read = parts.flatMap((part) => placeOf(part) ?? []).filter(({ key }) => key === slot.key);
  // What is counted is that of the one whose number was signed.
  if (read.length > 0) return read.some(({ exact }) => exact === slot.exact);
  const isNonce = /nonce|sequence|counter|number|index|next/i;
  return (
    isNonce.test(named) && parts.some((part) => isNonce.test(nameOf(part.node)) && isAsked(run, slot, part))
  );
}

/** A number that is brought is worth nothing until it is compared with the one that is kept. */
function isAsked(run: EntryRun, { base }: Slot, { node, frame }: Ref): boolean {
  if (base < 0 || !hasBits(taintOf(node, frame), from.parameter)) return true;
  const key = keyOf(node, frame);
  return atomsOf(run).some(
    (atom) =>
      mentions(atom.node, atom.frame, (item) => referenceOf(item) === base) &&
      mentions(atom.node, atom.frame, (item, within) => nameOf(item) !== '' && keyOf(item, within) === key),
  );
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
