import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childrenOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { asksSender, clausesOf, equalSides } from '../ir/conditions.ts';
import { isSender, isToldSender, outermost, type Ref, resolve } from '../ir/frames.ts';
import { mentionsSender } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import { readsOf } from '../ir/places.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { isZero, keyOf, overlaps, slotOf } from '../ir/storage.ts';
import { chosenByCaller, from, hasBits, taintOf } from '../ir/taint.ts';
import { type Move, movesOf } from '../ir/token-moves.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** A record that is somebody's is paid out, or given to somebody else, by whoever asks. */
export const anothersRecord: Detector = {
  id: 'anothers-record',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: 'Anyone can use a record that belongs to somebody else',
  why: 'The record says whose it is. The function takes the record’s number from the caller, and never looks at whether the caller is the one that it names.',
  exploit: 'An attacker passes the number of somebody else’s deposit, order or item, and gets what is in it.',
  fix: 'Compare the holder with the sender first: `require(records[id].holder == msg.sender);`.',
  references: ['SWC-105', 'CWE-639', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `pragma solidity ^0.4.24;
contract Lockers {
    struct Locker { address tenant; uint256 coins; uint256 since; }
    mapping(uint256 => Locker) lockers;
    uint256 last;
    function rent() public payable { last += 1; lockers[last] = Locker(msg.sender, msg.value, now); }
    function empty(uint256 number) public {
        uint256 coins = lockers[number].coins;
        require(coins > 0);
        lockers[number].coins = 0;
        msg.sender.transfer(coins); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Berths {
    struct Berth { address skipper; uint96 credit; bool taken; }
    Berth[] private berths;
    mapping(bytes32 => address) public nameOwner;
    function moor() external payable { berths.push(Berth(msg.sender, uint96(msg.value), true)); }
    function paint(uint256 id) external view { require(berths[id].skipper == msg.sender); }
    function hand(uint256 id, address to) external {
        require(berths[id].taken, "free");
        berths[id].skipper = to; // <-- finding
    }
    function leave(uint256 id, address payable to) external {
        Berth storage berth = berths[id];
        uint256 credit = berth.credit;
        berth.credit = 0;
        (bool ok, ) = to.call{value: credit}(""); // <-- finding
        require(ok);
    }
    function claim(bytes32 name) external { require(nameOwner[name] == address(0)); nameOwner[name] = msg.sender; }
    function release(bytes32 name) external { require(nameOwner[name] == msg.sender); nameOwner[name] = address(0); }
    function pass(bytes32 name, address to) external {
        _pass(name, to);
    }
    function _pass(bytes32 name, address to) private {
        require(to != address(0), "nobody");
        nameOwner[name] = to; // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
contract Deeds is ERC721("Deeds", "D") {
    uint256 private last;
    uint256 public removed;
    function take() external payable { require(msg.value == 1 ether); _mint(msg.sender, ++last); }
    function shred(uint256 id) external {
        removed++;
        _burn(id); // <-- finding
    }
    function carry(address holder, address to, uint256 id) external {
        _safeTransfer(holder, to, id, ""); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
// Whose the record is, is asked; a payment that goes to whose it is needs no question; what is free may be taken.
contract Lockers {
    struct Locker { address tenant; uint256 coins; uint256 fee; uint256 until; }
    mapping(uint256 => Locker) public lockers;
    mapping(bytes32 => address) public nameOwner;
    uint256 public last;
    function rent(uint256 fee) external payable {
        require(fee < msg.value);
        lockers[++last] = Locker(msg.sender, msg.value - fee, fee, block.timestamp + 30 days);
    }
    function empty(uint256 number) external {
        Locker storage locker = lockers[number];
        require(locker.tenant == msg.sender, "not yours"); // <-- guard: nothing
        uint256 coins = locker.coins;
        locker.coins = 0;
        payable(msg.sender).transfer(coins);
    }
    function close(uint256 number) external {
        Locker memory locker = lockers[number];
        require(locker.until < block.timestamp);
        delete lockers[number];
        payable(locker.tenant).transfer(locker.coins);
        payable(msg.sender).transfer(locker.fee);
    }
    function hand(uint256 number, address to) external {
        _own(number); // <-- guard: nothing
        lockers[number].tenant = to;
    }
    function _own(uint256 number) private view { if (lockers[number].tenant != msg.sender) revert(); }
    function claim(bytes32 name) external {
        require(nameOwner[name] == address(0)); // <-- guard: nothing
        nameOwner[name] = msg.sender;
    }
    function release(bytes32 name) external { require(nameOwner[name] == msg.sender); nameOwner[name] = address(0); }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
contract Deeds is ERC721("Deeds", "D") {
    uint256 private last;
    address private immutable registrar = msg.sender;
    function take() external payable { require(msg.value == 1 ether); _mint(msg.sender, ++last); }
    function shred(uint256 id) external {
        require(ownerOf(id) == msg.sender, "not yours"); // <-- guard: nothing
        _burn(id);
    }
    function carry(address holder, address to, uint256 id) external {
        require(msg.sender == registrar); // <-- guard: nothing
        _transfer(holder, to, id);
    }
    function give(address to, uint256 id) external { _transfer(msg.sender, to, id); }
}
`,
  ],
  run({ program, runs }, report) {
    const holders = holderPlaces(runs);
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed || run.entry.mutability === 'payable') continue;
      const moves = movesOf(run);
      if (moves.some((move) => move.from && mentionsSender(move.from, move.visit.frame))) continue;
      for (const move of moves) {
        const record = paidFrom(run, runs, move, holders);
        if (!record) continue;
        report({
          node: move.visit.node,
          frame: move.visit.frame,
          message: `${run.entry.name} pays out \`${codeOf(program, record.node, 40)}\` to whoever names the record, whosever it is.`,
        });
      }
      for (const write of run.visits.writes) {
        if (!isTakenOver(runs, write, holders.get(run.context))) continue;
        report({
          node: write.node,
          frame: write.frame,
          message: `${run.entry.name} lets anyone say whose \`${codeOf(program, write.node, 40)}\` is.`,
        });
      }
      for (const { node, frame } of collectibles(run, runs))
        report({
          node,
          frame,
          message: `${run.entry.name} lets anyone move or destroy the tokens of others (\`${codeOf(program, node, 40)}\`).`,
        });
    }
  },
};

type Holders = ReadonlyMap<EntryRun['context'], Places>;
interface Places {
  /** Places that name whose a record is: the sender is compared with them. */
  asked: ReadonlySet<string>;
  /** Variables whose records are made with the sender in them. */
  made: ReadonlySet<number>;
}

function holderPlaces({ entries }: Runs): Holders {
  const found = new Map<EntryRun['context'], { asked: Set<string>; made: Set<number> }>();
  for (const { context, visits, role } of entries) {
    if (role !== 'entry') continue;
    const places = found.get(context) ?? { asked: new Set<string>(), made: new Set<number>() };
    found.set(context, places);
    for (const { state } of [...visits.writes, ...visits.calls])
      for (const { holder, place } of state.auth) if (holder && place !== undefined) places.asked.add(place);
    for (const { node, frame, truth } of visits.decisions)
      for (const clause of clausesOf({ conditions: [{ node, frame, truth }] }))
        for (const atom of clause) for (const place of comparedPlaces(atom)) places.asked.add(place);
    for (const { call, frame } of visits.calls)
      if (call.kind === 'push' && call.arguments.some((each) => isMadeWithSender(each, frame))) {
        const slot = slotOf(call.array, frame);
        if (slot) places.made.add(slot.base);
      }
    for (const { slot, value, frame } of visits.writes)
      if (slot.keys.length > 0 && value && isMadeWithSender(value, frame)) places.made.add(slot.base);
  }
  return found;
}

/** `records[id].holder == msg.sender`, however it came out. */
function comparedPlaces(atom: Ref & { truth: boolean }): string[] {
  const sides = equalSides(atom) ?? equalSides(atom, false);
  if (!sides?.some((side) => isSender(side.node, side.frame))) return [];
  return sides.flatMap((side) => {
    const at = resolve(side.node, side.frame);
    const slot = slotOf(at.node, at.frame);
    return slot && slot.keys.length > 0 ? [slot.key] : [];
  });
}

/** `Locker(msg.sender, …)`, or the sender itself. */
function isMadeWithSender(value: AstNode, frame: Ref['frame']): boolean {
  if (isSender(value, frame)) return true;
  const at = resolve(value, frame);
  return (
    at.node.nodeType === 'FunctionCall' &&
    textOf(at.node, 'kind') === 'structConstructorCall' &&
    childrenOf(at.node, 'arguments').some((each) => isSender(each, at.frame))
  );
}

/** The amount stands in a record of the caller's choice, the receiver does not, and nobody is asked who they are. */
function paidFrom(run: EntryRun, runs: Runs, move: Move, holders: Holders): Ref | undefined {
  const { visit, kind, to, amount } = move;
  if ((kind !== 'ether' && kind !== 'push') || !to || !isUnasked(visit.state, runs)) return undefined;
  const receiver = taintOf(to, visit.frame);
  if (!hasBits(receiver, from.parameter | from.sender) || receiver.variables.size > 0) return undefined;
  const read = readsOf(amount, visit.frame).find(({ slot }) => {
    const [key] = slot.keys;
    const isMade = holders.get(run.context)?.made.has(slot.base) === true && slot.key.includes('.');
    return isMade && slot.keys.length === 1 && key !== undefined && isNumberOfCaller(key);
  });
  if (!read || isToldSender(visit.frame)) return undefined;
  // Something goes to whose it is: the rest may well be for whoever had it done.
  const isPaid = movesOf(run).some((other) => {
    const others = other.to && taintOf(other.to, other.visit.frame);
    return others?.variables.has(read.slot.base) === true;
  });
  return isPaid ? undefined : read.part;
}

function isNumberOfCaller({ node, frame }: Ref): boolean {
  return !/^(address|contract )/.test(typeOf(node)) && taintOf(node, frame).bits === from.parameter;
}

function isUnasked(state: State, runs: Runs): boolean {
  // A record that is used up once is one of many.
  const locks = new Set([...state.locks].filter((lock) => !lock.includes('[')));
  if (state.auth.length > 0 || runs.once({ ...state, locks }) || asksSender(state)) return false;
  const gate = from.time | from.block | from.hash | from.external | from.value;
  return !clausesOf(state).some((clause) =>
    clause.some((atom) => hasBits(taintOf(atom.node, atom.frame), gate)),
  );
}

/** The name of the holder is written over, in a record that is there already. */
function isTakenOver(runs: Runs, write: WriteVisit, places: Places | undefined): boolean {
  const { slot, value, frame, state, node } = write;
  const [key] = slot.keys;
  if (!places?.asked.has(slot.key) || !value || node['operator'] !== '=' || slot.keys.length !== 1 || !key)
    return false;
  if (!/^address/.test(typeOf(value)) || !isNumberOfCaller(key) || !frame.program.isOwn(node)) return false;
  if (!hasBits(taintOf(value, frame), chosenByCaller) || taintOf(value, frame).variables.size > 0)
    return false;
  if (!isUnasked(state, runs) || isToldSender(frame)) return false;
  return !clausesOf(state).some((clause) =>
    clause.some((atom) => {
      const sides = equalSides(atom);
      const looked = sides?.find((side) => !isZero(side.node));
      const at = looked && resolve(looked.node, looked.frame);
      const place = at && slotOf(at.node, at.frame);
      if (sides?.some((side) => isZero(side.node)) && place && overlaps(place.key, slot.key)) return true;
      // What is free, or for sale, may be taken: a flag or a price of the record says so.
      return !atom.truth && slotOf(atom.node, atom.frame)?.base === slot.base;
    }),
  );
}

/** OpenZeppelin's functions that move a collectible ask nobody: whoever calls them has to. */
function collectibles(run: EntryRun, runs: Runs): Ref[] {
  if (!run.context.linearised.some(({ name, own }) => !own && /^ERC721(Upgradeable)?$/.test(name))) return [];
  return run.visits.calls.flatMap(({ call, node, frame, state }) => {
    if (call.kind !== 'internal' || call.target.own || !frame.program.isOwn(node)) return [];
    const { name, contract } = call.target;
    if (!/^ERC721/.test(contract?.name ?? '') || !/^_(burn|transfer|safeTransfer)$/.test(name)) return [];
    if (!isUnasked(state, runs) || outermost(frame).callable.mutability === 'payable') return [];
    const number = call.arguments[name === '_burn' ? 0 : 2];
    const holder = name === '_burn' ? undefined : call.arguments[0];
    if (!number || taintOf(number, frame).bits !== from.parameter) return [];
    if (holder && taintOf(holder, frame).bits !== from.parameter) return [];
    return isAskedAfter(run, keyOf(number, frame)) ? [] : [{ node, frame }];
  });
}

/** Whose it is, is asked by a function that is told the number, before or after. */
function isAskedAfter({ visits }: EntryRun, number: string): boolean {
  return visits.decisions.some(
    ({ node, frame }) =>
      frame.program.isOwn(node) &&
      mentionsSender(node, frame) &&
      descendants(node, 'Identifier').some(
        (each) => referenceOf(each) !== undefined && keyOf(each, frame) === number,
      ),
  );
}
