import type { Detector } from '../detector.ts';
import { childOf, referenceOf, typeOf } from '../ir/ast.ts';
import { type Atom, clausesOf, equalSides } from '../ir/conditions.ts';
import { isFixed, isThis, type Ref, resolve } from '../ir/frames.ts';
import { mentionsSender } from '../ir/mentions.ts';
import type { EntryRun } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { isZero, keyOf } from '../ir/storage.ts';
import { storedParts } from '../ir/stored.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** What one function checks before it stores it, another stores as it comes. */
export const validationMissingHere: Detector = {
  id: 'validation-missing-here',
  category: 'input-validation',
  severity: 'medium',
  confidence: 'medium',
  title: 'A value is checked in one function and not in another',
  why: 'The constructor, or another function, refuses values that make no sense for this place: the zero address, or a number beyond a limit. Here the same place takes any value.',
  exploit:
    'A mistake, or somebody who gains by it, sets what was meant to be impossible: payments go to the zero address, a rate beyond its maximum.',
  fix: 'Make the same check here; best in one internal function that all of them use.',
  references: ['SWC-123', 'CWE-20', 'OWASP-SC04:2025', 'EEA-EthTrust: Validate Inputs'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pots {
    struct Pot { address employer; address payable heir; uint256 left; }
    mapping(uint256 => Pot) public pots;
    uint256 public count;
    uint256 public share;
    address public owner = msg.sender;
    constructor(uint256 share_) { require(share_ <= 9_000); share = share_; }
    function fill(address payable heir) external payable {
        require(heir != address(0) && heir != address(this));
        pots[++count] = Pot(msg.sender, heir, msg.value);
    }
    function rename(uint256 id, address payable next) external {
        Pot storage pot = pots[id];
        require(msg.sender == pot.heir && next != pot.heir);
        pot.heir = next; // <-- finding
    }
    function setShare(uint256 next) external {
        require(msg.sender == owner);
        share = next; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pots {
    address public heir;
    address public owner = msg.sender;
    uint256 public share;
    mapping(address => uint256) public sent;
    constructor(address heir_, uint256 share_) { _setHeir(heir_); require(share_ <= 9_000); share = share_; }
    function _setHeir(address to) private { if (to == address(0)) revert(); heir = to; }
    function setHeir(address to) external { require(msg.sender == owner); _setHeir(to); }
    function resetShare() external { require(msg.sender == owner); share = 0; }
    function removeHeir(address to) external { require(msg.sender == owner); heir = to; }
    function setShare(uint256 next) external { require(msg.sender == owner && next < 9_001); share = next; }
    function note(uint256 amount) external { require(amount < sent[msg.sender]); sent[msg.sender] = amount; }
}
`,
  ],
  run({ runs }, report) {
    const stored = runs.entries.filter(({ role }) => role !== 'unreached').flatMap((run) => storedIn(run));
    for (const one of stored) {
      if (one.run.role === 'constructor' || isRemoval(one.run)) continue;
      const { write, place, kinds, value } = one;
      if (mentionsSender(value.node, value.frame)) continue;
      for (const kind of ['zero', 'limit'] as const) {
        if (kinds.has(kind)) continue;
        const other = stored.find(
          (each) => each.place === place && each.kinds.has(kind) && each.run !== one.run,
        );
        if (!other) continue;
        const check = other.kinds.get(kind);
        report({
          node: write.node,
          frame: write.frame,
          message: `${one.run.entry.name} stores any value where ${other.run.entry.name} refuses ${kind === 'zero' ? 'the zero address' : 'what is beyond a limit'}.`,
          steps: check
            ? [{ node: check.node, frame: check.frame, note: 'the check that is missing here' }]
            : [],
        });
        break;
      }
    }
  },
};

type Kind = 'zero' | 'limit';

interface Stored {
  run: EntryRun;
  write: WriteVisit;
  /** Keys left out. */
  place: string;
  value: Ref;
  kinds: Map<Kind, Atom>;
}

/** Parameters of an entry point that it puts into storage, with the checks on the way. */
function storedIn(run: EntryRun): Stored[] {
  return run.visits.writes.flatMap((write) => {
    if (!write.value || write.slot.base < 0) return [];
    return storedParts(write.value, write.frame, write.slot.key).flatMap(({ node, place }) => {
      const value = resolve(node, write.frame);
      if (!isParameter(value)) return [];
      return [{ run, write, place, value, kinds: kindsOf(write.state, value) }];
    });
  });
}

function isParameter({ node, frame }: Ref): boolean {
  if (node.nodeType !== 'Identifier' || frame.parent) return false;
  return frame.callable.parameters.some((one) => one.id === referenceOf(node));
}

function kindsOf(state: State, value: Ref): Map<Kind, Atom> {
  const found = new Map<Kind, Atom>();
  const key = keyOf(value.node, value.frame);
  const isAddress = /^(address|contract )/.test(typeOf(value.node));
  for (const clause of clausesOf(state)) {
    for (const atom of clause) {
      const others = otherSides(atom, key);
      for (const other of others) {
        const isEquality = equalSides(atom, true) !== undefined || equalSides(atom, false) !== undefined;
        if (isAddress && isEquality && isZero(other.node)) found.set('zero', atom);
        // Compared with anything but itself and zero: whatever it is, it is kept within something.
        if (!isAddress && !isEquality && isLimit(other)) found.set('limit', atom);
        if (isThis(other.node, other.frame)) continue;
      }
    }
  }
  return found;
}

function otherSides({ node, frame }: Atom, key: string): Ref[] {
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (node.nodeType !== 'BinaryOperation' || !left || !right) return [];
  if (keyOf(left, frame) === key) return [{ node: right, frame }];
  return keyOf(right, frame) === key ? [{ node: left, frame }] : [];
}

/** A number in the code, other than zero. */
function isLimit({ node, frame }: Ref): boolean {
  const at = resolve(node, frame).node;
  return !isZero(at) && (isFixed(frame.program, at) || /^int_const/.test(typeOf(at)));
}

/** Zero is what such functions are there to set. */
function isRemoval({ entry }: EntryRun): boolean {
  return /^_?(remove|clear|reset|revoke|disable|renounce|delete|unset)/i.test(entry.name);
}
