import type { Detector } from '../detector.ts';
import { textOf, typeOf } from '../ir/ast.ts';
import { type Clause, clausesOf, equalSides } from '../ir/conditions.ts';
import { isSender, type Ref, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { isZero, keyOf, type Slot, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** A record changes hands, and whom the old holder trusted with it still may. */
export const leftApproval: Detector = {
  id: 'left-approval',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: 'Whom the old holder approved keeps the right after a transfer',
  why: 'A record has a holder, and an account that the holder approved and that may do the same. When the record goes to somebody else, the approval stays: it was never the new holder’s to give.',
  exploit:
    'An attacker approves an account of their own, sells the record, and takes it back with that account, as often as they find a buyer.',
  fix: 'Clear the approval where the holder changes: `delete approved[id];`.',
  references: ['SWC-105', 'CWE-281', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `pragma solidity ^0.4.24;
contract Stalls {
    mapping(uint256 => address) public ownerOf;
    mapping(uint256 => address) public approved;
    mapping(address => uint256) public count;
    uint256 public last;
    function open() public { last += 1; ownerOf[last] = msg.sender; count[msg.sender] += 1; }
    function approve(uint256 id, address who) public {
        require(ownerOf[id] == msg.sender);
        approved[id] = who;
    }
    function transfer(uint256 id, address to) public {
        require(msg.sender == ownerOf[id] || msg.sender == approved[id]);
        count[ownerOf[id]] -= 1;
        ownerOf[id] = to; // <-- finding
        count[to] += 1;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Plots {
    struct Plot { address farmer; address helper; uint256 price; }
    mapping(bytes32 => Plot) public plots;
    mapping(address => uint256) public proceeds;
    error NotYours();
    modifier mayUse(bytes32 id) {
        if (plots[id].farmer != msg.sender && plots[id].helper != msg.sender) revert NotYours();
        _;
    }
    function take(bytes32 id) external { require(plots[id].farmer == address(0)); plots[id].farmer = msg.sender; }
    function setHelper(bytes32 id, address helper) external {
        Plot storage plot = plots[id];
        if (plot.farmer != msg.sender) revert NotYours();
        plot.helper = helper;
    }
    function ask(bytes32 id, uint256 price) external mayUse(id) { plots[id].price = price; }
    function give(bytes32 id, address to) external mayUse(id) { _give(id, to); }
    function buy(bytes32 id) external payable {
        require(plots[id].price != 0 && msg.value == plots[id].price);
        proceeds[plots[id].farmer] += msg.value;
        _give(id, msg.sender);
    }
    function _give(bytes32 id, address to) private {
        Plot storage plot = plots[id];
        plot.farmer = to; // <-- finding
        plot.price = 0;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Plots {
    struct Plot { address farmer; address helper; address offeredTo; }
    mapping(bytes32 => Plot) public plots;
    function take(bytes32 id) external { require(plots[id].farmer == address(0)); plots[id].farmer = msg.sender; }
    function setHelper(bytes32 id, address helper) external {
        require(plots[id].farmer == msg.sender);
        plots[id].helper = helper;
    }
    function give(bytes32 id, address to) external {
        require(msg.sender == plots[id].farmer || msg.sender == plots[id].helper);
        plots[id].helper = address(0); // <-- guard: nothing
        plots[id].farmer = to;
    }
    function swap(bytes32 id, address to) external {
        require(msg.sender == plots[id].farmer || msg.sender == plots[id].helper);
        plots[id] = Plot(to, address(0), address(0));
    }
}
`,
  ],
  run({ program, runs }, report) {
    const pairs = pairsOf(runs);
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const { slot, value, node, frame } of run.visits.writes) {
        const approvals = pairs.get(run.context)?.get(slot.key);
        if (!approvals || !value || node['operator'] !== '=' || isZero(value) || !program.isOwn(node))
          continue;
        if (!hasBits(taintOf(value, frame), from.parameter | from.sender)) continue;
        if (!isHeldBefore(run, slot)) continue;
        const left = [...approvals].find(
          (place) => !run.visits.writes.some((other) => covers(other.slot.key, place)),
        );
        if (left === undefined) continue;
        const name = left.split('.').at(-1) ?? '';
        const shown = left.includes('.') ? name : textOf(program.stateVariable(Number(left)), 'name');
        report({
          node,
          frame,
          message: `\`${codeOf(program, node, 40)}\` changes the holder, and \`${shown}\`, whom the old one approved, may still act.`,
        });
      }
    }
  },
};

/** Writing a whole record writes all of its fields. */
function covers(written: string, place: string): boolean {
  return written === place || place.startsWith(`${written}.`);
}

/** By contract and place of the holder, the places of those who may do the same and whom the holder alone names. */
function pairsOf({ entries }: Runs): Map<EntryRun['context'], Map<string, Set<string>>> {
  const found = new Map<EntryRun['context'], Map<string, Set<string>>>();
  const named = new Map<EntryRun['context'], Set<string>>();
  for (const { context, role, visits } of entries) {
    if (role !== 'entry') continue;
    const names = named.get(context) ?? new Set<string>();
    named.set(context, names);
    for (const { slot, value, state, frame } of visits.writes) {
      if (slot.keys.length !== 1 || !value || !hasBits(taintOf(value, frame), from.parameter)) continue;
      // The holder alone: one place that the sender has to be.
      for (const clause of clausesOf(state)) {
        const holder = clause.length === 1 ? placesOf(clause)[0] : undefined;
        if (holder && holder.key !== slot.key && sameKey(holder, slot))
          names.add(`${holder.key} ${slot.key}`);
      }
    }
  }
  for (const { context, role, visits } of entries) {
    if (role !== 'entry') continue;
    const pairs = found.get(context) ?? new Map<string, Set<string>>();
    found.set(context, pairs);
    for (const { state } of [...visits.writes, ...visits.calls])
      for (const clause of clausesOf(state)) {
        const places = placesOf(clause);
        for (const holder of places)
          for (const approved of places)
            if (named.get(context)?.has(`${holder.key} ${approved.key}`) && sameKey(holder, approved))
              pairs.set(holder.key, new Set([...(pairs.get(holder.key) ?? []), approved.key]));
      }
  }
  return found;
}

/** `msg.sender == holders[id]`: the places that a clause allows the sender to be. */
function placesOf(clause: Clause): Slot[] {
  return clause.flatMap((atom) => {
    const sides = equalSides(atom);
    if (!sides?.some((side) => isSender(side.node, side.frame))) return [];
    return sides.flatMap((side) => placeOf(side) ?? []);
  });
}

function placeOf({ node, frame }: Ref): Slot | undefined {
  if (!/^address/.test(typeOf(node))) return undefined;
  const at = resolve(node, frame);
  const slot = slotOf(at.node, at.frame);
  return slot?.keys.length === 1 ? slot : undefined;
}

function sameKey({ keys: [a] }: Slot, { keys: [b] }: Slot): boolean {
  return a !== undefined && b !== undefined && keyOf(a.node, a.frame) === keyOf(b.node, b.frame);
}

/** It is no new record, whose number was just counted, and none that has to be free. */
function isHeldBefore({ visits }: EntryRun, slot: Slot): boolean {
  const [key] = slot.keys;
  if (!key || !hasBits(taintOf(key.node, key.frame), from.parameter)) return false;
  return !visits.writes.some(
    (write) =>
      write.slot.exact === slot.exact &&
      clausesOf(write.state).some((clause) =>
        clause.every((atom) => {
          const sides = equalSides(atom);
          return (
            sides?.some((side) => isZero(side.node)) === true &&
            sides.some((side) => placeOf(side)?.key === slot.key)
          );
        }),
      ),
  );
}
