import type { Detector, Report } from '../detector.ts';
import { childOf, textOf, typeOf } from '../ir/ast.ts';
import { type Atom, clausesOf, equalSides } from '../ir/conditions.ts';
import { isMeantAsConstructor } from '../ir/constructors.ts';
import { inEntry, isSender, outermost, type Ref } from '../ir/frames.ts';
import { isAccount } from '../ir/places.ts';
import type { Program } from '../ir/program.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { isZero, literalBoolean, overlaps, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Anybody may set the variable by which the contract tells who may do what. */
export const openAuthority: Detector = {
  id: 'open-authority',
  category: 'access-control',
  severity: 'critical',
  confidence: 'high',
  title: 'Anyone can make themselves privileged',
  why: 'A check of the sender is worth as much as the variable that it looks at. This one can be set by anybody to a value of their choice.',
  exploit:
    'An attacker sets the variable to an account of their own in one transaction, and does what is kept for the owner in the next.',
  fix: 'Put the check in front of the function that sets the variable too (`onlyOwner`), let an initialiser run once, and set owners in the constructor.',
  references: ['SWC-105', 'CWE-284', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
// The owner is kept behind a pointer, as in OpenZeppelin's upgradeable contracts.
library Seat {
    struct Data { address holder; uint256 since; }
    function data() internal pure returns (Data storage its) { assembly { its.slot := 0x5ea7 } }
}
contract Council {
    uint256 public dues;
    function sit(address who) external {
        Seat.data().holder = who; // <-- finding
    }
    function setDues(uint256 dues_) external { require(msg.sender == Seat.data().holder); dues = dues_; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Led {
    address internal lead;
    function _name(address who) internal { require(who != address(0)); lead = who; }
}
contract Crew is Led {
    constructor() { _name(msg.sender); }
    receive() external payable {}
    function next(address who) external { require(msg.sender == lead); _name(who); }
    function rescue(address who) external { if (who != lead) _name(who); } // <-- finding
    function pay(address payable to) external { require(msg.sender == lead); to.transfer(1 ether); }
}
`,
    `pragma solidity ^0.4.24;
// Payable, and yet nothing has to be paid for it.
contract Raffle {
    address public host;
    constructor() public { host = msg.sender; }
    function () public payable {
        if (msg.data.length == 4) host = msg.sender; // <-- finding
    }
    function collect() public { require(host == msg.sender); host.transfer(address(this).balance); }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Treasury {
    address public owner;
    mapping(address => bool) public keepers;
    modifier onlyOwner() { require(msg.sender == owner, "no"); _; }
    constructor() { owner = msg.sender; }
    function initialize(address newOwner) external {
        owner = newOwner; // <-- finding
    }
    function addKeeper(address keeper) external {
        _set(keeper, true);
    }
    function _set(address keeper, bool yes) internal { keepers[keeper] = yes; } // <-- finding
    function sweep(address payable to) external onlyOwner { to.transfer(address(this).balance); }
    function pay(address payable to, uint256 amount) external {
        require(keepers[msg.sender], "no keeper");
        to.transfer(amount);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
contract Press is AccessControl {
    struct Terms { address chair; uint256 fee; }
    bytes32 public constant PRINTER = keccak256("PRINTER");
    Terms public terms;
    address public pending;
    uint256 public pages;
    constructor() { _grantRole(DEFAULT_ADMIN_ROLE, msg.sender); terms.chair = msg.sender; }
    function join() external {
        _grantRole(PRINTER, msg.sender); // <-- finding
    }
    function print() external onlyRole(PRINTER) { pages++; }
    function offer(address next) external { require(msg.sender == terms.chair); pending = next; }
    function accept() external {
        require(pending != address(0));
        terms.chair = msg.sender; // <-- finding
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.5.17;
// A copy of OpenZeppelin's initialiser under other names, and a time that is no role.
contract Rise {
    bool private up;
    bool private rising;
    modifier dawn() {
        require(rising || !up, "up");
        bool first = !rising;
        if (first) { rising = true; up = true; }
        _;
        if (first) rising = false;
    }
}
contract Guild is Rise {
    address public elder;
    mapping(address => bool) public member;
    mapping(address => uint64) public since;
    function found(address elder_) external dawn { // <-- guard: function found(address elder_) external {
        elder = elder_;
    }
    function admit(address who) external { require(msg.sender == elder); member[who] = true; }
    function wait_() external { since[msg.sender] = uint64(block.timestamp); }
    function leave() external { require(since[msg.sender] != 0); member[msg.sender] = false; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Treasury {
    address public owner;
    address public host;
    uint256 public fee;
    bool private done;
    mapping(address => bool) public keepers;
    mapping(address => address) public delegates;
    constructor() { owner = msg.sender; }
    function _onlyOwner() internal view { if (msg.sender != owner) revert(); }
    function initialize(address newOwner) external {
        require(!done);
        done = true;
        owner = newOwner;
    }
    function addKeeper(address keeper) external { _onlyOwner(); keepers[keeper] = true; }
    // A place that is bought, from whoever has it.
    function become() external payable { require(msg.value > fee); fee = msg.value; host = msg.sender; }
    function greet() external view { require(msg.sender == host); }
    function resign() external { require(msg.sender == owner); owner = address(0); }
    function delegate(address to) external { delegates[msg.sender] = to; }
    function pay(address payable to, uint256 amount) external {
        require(keepers[msg.sender], "no keeper");
        to.transfer(amount);
    }
}
`,
  ],
  run({ program, runs }, report) {
    const guards = guardsOf(runs);
    for (const [key, write] of runs.openPlaces) {
      const guarded = guards
        .get(write.slot.base)
        ?.find(({ place }) => place === undefined || overlaps(place, key));
      if (!guarded || !namesAccounts(write, program)) continue;
      if (isTakenInTurn(write) || followsFromAnother(write, runs)) continue;
      const { callable } = outermost(write.frame);
      // Bought at a price that whoever comes next has to pay too.
      if (callable.mutability === 'payable' && asksForMoney(write)) continue;
      if (isMeantAsConstructor(program, callable)) continue;
      tell({ write, guarded: guarded.entry, shared: isShared(runs, write) }, program, report);
    }
    for (const write of givenAway(runs, guards)) {
      const guarded = guards.get(write.slot.base)?.[0];
      if (guarded) tell({ write, guarded: guarded.entry, shared: isShared(runs, write) }, program, report);
    }
  },
};

/** How much came in decides, or what was paid before. */
function asksForMoney({ state }: WriteVisit): boolean {
  return state.conditions.some(({ node, frame }) => {
    const taint = taintOf(node, frame);
    return taint.variables.size > 0 || hasBits(taint, from.value | from.balance);
  });
}

interface Guard {
  entry: string;
  place: string | undefined;
}

/** By variable, the functions that ask for who the variable says. */
function guardsOf(runs: Runs): Map<number, Guard[]> {
  const guards = new Map<number, Guard[]>();
  for (const { visits, role, entry } of runs.entries) {
    if (role === 'constructor') continue;
    for (const { state } of [...visits.calls, ...visits.writes])
      for (const { holder, variables, place } of state.auth) {
        if (holder) continue;
        for (const id of variables) {
          const known = guards.get(id) ?? [];
          if (!known.some((guard) => guard.place === place))
            guards.set(id, [...known, { entry: entry.name, place }]);
        }
      }
  }
  return guards;
}

/** Constructors, or functions that ask who calls, set it by the same line: the fault is in the one that does not ask. */
function isShared(runs: Runs, { node, frame }: WriteVisit): boolean {
  if (!frame.parent) return false;
  return runs.entries.some(({ role, visits }) =>
    visits.writes.some(
      (other) => other.node === node && (role === 'constructor' || runs.privileged(other.state)),
    ),
  );
}

function tell(
  { write, guarded, shared }: { write: WriteVisit; guarded: string; shared: boolean },
  program: Program,
  report: Report,
): void {
  const name =
    textOf(program.stateVariable(write.slot.base), 'name') || (write.slot.key.split('.').at(-1) ?? '');
  const { node, frame } = shared ? inEntry(write) : inOwnCode(write, program);
  report({ node, frame, message: `Anyone can set \`${name}\`, which decides who may call ${guarded}.` });
}

/** What a library writes is seen where it is called. */
function inOwnCode({ node, frame }: WriteVisit, program: Program): Ref {
  let at: Ref = { node, frame };
  const isLibrary = (ref: Ref) => ref.frame.callable.contract?.kind === 'library' || !program.isOwn(ref.node);
  while (isLibrary(at) && at.frame.parent && at.frame.via)
    at = { node: at.frame.via, frame: at.frame.parent };
  return at;
}

/** An account or contract, or a record for each account of what it may do. */
function namesAccounts({ slot, node }: WriteVisit, program: Program): boolean {
  const whole = typeOf(program.stateVariable(slot.base));
  if (/^(address|contract )/.test(whole) || /^mapping\(address => (bool|enum |uint8)/.test(whole))
    return true;
  const type = typeOf(childOf(node, 'leftHandSide') ?? childOf(node, 'subExpression'));
  // Whom the caller lets act for them is theirs to say.
  if (slot.keys.slice(0, -1).some((key) => isSender(key.node, key.frame))) return false;
  if (slot.keys.length === 0) return slot.key.includes('.') && /^address/.test(type);
  return isAccount(slot.keys.at(-1)) && /^(bool|enum |uint8$)/.test(type);
}

/** A place that is taken in its turn: a phase or a flag was looked at. That some account is named is neither. */
function isTakenInTurn({ state }: WriteVisit): boolean {
  if (state.checked.size === 0) return false;
  const isNamed = (atom: Atom) =>
    equalSides(atom, false)?.some(({ node }) => isZero(node)) === true &&
    equalSides(atom, false)?.some(({ node }) => /^address/.test(typeOf(node))) === true;
  return !clausesOf(state).every((clause) => clause.every(isNamed));
}

/** Whoever may write here is named by another place that anybody may set: mending that one mends this one. */
function followsFromAnother({ state, slot }: WriteVisit, runs: Runs): boolean {
  return state.auth.some(
    ({ holder, variables }) => !holder && variables.some((id) => id !== slot.base && runs.open.has(id)),
  );
}

/** Flags of accounts that somebody privileged gives in one function, and that whoever asks gets in another. */
function givenAway(runs: Runs, guards: ReadonlyMap<number, Guard[]>): WriteVisit[] {
  const given = new Set<string>();
  const free: WriteVisit[] = [];
  for (const run of runs.entries) {
    if (run.role !== 'entry') continue;
    for (const write of run.visits.writes) {
      const { slot, state, value } = write;
      if (!guards.has(slot.base) || slot.keys.length === 0 || !value || literalBoolean(value) === false)
        continue;
      if (state.auth.some(({ holder }) => !holder)) given.add(slot.key);
      else if (isFree(run, write)) free.push(write);
    }
  }
  return free.filter(({ slot }) => given.has(slot.key));
}

function isFree(run: EntryRun, { slot, state }: WriteVisit): boolean {
  if (run.signed || run.entry.mutability === 'payable' || state.auth.length > 0) return false;
  if (!slot.keys.some((key) => hasBits(taintOf(key.node, key.frame), from.parameter | from.sender)))
    return false;
  return clausesOf(state).every((clause) =>
    clause.every(({ node, frame }) => {
      const place = slotOf(node, frame);
      return place?.exact === slot.exact || !hasBits(taintOf(node, frame), ~from.parameter);
    }),
  );
}
