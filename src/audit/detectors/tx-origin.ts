import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector, Report } from '../detector.ts';
import { decidesByOrigin } from '../ir/assembly.ts';
import { childOf, childrenOf, descendants, textOf, typeOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { type Atom, atomsOf, equalSides } from '../ir/conditions.ts';
import { takesAway } from '../ir/control.ts';
import { entryFrame, type Frame, isMagic, isOrigin, isSender, type Ref, resolve } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { sourcesOf } from '../ir/sources.ts';
import { isZero } from '../ir/storage.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** Authorisation by the account that signed the transaction instead of the caller. */
export const txOrigin: Detector = {
  id: 'tx-origin',
  category: 'tx-origin',
  severity: 'high',
  confidence: 'high',
  title: 'Authorisation by tx.origin',
  why: "tx.origin is whoever signed the transaction, not whoever calls. Any contract that the owner touches calls with the owner's tx.origin.",
  exploit:
    "An attacker gets the owner to send a transaction to the attacker's contract (an airdrop, a token with a hook). That contract calls this one, the check passes, and the attacker acts with the owner's rights.",
  fix: 'Compare `msg.sender` (with OpenZeppelin: inherit Ownable and use onlyOwner). `require(msg.sender == tx.origin)`, which only keeps contracts out, is not this fault.',
  references: ['SWC-115', 'CWE-477', 'OWASP-SC01:2025', 'EEA-EthTrust: No tx.origin'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Tickets is ERC20("Tickets", "T") {
    constructor() { _mint(msg.sender, 100); }
    function enter(address gate) external {
        _transfer(tx.origin, gate, 1); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Acting {
    function _who() internal view virtual returns (address) { return msg.sender; }
}
contract Tabs is Acting {
    mapping(address => uint256) public tab;
    mapping(address => bool) public isCounter;
    constructor(address counter) { isCounter[counter] = true; }
    function fill() external payable { tab[msg.sender] += msg.value; }
    function spend(address payable shop, uint256 amount) external {
        tab[_who()] -= amount;
        shop.transfer(amount);
    }
    function _who() internal view override returns (address) {
        return isCounter[msg.sender] ? tx.origin : super._who(); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Wallet {
    address owner = msg.sender;
    mapping(address => bool) public admins;
    modifier onlyOwner() {
        require(tx.origin == owner, "not owner"); // <-- finding
        _;
    }
    function withdraw(address payable to) external onlyOwner {
        to.transfer(address(this).balance);
    }
    function stop() external view returns (bool) {
        if (owner != tx.origin) revert(); // <-- finding
        require(admins[tx.origin]); // <-- finding
        return true;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
contract Fund is AccessControl {
    function pay(address payable to) external {
        if (!hasRole(DEFAULT_ADMIN_ROLE, tx.origin)) revert(); // <-- finding
        to.transfer(1 ether);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Actor {
    function _actor() internal view virtual returns (address) {
        return tx.origin; // <-- finding
    }
}
contract Desk is Actor {
    address public clerk = msg.sender;
    uint256 public price;
    modifier onlyClerk() { require(_actor() == clerk); _; }
    function setPrice(uint256 to) external onlyClerk { price = to; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Desk {
    enum Rank { None, Clerk }
    struct Member { bool active; uint256 since; }
    address public head = msg.sender;
    uint256 public price;
    mapping(address => Rank) public ranks;
    mapping(address => Member) public members;
    mapping(address => uint256) public credit;
    constructor() { ranks[msg.sender] = Rank.Clerk; members[msg.sender].active = true; }
    modifier onlyHead() {
        address who;
        assembly { who := origin() }
        require(who == head); // <-- finding
        _;
    }
    function _check(address who) private view { if (who != head) revert(); }
    function setPrice(uint256 to) external onlyHead { price = to; }
    function raise(uint256 by) external {
        _check(tx.origin); // <-- finding
        price += by;
    }
    function lower(uint256 by) external {
        Rank rank = ranks[tx.origin];
        require(rank == Rank.Clerk); // <-- finding
        price -= by;
    }
    function halve() external {
        Member storage member = members[tx.origin];
        require(member.active); // <-- finding
        price /= 2;
    }
    function put() external payable { credit[msg.sender] += msg.value; }
    function take(address payable to, uint256 amount) external {
        credit[tx.origin] -= amount; // <-- finding
        to.transfer(amount);
    }
    function reset() external {
        assembly { // <-- finding
            if iszero(eq(origin(), sload(head.slot))) { revert(0, 0) }
        }
        price = 0;
    }
}
`,
    `pragma solidity ^0.4.11;
contract Wallet {
    address owner;
    function Wallet() public { owner = msg.sender; }
    function sendTo(address receiver, uint amount) public {
        address caller = tx.origin;
        require(caller == owner); // <-- finding
        receiver.transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Wallet {
    address owner = msg.sender;
    mapping(address => uint256) public seen;
    event Called(address from);
    function withdraw(address payable to) external {
        require(msg.sender == owner, "not owner");
        to.transfer(address(this).balance);
    }
    function play() external {
        require(msg.sender == tx.origin, "no contracts");
        seen[tx.origin]++;
        emit Called(tx.origin);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Fair {
    mapping(address => uint256) public tickets;
    mapping(address => uint256) public last;
    address public head = msg.sender;
    uint256 public price;
    modifier onlyPeople() { require(tx.origin == msg.sender); _; } // <-- guard: modifier onlyPeople() { _; }
    function put() external payable { tickets[msg.sender] += msg.value; }
    // Who signed is who calls.
    function enter(uint256 count) external onlyPeople { tickets[tx.origin] -= count; }
    // A limit keeps nobody's rights.
    function wave() external { require(last[tx.origin] < block.timestamp); last[tx.origin] = block.timestamp; }
    function quote() external view returns (uint256) { return tx.origin == address(0) ? 0 : price; }
    function setPrice(uint256 to) external { require(msg.sender == head && tx.origin != address(0)); price = to; }
}
`,
  ],
  run(audited, report) {
    const { program } = audited;
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'FunctionCall', 'InlineAssembly', 'BinaryOperation')) {
        const decides =
          node.nodeType === 'FunctionCall'
            ? asksOfOrigin(node)
            : node.nodeType === 'InlineAssembly'
              ? decidesByOrigin(node)
              : comparesOrigin(node, frame);
        if (decides) tell({ node, frame }, report);
      }
    }
    decisions(audited, report);
  },
};

/** What the runs of the entry points decide by, with parameters and locals seen as what they stand for. */
function decisions({ program, runs }: Audited, report: Report): void {
  for (const run of runs.entries) {
    if (run.role === 'constructor') continue;
    const atoms = atomsOf(run);
    if (atoms.some(keepsContractsOut)) continue;
    for (const atom of atoms) if (decidesByRights(atom)) tell(atom, report);
    for (const write of run.visits.writes) {
      const { slot, node, frame } = write;
      if (!shrinks(write)) continue;
      if (program.isOwn(node) && slot.keys.some((key) => isOrigin(key.node, key.frame)))
        tell({ node, frame }, report);
      else for (const at of slot.keys.flatMap((key) => originAmong(key))) tell(at, report);
    }
  }
}

function shrinks(write: WriteVisit): boolean {
  const { value, frame } = write;
  return takesAway(write) || (value !== undefined && textOf(resolve(value, frame).node, 'operator') === '-');
}

/** One of several answers that a function may give to who acts: `if (viaDesk) return tx.origin; return msg.sender;` */
function originAmong({ node, frame }: Ref): Ref[] {
  const parts = sourcesOf(node, frame);
  // A hash of it, or a number that it was mixed into, names nobody.
  if (parts.some((part) => !/^address/.test(typeOf(part.node)) && part.node.nodeType === 'FunctionCall'))
    return [];
  return parts.filter((part) => isMagic(part.node, 'tx', 'origin'));
}

function tell({ node, frame }: Ref, report: Report): void {
  const { program, callable } = frame;
  const at = sourceOf(node, frame);
  if (!program.isOwn(at.node)) return;
  report({
    ...at,
    message: `${callable.name} decides by \`${codeOf(program, node)}\`, which any contract that the signer calls can pass.`,
  });
}

/** Where another function brings tx.origin in, that is what has to be mended: all that use it hang on it. */
function sourceOf(node: AstNode, frame: Frame): Ref {
  const sides = ['leftExpression', 'rightExpression', 'indexExpression', 'baseExpression', 'expression'];
  const parts = [node, ...sides.flatMap((field) => childOf(node, field) ?? [])];
  const within = parts.flatMap((part) => [
    part,
    ...descendants(part, 'IndexAccess', 'Identifier', 'FunctionCall'),
  ]);
  for (const part of within) {
    const index = part.nodeType === 'IndexAccess' ? childOf(part, 'indexExpression') : part;
    const origin = index && resolve(index, frame);
    if (!origin || !isMagic(origin.node, 'tx', 'origin') || origin.frame.callable === frame.callable)
      continue;
    if (frame.program.isOwn(origin.node) || origin.node.id < 0) return origin;
  }
  return { node, frame };
}

function comparesOrigin(node: AstNode, frame: Frame): boolean {
  const sides = equalSides({ node, frame, truth: true }) ?? equalSides({ node, frame, truth: false });
  if (!sides) return false;
  const other = sides.find((side) => !isOrigin(side.node, side.frame));
  if (!other || sides.every((side) => side === other || !isOrigin(side.node, side.frame))) return false;
  return !isSender(other.node, other.frame) && !isZero(resolve(other.node, other.frame).node);
}

/** `msg.sender == tx.origin`: from here on who signed is who calls. */
function keepsContractsOut(atom: Atom): boolean {
  const sides = equalSides(atom) ?? [];
  return [isOrigin, isSender].every((is) => sides.some(({ node, frame }) => is(node, frame)));
}

/** A comparison with tx.origin, or with what is kept or answered for it: no mere limit, such as how much there was already. */
function decidesByRights(atom: Atom): boolean {
  const { node, frame } = atom;
  if (!mentions(node, frame, (part) => isMagic(part, 'tx', 'origin'))) return false;
  if (node.nodeType !== 'BinaryOperation') return !isPayment(atom);
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  const side = [left, right].find((each) => each && isOfOrigin(each, frame));
  const other = side === left ? right : left;
  if (!side || !other) return false;
  if (isOrigin(side, frame)) return comparesOrigin(node, frame);
  if (isSender(other, frame)) return false;
  return !/^u?int/.test(typeOf(side)) || hasEnough(atom, side, other);
}

/** Whether a payment to whoever signed went through says nothing of what they may. */
function isPayment({ node, frame }: Atom): boolean {
  if (node.nodeType !== 'FunctionCall') return false;
  const { kind, callee } = classifyCall(frame.program, node);
  const name = textOf(callee, 'memberName') || textOf(callee, 'name');
  return kind === 'send' || kind === 'low-level' || /^_?(safe)?(transfer|send|pay)([A-Z]|$)/i.test(name);
}

/** `wards[account] == 1`, `credit[account] >= amount`: a number that has to be there. */
function hasEnough({ node, truth }: Atom, side: AstNode, other: AstNode): boolean {
  const operator = textOf(node, 'operator');
  if (operator === '==' || operator === '!=')
    return (operator === '==') === truth ? !isZero(other) : isZero(other);
  const isLess = (operator[0] === '<') === truth;
  return isLess === (childOf(node, 'rightExpression') === side);
}

/** tx.origin itself, a hash of it, or a place under it as a key. */
function isOfOrigin(side: AstNode, frame: Frame): boolean {
  return sourcesOf(side, frame).some((part) => {
    if (isMagic(part.node, 'tx', 'origin')) return true;
    const keys = [childOf(part.node, 'indexExpression'), ...childrenOf(part.node, 'arguments')];
    return keys.some((key) => key !== undefined && isOrigin(key, part.frame));
  });
}

/** `hasRole(ADMIN, tx.origin)`: a question about rights, by its name. */
function asksOfOrigin(node: AstNode): boolean {
  const callee = childOf(node, 'expression');
  const name = textOf(callee, 'memberName') || textOf(callee, 'name');
  const asks = /^_?(has|check|only|require|is|may|can)[A-Z]/.test(name);
  return asks && childrenOf(node, 'arguments').some((each) => isMagic(each, 'tx', 'origin'));
}
