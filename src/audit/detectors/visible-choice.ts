import type { Detector } from '../detector.ts';
import { typeOf } from '../ir/ast.ts';
import { clausesOf } from '../ir/conditions.ts';
import { isGiven, readsOf } from '../ir/places.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { storedParts } from '../ir/stored.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Players choose in clear, one after the other, and what they chose together decides who is paid. */
export const visibleChoice: Detector = {
  id: 'visible-choice',
  category: 'front-running',
  severity: 'medium',
  confidence: 'medium',
  title: 'Whoever chooses last knows what the others chose',
  why: 'What is sent to a contract can be read by everybody, before it is mined and afterwards in storage, private variables too. Where the choices of several players decide together, the last one decides alone.',
  exploit:
    'An attacker reads what the first player chose out of storage, or out of the mempool, and sends the choice that wins.',
  fix: 'Take a hash of the choice with a secret of the player first (commit), and the choice itself only when nobody can choose any more (reveal).',
  references: ['SWC-114', 'SWC-136', 'CWE-362', 'CWE-767', 'OWASP-SC03:2025'],
  bad: [
    `pragma solidity ^0.4.24;
contract Marbles {
    struct Hand { address player; uint count; }
    Hand[2] private hands;
    uint private seated;
    function sit(uint count) public payable {
        require(msg.value == 1 ether);
        hands[seated] = Hand(msg.sender, count); // <-- finding
        seated++;
        if (seated == 2) end();
    }
    function end() private {
        uint sum = hands[0].count + hands[1].count;
        address winner = sum % 2 == 0 ? hands[0].player : hands[1].player;
        seated = 0;
        if (sum % 2 == 0) hands[0].player.transfer(2 ether);
        else winner.transfer(2 ether);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Duel {
    enum Move { None, Rock, Paper, Scissors }
    address payable public first;
    address payable public second;
    mapping(address => Move) public moves;
    function play(Move move) external payable {
        require(msg.value == 1 ether && move != Move.None && moves[msg.sender] == Move.None);
        if (first == address(0)) first = payable(msg.sender);
        else { require(second == address(0)); second = payable(msg.sender); }
        moves[msg.sender] = move; // <-- finding
    }
    function settle() external {
        require(second != address(0));
        address payable to = first;
        if (moves[first] == moves[second]) to = payable(msg.sender);
        bool isSecond = (uint8(moves[first]) + 1) % 3 == uint8(moves[second]) % 3;
        delete first;
        if (isSecond) second.transfer(2 ether);
        else to.transfer(2 ether);
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Marbles {
    struct Hand { address player; bytes32 hash; uint count; bool shown; }
    Hand[2] private hands;
    uint private seated;
    uint public endsAt;
    function sit(bytes32 hash) public payable {
        require(msg.value == 1 ether && seated < 2);
        hands[seated] = Hand(msg.sender, hash, 0, false);
        seated++;
        endsAt = now + 1 days;
    }
    function show(uint seat, uint count, bytes32 secret) public {
        require(seated == 2 && hands[seat].player == msg.sender);
        require(keccak256(abi.encodePacked(msg.sender, count, secret)) == hands[seat].hash); // <-- guard: nothing
        hands[seat].count = count;
        hands[seat].shown = true;
    }
    function end() public {
        require(seated == 2 && hands[0].shown && hands[1].shown);
        seated = 0;
        if ((hands[0].count + hands[1].count) % 2 == 0) hands[0].player.transfer(2 ether);
        else hands[1].player.transfer(2 ether);
    }
}
`,
  ],
  run({ runs }, report) {
    for (const { place, write, run } of choicesOf(runs)) {
      const isDecided = runs.entries.some(
        (other) => other.context === run.context && other.role === 'entry' && decidesPayment(other, place),
      );
      if (!isDecided) continue;
      report({
        node: write.node,
        frame: write.frame,
        message: `${run.entry.name} keeps what a player chose in clear, and whoever chooses after it can see that.`,
      });
    }
  },
};

interface Choice {
  place: string;
  write: WriteVisit;
  run: EntryRun;
}

/** What anybody says and is kept as it was said, with nothing that was hashed before. */
function choicesOf(runs: Runs): Choice[] {
  return runs.entries.flatMap((run) => {
    if (run.role !== 'entry' || run.signed) return [];
    return run.visits.writes.flatMap((write) => {
      const { value, frame, slot, state } = write;
      if (!value || runs.privileged(state) || isShown(write)) return [];
      return storedParts(value, frame, slot.key)
        .filter(({ node }) => /^(u?int|bool|enum |bytes\d)/.test(typeOf(node)) && isGiven(node, frame))
        .map(({ place }) => ({ place, write, run }));
    });
  });
}

/** A hash on the way says that it was committed to. */
function isShown({ state }: WriteVisit): boolean {
  return clausesOf(state).some((clause) =>
    clause.some(({ node, frame }) => hasBits(taintOf(node, frame), from.hash)),
  );
}

/** Who is paid hangs on the choices of two at once. */
function decidesPayment({ visits }: EntryRun, place: string): boolean {
  return visits.calls.some(({ call, state }) => {
    if (call.kind !== 'transfer' && call.kind !== 'send' && call.kind !== 'low-level') return false;
    return clausesOf(state).some((clause) =>
      clause.some(({ node, frame }) => {
        const exacts = readsOf(node, frame).flatMap(({ slot }) => (slot.key === place ? [slot.exact] : []));
        return new Set(exacts).size > 1;
      }),
    );
  });
}
