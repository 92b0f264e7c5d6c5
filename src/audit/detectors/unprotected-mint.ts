import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeOf } from '../ir/ast.ts';
import { asksSender, atomsOf, clausesOf } from '../ir/conditions.ts';
import { inEntry, isSender } from '../ir/frames.ts';
import { mentionsSender } from '../ir/mentions.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { isZero, slotOf } from '../ir/storage.ts';
import { chosenByCaller, from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Whoever asks is credited with as much as they ask for. */
export const unprotectedMint: Detector = {
  id: 'unprotected-mint',
  category: 'access-control',
  severity: 'critical',
  confidence: 'medium',
  title: 'Anyone can make balances out of nothing',
  why: 'A balance grows by an amount that the caller names. Nobody is asked who calls, nothing comes in for it, and no other balance shrinks.',
  exploit:
    'An attacker credits themselves with as much as they like and sells it, or withdraws what others put in.',
  fix: 'Let only a minter call it (`onlyOwner`, `onlyRole(MINTER_ROLE)`), or take what the balance stands for first.',
  references: ['SWC-105', 'CWE-862', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `pragma solidity ^0.4.24;
contract Coin {
    mapping(address => uint256) public coins;
    function give(address to, uint256 amount) public {
        require(coins[msg.sender] >= amount);
        coins[msg.sender] = coins[msg.sender] - amount;
        coins[to] += amount;
    }
    function set(address who, uint256 amount) public {
        coins[who] = amount; // <-- finding
    }
    mapping(address => uint256) public prize;
    function () public payable {}
    function award(address who, uint256 amount) public { prize[who] = amount; } // <-- finding
    function collect() public { uint256 all = prize[msg.sender]; prize[msg.sender] = 0; msg.sender.transfer(all); }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Coin is ERC20("Coin", "C") {
    function mint(address to, uint256 amount) external {
        require(to != address(0) && totalSupply() + amount < 1e30);
        _mint(to, amount); // <-- finding
    }
}
contract Points {
    mapping(address => uint256) public points;
    uint256 public total;
    function award(address who, uint256 amount) external {
        total += amount;
        _credit(who, amount); // <-- finding
    }
    function _credit(address who, uint256 amount) internal { points[who] += amount; }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Coin {
    address public issuer = msg.sender;
    mapping(address => uint256) public coins;
    mapping(address => uint256) public limit;
    function give(address to, uint256 amount) public {
        require(coins[msg.sender] >= amount);
        coins[msg.sender] = coins[msg.sender] - amount;
        coins[to] += amount;
    }
    function set(address who, uint256 amount) public {
        require(msg.sender == issuer);
        coins[who] = amount;
    }
    function setLimit(uint256 amount) public { limit[msg.sender] = amount; }
    // A time is nothing to spend.
    mapping(address => uint256) public heldUntil;
    function hold() public { heldUntil[msg.sender] = now + 1 weeks; }
    function holdLonger(uint256 time) public { heldUntil[msg.sender] += time; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
contract Coin is ERC20("Coin", "C") {
    address public minter = msg.sender;
    IERC20 public asset;
    constructor(IERC20 asset_) { asset = asset_; }
    function mint(address to, uint256 amount) external { require(msg.sender == minter); _mint(to, amount); }
    function wrap(uint256 amount) external { require(asset.transferFrom(msg.sender, address(this), amount)); _mint(msg.sender, amount); }
    function burn(uint256 amount) external { _burn(msg.sender, amount); }
}
contract Points {
    mapping(address => uint256) public points;
    mapping(address => uint256) public claimable;
    mapping(address => uint256) public votes;
    mapping(address => mapping(address => uint256)) public allowance;
    function allowMore(address spender, uint256 amount) external { allowance[msg.sender][spender] += amount; }
    function pass(address to, uint256 amount) external { points[msg.sender] -= amount; points[to] += amount; }
    function claim(uint256 amount) external { claimable[msg.sender] -= amount; points[msg.sender] += amount; }
    function buy(address to) external payable { points[to] += msg.value; }
}
interface Till { function pay(address to, uint256 amount) external; }
contract Advances {
    Till public till;
    mapping(address => uint256) public pledged;
    mapping(address => uint256) public advanced;
    constructor(Till till_) { till = till_; }
    function limitOf(address who) public view returns (uint256) { return pledged[who] / 2; }
    function draw(address to, uint256 amount) external {
        advanced[msg.sender] += amount;
        require(advanced[msg.sender] <= limitOf(msg.sender), "too much"); // <-- guard: require(amount > 0, "nothing");
        till.pay(to, amount);
    }
}
`,
  ],
  run({ runs }, report) {
    const personal = spentBySender(runs);
    const times = placesOfTimes(runs);
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed || run.entry.mutability === 'payable' || isPaidFor(run))
        continue;
      const write = run.visits.writes.find(
        (each) =>
          !times.has(each.slot.key) &&
          (isCredit(each) || isSet(each, personal.get(run.context))) &&
          !isGated(each, runs) &&
          !isOwed(each, run),
      );
      if (!write) continue;
      report({
        ...inEntry(write),
        message: `${run.entry.name} credits an account with whatever amount the caller names.`,
        steps: [{ node: write.node, frame: write.frame, note: 'the balance grows here' }],
      });
    }
  },
};

/** `balances[to] += amount` with an amount and an account of the caller's. */
function isCredit({ slot, node, value, frame }: WriteVisit): boolean {
  const added = addedBy(node, value);
  const name = textOf(frame.program.stateVariable(slot.base), 'name');
  // What somebody owes grows at their own cost.
  if (/allowance|approv|debt|borrow|loan|owes|liabilit|request|vote|bid/i.test(`${name} ${slot.key}`))
    return false;
  // What somebody allows another takes nothing from anybody else.
  if (slot.keys.length > 1 && slot.keys.some((each) => isSender(each.node, each.frame))) return false;
  if (!added || slot.keys.length === 0 || !/^uint/.test(typeOf(added))) return false;
  const [key] = slot.keys;
  const isAccount = key !== undefined && /^(address|contract )/.test(typeOf(key.node));
  if (!isAccount || !hasBits(taintOf(key.node, key.frame), chosenByCaller)) return false;
  const taint = taintOf(added, frame);
  return hasBits(taint, from.parameter) && !hasBits(taint, ~from.parameter) && taint.variables.size === 0;
}

/** `balances[who] = amount`, in a place from which senders spend. */
function isSet({ slot, node, value, frame }: WriteVisit, personal: ReadonlySet<string> | undefined): boolean {
  const [key, ...more] = slot.keys;
  if (!key || more.length > 0 || !value || node['operator'] !== '=' || !personal?.has(slot.key)) return false;
  if (!/^(address|contract )/.test(typeOf(key.node)) || !/^uint/.test(typeOf(value))) return false;
  if (!hasBits(taintOf(key.node, key.frame), chosenByCaller)) return false;
  const taint = taintOf(value, frame);
  return taint.bits === from.parameter && taint.variables.size === 0;
}

/** Places that hold times: `unlockAt[msg.sender] = now + 1 weeks`. */
function placesOfTimes({ entries }: Runs): ReadonlySet<string> {
  const times = from.time | from.block;
  const written = entries.flatMap(({ visits }) =>
    visits.writes.filter(({ value, frame }) => value && hasBits(taintOf(value, frame), times)),
  );
  const compared = entries.flatMap((run) =>
    atomsOf(run).flatMap(({ node, frame }) => {
      const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
      if (!sides.some((side) => side && hasBits(taintOf(side, frame), times))) return [];
      return sides.flatMap((side) => (side && slotOf(side, frame)) ?? []);
    }),
  );
  return new Set([...written.map(({ slot }) => slot.key), ...compared.map(({ key }) => key)]);
}

/** Places of each contract from which a sender's own share is taken. */
function spentBySender({ entries }: Runs): Map<EntryRun['context'], Set<string>> {
  const found = new Map<EntryRun['context'], Set<string>>();
  for (const { context, role, visits } of entries) {
    if (role !== 'entry') continue;
    const places = found.get(context) ?? new Set<string>();
    found.set(context, places);
    const pays = visits.calls.some(({ call }) => ['transfer', 'send', 'low-level'].includes(call.kind));
    for (const { slot, node, value } of visits.writes) {
      const isEmptied = pays && (node['operator'] === 'delete' || (value !== undefined && isZero(value)));
      const shrinks =
        isEmptied || node['operator'] === '-=' || (value !== undefined && textOf(value, 'operator') === '-');
      if (shrinks && slot.keys.some((key) => isSender(key.node, key.frame))) places.add(slot.key);
    }
  }
  return found;
}

/** What must stay below something that the caller has is what they owe, or use up. */
function isOwed({ slot, node }: WriteVisit, { visits }: EntryRun): boolean {
  return visits.calls.some(({ state }) =>
    state.conditions.some((condition) =>
      descendants(condition.node, 'BinaryOperation').some((item) => {
        if (!/^[<>]=?$/.test(textOf(item, 'operator'))) return false;
        const sides = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
        const at = sides.findIndex(
          (side) => side !== undefined && side !== node && slotOf(side, condition.frame)?.key === slot.key,
        );
        const other = sides[1 - at];
        return at >= 0 && other !== undefined && mentionsSender(other, condition.frame);
      }),
    ),
  );
}

function addedBy(node: AstNode, value: AstNode | undefined): AstNode | undefined {
  if (node['operator'] === '+=') return childOf(node, 'rightHandSide');
  return value && textOf(value, 'operator') === '+' ? childOf(value, 'rightExpression') : undefined;
}

function isGated({ state }: WriteVisit, runs: Parameters<Detector['run']>[0]['runs']): boolean {
  if (state.auth.length > 0 && runs.authorised(state)) return true;
  const proof = from.hash | from.external | from.keyed | from.value | from.time;
  return (
    runs.once(state) ||
    asksSender(state) ||
    clausesOf(state).some((clause) => clause.every((atom) => hasBits(taintOf(atom.node, atom.frame), proof)))
  );
}

/** A mint goes through what moves balances too, from nobody. */
function isInMint(frame: WriteVisit['frame']): boolean {
  for (let at: typeof frame | undefined = frame; at; at = at.parent)
    if (/^_mint/i.test(at.callable.name)) return true;
  return false;
}

/** A wrapper around a token, whose call may be in assembly. */
function takes({ callee }: EntryRun['visits']['calls'][number]['call']): boolean {
  return /transferFrom|pull|collect|permit|burn/i.test(
    textOf(callee, 'memberName') || textOf(callee, 'name'),
  );
}

/** Something of the sender's comes in, or a record shrinks, or something is asked of another contract. */
function isPaidFor({ visits }: EntryRun): boolean {
  const shrinks = visits.writes.some(
    ({ slot, node, value, frame }) =>
      slot.keys.length > 0 &&
      !isInMint(frame) &&
      (/^(-=|--|delete)$/.test(String(node['operator'])) ||
        (value !== undefined && textOf(value, 'operator') === '-') ||
        (value !== undefined &&
          !addedBy(node, value) &&
          slot.keys.some((key) => isSender(key.node, key.frame)))),
  );
  return (
    shrinks ||
    visits.calls.some(
      ({ call, frame }) =>
        takes(call) ||
        ((call.kind === 'external' || call.kind === 'low-level') &&
          call.arguments.some((each) => mentionsSender(each, frame))),
    )
  );
}
