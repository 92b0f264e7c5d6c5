import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { asksSender, clausesOf } from '../ir/conditions.ts';
import { takesAway } from '../ir/control.ts';
import { isSender, isToldSender, type Ref, resolve } from '../ir/frames.ts';
import { mentionsSender } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import { isAccount } from '../ir/places.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { isZero, keyOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** What belongs to an account is taken from whichever account the caller names. */
export const takenFromOthers: Detector = {
  id: 'taken-from-others',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: 'Anyone can spend what belongs to somebody else',
  why: 'Elsewhere the balance is the sender’s own. Here it is the balance of an account that the caller names, and nothing asks whether that account agreed.',
  exploit: 'An attacker names an account with a balance, and has it burnt, spent or paid out to themselves.',
  fix: 'Take from `msg.sender`, ask for an allowance (`_spendAllowance(from, msg.sender, amount)`), or let only a privileged account call it.',
  references: ['SWC-105', 'CWE-639', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Tokens is ERC20("Tokens", "T") {
    constructor() { _mint(msg.sender, 1e24); }
    function correct(address whose, address to, uint256 amount) external { // <-- finding
        _transfer(whose, to, amount);
    }
    function entrust(address whose, address who, uint256 amount) external {
        _approve(whose, who, amount); // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Vouchers {
    mapping(address => uint256) held;
    mapping(address => mapping(address => uint256)) mayTake;
    function buy() public payable { held[msg.sender] += msg.value; }
    function allow(address whose, address who, uint256 amount) public {
        mayTake[whose][who] = amount; // <-- finding
    }
    function take(address whose, address to, uint256 amount) public {
        require(mayTake[whose][msg.sender] >= amount && held[whose] >= amount);
        mayTake[whose][msg.sender] -= amount;
        held[whose] -= amount;
        held[to] += amount;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Points is ERC20("Points", "P") {
    uint256 public price = 5;
    function buy() external payable { _mint(msg.sender, msg.value); }
    function redeem() external { _redeem(msg.sender); }
    function redeemFor(address customer) external { // <-- finding
        _redeem(customer);
    }
    function _redeem(address customer) private { _burn(customer, price); }
}
contract Bank {
    mapping(address => uint256) public credit;
    function put() external payable { credit[msg.sender] += msg.value; }
    function pass(address to, uint256 amount) external { credit[msg.sender] -= amount; credit[to] += amount; }
    function move(address whose, address to, uint256 amount) external { // <-- finding
        credit[whose] -= amount;
        credit[to] += amount;
    }
    function withdraw(address whose, address payable to, uint256 amount) external { // <-- finding
        require(credit[whose] >= amount);
        credit[whose] = credit[whose] - amount;
        to.transfer(amount);
    }
}
contract Purse {
    mapping(address => uint256) public credit;
    function put() external payable { credit[msg.sender] += msg.value; }
    function empty(address whose, address payable to) external { // <-- finding
        uint256 amount = credit[whose];
        credit[whose] = 0;
        to.transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
// A balance in each token is no allowance; an allowance is the holder's own to give.
contract Vault {
    mapping(address => mapping(address => uint256)) public inside;
    mapping(address => uint256) public held;
    mapping(address => mapping(address => uint256)) public mayTake;
    function put(address token, uint256 amount) external {
        inside[token][msg.sender] += amount;
        require(IERC20(token).transferFrom(msg.sender, address(this), amount));
    }
    function use(address token, uint256 amount) external { inside[token][msg.sender] -= amount; }
    function buy() external payable { held[msg.sender] += msg.value; }
    function allow(address who, uint256 amount) external {
        mayTake[msg.sender][who] = amount;
    }
    function take(address whose, address to, uint256 amount) external {
        mayTake[whose][msg.sender] -= amount; // <-- guard: nothing
        held[whose] -= amount;
        held[to] += amount;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
library Moves {
    function safeTransferFrom(IERC20 token, address from, address to, uint256 amount) internal {
        (bool ok, ) = address(token).call(abi.encodeCall(IERC20.transferFrom, (from, to, amount)));
        require(ok);
    }
}
// Whoever likes may pay another's debt.
contract Loans {
    using Moves for IERC20;
    IERC20 public immutable coin;
    mapping(address => uint256) public debt;
    constructor(IERC20 coin_) { coin = coin_; }
    function borrow(uint256 amount) external { debt[msg.sender] += amount; }
    function settle(address whose, uint256 amount) external {
        debt[whose] -= amount;
        coin.safeTransferFrom(msg.sender, address(this), amount); // <-- guard: nothing
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public credit;
    mapping(address => uint256) public owed;
    mapping(address => mapping(address => uint256)) public allowance;
    address public clerk = msg.sender;
    function put() external payable { credit[msg.sender] += msg.value; }
    function pass(address to, uint256 amount) external { credit[msg.sender] -= amount; credit[to] += amount; }
    function allow(address who, uint256 amount) external { allowance[msg.sender][who] = amount; }
    function move(address whose, address to, uint256 amount) external {
        allowance[whose][msg.sender] -= amount; // <-- guard: nothing
        credit[whose] -= amount;
        credit[to] += amount;
    }
    function correct(address whose, uint256 amount) external {
        require(msg.sender == clerk); // <-- guard: nothing
        credit[whose] -= amount;
    }
    // What is paid out goes to whose it is.
    function payOut(address payable whose) external {
        uint256 amount = credit[whose];
        credit[whose] = 0;
        whose.transfer(amount); // <-- guard: payable(msg.sender).transfer(amount);
    }
    function own() external { uint256 amount = owed[msg.sender]; owed[msg.sender] = 0; credit[msg.sender] += amount; }
    function settle(address whose) external { uint256 amount = owed[whose]; owed[whose] = 0; credit[whose] += amount; }
}
`,
  ],
  run({ program, runs }, report) {
    const personal = keptForSender(runs);
    const spent = spentForOthers(runs);
    for (const run of runs.entries) {
      if (
        run.role !== 'entry' ||
        run.signed ||
        run.entry.mutability === 'payable' ||
        !program.isOwn(run.entry.node)
      )
        continue;
      const write = run.visits.writes.find((each) => isTakenFromNamed(run, each, personal, runs));
      const granted = write ? undefined : run.visits.writes.find((each) => isGranted(run, each, spent, runs));
      if (granted)
        report({
          ...inOwnCode(granted),
          message: `${run.entry.name} lets anyone say how much may be taken from an account that the caller names.`,
        });
      if (!write) continue;
      report({
        node: run.entry.node,
        message: `${run.entry.name} takes from the balance of an account that the caller names, without asking it.`,
        steps: [
          {
            node: write.node,
            frame: write.frame,
            note: `\`${codeOf(program, write.node, 40)}\` shrinks here`,
          },
        ],
      });
    }
  },
};

/** Places in which accounts have something under their own name. */
function keptForSender(runs: Runs): ReadonlySet<string> {
  const found = new Set<string>();
  for (const run of runs.entries) {
    if (run.role !== 'entry') continue;
    for (const write of run.visits.writes)
      if (write.slot.keys.some((key) => isSender(key.node, key.frame))) found.add(placeOf(run, write));
  }
  return found;
}

/** Where a dependency writes it, the call that leads there. */
function inOwnCode({ node, frame }: Ref): Ref {
  let at: Ref = { node, frame };
  while (!frame.program.isOwn(at.node) && at.frame.parent && at.frame.via)
    at = { node: at.frame.via, frame: at.frame.parent };
  return at;
}

/** Allowances: `allowed[whose][msg.sender]` shrinks where the sender spends what is another's. */
function spentForOthers(runs: Runs): ReadonlySet<string> {
  const found = new Set<string>();
  for (const run of runs.entries) {
    if (run.role !== 'entry') continue;
    for (const write of run.visits.writes) {
      const [whose, by] = write.slot.keys;
      if (!whose || !by || !shrinks(write) || !isSender(by.node, by.frame)) continue;
      if (isParameter(whose) && takesFrom(run, keyOf(whose.node, whose.frame)))
        found.add(placeOf(run, write));
    }
  }
  return found;
}

/** What the account has shrinks with its allowance; a balance in each of several tokens stands alone. */
function takesFrom({ visits }: EntryRun, whose: string): boolean {
  return visits.writes.some((write) => {
    const [key, ...more] = write.slot.keys;
    return key !== undefined && more.length === 0 && shrinks(write) && keyOf(key.node, key.frame) === whose;
  });
}

/** An allowance of an account that the caller names, and who is not asked. */
function isGranted(run: EntryRun, write: WriteVisit, spent: ReadonlySet<string>, runs: Runs): boolean {
  const { slot, state, value, node } = write;
  const [whose, by] = slot.keys;
  if (!whose || !by || slot.keys.length !== 2 || !spent.has(placeOf(run, write)) || shrinks(write))
    return false;
  if (node['operator'] === 'delete' || (value !== undefined && isZero(value))) return false;
  if (!isParameter(whose) || isSender(whose.node, whose.frame)) return false;
  // What grows for the sender is what they paid in.
  if (node['operator'] === '+=' && isSender(by.node, by.frame)) return false;
  return state.auth.length === 0 && !runs.once(state) && !asksSender(state) && !isToldSender(write.frame);
}

function placeOf({ context }: EntryRun, { slot }: WriteVisit): string {
  return `${context.node.id}:${slot.key}`;
}

function shrinks(write: WriteVisit): boolean {
  const { node, value, frame } = write;
  if (node['operator'] === 'delete') return false;
  if (takesAway(write)) return true;
  return value !== undefined && textOf(resolve(value, frame).node, 'operator') === '-';
}

function isTakenFromNamed(
  run: EntryRun,
  write: WriteVisit,
  personal: ReadonlySet<string>,
  runs: Runs,
): boolean {
  const [key, ...more] = write.slot.keys;
  if (!key || more.length > 0 || !shrinks(write) || !/^uint/.test(numberType(write))) return false;
  if (!personal.has(placeOf(run, write)) || !isParameter(key) || runs.once(write.state)) return false;
  if (write.state.auth.length > 0 || asksSender(write.state) || involvesSender(run)) return false;
  const gate = from.time | from.block | from.hash | from.external | from.value;
  const isGated = clausesOf(write.state).some((clause) =>
    clause.some((atom) => hasBits(taintOf(atom.node, atom.frame), gate)),
  );
  return !isGated && !isKeptByOwner(run, write, keyOf(key.node, key.frame));
}

function numberType({ node }: WriteVisit): string {
  return typeOf(childOf(node, 'leftHandSide') ?? childOf(node, 'subExpression'));
}

/** What the caller wrote, as it came. */
function isParameter({ node, frame }: Ref): boolean {
  const at = resolve(node, frame);
  const id = at.node.nodeType === 'Identifier' ? referenceOf(at.node) : undefined;
  return (
    at.frame.parent === undefined &&
    isAccount(at) &&
    at.frame.callable.parameters.some((one) => one.id === id)
  );
}

/** Something of the sender's changes too, such as an allowance, or the sender pays for it. */
function involvesSender({ visits }: EntryRun): boolean {
  const isPersonal = ({ slot }: WriteVisit) => slot.keys.some((key) => mentionsSender(key.node, key.frame));
  if (visits.writes.some(isPersonal)) return true;
  return visits.calls.some(
    ({ call, frame }) =>
      (call.kind === 'external' || call.kind === 'low-level' || call.kind === 'internal') &&
      /transferFrom|burn|permit|spend/i.test(
        textOf(call.callee, 'memberName') || textOf(call.callee, 'name'),
      ) &&
      call.arguments.some((each) => mentionsSender(each, frame)),
  );
}

/** It goes to the account itself: paid out to it, or into another record under its name. */
function isKeptByOwner({ visits }: EntryRun, taken: WriteVisit, owner: string): boolean {
  const isOwner = (node: AstNode, frame: Ref['frame']) => keyOf(node, frame) === owner;
  const isMoved = visits.writes.some(
    (other) =>
      !shrinks(other) &&
      other.slot.key !== taken.slot.key &&
      other.slot.keys.some((key) => isOwner(key.node, key.frame)),
  );
  return (
    isMoved ||
    visits.calls.some(({ call, frame }) => {
      if (call.kind === 'transfer' || call.kind === 'send' || call.kind === 'low-level')
        return isOwner(call.address, frame);
      if (call.kind !== 'internal' && call.kind !== 'external') return false;
      const name = textOf(call.callee, 'memberName') || textOf(call.callee, 'name');
      // The first one that `_transfer` and `transferFrom` are given is who pays.
      const given = /^_(safe)?transfer$|transferFrom$/i.test(name) ? call.arguments.slice(1) : call.arguments;
      return /transfer|mint|pay|send/i.test(name) && given.some((each) => isOwner(each, frame));
    })
  );
}
