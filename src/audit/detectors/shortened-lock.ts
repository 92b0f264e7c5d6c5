import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { clausesOf, equalSides } from '../ir/conditions.ts';
import { fieldsOf, originOf } from '../ir/copies.ts';
import type { Ref } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { isNow } from '../ir/moments.ts';
import { codeOf } from '../ir/own.ts';
import { isGiven, isSenders } from '../ir/places.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { isMadeOf, sourcesOf } from '../ir/sources.ts';
import { isZero } from '../ir/storage.ts';
import { givesToSender, movesOf } from '../ir/token-moves.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Who is locked in sets the end of the lock anew, also to an earlier one. */
export const shortenedLock: Detector = {
  id: 'shortened-lock',
  category: 'time',
  severity: 'medium',
  confidence: 'medium',
  title: 'The end of a lock can be set to an earlier time',
  why: 'Until when something is locked is written anew by the one who is locked in, and nobody compares the new end with the old one. What the long lock was rewarded for stays.',
  exploit:
    'Somebody locks for four years, gets the votes or the bonus of four years, locks anew for a week right away, and takes everything out after the week.',
  fix: 'Refuse an end that is not later: `require(end > lock.end)`.',
  references: ['SWC-116', 'CWE-841', 'OWASP-SC03:2025', 'EEA-EthTrust: Don’t misuse block data'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Votes {
    struct Lock { uint256 amount; uint256 end; }
    mapping(address => Lock) public locks;
    mapping(address => uint256) public votes;
    function lock(uint256 time) external payable {
        require(locks[msg.sender].amount == 0 && time >= 7 days && time <= 1460 days);
        locks[msg.sender] = Lock(msg.value, block.timestamp + time);
        votes[msg.sender] = msg.value * time / 1460 days;
    }
    function relock(uint256 time) external {
        Lock storage mine = locks[msg.sender];
        require(mine.amount > 0 && time >= 7 days);
        mine.end = block.timestamp + time; // <-- finding
        uint256 next = mine.amount * time / 1460 days;
        if (next > votes[msg.sender]) votes[msg.sender] = next;
    }
    function unlock() external {
        Lock memory mine = locks[msg.sender];
        if (block.timestamp < mine.end) revert();
        delete locks[msg.sender];
        payable(msg.sender).transfer(mine.amount);
    }
}
`,
    `pragma solidity ^0.4.24;
contract Piggy {
    mapping(address => uint) public coins;
    mapping(address => uint) public opensAt;
    function drop(uint time) public payable {
        require(time >= 1 weeks);
        coins[msg.sender] += msg.value + msg.value * time / 365 days;
        opensAt[msg.sender] = now + time; // <-- finding
    }
    function smash() public {
        require(now >= opensAt[msg.sender]);
        uint all = coins[msg.sender];
        coins[msg.sender] = 0;
        msg.sender.transfer(all);
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Piggy {
    mapping(address => uint) public coins;
    mapping(address => uint) public opensAt;
    function drop(uint time) public payable {
        require(time >= 1 weeks && now + time >= opensAt[msg.sender]); // <-- guard: require(time >= 1 weeks);
        coins[msg.sender] += msg.value + msg.value * time / 365 days;
        opensAt[msg.sender] = now + time;
    }
    function first(uint time) public payable {
        require(coins[msg.sender] == 0); // <-- guard: nothing
        coins[msg.sender] = msg.value;
        opensAt[msg.sender] = now + time;
    }
    function later(uint time) public { opensAt[msg.sender] += time; }
    function week() public { opensAt[msg.sender] = now + 52 weeks; }
    function smash() public {
        require(now >= opensAt[msg.sender]);
        uint all = coins[msg.sender];
        coins[msg.sender] = 0;
        msg.sender.transfer(all);
    }
}
`,
  ],
  run({ program, runs }, report) {
    const ends = endsOf(runs);
    if (ends.size === 0) return;
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const { write, value, key } of endsWritten(run)) {
        if (!ends.has(key) || !isSenders(write.slot) || isFirst(write) || isAsked(run, key)) continue;
        const { node, frame } = write;
        if (!isMadeOf(value, frame, (part) => isGiven(part.node, part.frame))) continue;
        if (sourcesOf(value, frame).some((part) => originOf(part)?.key === key)) continue;
        report({
          node,
          frame,
          ...(isRewarded(runs, key) ? {} : ({ severity: 'low', confidence: 'low' } as const)),
          message: `${run.entry.name} sets \`${codeOf(program, node, 50)}\` whatever stood there: the end may come earlier than before.`,
        });
      }
    }
  },
};

/** Places of the sender's that the time is compared with before they are paid. */
function endsOf(runs: Runs): ReadonlySet<string> {
  const found = new Set<string>();
  for (const run of runs.entries.filter(({ role }) => role === 'entry')) {
    const paid = movesOf(run).filter(
      (move) => move.kind !== 'pull' && move.kind !== 'mint' && givesToSender(move),
    );
    for (const { visit } of paid)
      for (const condition of visit.state.conditions)
        for (const key of comparedWithTime(condition)) found.add(key);
  }
  return found;
}

function comparedWithTime({ node, frame }: Ref): string[] {
  return descendants(node, 'BinaryOperation').flatMap((item) => {
    const sides = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
    if (!/^[<>]=?$/.test(textOf(item, 'operator'))) return [];
    const timed = sides.findIndex((side) => isMadeOf(side, frame, (part) => isNow(frame.program, part.node)));
    const other = timed < 0 ? undefined : sides[1 - timed];
    const at = other && originOf({ node: other, frame });
    return at && isSenders(at) ? [at.key] : [];
  });
}

interface End {
  write: WriteVisit;
  value: Ref['node'];
  key: string;
}

function endsWritten({ visits }: EntryRun): End[] {
  return visits.writes.flatMap((write): End[] => {
    if (!write.value || write.node['operator'] !== '=') return [];
    const fields = fieldsOf(write.value, write.frame);
    const whole = { write, value: write.value, key: write.slot.key };
    return [whole, ...fields.map(({ name, value }) => ({ write, value, key: `${write.slot.key}.${name}` }))];
  });
}

/** Nothing stood there: a field of the sender's record was asked to be zero. */
function isFirst({ state }: WriteVisit): boolean {
  return clausesOf(state).some((clause) => {
    const [only] = clause;
    const sides = clause.length === 1 && only ? equalSides(only) : undefined;
    const other = sides?.find((side) => !isZero(side.node));
    const at = sides?.some((side) => isZero(side.node)) && other ? originOf(other) : undefined;
    return at !== undefined && isSenders(at);
  });
}

/** The old end was looked at. */
function isAsked({ visits }: EntryRun, key: string): boolean {
  return visits.decisions.some(({ node, frame }) =>
    mentions(node, frame, (item, within) => originOf({ node: item, frame: within })?.key === key),
  );
}

/** The longer the lock, the more there is: something else is made of the same time. */
function isRewarded(runs: Runs, key: string): boolean {
  return runs.entries.some((run) => {
    const end = endsWritten(run).find((each) => each.key === key);
    const times = sourcesOf(end?.value, end?.write.frame ?? ({} as never)).filter((part) =>
      isGiven(part.node, part.frame),
    );
    const ids = new Set(times.map(({ node }) => node['referencedDeclaration']));
    return run.visits.writes.some(
      (write) =>
        write.node !== end?.write.node &&
        [write.value, childOf(write.node, 'rightHandSide')].some((value) =>
          sourcesOf(value, write.frame).some(
            (part) =>
              /^[*/]$/.test(textOf(part.node, 'operator')) &&
              isMadeOf(
                part.node,
                part.frame,
                ({ node, frame }) => ids.has(node['referencedDeclaration']) && isGiven(node, frame),
              ),
          ),
        ),
    );
  });
}
