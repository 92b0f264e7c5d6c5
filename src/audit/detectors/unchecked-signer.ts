import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants, textOf, typeIdOf } from '../ir/ast.ts';
import { type Atom, atomsOf, equalSides, looksUp } from '../ir/conditions.ts';
import { type Frame, isFixed, isSender, type Ref, resolve } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import { digestOf, recoveriesOf, usedAt } from '../ir/signatures.ts';
import { isZero, keyOf, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Somebody signed, and nobody asks who. */
export const uncheckedSigner: Detector = {
  id: 'unchecked-signer',
  category: 'signature',
  severity: 'high',
  confidence: 'high',
  title: 'Any signature is good enough',
  why: 'ecrecover finds somebody for nearly every signature. The account that it answers is never compared with one that may sign, so that everybody’s signature is as good as the right one.',
  exploit: 'An attacker signs the message with a key of their own.',
  fix: 'Compare the signer with who has to have signed: `require(signer == owner)`, or look them up in a list.',
  references: ['SWC-122', 'CWE-347', 'OWASP-SC01:2025', 'EEA-EthTrust: Verify Signatures'],
  losses: [
    {
      name: 'Wormhole',
      year: 2022,
      usd: 326_000_000,
      what: "On Solana the bridge took the word of a forged account that the guardians' signatures had been verified.",
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Gate {
    address public owner = msg.sender;
    mapping(address => mapping(uint256 => bool)) public used;
    mapping(address => bool) public guests;
    event In(address signer);
    function enter(uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, nonce));
        address signer = ecrecover(digest, v, r, s); // <-- finding
        require(signer != address(0) && !used[signer][nonce]);
        used[signer][nonce] = true;
        guests[msg.sender] = true;
        emit In(signer);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Signed {
    function _signer(bytes32 inner, uint8 v, bytes32 r, bytes32 s) internal pure returns (address signer) {
        signer = ecrecover(keccak256(abi.encodePacked("\\x19Ethereum Signed Message:\\n32", inner)), v, r, s);
        require(signer != address(0));
    }
}
contract Meters is Signed {
    address public immutable office = msg.sender;
    mapping(address => uint256) public balanceOf;
    mapping(bytes32 => bool) public drawn;
    function put() external payable { balanceOf[msg.sender] += msg.value; }
    // Only the office comes here, and takes from whom it likes.
    function draw(address from, uint256 amount, uint256 id, uint8 v, bytes32 r, bytes32 s) external {
        require(msg.sender == office);
        bytes32 key = keccak256(abi.encode(block.chainid, address(this), from, amount, id));
        require(!drawn[key]);
        drawn[key] = true;
        require(_signer(key, v, r, s) != address(0)); // <-- finding
        balanceOf[from] -= amount;
        balanceOf[office] += amount;
    }
    // The caller says who has to have signed, and nobody asks who that is.
    function claim(address by, uint256 amount, uint256 id, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 key = keccak256(abi.encode(block.chainid, address(this), msg.sender, amount, id));
        require(!drawn[key] && _signer(key, v, r, s) == by); // <-- finding
        drawn[key] = true;
        payable(msg.sender).transfer(amount);
    }
    function count(address[] calldata members, uint256 amount, uint8[] calldata v, bytes32[] calldata r, bytes32[] calldata s) external {
        bytes32 key = keccak256(abi.encode(block.chainid, address(this), msg.sender, amount));
        require(!drawn[key] && members.length == v.length);
        drawn[key] = true;
        for (uint256 i = 0; i < v.length; i++) require(_signer(key, v[i], r[i], s[i]) == members[i]); // <-- finding
        payable(msg.sender).transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IRegistry { function check(address who) external; }
contract Gate {
    address public owner = msg.sender;
    mapping(address => bool) public hosts;
    mapping(address => uint256) public nonces;
    mapping(address => address) public delegates;
    mapping(address => mapping(uint256 => bool)) public used;
    IRegistry public registry;
    function _signer(uint256 nonce, uint8 v, bytes32 r, bytes32 s) private view returns (address signer) {
        signer = ecrecover(keccak256(abi.encode(block.chainid, address(this), msg.sender, nonce)), v, r, s);
        require(signer != address(0));
    }
    function host(address who) external { require(msg.sender == owner); hosts[who] = true; }
    function a(uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        address signer = _signer(nonce, v, r, s);
        require(signer == owner && !used[signer][nonce]);
        used[signer][nonce] = true;
    }
    function b(uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        address signer = _signer(nonce, v, r, s);
        if (!hosts[signer]) revert();
        used[signer][nonce] = true;
    }
    // Whoever signed acts for themselves.
    function delegate(address to, uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        address signer = _signer(nonce, v, r, s);
        require(nonce == nonces[signer]++);
        delegates[signer] = to;
    }
    function named(address by, uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        require(hosts[by] && !used[by][nonce]); // <-- guard: require(!used[by][nonce]);
        require(_signer(nonce, v, r, s) == by);
        used[by][nonce] = true;
    }
    function c(uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        address signer = _signer(nonce, v, r, s);
        used[signer][nonce] = true;
        registry.check(signer);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      for (const { visit, digest: signed } of recoveriesOf(run)) {
        const { call, node, frame } = visit;
        const name = textOf(call.callee, 'name') || textOf(call.callee, 'memberName');
        if (!/^(ec|try)?recover$/i.test(name)) continue;
        const isSigner = (at: AstNode, within: Frame) => mentions(at, within, (item) => item === node);
        const judged = judgementsOf(run, isSigner);
        const claims = judged.flatMap((atom) => claimOf(atom, isSigner) ?? []);
        // Compared with accounts that the caller names, and these are nobody in particular.
        const keys = new Set(claims.map((claim) => keyOf(claim.node, claim.frame)));
        const isWho = (at: AstNode, within: Frame) =>
          isSigner(at, within) ||
          (keys.size > 0 && mentions(at, within, (item, inner) => isNamed(item, inner, keys)));
        if (claims.length < judged.length || isSubject(run, isWho, node)) continue;
        const digest = digestOf(signed, frame);
        if (claims.length > 0 && (digest.opaque || isKnown(run, claims, digest.keys))) continue;
        report({
          ...usedAt({ node, frame }),
          message:
            claims.length > 0
              ? `${run.entry.name} takes the signature of whomever the caller names.`
              : `${run.entry.name} takes the signature of anybody: who \`${codeOf(program, node, 60)}\` answers is not compared with anyone.`,
        });
      }
    }
  },
};

type IsSigner = (node: AstNode, frame: Frame) => boolean;

/** Some condition of the run hangs on who it is; that this very signature is new says nothing of that. */
function judgementsOf(run: EntryRun, isSigner: IsSigner): Atom[] {
  const marks = new Set(run.visits.writes.filter(isMark).map(({ slot }) => slot.base));
  return atomsOf(run).filter((atom) => {
    if (!isSigner(atom.node, atom.frame)) return false;
    const sides = equalSides(atom, true) ?? equalSides(atom, false);
    if (sides?.some(({ node }) => isZero(node))) return false;
    const places = descendants(atom.node, 'IndexAccess').flatMap((item) => slotOf(item, atom.frame) ?? []);
    return places.length === 0 || places.some(({ base }) => !marks.has(base));
  });
}

/** `signer == who`, where who is a parameter of the entry point, or one of a list that it is given. */
function claimOf(atom: Atom, isSigner: IsSigner): Ref | undefined {
  const sides = equalSides(atom, true) ?? equalSides(atom, false);
  const other = sides?.find((side) => !isSigner(side.node, side.frame));
  if (!other) return undefined;
  const at = resolve(other.node, other.frame);
  const taint = taintOf(at.node, at.frame);
  const isBrought =
    at.frame.parent === undefined &&
    hasBits(taint, from.parameter) &&
    !hasBits(taint, ~from.parameter) &&
    taint.variables.size === 0;
  return isBrought ? at : undefined;
}

function isNamed(item: AstNode, frame: Frame, keys: ReadonlySet<string>): boolean {
  return /^(Identifier|MemberAccess|IndexAccess)$/.test(item.nodeType) && keys.has(keyOf(item, frame));
}

/** Whoever is named was signed with the rest, or is looked up or compared with somebody the contract knows. */
function isKnown(run: EntryRun, claims: readonly Ref[], signed: ReadonlySet<string>): boolean {
  return claims.every((claim) => {
    const key = keyOf(claim.node, claim.frame);
    const base = key.replace(/(\.[^.\]]*|\[[^\]]*\])$/, '');
    if (signed.has(key) || signed.has(base)) return true;
    return atomsOf(run).some((atom) => {
      if (looksUp(atom, key)) return true;
      const sides = equalSides(atom, true) ?? equalSides(atom, false) ?? [];
      const keys = sides.map((side) => keyOf(side.node, side.frame));
      return (
        keys.includes(key) &&
        sides.some(
          (side) => isSender(side.node, side.frame) || taintOf(side.node, side.frame).variables.size > 0,
        )
      );
    });
  });
}

function isMark({ value, node, frame }: WriteVisit): boolean {
  return node.nodeType === 'UnaryOperation' || (value !== undefined && isFixed(frame.program, value));
}

/** The signer is whom it is done for: their record changes, or they are handed on. */
function isSubject({ visits }: EntryRun, isSigner: IsSigner, recovery: AstNode): boolean {
  const records = visits.writes.some(
    (write) =>
      (write.value !== undefined && isSigner(write.value, write.frame)) ||
      (!isMark(write) && write.slot.keys.some((key) => isSigner(key.node, key.frame))),
  );
  return (
    records ||
    visits.calls.some(({ call, node, frame }) => {
      if (node === recovery || !['external', 'low-level', 'transfer', 'send', 'push'].includes(call.kind))
        return false;
      if (/^t_function_ecrecover/.test(typeIdOf(call.callee))) return false;
      return [...call.arguments, ...('address' in call ? [call.address] : [])].some((each) =>
        isSigner(each, frame),
      );
    })
  );
}
