import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { heldAtomsOf } from '../ir/conditions.ts';
import { type Frame, type Ref, resolve } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { isInside, loops } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import { recoveriesOf } from '../ir/signatures.ts';
import type { CallVisit } from '../ir/visits.ts';

/** One signature is counted as many. */
export const repeatedSigner: Detector = {
  id: 'repeated-signer',
  category: 'signature',
  severity: 'high',
  confidence: 'medium',
  title: 'The same signer may be counted more than once',
  why: 'Signatures are counted until there are enough, and nothing says that each is of another signer. One signer is then as many as are needed.',
  exploit:
    'One dishonest signer, or whoever got hold of one key, passes the same signature several times and has a majority alone.',
  fix: 'Ask for signers in ascending order (`require(signer > last)`), or mark each as counted.',
  references: ['SWC-117', 'CWE-837', 'OWASP-SC01:2025', 'EEA-EthTrust: Verify Signatures'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Council {
    mapping(address => bool) public members;
    mapping(bytes32 => bool) public done;
    uint256 public quorum;
    struct Sig { uint8 v; bytes32 r; bytes32 s; }
    constructor(address[] memory all) { for (uint256 i; i < all.length; i++) members[all[i]] = true; quorum = all.length / 2 + 1; }
    function act(address payable to, uint256 amount, uint256 nonce, Sig[] calldata sigs) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), to, amount, nonce));
        require(!done[digest]);
        done[digest] = true;
        uint256 count;
        for (uint256 i = 0; i < sigs.length; i++) {
            address signer = ecrecover(digest, sigs[i].v, sigs[i].r, sigs[i].s); // <-- finding
            require(members[signer]);
            count++;
        }
        require(count >= quorum);
        to.transfer(amount);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Signers {
    mapping(address => bool) public members;
    uint256 public immutable quorum = 3;
    // The same signer is not less than themselves.
    function _ordered(bytes32 digest, uint8[] calldata v, bytes32[] calldata r, bytes32[] calldata s) internal view {
        require(v.length >= quorum);
        address last;
        for (uint256 i = 0; i < v.length; i++) {
            address signer = ecrecover(digest, v[i], r[i], s[i]); // <-- finding
            if (!members[signer] || signer < last) revert();
            last = signer;
        }
    }
    // The last one is never kept.
    function _above(bytes32 digest, uint8[] calldata v, bytes32[] calldata r, bytes32[] calldata s) internal view {
        require(v.length >= quorum);
        address last;
        for (uint256 i = 0; i < v.length; i++) {
            address signer = ecrecover(digest, v[i], r[i], s[i]); // <-- finding
            require(members[signer] && signer > last);
        }
    }
}
contract Votes is Signers {
    uint256 public nonce;
    uint256 public rate;
    constructor(address[] memory all) { for (uint256 i; i < all.length; i++) members[all[i]] = true; }
    function set(uint256 to, uint8[] calldata v, bytes32[] calldata r, bytes32[] calldata s) external {
        _ordered(keccak256(abi.encode(block.chainid, address(this), "set", to, nonce++)), v, r, s);
        rate = to;
    }
    function add(uint256 to, uint8[] calldata v, bytes32[] calldata r, bytes32[] calldata s) external {
        _above(keccak256(abi.encode(block.chainid, address(this), "add", to, nonce++)), v, r, s);
        rate += to;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
library Signing {
    function signerOf(bytes32 digest, bytes memory signature) internal pure returns (address signer) {
        (uint8 v, bytes32 r, bytes32 s) = abi.decode(signature, (uint8, bytes32, bytes32));
        signer = ecrecover(digest, v, r, s);
        require(signer != address(0));
    }
}
contract Keys {
    using Signing for bytes32;
    mapping(address => bool) public keys;
    uint public next;
    constructor(address[] memory all) { for (uint i = 0; i < all.length; i++) keys[all[i]] = true; }
    function open(address payable to, bytes[3] memory signatures) public {
        bytes32 digest = keccak256(abi.encode(address(this), to, next++));
        for (uint i = 0; i < 3; i++) require(keys[digest.signerOf(signatures[i])]); // <-- finding
        to.transfer(1 ether);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Council {
    mapping(address => bool) public members;
    mapping(bytes32 => mapping(address => bool)) public agreed;
    mapping(bytes32 => bool) public done;
    mapping(address => uint256) public paid;
    uint256 public quorum;
    struct Sig { uint8 v; bytes32 r; bytes32 s; }
    constructor(address[] memory all) { for (uint256 i; i < all.length; i++) members[all[i]] = true; quorum = all.length / 2 + 1; }
    function ordered(bytes32 what, Sig[] calldata sigs) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), what));
        require(!done[digest] && sigs.length >= quorum);
        done[digest] = true;
        address last;
        for (uint256 i = 0; i < sigs.length; i++) {
            address signer = ecrecover(digest, sigs[i].v, sigs[i].r, sigs[i].s);
            require(members[signer] && signer > last);
            last = signer;
        }
    }
    function marked(bytes32 what, Sig[] calldata sigs) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), what));
        uint256 count;
        for (uint256 i = 0; i < sigs.length; i++) {
            address signer = ecrecover(digest, sigs[i].v, sigs[i].r, sigs[i].s);
            if (!members[signer] || agreed[digest][signer]) continue;
            agreed[digest][signer] = true;
            count++;
        }
        require(count >= quorum);
    }
    mapping(address => uint256) public placeOf;
    address[] public seats;
    function bits(bytes32 what, Sig[] calldata sigs) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), what));
        require(!done[digest] && sigs.length >= quorum);
        done[digest] = true;
        uint256 seen;
        for (uint256 i = 0; i < sigs.length; i++) {
            address signer = ecrecover(digest, sigs[i].v, sigs[i].r, sigs[i].s);
            uint256 bit = 1 << placeOf[signer];
            require(members[signer] && seen & bit == 0);
            seen |= bit;
        }
    }
    // Each seat has its own signature.
    function seated(bytes32 what, Sig[] calldata sigs) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), what));
        require(!done[digest]);
        done[digest] = true;
        uint256 count;
        for (uint256 i = 0; i < seats.length; i++)
            if (ecrecover(digest, sigs[i].v, sigs[i].r, sigs[i].s) == seats[i]) count++;
        require(count >= quorum);
    }
    // Each signature is for something of its own.
    function each(bytes32[] calldata what, Sig[] calldata sigs) external {
        require(what.length == sigs.length);
        for (uint256 i = 0; i < sigs.length; i++) {
            bytes32 digest = keccak256(abi.encode(block.chainid, address(this), what[i]));
            require(!done[digest] && members[ecrecover(digest, sigs[i].v, sigs[i].r, sigs[i].s)]);
            done[digest] = true;
        }
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role === 'constructor') continue;
      for (const { visit, digest } of recoveriesOf(run)) {
        const { node, frame } = visit;
        // Who is only asked whether somebody signed is told who that was, and may well be told once.
        if (/valid/i.test(nameOf(visit.call))) continue;
        const at = inLoop(node, frame);
        if (!at || !program.isOwn(node) || changes(digest, frame, at.loop)) continue;
        const isSigner = (item: AstNode, within: Frame) => mentions(item, within, (each) => each === node);
        if (isToldApart(run, isSigner) || writesPerSigner(run, isSigner, at.loop)) continue;
        // Where they are counted, not in the helper that recovers one.
        report({
          ...at.counted,
          message: `${run.entry.name} counts signatures, and the same signer may be among them twice.`,
        });
      }
    }
  },
};

function nameOf({ callee }: CallVisit['call']): string {
  return textOf(callee, 'name') || textOf(callee, 'memberName');
}

/** The loop that a signature is recovered in, here or where the helper is called. */
function inLoop(node: AstNode, frame: Frame): { loop: AstNode; counted: Ref } | undefined {
  let current: Ref = { node, frame };
  for (;;) {
    for (let at = frame.program.parent(current.node); at; at = frame.program.parent(at)) {
      if (loops.test(at.nodeType)) return { loop: at, counted: current };
      if (/^(Function|Modifier)Definition$/.test(at.nodeType)) break;
    }
    if (!current.frame.parent || !current.frame.via) return undefined;
    current = { node: current.frame.via, frame: current.frame.parent };
  }
}

/** What is signed is another thing in each round. */
function changes(digest: AstNode, frame: Frame, loop: AstNode): boolean {
  const { program } = frame;
  return mentions(digest, frame, (item) => {
    if (item.nodeType === 'IndexAccess') {
      const index = childOf(item, 'indexExpression');
      const within = isWithin(program, item, loop);
      return within && index?.nodeType === 'Identifier' && /^uint/.test(typeOf(index));
    }
    return false;
  });
}

function isWithin(program: Frame['program'], node: AstNode, loop: AstNode): boolean {
  for (let at = program.parent(node); at; at = program.parent(at)) if (at === loop) return true;
  return false;
}

/** Ordered, or looked for among those before. */
function isToldApart(run: EntryRun, isSigner: (node: AstNode, frame: Frame) => boolean): boolean {
  return heldAtomsOf(run).some(({ node, frame, truth }) => {
    if (node.nodeType !== 'BinaryOperation') return false;
    const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    const mine = sides.filter((side) => side !== undefined && isSigner(side, frame));
    if (mine.length === 0) return false;
    const operator = textOf(node, 'operator');
    if (/^[<>]=?$/.test(operator)) {
      const isStrict = (operator === '<' || operator === '>') === truth;
      return isStrict && sides.every((side) => side !== undefined && isOrderable(side, frame, isSigner));
    }
    // A bit for each signer: `seen & bit == 0`.
    if (mine.some((side) => side !== undefined && textOf(resolve(side, frame).node, 'operator') === '&'))
      return true;
    // `signer == before[j]` in a loop of its own, or each the one at its own place in a list.
    const other = sides.find((side) => side !== undefined && !isSigner(side, frame));
    return (
      other?.nodeType === 'IndexAccess' &&
      isInside(frame.program, node, loops) &&
      descendants(other, 'Identifier').length > 1
    );
  });
}

/** A number, which is the signer's or moves on with each of them: one before that is never set orders nothing. */
function isOrderable(
  side: AstNode,
  frame: Frame,
  isSigner: (node: AstNode, frame: Frame) => boolean,
): boolean {
  if (!/^(address|uint|bytes32)/.test(typeOf(side))) return false;
  if (isSigner(side, frame)) return true;
  const at = resolve(side, frame).node;
  return at.nodeType !== 'Identifier' || frame.program.stateVariable(referenceOf(at) ?? -1) !== undefined;
}

/** Something is kept for each signer, or each round writes a record of its own. */
function writesPerSigner(
  { visits }: EntryRun,
  isSigner: (node: AstNode, frame: Frame) => boolean,
  loop: AstNode,
): boolean {
  const kept = visits.writes.some(
    ({ slot, node, frame }) =>
      slot.keys.some((key) => isSigner(key.node, key.frame)) ||
      (slot.keys.length > 0 && isWithin(frame.program, node, loop)),
  );
  // A list or map in memory: `seen[i] = signer`.
  const listed = descendants(loop, 'Assignment').some((node) => {
    const left = childOf(node, 'leftHandSide');
    return left?.nodeType === 'IndexAccess';
  });
  return kept || listed;
}
