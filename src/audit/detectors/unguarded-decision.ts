import type { Detector } from '../detector.ts';
import { clausesOf } from '../ir/conditions.ts';
import { isToldSender } from '../ir/frames.ts';
import { mentionsSender } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Records that somebody privileged keeps, and one step of which anybody may take. */
export const unguardedDecision: Detector = {
  id: 'unguarded-decision',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: 'Anyone can make a decision that is somebody’s to make',
  why: 'The records are made and changed by those who hold a role. This function, named after a decision, changes them too, and the sender plays no part in it.',
  exploit: 'An attacker offers something, approves it themselves, and is paid.',
  fix: 'Put the guard of the other functions on this one.',
  references: ['SWC-105', 'CWE-862', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Fund {
    struct Job { address payable worker; uint256 cost; bool approved; bool paid; }
    address public chair = msg.sender;
    mapping(uint256 => Job) public jobs;
    mapping(address => uint256) public limits;
    uint256 public count;
    modifier onlyChair() { require(msg.sender == chair); _; }
    function offer(address payable worker, uint256 cost) external onlyChair { jobs[++count] = Job(worker, cost, false, false); }
    function approve(uint256 id) external { // <-- finding
        Job storage job = jobs[id];
        require(id <= count && !job.approved);
        job.approved = true;
    }
    function pay(uint256 id) external onlyChair {
        require(jobs[id].approved && !jobs[id].paid);
        jobs[id].paid = true;
        jobs[id].worker.transfer(jobs[id].cost);
    }
    function setLimit(address who, uint256 amount) external onlyChair { limits[who] = amount; }
    function raiseLimit(address who, uint256 amount) external { // <-- finding
        limits[who] = amount;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Fund {
    struct Job { address payable worker; uint256 cost; bool approved; bool paid; uint256 due; }
    address public chair = msg.sender;
    mapping(uint256 => Job) public jobs;
    mapping(address => mapping(address => uint256)) public allowance;
    uint256 public count;
    modifier onlyChair() { require(msg.sender == chair); _; }
    function offer(address payable worker, uint256 cost) external onlyChair { jobs[++count] = Job(worker, cost, false, false, 0); }
    function approveJob(uint256 id) external onlyChair { require(!jobs[id].approved); jobs[id].approved = true; }
    function approve(address spender, uint256 amount) external { allowance[msg.sender][spender] = amount; }
    function accept(uint256 id) external { require(jobs[id].worker == msg.sender); jobs[id].due = block.timestamp; }
    // Time decides, not a person.
    function enable(uint256 id) external { require(jobs[id].due < block.timestamp); jobs[id].paid = true; }
    function settle(uint256 id) external { require(jobs[id].approved && !jobs[id].paid); jobs[id].paid = true; }
}
`,
  ],
  run({ program, runs }, report) {
    const kept = new Map<EntryRun['context'], ReadonlySet<number>>();
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed || run.entry.mutability === 'payable' || !decides(run)) continue;
      if (run.visits.writes.some(({ slot }) => slot.keys.some((key) => mentionsSender(key.node, key.frame))))
        continue;
      const bases = kept.get(run.context) ?? keptByRoles(runs, run.context);
      kept.set(run.context, bases);
      const write = run.visits.writes.find((each) => bases.has(each.slot.base) && isOpen(each, runs));
      if (!write) continue;
      report({
        node: run.entry.node,
        message: `Anyone can call ${run.entry.name}, which changes \`${codeOf(program, write.node, 40)}\` in records that others keep only for somebody privileged.`,
        steps: [{ node: write.node, frame: write.frame, note: 'this is decided by anyone' }],
      });
    }
  },
};

const decisions =
  /^_?(set|update|change|approve|verify|confirm|accept|reject|grant|revoke|allow|deny|whitelist|blacklist|ban|unban|block|unblock|freeze|unfreeze|enable|disable|assign|appoint|promote|certify|authori[sz]e|activate|deactivate|suspend|raise|lower|regrade|override|force)([A-Z_0-9]|$)/;

function decides({ entry }: EntryRun): boolean {
  return decisions.test(entry.name);
}

/** Mappings that at least one function of the contract writes for somebody privileged only, and none for anybody by name of the sender. */
function keptByRoles(runs: Runs, context: EntryRun['context']): ReadonlySet<number> {
  const found = new Set<number>();
  for (const run of runs.entries) {
    if (run.context !== context || run.role !== 'entry') continue;
    for (const { slot, state } of run.visits.writes)
      if (slot.base > 0 && slot.keys.length > 0 && runs.privileged(state)) found.add(slot.base);
  }
  return found;
}

/** By a key of the caller's, while nothing on the way asks who it is, waits for a time, or has something proven. */
function isOpen({ slot, state, frame, node }: WriteVisit, runs: Runs): boolean {
  if (slot.keys.length === 0 || state.auth.length > 0 || runs.once(state) || isToldSender(frame))
    return false;
  if (node['operator'] === '-=' || node['operator'] === '+=') return false;
  if (!slot.keys.some((key) => hasBits(taintOf(key.node, key.frame), from.parameter))) return false;
  const gate = from.time | from.block | from.hash | from.external | from.value | from.sender | from.origin;
  return (
    frame.program.isOwn(node) &&
    clausesOf(state).every((clause) =>
      clause.every(
        (atom) => !hasBits(taintOf(atom.node, atom.frame), gate) && !mentionsSender(atom.node, atom.frame),
      ),
    )
  );
}
