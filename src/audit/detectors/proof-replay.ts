import type { Detector } from '../detector.ts';
import { textOf, typeOf } from '../ir/ast.ts';
import { type Atom, clausesOf, equalSides } from '../ir/conditions.ts';
import type { Ref } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { isSenders } from '../ir/places.ts';
import type { EntryRun } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { slotOf } from '../ir/storage.ts';
import { chosenByCaller, from, hasBits, taintOf } from '../ir/taint.ts';
import { movesOf } from '../ir/token-moves.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Membership in a list is proven, and proven again. */
export const proofReplay: Detector = {
  id: 'proof-replay',
  category: 'signature',
  severity: 'high',
  confidence: 'medium',
  title: 'A proof can be used again',
  why: 'A Merkle proof shows that somebody is on a list. It stays true for ever: unless it is written down that they had their share, it shows the same the next time.',
  exploit: 'Whoever is on the list sends the same claim again and again, until nothing is left.',
  fix: 'Keep a mark for each leaf or account, require that it is not set, and set it before anything is paid.',
  references: ['SWC-121', 'CWE-294', 'CWE-837', 'OWASP-SC03:2025'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
interface IERC20 { function transfer(address to, uint256 amount) external returns (bool); }
contract Drop {
    bytes32 public immutable root;
    IERC20 public immutable token;
    mapping(address => bool) public claimed;
    constructor(bytes32 root_, IERC20 token_) { root = root_; token = token_; }
    function claim(uint256 amount, bytes32[] calldata proof) external {
        require(!claimed[msg.sender], "had it");
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(msg.sender, amount))));
        require(MerkleProof.verify(proof, root, leaf), "not on the list");
        require(token.transfer(msg.sender, amount)); // <-- finding
    }
}
`,
    `pragma solidity ^0.5.17;
contract Passes {
    bytes32 public root;
    address public keeper = msg.sender;
    mapping(address => uint256) public passes;
    function setRoot(bytes32 to) external { require(msg.sender == keeper); root = to; }
    function climb(bytes32[] memory path, bytes32 leaf) internal pure returns (bytes32 at) {
        at = leaf;
        for (uint256 i = 0; i < path.length; i++)
            at = at < path[i] ? keccak256(abi.encodePacked(at, path[i])) : keccak256(abi.encodePacked(path[i], at));
    }
    function fetch(bytes32[] calldata path, uint256 count) external {
        require(climb(path, keccak256(abi.encode(msg.sender, count))) == root);
        passes[msg.sender] += count; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
interface IERC20 { function transfer(address to, uint256 amount) external returns (bool); }
contract Drop {
    bytes32 public immutable root;
    IERC20 public immutable token;
    mapping(address => bool) public claimed;
    mapping(uint256 => uint256) private bits;
    mapping(address => uint256) public had;
    constructor(bytes32 root_, IERC20 token_) { root = root_; token = token_; }
    function claim(uint256 amount, bytes32[] calldata proof) external {
        require(!claimed[msg.sender], "had it");
        claimed[msg.sender] = true; // <-- guard: nothing
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(msg.sender, amount))));
        require(MerkleProof.verify(proof, root, leaf), "not on the list");
        require(token.transfer(msg.sender, amount));
    }
    function claimNumber(uint256 index, address to, uint256 amount, bytes32[] calldata proof) external {
        require(bits[index >> 8] & (1 << (index & 255)) == 0, "had it");
        require(MerkleProof.verify(proof, root, keccak256(abi.encodePacked(index, to, amount))), "not on the list");
        bits[index >> 8] |= 1 << (index & 255);
        require(token.transfer(to, amount));
    }
    function claimRest(uint256 total, bytes32[] calldata proof) external {
        require(MerkleProof.verify(proof, root, keccak256(abi.encode(msg.sender, total))), "not on the list");
        uint256 rest = total - had[msg.sender];
        had[msg.sender] = total;
        require(token.transfer(msg.sender, rest));
    }
}
`,
  ],
  run({ runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      const given = gifts(run).find(({ state }) => isProven(state) && !runs.privileged(state));
      if (!given || run.visits.writes.some((write) => isMark(run, write))) continue;
      report({
        node: given.node,
        frame: given.frame,
        message: `${run.entry.name} gives to whoever proves to be on a list, as often as they do: nothing is written down.`,
      });
    }
  },
};

/** What leaves the contract or is credited. */
function gifts(run: EntryRun) {
  const moved = movesOf(run).flatMap(({ kind, visit }) =>
    kind === 'push' || kind === 'mint' || kind === 'ether' ? [visit] : [],
  );
  return [
    ...moved,
    ...run.visits.writes.filter(({ slot, node }) => isSenders(slot) && node['operator'] === '+='),
  ];
}

function isProven(state: State): boolean {
  return clausesOf(state).some((clause) => clause.every(isProof));
}

/** A hash of what the caller says, with the path that the caller brings, equals what the contract keeps. */
function isProof(atom: Atom): boolean {
  const sides = equalSides(atom);
  if (!sides) return false;
  return [sides, [sides[1], sides[0]] as const].some(([made, kept]) => {
    const root = taintOf(kept.node, kept.frame);
    const isKept = !hasBits(root, chosenByCaller | from.hash) && slotOrFixed(kept);
    const isMade = hasBits(taintOf(made.node, made.frame), from.parameter);
    return isKept && isMade && mentions(made.node, made.frame, (node) => /^bytes32\[\]/.test(typeOf(node)));
  });
}

/** A root that is stored, an immutable one too. */
function slotOrFixed({ node, frame }: Ref): boolean {
  return mentions(node, frame, (part, within) => {
    const id = part['referencedDeclaration'];
    const isVariable = typeof id === 'number' && within.program.stateVariable(id) !== undefined;
    return isVariable || slotOf(part, within) !== undefined;
  });
}

/** Kept under the caller, or under what the caller says; a balance that only grows is none, unless something looks at it. */
function isMark({ visits }: EntryRun, { slot, node }: WriteVisit): boolean {
  const isOfCaller = slot.keys.some((key) =>
    hasBits(taintOf(key.node, key.frame), chosenByCaller | from.hash),
  );
  if (!isOfCaller) return false;
  const operator = textOf(node, 'operator');
  if (operator !== '+=' && operator !== '++') return true;
  return visits.decisions.some((condition) =>
    mentions(condition.node, condition.frame, (part, within) => slotOf(part, within)?.key === slot.key),
  );
}
