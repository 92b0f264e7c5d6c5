import type { Audited, Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { clausesOf } from '../ir/conditions.ts';
import { constantOf } from '../ir/constants.ts';
import { resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isAlone, isGiven, isLimited, isSenders, type Read, readsOf, requiredIn } from '../ir/places.ts';
import type { EntryRun } from '../ir/runs.ts';
import { isMadeOf, nameOf, sourcesOf } from '../ir/sources.ts';
import { isZero, keyOf, slotOf } from '../ir/storage.ts';
import { changeOf } from '../ir/sums.ts';
import { givesToSender, isOwnTokens, type Move, movesOf, takesFromSender } from '../ir/token-moves.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** What a trade costs or gives is decided by values that others change before it is mined. */
export const priceWithoutLimit: Detector = {
  id: 'price-without-limit',
  category: 'front-running',
  severity: 'medium',
  confidence: 'medium',
  title: 'The caller cannot limit what a trade costs or gives',
  why: 'The price is read when the transaction is mined, not when it was signed. Whoever may change it, or trades first, decides what the caller pays or gets.',
  exploit:
    'A seller sees an order in the mempool, raises the price in a transaction with a higher fee, and the buyer pays whatever is approved. In a pool a searcher trades before and after.',
  fix: 'Let the caller name the most that they pay, or the least that they take, and revert beyond it.',
  references: ['SWC-114', 'CWE-362', 'OWASP-SC07:2025', 'EEA-EthTrust: Protect Against Front-Running'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
contract Shop {
    struct Item { address seller; uint256 price; uint256 left; }
    IERC20 public immutable usd;
    mapping(uint256 => Item) public items;
    constructor(IERC20 given) { usd = given; }
    function list(uint256 id, uint256 price, uint256 left) external {
        require(items[id].seller == address(0));
        items[id] = Item(msg.sender, price, left);
    }
    function reprice(uint256 id, uint256 price) external {
        require(items[id].seller == msg.sender);
        items[id].price = price;
    }
    function buy(uint256 id, uint256 count) external {
        Item storage item = items[id];
        require(count <= item.left);
        item.left -= count;
        _pay(item.seller, item.price * count);
    }
    function _pay(address to, uint256 due) private {
        require(usd.transferFrom(msg.sender, to, due)); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Pool {
    IERC20 public a;
    IERC20 public b;
    uint256 public inA = 1e18;
    uint256 public inB = 1e18;
    function sell(uint256 amount) external {
        uint256 out = inB * amount / (inA + amount);
        require(amount < 1e24 && out > 0 && amount <= inB);
        inA += amount;
        inB -= out;
        require(a.transferFrom(msg.sender, address(this), amount));
        require(b.transfer(msg.sender, out)); // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
library SafeMath {
    function sub(uint a, uint b) internal pure returns (uint) { require(b <= a); return a - b; }
    function mul(uint a, uint b) internal pure returns (uint c) { c = a * b; require(a == 0 || c / a == b); }
}
contract Mill {
    using SafeMath for uint;
    address public miller = msg.sender;
    uint public perSack;
    uint public sacksPerEther = 20;
    mapping(address => uint) public sacks;
    function setPerSack(uint price) public { require(msg.sender == miller); perSack = price; }
    function setSacksPerEther(uint count) public { require(msg.sender == miller && count > 0); sacksPerEther = count; }
    function sell(uint count) public {
        sacks[msg.sender] = sacks[msg.sender].sub(count);
        msg.sender.transfer(count.mul(perSack)); // <-- finding
    }
    function buy() public payable {
        sacks[msg.sender] += msg.value.mul(sacksPerEther) / 1 ether; // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function balanceOf(address who) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Pair {
    IERC20 public immutable a;
    IERC20 public immutable b;
    constructor(IERC20 one, IERC20 other) { a = one; b = other; }
    function sell(uint256 amount) external {
        uint256 heldA = a.balanceOf(address(this));
        uint256 out = amount * b.balanceOf(address(this)) / (heldA + amount);
        require(a.transferFrom(msg.sender, address(this), amount) && out > 0);
        require(b.transfer(msg.sender, out)); // <-- finding
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Mill {
    address public miller = msg.sender;
    uint public perSack;
    mapping(address => uint) public sacks;
    mapping(address => uint) public owed;
    function setPerSack(uint price) public { require(msg.sender == miller); perSack = price; }
    function sell(uint count, uint least) public {
        require(count * perSack >= least);
        sacks[msg.sender] -= count;
        msg.sender.transfer(count * perSack);
    }
    // What is paid is the limit.
    function buy(uint count) public payable {
        require(msg.value >= count * perSack);
        sacks[msg.sender] += count;
        msg.sender.transfer(msg.value - count * perSack);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Shop {
    IERC20 public immutable usd;
    address public owner = msg.sender;
    uint256 public price;
    uint256 public inA = 1e18;
    uint256 public inB = 1e18;
    mapping(address => uint256) public debt;
    uint256 public constant FIXED = 5;
    constructor(IERC20 given) { usd = given; }
    function setPrice(uint256 next) external { require(msg.sender == owner); price = next; }
    function buy(uint256 count, uint256 most) external {
        uint256 due = price * count;
        require(due <= most, "dearer");
        require(usd.transferFrom(msg.sender, owner, due));
    }
    function buyAt(uint256 count, uint256 expected) external {
        require(price == expected);
        require(usd.transferFrom(msg.sender, owner, expected * count));
    }
    function buyFixed(uint256 count) external { require(usd.transferFrom(msg.sender, owner, FIXED * count)); }
    function charge(address who, uint256 amount) external { require(msg.sender == owner); debt[who] += amount; }
    function settle() external { require(usd.transferFrom(msg.sender, owner, debt[msg.sender])); debt[msg.sender] = 0; }
    function sell(uint256 amount, uint256 least) external {
        uint256 out = inB * amount / (inA + amount);
        if (out < least) revert();
        inA += amount;
        inB -= out;
        require(usd.transferFrom(msg.sender, address(this), amount));
        require(usd.transfer(msg.sender, out));
    }
}
`,
  ],
  run(audited, report) {
    const { program, runs } = audited;
    const changes = changesOf(audited);
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed || isStandard(run)) continue;
      const moves = movesOf(run);
      const required = requiredIn(run.visits);
      for (const move of [...moves, ...creditsOf(run)]) {
        const { visit, amount } = move;
        const { frame, state } = visit;
        if (isAlone(state) || isLimited(amount, frame, [...state.conditions, ...required])) continue;
        const cost = costOf(move, run, changes);
        const gain = cost ? undefined : gainOf(move, { moves, run, changes });
        const moved = cost ?? gain;
        if (!moved) continue;
        // What stands in a pool's own holdings, every trade changes.
        const anyone = moved.by.length === 0 || moved.by.some((write) => !runs.privileged(write.state));
        // A share of everything mostly keeps its value when others come and go.
        const isSteady = cost ? moved.by.every((write) => isCapped(write)) : !anyone || isShared(run, moves);
        const shown = codeOf(program, amount, 40);
        const changed = moved.by[0];
        report({
          node: visit.node,
          frame,
          ...(isSteady ? { severity: 'low', confidence: 'low' } : {}),
          message: cost
            ? `${run.entry.name} takes \`${shown}\` from the caller, whatever it has become in the meantime.`
            : `${run.entry.name} gives the caller \`${shown}\`, however little it has become in the meantime.`,
          steps: changed ? [{ node: changed.node, frame: changed.frame, note: 'the rate changes here' }] : [],
        });
      }
    }
  },
};

/** A move, or an amount that is written down for the sender. */
type Gain = Omit<Move, 'kind' | 'visit'> & {
  kind: Move['kind'] | 'credit';
  visit: Pick<Move['visit'], 'node' | 'frame' | 'state'>;
};

/** `balances[msg.sender] += amount` */
function creditsOf({ visits }: EntryRun): Gain[] {
  return visits.writes.flatMap((visit): Gain[] => {
    const change = changeOf(visit);
    const isCredit =
      change?.sign === '+' &&
      !/mint/i.test(visit.frame.callable.name) &&
      visit.slot.keys.length > 0 &&
      isSenders(visit.slot);
    return isCredit
      ? [{ visit, kind: 'credit', token: undefined, from: undefined, to: undefined, amount: change.by }]
      : [];
  });
}

type Changes = ReadonlyMap<string, { run: EntryRun; write: WriteVisit }[]>;

/** Writes of entry points, by the place they change. */
function changesOf({ runs }: Audited): Changes {
  const found = new Map<string, { run: EntryRun; write: WriteVisit }[]>();
  for (const run of runs.entries) {
    if (run.role !== 'entry') continue;
    for (const write of run.visits.writes) {
      if (runs.once(write.state) || write.node['operator'] === 'delete' || isMade(write)) continue;
      const list = found.get(write.slot.key);
      if (list) list.push({ run, write });
      else found.set(write.slot.key, [{ run, write }]);
    }
  }
  return found;
}

/** The record is new: under a number that was just counted up, or one that nothing stood under. */
function isMade({ slot, state }: WriteVisit): boolean {
  if (
    slot.keys.some((key) => isMadeOf(key.node, key.frame, (part) => textOf(part.node, 'operator') === '++'))
  )
    return true;
  const record = slot.exact.replace(/\.[^\]]*$/, '');
  return clausesOf(state).some((clause) => {
    const [only] = clause;
    if (!only || clause.length > 1 || textOf(only.node, 'operator') !== (only.truth ? '==' : '!='))
      return false;
    const [left, right] = [childOf(only.node, 'leftExpression'), childOf(only.node, 'rightExpression')];
    const other = left && isZero(left) ? right : right && isZero(right) ? left : undefined;
    return other !== undefined && (slotOf(other, only.frame)?.exact.startsWith(record) ?? false);
  });
}

/** A number in the code is the most that it can become. */
function isCapped({ state, value, frame }: WriteVisit): boolean {
  const key = value && keyOf(value, frame);
  return state.conditions.some((condition) =>
    descendants(condition.node, 'BinaryOperation').some((item) => {
      const sides = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
      if (!/^[<>]=?$/.test(textOf(item, 'operator'))) return false;
      return (
        sides.some((side) => side && keyOf(side, condition.frame) === key) &&
        sides.some((side) => (constantOf(frame.program, side) ?? 0n) > 0n)
      );
    }),
  );
}

// A vault's interface is fixed by ERC-4626; limits are for whoever calls it.
function isStandard({ entry }: EntryRun): boolean {
  return /^(deposit|mint)\(uint256,address\)$|^(withdraw|redeem)\(uint256,address,address\)$/.test(
    entry.signature,
  );
}

/** Tokens of the caller, at a price that another function sets. */
function costOf(move: Gain, run: EntryRun, changes: Changes): { by: WriteVisit[] } | undefined {
  if (move.kind !== 'pull' || !takesFromSender(move as Move) || isGiven(move.amount, move.visit.frame))
    return undefined;
  const { auth } = move.visit.state;
  // What stands in a record of the sender's, they have agreed to.
  const others = shared(readsOf(move.amount, move.visit.frame)).filter(
    ({ slot }) => !auth.some((fact) => fact.holder && fact.variables.includes(slot.base)),
  );
  const by = others.flatMap(({ slot }) =>
    (changes.get(slot.key) ?? []).flatMap(({ run: other, write }) => {
      // A debt or deposit that its own holder adds to is no price.
      const isAccount = isSenders(write.slot) && changeOf(write) !== undefined;
      return other.entry !== run.entry && write.value !== undefined && !isAccount ? [write] : [];
    }),
  );
  return by.length > 0 ? { by } : undefined;
}

/** What the caller gets for something, at a rate that moves. */
function gainOf(
  move: Gain,
  { moves, run, changes }: { moves: Move[]; run: EntryRun; changes: Changes },
): { by: WriteVisit[] } | undefined {
  const { frame } = move.visit;
  if (
    move.kind === 'pull' ||
    move.kind === 'burn' ||
    !(move.kind === 'credit' || givesToSender(move as Move))
  )
    return undefined;
  const parts = sourcesOf(move.amount, frame);
  const isInput = parts.some((part) => isGiven(part.node, part.frame) || isValue(part.node));
  if (!isInput || isChange(move)) return undefined;
  const paid = moves.some((other) => takesFromSender(other)) || run.entry.mutability === 'payable';
  const booked = run.visits.writes.some((write) => isSenders(write.slot) && changeOf(write)?.sign === '-');
  if (!paid && !booked) return undefined;
  const by = shared(readsOf(move.amount, frame)).flatMap(({ slot }) =>
    (changes.get(slot.key) ?? []).map(({ write }) => write),
  );
  const isQuotient = parts.some(
    (part) =>
      textOf(part.node, 'operator') === '/' ||
      /mulDiv|^div$/i.test(textOf(childOf(part.node, 'expression'), 'memberName')),
  );
  const isHeld = parts.some((part) => isOwnTokens(part.node, part.frame));
  if (!isQuotient) {
    // `amount * price`, of a price that another function sets anew.
    const isTimes = parts.some((part) =>
      /^\*$|^mul$/.test(textOf(part.node, 'operator') || nameOf(part.node)),
    );
    const set = by.filter((write) => write.value && !changeOf(write));
    return isTimes && set.length > 0 ? { by: set } : undefined;
  }
  if (by.length === 0 && !isHeld) return undefined;
  return isMadeOf(move.amount, frame, (part) => part.node.nodeType === 'BinaryOperation')
    ? { by }
    : undefined;
}

/** Shares of the whole come or go with the amount: by name, or a record of the sender and a total change alike. */
function isShared({ visits }: EntryRun, moves: Move[]): boolean {
  if (moves.some(({ kind }) => kind === 'mint' || kind === 'burn')) return true;
  const changes = visits.writes.flatMap((write) => {
    const change = changeOf(write);
    return change ? [{ slot: write.slot, by: `${change.sign}${keyOf(change.by, write.frame)}` }] : [];
  });
  return changes.some(
    (one) => isSenders(one.slot) && changes.some((other) => !isSenders(other.slot) && other.by === one.by),
  );
}

/** `msg.value - cost`: what was paid too much goes back. */
function isChange({ amount, visit }: Gain): boolean {
  const { node } = resolve(amount, visit.frame);
  const left = textOf(node, 'operator') === '-' ? childOf(node, 'leftExpression') : undefined;
  return left !== undefined && isValue(resolve(left, visit.frame).node);
}

/** `msg.value` */
function isValue(node: Move['amount']): boolean {
  return (
    textOf(node, 'memberName') === 'value' && textOf(node['expression'] as Move['amount'], 'name') === 'msg'
  );
}

function shared(reads: Read[]): Read[] {
  return reads.filter(({ slot }) => !isSenders(slot));
}
