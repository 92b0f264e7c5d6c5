import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, textOf, unwrap } from '../ir/ast.ts';
import { atomsOf } from '../ir/conditions.ts';
import { fieldsOf, originOf } from '../ir/copies.ts';
import type { Frame, Ref } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { isNow, momentOf } from '../ir/moments.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { sourcesOf } from '../ir/sources.ts';
import { isZero, literalBoolean, type Slot } from '../ir/storage.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** The time since zero is paid for. */
export const unsetStart: Detector = {
  id: 'unset-start',
  category: 'time',
  severity: 'medium',
  confidence: 'medium',
  title: 'A time is counted from a start that was never set',
  why: 'What is earned is counted from when somebody was last paid, and for somebody new that is zero: the first of January 1970. Nothing sets it when they begin.',
  exploit: 'Whoever is new asks to be paid right away, and gets the pay of more than fifty years.',
  fix: 'Set the start to `block.timestamp` where the record begins, or treat a start of zero as now.',
  references: ['SWC-116', 'CWE-665', 'CWE-909', 'OWASP-SC03:2025'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Wages {
    struct Worker { bool active; uint256 rate; uint256 since; uint256 due; }
    address public immutable boss = msg.sender;
    mapping(address => Worker) public workers;
    function hire(address who, uint256 rate) external payable {
        require(msg.sender == boss && rate < 1 gwei);
        workers[who].rate = rate; // <-- finding
        workers[who].active = true;
    }
    function draw() external {
        Worker storage me = workers[msg.sender];
        require(me.active);
        _count(me);
        uint256 due = me.due;
        me.due = 0;
        payable(msg.sender).transfer(due);
    }
    function _count(Worker storage one) private {
        one.due += (block.timestamp - one.since) * one.rate;
        one.since = block.timestamp;
    }
}
`,
    `pragma solidity ^0.4.24;
library SafeMath { function sub(uint a, uint b) internal pure returns (uint) { require(b <= a); return a - b; } }
contract Faucet {
    using SafeMath for uint;
    mapping(address => uint) private last;
    constructor() public payable {}
    function drip() public {
        uint time = now.sub(last[msg.sender]); // <-- finding
        last[msg.sender] = now;
        msg.sender.transfer(time * 1000000000);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Wages {
    struct Worker { bool active; uint256 rate; uint256 since; uint256 due; }
    address public immutable boss = msg.sender;
    mapping(address => Worker) public workers;
    mapping(address => uint256) public staked;
    mapping(address => uint256) public countedAt;
    mapping(address => uint256) public earned;
    mapping(address => uint256) public last;
    function hire(address who, uint256 rate) external payable {
        require(msg.sender == boss && rate < 1 gwei);
        workers[who] = Worker(true, rate, block.timestamp, 0); // <-- guard: workers[who].rate = rate;
    }
    function draw() external {
        Worker storage me = workers[msg.sender];
        uint256 due = (block.timestamp - me.since) * me.rate;
        me.since = block.timestamp;
        payable(msg.sender).transfer(due);
    }
    function stake() external payable { _count(msg.sender); staked[msg.sender] += msg.value; }
    function _count(address who) private {
        earned[who] += staked[who] * (block.timestamp - countedAt[who]) / 365 days;
        countedAt[who] = block.timestamp;
    }
    function drip() external {
        require(last[msg.sender] != 0);
        uint256 time = block.timestamp - last[msg.sender];
        last[msg.sender] = block.timestamp;
        earned[msg.sender] += time;
    }
}
`,
  ],
  run({ program, runs }, report) {
    const told = new Set<AstNode>();
    const say = (node: AstNode, frame: Frame, elapsed: Elapsed) => {
      if (told.has(node)) return;
      told.add(node);
      report({
        node,
        frame,
        message: `\`${codeOf(program, elapsed.node, 50)}\` counts from 1970 for whoever is new: nothing sets the start before.`,
        steps:
          elapsed.node === node
            ? []
            : [{ node: elapsed.node, frame: elapsed.frame, note: 'the time is counted here' }],
      });
    };
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const elapsed of elapsedIn(run)) {
        const { start } = elapsed;
        if (isAsked(run, start.key) || !isRestarted(run, start.key) || isBegun(runs, start.key)) continue;
        const factors = factorsOf(run, elapsed);
        if (factors.length === 0) {
          say(elapsed.node, elapsed.frame, elapsed);
          continue;
        }
        for (const other of runs.entries) {
          if (other.role !== 'entry' || writesTo(other, start.key).length > 0) continue;
          const begun = other.visits.writes.find((write) => factors.some((key) => begins(write, key)));
          if (begun) say(begun.node, begun.frame, elapsed);
        }
      }
    }
  },
};

interface Elapsed extends Ref {
  /** The place in a record that the time is counted from. */
  start: Slot;
}

/** `block.timestamp - record.since` */
function elapsedIn({ visits }: EntryRun): Elapsed[] {
  // What a library takes off is told of where it is called.
  const operations = visits.arithmetic.filter(
    ({ node, frame }) => textOf(node, 'operator') === '-' && frame.callable.contract?.kind !== 'library',
  );
  const calls = visits.calls.filter(
    ({ call }) => call.kind === 'internal' && /^_?sub$/i.test(call.target.name),
  );
  return [...operations, ...calls].flatMap(({ node, frame }): Elapsed[] => {
    const { now, seconds, rest } = momentOf(node, frame);
    const [only] = rest;
    const start = now === 1 && seconds === 0n && rest.length === 1 && only ? originOf(only) : undefined;
    return start && start.keys.length > 0 ? [{ node, frame, start }] : [];
  });
}

/** Somebody looks whether the start was set: not only whether enough time went by since. */
function isAsked(run: EntryRun, key: string): boolean {
  return atomsOf(run).some(
    ({ node, frame }) =>
      !mentions(node, frame, (item, within) => isNow(within.program, item)) &&
      mentions(node, frame, (item, within) => originOf({ node: item, frame: within })?.key === key),
  );
}

function isRestarted(run: EntryRun, key: string): boolean {
  return writesTo(run, key).some(
    ({ value, frame }) => value !== undefined && momentOf(value, frame).now === 1,
  );
}

interface Written {
  write: WriteVisit;
  value: AstNode | undefined;
  frame: Frame;
}

function writesTo({ visits }: EntryRun, key: string): Written[] {
  return visits.writes.flatMap((write): Written[] => {
    const { slot, value, frame } = write;
    if (slot.key === key) return [{ write, value, frame }];
    if (!key.startsWith(`${slot.key}.`) || !value) return [];
    const field = fieldsOf(value, frame).find(({ name }) => `${slot.key}.${name}` === key);
    // A whole record that comes from elsewhere may bring its start along.
    return [{ write, value: field?.value ?? (fieldsOf(value, frame).length > 0 ? undefined : value), frame }];
  });
}

/** A run that sets the start without having counted from it before. */
function isBegun(runs: Runs, key: string): boolean {
  return runs.entries.some((run) => {
    const written = writesTo(run, key).filter(({ value }) => value !== undefined && !isZero(value));
    return written.length > 0 && !elapsedIn(run).some(({ start }) => start.key === key);
  });
}

/** Fields of the same record that the time is multiplied with: while they are zero, nothing is earned. */
function factorsOf({ visits }: EntryRun, { node, frame, start }: Elapsed): string[] {
  const holder = start.exact.replace(/^[^[]*/, '').replace(/\.[^\]]*$/, '');
  const values = [
    ...visits.writes.flatMap((write) => [
      { node: write.value, frame: write.frame },
      { node: childOf(write.node, 'rightHandSide'), frame: write.frame },
    ]),
    ...visits.calls.flatMap(({ call, frame: within }) =>
      call.arguments.map((each) => ({ node: each, frame: within })),
    ),
  ];
  const found = new Set<string>();
  for (const value of values) {
    const parts = sourcesOf(value.node, value.frame);
    if (!parts.some((part) => unwrap(part.node) === node && part.frame === frame)) continue;
    for (const part of parts) {
      const at = originOf(part);
      if (
        at &&
        at.key !== start.key &&
        at.keys.length > 0 &&
        at.exact.includes(holder) &&
        /^u?int/.test(typeText(part.node))
      )
        found.add(at.key);
    }
  }
  return [...found];
}

function typeText(node: AstNode): string {
  const type = node['typeDescriptions'] as { typeString?: string } | undefined;
  return type?.typeString ?? '';
}

/** The factor is given a value, alone or with the whole record. */
function begins({ slot, value, node, frame }: WriteVisit, key: string): boolean {
  const field = key.startsWith(`${slot.key}.`)
    ? fieldsOf(value, frame).find(({ name }) => `${slot.key}.${name}` === key)?.value
    : undefined;
  if (slot.key !== key && !field) return false;
  if (/^(-=|--)$/.test(textOf(node, 'operator')) || node['operator'] === 'delete') return false;
  const given = field ?? value;
  return !given || !(isZero(given) || literalBoolean(given) === false);
}
