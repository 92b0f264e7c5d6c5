import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants, textOf, typeIdOf } from '../ir/ast.ts';
import { atomsOf, equalSides } from '../ir/conditions.ts';
import { type Frame, isFixed } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import { recoveriesOf } from '../ir/signatures.ts';
import { isZero, slotOf } from '../ir/storage.ts';
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
      for (const { visit } of recoveriesOf(run)) {
        const { call, node, frame } = visit;
        const name = textOf(call.callee, 'name') || textOf(call.callee, 'memberName');
        if (!/^(ec)?recover$/i.test(name) || runs.privileged(visit.state)) continue;
        const isSigner = (at: AstNode, within: Frame) => mentions(at, within, (item) => item === node);
        if (isJudged(run, isSigner) || isSubject(run, isSigner, node)) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} takes the signature of anybody: who \`${codeOf(program, node, 60)}\` answers is not compared with anyone.`,
        });
      }
    }
  },
};

type IsSigner = (node: AstNode, frame: Frame) => boolean;

/** Some condition of the run hangs on who it is; that this very signature is new says nothing of that. */
function isJudged(run: EntryRun, isSigner: IsSigner): boolean {
  const marks = new Set(run.visits.writes.filter(isMark).map(({ slot }) => slot.base));
  return atomsOf(run).some((atom) => {
    if (!isSigner(atom.node, atom.frame)) return false;
    const sides = equalSides(atom, true) ?? equalSides(atom, false);
    if (sides?.some(({ node }) => isZero(node))) return false;
    const places = descendants(atom.node, 'IndexAccess').flatMap((item) => slotOf(item, atom.frame) ?? []);
    return places.length === 0 || places.some(({ base }) => !marks.has(base));
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
