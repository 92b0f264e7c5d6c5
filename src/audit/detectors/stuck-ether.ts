import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf, typeIdOf, typeOf } from '../ir/ast.ts';
import { type Atom, clausesOf } from '../ir/conditions.ts';
import { entryFrame, isMagic, type Ref, resolve } from '../ir/frames.ts';
import { bodiesFrom, codeOf } from '../ir/own.ts';
import type { Callable, Contract, Program } from '../ir/program.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { keyOf, literalValue } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** Ether comes in by a way that nobody counts. */
export const stuckEther: Detector = {
  id: 'stuck-ether',
  category: 'selfdestruct-and-locked-ether',
  severity: 'low',
  confidence: 'medium',
  title: 'Ether that nobody counts cannot leave',
  why: 'The function takes ether and writes down nothing of it, and all that leaves the contract is what somebody was credited. What comes in this way belongs to nobody.',
  exploit:
    'Nobody has to attack: a plain transfer, or ether that was sent along by mistake, stays in the contract for good.',
  fix: 'Leave out `payable`, credit the sender, or let the owner withdraw what is not owed to anybody.',
  references: ['SWC-132', 'CWE-772', 'OWASP-SC03:2025', 'EEA-EthTrust: Explicitly Handle Ether'],
  bad: [
    `pragma solidity ^0.4.24;
// Whoever sends more than the price loses the rest.
contract Stall {
    uint256 public takings;
    mapping(uint256 => uint256) public prices;
    mapping(uint256 => address) public owners;
    address public seller = msg.sender;
    function offer(uint256 id, uint256 price) public { require(msg.sender == seller); prices[id] = price; }
    function buy(uint256 id) public payable {
        require(owners[id] == address(0) && msg.value >= prices[id]);
        owners[id] = msg.sender;
        takings = takings + prices[id]; // <-- finding
    }
    function collect() public { uint256 sum = takings; takings = 0; seller.transfer(sum); }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Lockers {
    uint256 public rent = 0.1 ether;
    mapping(address => uint256) public paidUntil;
    mapping(address => uint256) public earned;
    address public immutable keeper = msg.sender;
    error TooLittle(uint256 wanted);
    function renew(uint256 months) external payable {
        uint256 cost = months * rent;
        if (msg.value < cost) revert TooLittle(cost);
        paidUntil[msg.sender] = block.timestamp + months * 30 days;
        earned[keeper] += cost; // <-- finding
    }
    function collect() external {
        uint256 sum = earned[msg.sender];
        earned[msg.sender] = 0;
        payable(msg.sender).transfer(sum);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public credit;
    receive() external payable {} // <-- finding
    function put() external payable { credit[msg.sender] += msg.value; }
    function rename(string calldata) external payable { credit[address(1)] = 0; } // <-- finding
    function take() external {
        uint256 amount = credit[msg.sender];
        credit[msg.sender] = 0;
        payable(msg.sender).transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
// More than the price may come in: it is given back, or counted too.
contract Stall {
    uint256 public constant PRICE = 1 ether;
    uint256 public takings;
    mapping(address => uint256) public bought;
    address payable public immutable owner = payable(msg.sender);
    function buy() external payable {
        require(msg.value >= PRICE, "too little");
        takings += PRICE;
        bought[msg.sender]++;
        payable(msg.sender).transfer(msg.value - PRICE); // <-- guard: nothing
    }
    function buyGenerously() external payable {
        require(msg.value >= PRICE, "too little");
        takings += msg.value; // <-- guard: takings += PRICE;
        bought[msg.sender]++;
    }
    function collect() external { uint256 sum = takings; takings = 0; owner.transfer(sum); }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public credit;
    address payable public owner = payable(msg.sender);
    receive() external payable {}
    function put() external payable { credit[msg.sender] += msg.value; }
    function sweep() external { owner.transfer(address(this).balance); }
}
contract Strict {
    mapping(address => uint256) public credit;
    receive() external payable { _put(msg.sender); }
    function _put(address who) private { credit[who] += msg.value; }
    function take() external {
        uint256 amount = credit[msg.sender];
        credit[msg.sender] = 0;
        payable(msg.sender).transfer(amount);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      if (!paysOnlyWhatIsOwed(runs, contract)) continue;
      for (const { context, role, entry } of runs.entries) {
        if (context !== contract || role !== 'entry' || entry.mutability !== 'payable') continue;
        if (countsEther(program, entry, contract)) continue;
        report({
          node: entry.node,
          message: `Ether that comes in by ${entry.name} of ${contract.name} is credited to nobody.`,
        });
      }
      for (const run of runs.entries) {
        if (run.context !== contract || run.role !== 'entry' || run.entry.mutability !== 'payable') continue;
        const counted = keptChange(program, run);
        if (!counted) continue;
        report({
          node: counted.write.node,
          frame: counted.write.frame,
          severity: 'medium',
          message: `Whoever sends more than \`${codeOf(program, counted.price, 40)}\` to ${run.entry.name} loses the rest: only the price is counted, and only what is counted can leave.`,
        });
      }
    }
  },
};

/** It sends ether, and never by its balance, by an amount that somebody names, or by foreign code. */
function paysOnlyWhatIsOwed(runs: Runs, contract: Contract): boolean {
  let pays = false;
  for (const { context, visits } of runs.entries) {
    if (context !== contract) continue;
    if (visits.assembly.some(({ operation }) => /call|selfdestruct|suicide/.test(operation.name)))
      return false;
    for (const { call, frame } of visits.calls) {
      if (call.kind === 'selfdestruct') return false;
      if (call.kind === 'low-level' && call.method !== 'call' && call.method !== 'staticcall') return false;
      const amount = call.kind === 'transfer' || call.kind === 'send' ? call.arguments[0] : call.value;
      if (!amount) continue;
      const taint = taintOf(amount, frame);
      if (hasBits(taint, from.value) && !hasBits(taint, from.balance)) continue; // Given back, or handed on.
      if (!hasBits(taint, from.storage) || hasBits(taint, from.balance | from.parameter)) return false;
      pays = true;
    }
  }
  return pays;
}

/** At least the price has to come in, and no more than the price is written down: what was paid too much is forgotten. */
function keptChange(program: Program, { visits, entry, context }: EntryRun) {
  if (!onlyCompares(program, entry, context)) return undefined;
  for (const write of visits.writes) {
    for (const clause of clausesOf(write.state)) {
      const [atom] = clause;
      const price = atom && clause.length === 1 ? priceOf(atom) : undefined;
      if (!price || literalValue(price.node) === 0n) continue;
      const key = keyOf(price.node, price.frame);
      const added = childOf(write.node, 'rightHandSide');
      const parts = added ? [added, ...descendants(added, 'Identifier', 'IndexAccess', 'MemberAccess')] : [];
      const isNumber = /^uint/.test(typeOf(childOf(write.node, 'leftHandSide')));
      if (isNumber && parts.some((part) => keyOf(part, write.frame) === key))
        return { write, price: price.node };
    }
  }
  return undefined;
}

/** `msg.value >= price` */
function priceOf({ node, frame, truth }: Atom): Ref | undefined {
  const operator = textOf(node, 'operator');
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (node.nodeType !== 'BinaryOperation' || !left || !right || !/^[<>]=?$/.test(operator)) return undefined;
  const [large, small] = (operator[0] === '>') === truth ? [left, right] : [right, left];
  const isPaid = isMagic(resolve(large, frame).node, 'msg', 'value');
  return isPaid ? { node: small, frame } : undefined;
}

/** What came in is held against a price or told in an event, and never added to anything, given back or handed on. */
function onlyCompares(program: Program, entry: Callable, contract: Contract): boolean {
  return bodiesFrom(entryFrame(program, entry, contract)).every(({ body }) =>
    descendants(body, 'MemberAccess', 'InlineAssembly').every((node) => {
      if (node.nodeType === 'InlineAssembly') return !/callvalue|\bcall\b/.test(program.source.text(node));
      if (!isMagic(node, 'msg', 'value')) return true;
      const parent = program.parent(node);
      const compares =
        parent?.nodeType === 'BinaryOperation' && /^([<>]=?|[!=]=)$/.test(textOf(parent, 'operator'));
      return compares || /^t_function_(event|error)/.test(typeIdOf(parent && childOf(parent, 'expression')));
    }),
  );
}

/** It looks at how much came, or lets nothing pass. */
function countsEther(program: Program, entry: Callable, contract: Contract): boolean {
  const bodies = bodiesFrom(entryFrame(program, entry, contract));
  const first = entry.body && childrenOf(entry.body, 'statements')[0];
  if (first && /^(RevertStatement|Throw)$/.test(first.nodeType)) return true;
  return bodies.some(({ body }) =>
    descendants(body, 'MemberAccess', 'InlineAssembly', 'FunctionCall').some(
      (node) =>
        node.nodeType === 'InlineAssembly' ||
        isMagic(node, 'msg', 'value') ||
        (node.nodeType === 'FunctionCall' && /revert/.test(String(program.source.text(node)).slice(0, 6))),
    ),
  );
}
