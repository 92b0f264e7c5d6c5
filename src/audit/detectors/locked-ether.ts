import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, textOf } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import { clausesOf, equalSides } from '../ir/conditions.ts';
import { isMagic, isThis, resolve } from '../ir/frames.ts';
import type { Contract, Program } from '../ir/program.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { isNeverReached, type Settled, settledValues } from '../ir/settled.ts';
import { isZero, literalValue, slotOf } from '../ir/storage.ts';
import { from, taintOf } from '../ir/taint.ts';
import type { CallVisit } from '../ir/visits.ts';

/** Ether goes in and nothing sends it out. */
export const lockedEther: Detector = {
  id: 'locked-ether',
  category: 'selfdestruct-and-locked-ether',
  severity: 'medium',
  confidence: 'high',
  isOfWhole: true,
  title: 'Ether that comes in never comes out',
  why: 'The contract takes ether, and none of its functions sends any.',
  exploit: 'Nobody has to attack: every payment is lost for good, to its sender and to the owner.',
  fix: 'Add a function by which the right people withdraw, or leave out `payable`.',
  references: ['SWC-132', 'CWE-710', 'OWASP-SC05:2025', 'EEA-EthTrust: No Locked Ether'],
  losses: [
    {
      name: 'Akutars',
      year: 2022,
      usd: 34_000_000,
      what: 'A condition that could never be met kept 11,539 ether in the auction for ever.',
    },
  ],
  bad: [
    `pragma solidity ^0.5.0;
contract Endowment {
    address public founder;
    constructor() public payable { founder = msg.sender; } // <-- finding
    function worth() external view returns (uint256) { return address(this).balance; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Till {
    mapping(address => uint256) public paid;
    function pay() external payable { paid[msg.sender] += msg.value; } // <-- finding
    receive() external payable {} // <-- finding
    function _payOut(address payable to) internal { to.transfer(address(this).balance); }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Counter {
    address payable public shop = payable(msg.sender);
    uint256 public price = 1 ether;
    mapping(address => uint256) public bought;
    function tip() external payable { shop.transfer(msg.value); }
    function buy() external payable { // <-- finding
        bought[msg.sender]++;
        payable(msg.sender).transfer(msg.value - price);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pot {
    enum Phase { Open, Closed, Paid }
    Phase public phase;
    address public owner = msg.sender;
    uint256 public rounds;
    function pay() external payable { require(phase == Phase.Open); }
    function close() external { require(msg.sender == owner); phase = Phase.Closed; }
    function take() external {
        require(phase == Phase.Paid && msg.sender == owner);
        payable(owner).transfer(address(this).balance); // <-- finding
    }
    function share() external {
        require(rounds > 0 && msg.sender == owner);
        payable(owner).transfer(address(this).balance); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Purse {
    function _pay(address to, uint256 amount) internal { (bool ok, ) = to.call{value: amount}(""); require(ok); }
}
contract Till is Purse {
    mapping(address => uint256) public paid;
    function pay() external payable { paid[msg.sender] += msg.value; }
    function refund() external { uint256 amount = paid[msg.sender]; paid[msg.sender] = 0; _pay(msg.sender, amount); }
}
contract Refuses {
    uint256 public count;
    receive() external payable { revert("no ether"); }
    function add() external payable { require(msg.value == 0); count++; }
}
contract Pot {
    bool public open;
    address public owner = msg.sender;
    function pay() external payable {}
    function set(bool to) external { require(msg.sender == owner); open = to; }
    function take() external { require(open && msg.sender == owner); payable(owner).transfer(address(this).balance); }
}
contract Plain { constructor() payable {} function run(address to) external { payable(to).transfer(1); } }
`,
  ],
  run({ program, runs }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      if (program.contracts.some((other) => other !== contract && other.linearised.includes(contract)))
        continue;
      const entries = runs.entries.filter(({ context, role }) => context === contract && role === 'entry');
      const takers = entries.filter(takesEther);
      // What came in at deployment stays in as well.
      if (takers.length === 0)
        takers.push(
          ...runs.entries.filter(
            (run) =>
              run.context === contract && run.role === 'constructor' && takesEther(run) && !passesOn(run),
          ),
        );
      if (
        takers.length === 0 ||
        entries.some(({ visits }) => visits.assembly.some(({ operation }) => sending.test(operation.name)))
      )
        continue;
      const { ways, closed } = waysOut(program, runs, contract, entries);
      if (ways) continue;
      for (const { node, frame } of closed)
        report({
          node,
          frame,
          message: `This is a way out for the ether in ${contract.name}, and it can never be gone.`,
        });
      if (closed.length > 0) continue;
      for (const { entry } of takers.filter((run) => !passesOn(run)))
        report({
          node: program.isOwn(entry.node) ? entry.node : contract.node,
          message: `${contract.name} takes ether by ${entry.name || entry.kind}, and no function of it sends any.`,
        });
    }
  },
};

/** Whether anything sends ether that came in before, and the calls that would if they were ever reached. */
function waysOut(program: Program, runs: Runs, contract: Contract, entries: EntryRun[]) {
  const closed: CallVisit[] = [];
  let settled: Settled | undefined;
  for (const run of entries) {
    for (const visit of run.visits.calls) {
      if (!sends(visit.call) || isPassedOn(visit)) continue;
      settled ??= settledValues(program, runs, contract);
      if (!goesNowhere(run, visit, settled) && !isNeverReached(visit.state, settled, program))
        return { ways: true, closed };
      closed.push(visit);
    }
  }
  return { ways: false, closed };
}

function takesEther({ entry, visits }: EntryRun): boolean {
  if (entry.mutability !== 'payable' || !entry.body || alwaysReverts(entry.body)) return false;
  const effects = [...visits.writes, ...visits.calls.filter(({ call }) => sends(call))];
  return (
    effects.length === 0 ||
    !effects.every(({ state }) => clausesOf(state).some((clause) => clause.every(isNothingPaid)))
  );
}

/** `msg.value == 0` */
function isNothingPaid(atom: Parameters<typeof equalSides>[0]): boolean {
  const sides = equalSides(atom) ?? [];
  const isPaid = sides.some(({ node, frame }) => isMagic(resolve(node, frame).node, 'msg', 'value'));
  return isPaid && sides.some(({ node }) => isZero(node));
}

function alwaysReverts(body: AstNode): boolean {
  const [first] = childrenOf(body, 'statements');
  if (first?.nodeType === 'RevertStatement' || first?.nodeType === 'Throw') return true;
  const call = first && childOf(first, 'expression');
  return call?.nodeType === 'FunctionCall' && textOf(childOf(call, 'expression'), 'name') === 'revert';
}

const sending = /^(call|callcode|delegatecall|selfdestruct|suicide)$/;

function sends(call: Call): boolean {
  if (call.kind === 'transfer' || call.kind === 'send' || call.kind === 'selfdestruct') return true;
  if (call.kind === 'low-level')
    return call.method !== 'staticcall' && (call.value !== undefined || call.method !== 'call');
  return (call.kind === 'external' || call.kind === 'create') && call.value !== undefined;
}

function amountOf({ call }: CallVisit): AstNode | undefined {
  return call.kind === 'transfer' || call.kind === 'send' ? call.arguments[0] : call.value;
}

/** What just came in goes on, or what was paid too much goes back: none of what is already there. */
function isPassedOn(visit: CallVisit): boolean {
  const amount = amountOf(visit);
  if (!amount) return false;
  const at = resolve(amount, visit.frame);
  const taint = taintOf(at.node, at.frame);
  if (taint.bits === from.value) return true;
  const left = textOf(at.node, 'operator') === '-' ? childOf(at.node, 'leftExpression') : undefined;
  return left !== undefined && taintOf(left, at.frame).bits === from.value;
}

/** All that this function takes goes on: as it came, or in parts. */
function passesOn({ visits }: EntryRun): boolean {
  const parts = visits.calls.filter((visit) => sends(visit.call) && isPassedOn(visit));
  const whole = parts.some((visit) => {
    const amount = amountOf(visit);
    return amount !== undefined && isMagic(resolve(amount, visit.frame).node, 'msg', 'value');
  });
  return whole || parts.length > 1;
}

/** To nobody, to itself, or nothing at all. */
function goesNowhere({ visits }: EntryRun, visit: CallVisit, settled: Settled): boolean {
  const { call, frame, state } = visit;
  if ('address' in call && (isThis(call.address, frame) || isZero(resolve(call.address, frame).node)))
    return true;
  const amount = amountOf(visit);
  if (!amount) return false;
  if (literalValue(amount) === 0n) return true;
  const slot = slotOf(amount, frame);
  if (!slot) return false;
  const values = slot.keys.length === 0 ? settled.get(slot.base) : undefined;
  if (values) return [...values].every((value) => value === '0');
  const written = visits.writes.filter((write) => write.slot.exact === slot.exact);
  return state.written.has(slot.exact) && written.every(({ value }) => value !== undefined && isZero(value));
}
