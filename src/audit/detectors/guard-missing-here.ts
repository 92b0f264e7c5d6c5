import type { Audited, Detector, Report } from '../detector.ts';
import { textOf, typeOf } from '../ir/ast.ts';
import { type Atom, clausesOf } from '../ir/conditions.ts';
import { isEmpty, isFull } from '../ir/filling.ts';
import { isToldSender } from '../ir/frames.ts';
import { mentions, mentionsSender } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import { isSenders } from '../ir/places.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { literalValue, slotOf } from '../ir/storage.ts';
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
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Fair {
    struct Terms { address keeper; uint256 fee; }
    struct Lot { address seller; uint256 price; uint256 left; }
    address public owner = msg.sender;
    bool public stopped;
    bool public open;
    uint256 public price;
    Terms public terms;
    mapping(uint256 => Lot) public lots;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    function stop() external onlyOwner { require(!stopped); stopped = true; }
    function resume() external {
        require(stopped);
        stopped = false; // <-- finding
    }
    function toggle() external { open = !open; } // <-- finding
    function setPrice(uint256 to) external {
        require(stopped, "stop first");
        price = to; // <-- finding
    }
    function setKeeper(address to) external onlyOwner { terms.keeper = to; }
    function setFee(uint256 to) external { terms.fee = to; } // <-- finding
    function offer(uint256 id) external { lots[id] = Lot(msg.sender, 1, 5); }
    function ask(uint256 id, uint256 to) external { require(lots[id].seller == msg.sender); lots[id].price = to; }
    function bargain(uint256 id, uint256 to) external {
        require(lots[id].left > 0);
        lots[id].price = to; // <-- finding
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
    const guarded = new Set<string>();
    for (const { visits, role } of runs.entries)
      if (role === 'entry')
        for (const write of visits.writes)
          if (isPlain(write) && runs.privileged(write.state)) guarded.add(write.slot.key);
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed || run.entry.mutability === 'payable') continue;
      for (const write of run.visits.writes) {
        const { slot, node, frame, state, value } = write;
        if (!isPlain(write) || runs.authorised(state) || runs.once(state) || isPutBack(run, write)) continue;
        if (value && isEmpty(slot.exact, state) && isFull(value, frame, state)) continue;
        const name = slot.key.split('.').at(-1) ?? '';
        const shown = slot.key.includes('.') ? name : textOf(program.stateVariable(slot.base), 'name');
        const setter = isSetter(run, shown) && hasOwner(runs, run);
        if ((!guarded.has(slot.key) && !setter) || isCodeOfProxy(runs, run, slot.key)) continue;
        if (!isChosen(write) || isPaidOut(run, write) || isTotal(run, write)) continue;
        const isFree = isNamedByCaller(write);
        if (!clausesOf(state).every((clause) => clause.every((atom) => isAboutInput(atom, write, isFree))))
          continue;
        report({
          node,
          frame,
          ...(guarded.has(slot.key) ? {} : { severity: 'medium' as const, confidence: 'medium' as const }),
          message: guarded.has(slot.key)
            ? `${run.entry.name} lets anyone set \`${shown}\` (\`${codeOf(program, node, 40)}\`), which other functions set only for somebody privileged.`
            : `${run.entry.name} lets anyone set \`${shown}\`.`,
        });
      }
    }
    records({ program, runs }, report);
  },
};

/** One field of a record is set by those whose it is, or by somebody privileged, and here by anybody. */
function records({ program, runs }: Audited, report: Report): void {
  const open = new Map<string, { run: EntryRun; write: WriteVisit }[]>();
  const asked = new Set<string>();
  for (const run of runs.entries) {
    if (run.role !== 'entry') continue;
    for (const write of run.visits.writes) {
      const { slot, state, value } = write;
      if (slot.keys.length === 0 || slot.base <= 0 || !value) continue;
      const place = `${run.context.node.id}:${slot.key}`;
      if (state.auth.length > 0) asked.add(place);
      else if (isSetForAnyone(run, write)) open.set(place, [...(open.get(place) ?? []), { run, write }]);
    }
  }
  for (const [place, found] of open) {
    if (!asked.has(place)) continue;
    for (const { run, write } of found)
      report({
        node: write.node,
        frame: write.frame,
        message: `${run.entry.name} lets anyone set \`${codeOf(program, write.node, 40)}\`, which other functions set only for those who may.`,
      });
  }
}

/** Key and value are the caller's, and nothing on the way or in the function asks who that is. */
function isSetForAnyone(run: EntryRun, write: WriteVisit): boolean {
  const { slot, frame, value, state, node } = write;
  if (run.signed || run.entry.mutability === 'payable' || node['operator'] !== '=' || !isNamedByCaller(write))
    return false;
  if (!/^(u?int|bool|bytes\d|address|enum |string)/.test(typeOf(value))) return false;
  if (!slot.keys.some((key) => hasBits(taintOf(key.node, key.frame), from.parameter))) return false;
  const isPersonal = (keys: WriteVisit['slot']['keys']) =>
    keys.some((key) => mentionsSender(key.node, key.frame));
  if (run.visits.writes.some((each) => isPersonal(each.slot.keys))) return false;
  if (run.visits.calls.some(({ call }) => !isHarmless(call.kind))) return false;
  if (isToldSender(frame)) return false;
  const gate = ~(from.parameter | from.storage | from.keyed);
  return (
    frame.program.isOwn(node) &&
    clausesOf(state).every((clause) =>
      clause.every(
        (atom) => !hasBits(taintOf(atom.node, atom.frame), gate) && !mentionsSender(atom.node, atom.frame),
      ),
    )
  );
}

function isHarmless(kind: string): boolean {
  return !['external', 'low-level', 'transfer', 'send', 'create', 'selfdestruct'].includes(kind);
}

/** The caller says what it is to be. */
function isNamedByCaller({ value, frame }: WriteVisit): boolean {
  const taint = taintOf(value, frame);
  return taint.bits === from.parameter && taint.variables.size === 0;
}

/** Whoever may choose the code behind a proxy is told of at the proxy. */
function isCodeOfProxy({ entries }: Runs, { context }: EntryRun, place: string): boolean {
  const variable = context.linearised
    .flatMap(({ variables }) => variables)
    .find(({ id }) => String(id) === place);
  if (!variable || !/^(address|contract )/.test(typeOf(variable))) return false;
  return entries.some(
    (each) =>
      each.context === context &&
      each.entry.kind === 'fallback' &&
      each.reads.has(place) &&
      (each.visits.assembly.some(({ operation }) => operation.name === 'delegatecall') ||
        each.visits.calls.some(({ call }) => call.kind === 'low-level' && call.method === 'delegatecall')),
  );
}

/** Set, and set again before the end, as a lock is. */
function isPutBack({ visits }: EntryRun, { slot, value }: WriteVisit): boolean {
  return (
    value?.nodeType === 'Literal' &&
    visits.writes.some(
      (other) =>
        other.slot.exact === slot.exact &&
        other.value?.nodeType === 'Literal' &&
        other.value['value'] !== value['value'],
    )
  );
}

/** What is given is looked at, or what the place itself holds: neither says who may do this. */
function isAboutInput(atom: Atom, { slot }: WriteVisit, isFree: boolean): boolean {
  const taint = taintOf(atom.node, atom.frame);
  if (hasBits(taint, ~(from.parameter | from.storage)) || mentionsSender(atom.node, atom.frame)) return false;
  // In which phase it is said does not make a word of the caller's anybody else's.
  return isFree || [...taint.variables].every((id) => id === slot.base);
}

/** A variable of the whole contract, set by a plain assignment. */
function isPlain({ slot, value, node }: WriteVisit): boolean {
  return slot.keys.length === 0 && slot.base > 0 && (value !== undefined || node['operator'] === 'delete');
}

/** By the caller, or to a fixed value that the caller decides when to set. */
function isChosen({ value, frame, node }: WriteVisit): boolean {
  if (!value) return node['operator'] === 'delete';
  const isTurned = value.nodeType === 'UnaryOperation' && value['operator'] === '!';
  const isFixed = isTurned || value.nodeType === 'Literal' || literalValue(value) !== undefined;
  return isFixed || hasBits(taintOf(value, frame), chosenByCaller);
}

/** A function that does nothing else than what its name says. */
function isSetter({ entry, visits }: EntryRun, variable: string): boolean {
  const says =
    /^(set|update|change|toggle|flip|switch|pause|unpause|stop|resume|halt|freeze|unfreeze|enable|disable)([A-Z_]|$)/.test(
      entry.name,
    );
  return says && variable !== '' && visits.calls.every(({ call }) => isHarmless(call.kind));
}

/** Somebody is privileged in this contract. */
function hasOwner(runs: Runs, run: EntryRun): boolean {
  return runs.entries.some(
    ({ context, visits }) =>
      context === run.context && visits.writes.some(({ state }) => runs.privileged(state)),
  );
}

/** A total that goes up or down with what the caller has: `supply = supply.sub(amount)`, beside the caller's own record. */
function isTotal({ visits }: EntryRun, { value, slot, frame }: WriteVisit): boolean {
  const isOfItself =
    value !== undefined &&
    mentions(value, frame, (node, within) => slotOf(node, within)?.exact === slot.exact);
  return isOfItself && visits.writes.some((other) => isSenders(other.slot));
}

/** What was counted is paid to where it belongs, and the count begins anew. */
function isPaidOut({ visits }: EntryRun, { value }: WriteVisit): boolean {
  return value?.nodeType === 'Literal' && visits.calls.some(({ call }) => !isHarmless(call.kind));
}
