import type { Detector } from '../detector.ts';
import { textOf } from '../ir/ast.ts';
import { type Atom, clausesOf } from '../ir/conditions.ts';
import { mentionsSender } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { literalValue } from '../ir/storage.ts';
import { chosenByCaller, from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** What only somebody privileged may set in one function, anybody may set in another. */
export const guardMissingHere: Detector = {
  id: 'guard-missing-here',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: 'The guard that other functions have is missing',
  why: 'A setting is changed behind a check of the sender elsewhere, or belongs to those that are, and here anybody may change it.',
  exploit:
    'An attacker calls the function without the guard and sets the price, the fee receiver, the oracle or the pause as they like.',
  fix: 'Put the same guard on this function, or make it internal where it is meant for other functions only.',
  references: ['SWC-105', 'CWE-862', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  losses: [
    {
      name: 'Euler',
      year: 2023,
      usd: 197_000_000,
      what: 'Giving to the reserves was the one function that did not check whether the account stays healthy.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Shop {
    address public owner = msg.sender;
    uint256 public price;
    bool public paused;
    address public oracle;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    function setPrice(uint256 value) external onlyOwner { price = value; }
    function adjust(uint256 value) external { price = value; } // <-- finding
    function pause() external onlyOwner { paused = true; }
    function unpause() external { paused = false; } // <-- finding
    function setOracle(address to) external { oracle = to; } // <-- finding
    function lower(uint256 value) external {
        require(value != 0 && value < price);
        price = value; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Shop {
    address public owner = msg.sender;
    uint256 public price;
    uint256 public total;
    uint256 public last;
    mapping(address => uint256) public paid;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    function setPrice(uint256 value) external onlyOwner { price = value; }
    function reset() external onlyOwner { total = 0; }
    function buy() external payable { require(msg.value == price); total += msg.value; paid[msg.sender] += msg.value; }
    function touch() external { last = block.timestamp; }
    function bid() external payable { require(msg.value > price); price = msg.value; }
}
`,
  ],
  run({ program, runs }, report) {
    const guarded = new Set<number>();
    for (const { visits, role } of runs.entries)
      if (role === 'entry')
        for (const write of visits.writes)
          if (isPlain(write) && runs.privileged(write.state)) guarded.add(write.slot.base);
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed || run.entry.mutability === 'payable') continue;
      for (const write of run.visits.writes) {
        const { slot, node, frame, state } = write;
        if (!isPlain(write) || runs.authorised(state) || runs.once(state)) continue;
        const name = textOf(program.stateVariable(slot.base), 'name');
        const setter = isSetter(run, name) && hasOwner(runs, run);
        if (!guarded.has(slot.base) && !setter) continue;
        if (!isChosen(write) || isPaidOut(run, write)) continue;
        if (!clausesOf(state).every((clause) => clause.every((atom) => isAboutInput(atom, write)))) continue;
        report({
          node,
          frame,
          ...(guarded.has(slot.base) ? {} : { severity: 'medium' as const, confidence: 'medium' as const }),
          message: guarded.has(slot.base)
            ? `${run.entry.name} lets anyone set \`${name}\` (\`${codeOf(program, node, 40)}\`), which other functions set only for somebody privileged.`
            : `${run.entry.name} lets anyone set \`${name}\`.`,
        });
      }
    }
  },
};

/** What is given is looked at, or what the place itself holds: neither says who may do this. */
function isAboutInput(atom: Atom, { slot }: WriteVisit): boolean {
  const taint = taintOf(atom.node, atom.frame);
  if (hasBits(taint, ~(from.parameter | from.storage)) || mentionsSender(atom.node, atom.frame)) return false;
  return [...taint.variables].every((id) => id === slot.base);
}

/** A variable of the whole contract, set by a plain assignment. */
function isPlain({ slot, value, node }: WriteVisit): boolean {
  return slot.keys.length === 0 && slot.base > 0 && (value !== undefined || node['operator'] === 'delete');
}

/** By the caller, or to a fixed value that the caller decides when to set. */
function isChosen({ value, frame, node }: WriteVisit): boolean {
  if (!value) return node['operator'] === 'delete';
  const isFixed = value.nodeType === 'Literal' || literalValue(value) !== undefined;
  return isFixed || hasBits(taintOf(value, frame), chosenByCaller);
}

/** A function that does nothing else than what its name says. */
function isSetter({ entry, visits }: EntryRun, variable: string): boolean {
  const says = /^(set|update|change)[A-Z_]/.test(entry.name);
  return (
    says &&
    variable !== '' &&
    visits.calls.every(({ call }) => call.kind === 'other' || call.kind === 'conversion')
  );
}

/** Somebody is privileged in this contract. */
function hasOwner(runs: Runs, run: EntryRun): boolean {
  return runs.entries.some(
    ({ context, visits }) =>
      context === run.context && visits.writes.some(({ state }) => runs.privileged(state)),
  );
}

/** What was counted is paid to where it belongs, and the count begins anew. */
function isPaidOut({ visits }: EntryRun, { value }: WriteVisit): boolean {
  return (
    value?.nodeType === 'Literal' &&
    visits.calls.some(
      ({ call }) => call.kind !== 'other' && call.kind !== 'conversion' && call.kind !== 'internal',
    )
  );
}
