import type { Detector } from '../detector.ts';
import { descendants, textOf, typeOf } from '../ir/ast.ts';
import { fieldsOf } from '../ir/copies.ts';
import { isSender, type Ref } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isGiven, isSenders, readsOf } from '../ir/places.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { sourcesOf } from '../ir/sources.ts';
import type { State } from '../ir/state.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import { movesOf } from '../ir/token-moves.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** In a game of hidden choices the first player's choice lies open. */
export const openMove: Detector = {
  id: 'open-move',
  category: 'front-running',
  severity: 'medium',
  confidence: 'medium',
  title: 'A player’s choice lies open before the others choose',
  why: 'Who wins follows from the choices of several players together, and each choice stands in the transaction and in storage as it is. Storage that is private can be read by everybody too.',
  exploit: 'The second player reads the first one’s choice and takes the one that beats it.',
  fix: 'Let all players first commit to `keccak256(choice, salt, msg.sender)`, and show their choices when all have done so.',
  references: [
    'SWC-114',
    'SWC-136',
    'CWE-362',
    'OWASP-SC07:2025',
    'EEA-EthTrust: Protect Against Front-Running',
  ],
  bad: [
    `pragma solidity ^0.4.24;
contract Evens {
    struct Turn { address who; uint number; }
    Turn[2] private turns;
    uint private filled;
    function play(uint number) public payable {
        require(msg.value == 1 ether);
        turns[filled] = Turn(msg.sender, number); // <-- finding
        filled++;
        if (filled == 2) finish();
    }
    function finish() private {
        uint sum = turns[0].number + turns[1].number;
        if (sum % 2 == 0) turns[0].who.transfer(2 ether);
        else turns[1].who.transfer(2 ether);
        filled = 0;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Hands {
    enum Hand { None, Stone, Sheet, Shears }
    address payable public left;
    address payable public right;
    Hand private leftHand;
    mapping(address => Hand) private handOf;
    function first(Hand hand) external payable {
        require(left == address(0) && msg.value == 1 ether);
        left = payable(msg.sender);
        handOf[msg.sender] = hand; // <-- finding
    }
    function second(Hand hand) external payable {
        require(left != address(0) && right == address(0) && msg.value == 1 ether);
        right = payable(msg.sender);
        handOf[msg.sender] = hand; // <-- finding
    }
    function pay() external {
        require(right != address(0));
        uint256 by = (uint256(handOf[left]) + 3 - uint256(handOf[right])) % 3;
        if (by == 1) left.transfer(2 ether);
        else right.transfer(2 ether);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Hands {
    address payable public left;
    address payable public right;
    mapping(address => uint8) public handOf;
    mapping(address => bytes32) public hidden;
    uint256 public shown;
    function hide(bytes32 what) external payable {
        require(msg.value == 1 ether && hidden[msg.sender] == 0 && right == address(0));
        if (left == address(0)) left = payable(msg.sender);
        else right = payable(msg.sender);
        hidden[msg.sender] = what;
    }
    function show(uint8 hand, bytes32 salt) external {
        require(right != address(0) && keccak256(abi.encode(msg.sender, hand, salt)) == hidden[msg.sender]); // <-- guard: require(right != address(0));
        handOf[msg.sender] = hand;
        shown++;
    }
    function pay() external {
        require(shown == 2);
        shown = 0;
        if ((handOf[left] + 3 - handOf[right]) % 3 == 1) left.transfer(2 ether);
        else right.transfer(2 ether);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
// no guard: orders are meant to be seen, the better one wins and nobody is beaten by a choice.
contract Orders {
    struct Order { address payable who; uint256 price; }
    Order public ask;
    Order public bid;
    function offer(uint256 price) external { ask = Order(payable(msg.sender), price); }
    function want(uint256 price) external payable { require(msg.value == price); bid = Order(payable(msg.sender), price); }
    function match_() external { if (bid.price >= ask.price) ask.who.transfer(ask.price); }
}
`,
  ],
  run({ program, runs }, report) {
    const choices = choicesOf(runs);
    const places = new Set(choices.map(({ write, key }) => key ?? write.slot.key));
    const decided = new Map(runs.entries.map((run) => [run, new Set(decidedTogether(run, places))]));
    const together = new Set([...decided.values()].flatMap((keys) => [...keys]));
    for (const { write, key, run } of choices) {
      const mine = key ?? write.slot.key;
      const here = decided.get(run) ?? new Set();
      // Who chooses last, and is paid or not there and then, has nobody after them.
      if (!together.has(mine) || (here.has(mine) && here.size > 1)) continue;
      report({
        node: write.node,
        frame: write.frame,
        message: `${run.entry.name} keeps the player’s choice in the open: \`${codeOf(program, write.node, 60)}\`. Who plays later knows it.`,
      });
    }
  },
};

/** A small choice that a player brings, under the place it is kept at. */
interface Choice {
  write: WriteVisit;
  run: EntryRun;
  /** The field, where a whole record is written. */
  key: string | undefined;
}

/** What is shown after it was committed to is no secret any more. */
function choicesOf(runs: Runs): Choice[] {
  return runs.entries.flatMap((run) => {
    if (run.role !== 'entry' || run.signed) return [];
    return run.visits.writes.flatMap((write): Choice[] => {
      if (!write.value || runs.authorised(write.state) || isShown(write.state) || !namesSender(run, write))
        return [];
      if (isChoice({ node: write.value, frame: write.frame })) return [{ write, run, key: undefined }];
      return fieldsOf(write.value, write.frame)
        .filter(({ value }) => isChoice({ node: value, frame: write.frame }))
        .map(({ name }) => ({ write, run, key: `${write.slot.key}.${name}` }));
    });
  });
}

function isChoice({ node, frame }: Ref): boolean {
  return /^(u?int\d+|bool|enum )/.test(typeOf(node)) && isGiven(node, frame);
}

function isShown(state: State): boolean {
  return state.conditions.some(({ node, frame }) => {
    const parts = descendants(node, 'Identifier', 'FunctionCall', 'IndexAccess');
    return parts.some((part) => hasBits(taintOf(part, frame), from.hash));
  });
}

/** The player is written down with it. */
function namesSender({ visits }: EntryRun, write: WriteVisit): boolean {
  return (
    isSenders(write.slot) ||
    visits.writes.some(({ value, frame }) =>
      sourcesOf(value, frame).some((part) => isSender(part.node, part.frame)),
    )
  );
}

/** Choices of two players that are added up, compared for equality or the like where it is decided who is paid. */
function decidedTogether(run: EntryRun, places: ReadonlySet<string>): string[] {
  const paid = movesOf(run).filter(
    ({ kind, visit }) => kind !== 'pull' && kind !== 'burn' && visit.call.kind !== 'external',
  );
  const credits = run.visits.writes.filter(
    ({ node, slot }) => node['operator'] === '+=' && slot.keys.length > 0,
  );
  return [...paid.map(({ visit }) => visit), ...credits].flatMap(({ state }) =>
    state.conditions.flatMap(({ node, frame }) => {
      const mixing = sourcesOf(node, frame).filter((part) =>
        /^([-+^%&]|[=!]=)$/.test(textOf(part.node, 'operator')),
      );
      return mixing.flatMap((part) => {
        const reads = readsOf(part.node, part.frame).filter(({ slot }) => places.has(slot.key));
        const exacts = new Set(reads.map(({ slot }) => slot.exact));
        return exacts.size >= 2 ? reads.map(({ slot }) => slot.key) : [];
      });
    }),
  );
}
