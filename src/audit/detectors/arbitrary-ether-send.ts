import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { clausesOf, isEqualled } from '../ir/conditions.ts';
import { isMagic } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import { isSenders } from '../ir/places.ts';
import { modifiersOf, type Program } from '../ir/program.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { keyOf, slotOf } from '../ir/storage.ts';
import { chosenByCaller, from, hasBits, type Taint, taintOf } from '../ir/taint.ts';
import type { CallVisit } from '../ir/visits.ts';

/** Ether goes to whoever asks. */
export const arbitraryEtherSend: Detector = {
  id: 'arbitrary-ether-send',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: "Anyone can have the contract's ether sent to them",
  why: 'The receiver is chosen by the caller, and nothing on the way asks whether the caller is allowed to, paid for it, or has a balance that it is taken from.',
  exploit: 'An attacker calls the function and receives ether that other people put in.',
  fix: 'Let only a privileged account call it (onlyOwner, onlyRole), or pay from a record of what the receiver is owed: `uint256 amount = owed[msg.sender]; owed[msg.sender] = 0;` before the transfer.',
  references: ['SWC-105', 'CWE-284', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect External Calls'],
  bad: [
    `pragma solidity ^0.4.24;
// What was paid in may be asked for again and again; and a pot that fills again goes to whoever is named.
contract Club {
    mapping(address => uint256) paid;
    uint256 pot;
    function join() public payable { paid[msg.sender] += msg.value; }
    function leave(uint256 amount) public {
        require(amount <= paid[msg.sender]);
        msg.sender.transfer(amount); // <-- finding
    }
    function play() public payable { pot = pot + msg.value; }
    function prize(address winner) public {
        uint256 all = pot;
        pot = 0;
        winner.transfer(all); // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Open {
    uint public price = 1 ether;
    function withdraw() public {
        msg.sender.transfer(address(this).balance); // <-- finding
    }
    function drain(address to, uint amount) public {
        require(to != address(0));
        pay(to, amount);
    }
    function pay(address to, uint amount) internal {
        require(to.call.value(amount)()); // <-- finding
    }
    mapping(address => uint) owed;
    function refund() public {
        require(owed[msg.sender] > 0);
        msg.sender.transfer(owed[msg.sender]); // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Renamed {
    address owner;
    // Meant as the constructor.
    function Original() public { owner = msg.sender; }
    function withdraw() public {
        require(msg.sender == owner);
        owner.transfer(address(this).balance); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Vault {
    receive() external payable {}
    function sweep(address payable to) external {
        (bool ok, ) = to.call{value: address(this).balance}(""); // <-- finding
        require(ok);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface ITaker { function take(uint256 fee) external payable; }
// Ether that is lent for the length of a call has to be back at its end.
contract Lender {
    bool private busy;
    receive() external payable { require(busy); }
    function put() external payable {}
    function lend(uint256 amount) external {
        uint256 before = address(this).balance;
        busy = true;
        ITaker(msg.sender).take{value: amount}(amount / 100);
        busy = false;
        require(address(this).balance >= before + amount / 100, "not back"); // <-- guard: nothing
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Bank {
    address payable public owner;
    mapping(address => uint256) public owed;
    constructor() { owner = payable(msg.sender); }
    function deposit() external payable { owed[msg.sender] += msg.value; }
    function withdraw(uint256 amount) external {
        require(owed[msg.sender] >= amount);
        owed[msg.sender] -= amount;
        payable(msg.sender).transfer(amount);
    }
    function sweep(address payable to) external {
        if (msg.sender != owner) revert();
        to.transfer(address(this).balance);
    }
    function toOwner() external { owner.transfer(address(this).balance); }
    function buy() external payable {
        require(msg.value >= 1 ether);
        payable(msg.sender).transfer(msg.value - 1 ether);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const visit of run.visits.calls) {
        const sent = payment(visit);
        if (!sent || runs.authorised(visit.state) || runs.once(visit.state)) continue;
        const { frame, node, state } = visit;
        if (hasBits(taintOf(sent.to, frame), from.parameter) && isEqualled(sent.to, frame, state)) continue;
        if (isMeasured(run, state)) continue;
        const amount = taintOf(sent.amount, frame);
        if (!isFreeReceiver(taintOf(sent.to, frame), runs) || isPaidFor(amount) || keepsRecord(run)) continue;
        const recorded = hasBits(amount, from.keyed) || isUnspent(run, runs, sent.amount, visit);
        if (recorded ? isCleared(run, amount) : isEntitled(state)) continue;
        const plain = hasBits(amount, from.balance | from.parameter) && !mentionsStorage(state);
        const shown = codeOf(program, sent.amount, 40);
        const weak = weakness(state, runs);
        const passable =
          state.auth.length > 0 ? 'after a check that anyone can get past' : 'without asking who calls';
        const unguarded = recorded ? 'and leaves the record of it as it was' : passable;
        report({
          node,
          frame,
          // What a payable function hands out may well be what just came in.
          ...(run.entry.mutability === 'payable' ? incoming : { confidence: plain ? 'high' : 'medium' }),
          message: `${run.entry.name} sends \`${shown}\` to \`${codeOf(program, sent.to, 40)}\` ${unguarded}.`,
          note: 'ether leaves the contract',
          // Who may set the guard's variable is a finding of its own, and mending it mends this one.
          ...((weak.length > 0 && !recorded) || hasHollowGuard(run, program)
            ? { severity: 'low' as const }
            : {}),
          steps: weak,
        });
      }
    }
  },
};

const incoming = { severity: 'medium', confidence: 'low' } as const;

function payment({ call }: CallVisit): { to: AstNode; amount: AstNode } | undefined {
  if (call.kind === 'transfer' || call.kind === 'send') {
    const amount = call.arguments[0];
    return amount && { to: call.address, amount };
  }
  if ((call.kind === 'low-level' || call.kind === 'external') && call.value)
    return { to: call.address, amount: call.value };
  return undefined;
}

function isFreeReceiver(to: Taint, runs: Runs): boolean {
  if (hasBits(to, from.keyed)) return false;
  if (hasBits(to, chosenByCaller)) return to.variables.size === 0;
  // A receiver kept in storage is free only when somebody may put themselves there at no cost.
  return [...to.variables].some((id) => {
    const write = runs.open.get(id);
    return (
      write !== undefined &&
      write.slot.keys.length === 0 &&
      write.state.conditions.length === 0 &&
      !isPayable(write.frame)
    );
  });
}

function isPayable(frame: CallVisit['frame']): boolean {
  let at = frame;
  while (at.parent) at = at.parent;
  return at.callable.mutability === 'payable';
}

// The sender's own money, or an amount that another contract says is theirs.
function isPaidFor(amount: Taint): boolean {
  return hasBits(amount, from.value | from.external);
}

// A record that is paid from is written somewhere in the same run; one that stays as it is pays again and again.
function isCleared({ visits }: EntryRun, amount: Taint): boolean {
  return visits.writes.some((write) => amount.variables.has(write.slot.base));
}

/** What is left is compared afterwards with what there was: a loan that has to come back. */
function isMeasured({ visits }: EntryRun, { conditions }: State): boolean {
  const isBalance = (item: AstNode) => {
    const owner = item.nodeType === 'MemberAccess' ? childOf(item, 'expression') : undefined;
    return owner !== undefined && textOf(item, 'memberName') === 'balance';
  };
  return visits.decisions
    .filter((decision) => !conditions.some(({ node }) => node === decision.node))
    .some(({ node, frame }) => node.nodeType === 'BinaryOperation' && mentions(node, frame, isBalance));
}

/** The sender has paid in as much as they ask for, and keeps the record of it: they may ask again. */
function isUnspent(run: EntryRun, runs: Runs, amount: AstNode, { frame, state }: CallVisit): boolean {
  const key = keyOf(amount, frame);
  return clausesOf(state).some((clause) =>
    clause.every((atom) => {
      const [left, right] = [childOf(atom.node, 'leftExpression'), childOf(atom.node, 'rightExpression')];
      if (!left || !right || !/^[<>]=?$/.test(textOf(atom.node, 'operator'))) return false;
      const record = [left, right].flatMap((side) => slotOf(side, atom.frame) ?? []).find(isSenders);
      const isAmount = [left, right].some((side) => keyOf(side, atom.frame) === key);
      if (!record || !isAmount) return false;
      return (
        !run.visits.writes.some(({ slot }) => slot.base === record.base) && isPaidInto(run, runs, record.key)
      );
    }),
  );
}

/** Ether that came in is added to this place. */
function isPaidInto({ context }: EntryRun, { entries }: Runs, place: string): boolean {
  return entries.some(
    (each) =>
      each.context === context &&
      each.entry.mutability === 'payable' &&
      each.visits.writes.some(
        ({ slot, node, frame }) =>
          slot.key === place && hasBits(taintOf(childOf(node, 'rightHandSide'), frame), from.value),
      ),
  );
}

/** A modifier stands there that was to ask who calls: that it does not is a finding of its own. */
function hasHollowGuard({ entry, context }: EntryRun, program: Program): boolean {
  return modifiersOf(program, entry, context).some(
    ({ modifier: { name, body } }) =>
      body !== undefined &&
      /^_?(only|auth|restrict)/i.test(name) &&
      descendants(body, 'MemberAccess').some((node) => isMagic(node, 'msg', 'sender')),
  );
}

function isEntitled(state: State): boolean {
  return state.conditions.some(({ node, frame }) => {
    const taint = taintOf(node, frame);
    if (hasBits(taint, from.keyed | from.value | from.external)) return true;
    return hasBits(taint, from.hash) && hasBits(taint, from.storage | from.parameter);
  });
}

function mentionsStorage(state: State): boolean {
  return state.conditions.some(({ node, frame }) => hasBits(taintOf(node, frame), from.storage));
}

// A function that books under the caller's key, or takes something from the caller elsewhere, is no give-away.
function keepsRecord({ visits }: EntryRun): boolean {
  const books = visits.writes.some(({ slot }) =>
    slot.keys.some((key) => hasBits(taintOf(key.node, key.frame), chosenByCaller)),
  );
  return (
    books ||
    visits.calls.some(({ call, frame }) => {
      if (call.kind !== 'external' || call.value) return false;
      return call.arguments.some((argument) => hasBits(taintOf(argument, frame), from.sender));
    })
  );
}

function weakness(state: State, runs: Runs) {
  const write = state.auth.flatMap((fact) => fact.variables.map((id) => runs.open.get(id)))[0];
  return write ? [{ node: write.node, frame: write.frame, note: 'anyone may set who is allowed, here' }] : [];
}
