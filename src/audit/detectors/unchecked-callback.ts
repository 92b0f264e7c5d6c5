import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants, typeOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { type Atom, type Clause, clausesOf, equalSides } from '../ir/conditions.ts';
import { type Frame, isSender } from '../ir/frames.ts';
import { mentions, mentionsSender } from '../ir/mentions.ts';
import type { Callable } from '../ir/program.ts';
import type { State } from '../ir/state.ts';
import { isZero } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** What a pool or lender is to call, anybody may. */
export const uncheckedCallback: Detector = {
  id: 'unchecked-callback',
  category: 'arbitrary-call',
  severity: 'high',
  confidence: 'high',
  title: 'A callback does not ask who calls it',
  why: 'A pool calls back in the middle of a swap or a loan, to be paid or to have the borrower do its work. Whoever else calls the same function has it pay or act for them, with data of their own.',
  exploit:
    'An attacker calls the callback directly, with an amount and with data that names a victim who has approved the contract, and is paid what was meant for a pool.',
  fix: 'Compute or look up the pool and compare it with msg.sender: `require(msg.sender == factory.getPool(a, b, fee))`. What the caller says of itself proves nothing.',
  references: ['SWC-105', 'CWE-346', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect External Calls'],
  losses: [
    {
      name: 'SushiSwap RouteProcessor2',
      year: 2023,
      usd: 3_300_000,
      what: 'The pool that calls back was named by the caller and not checked.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transfer(address to, uint256 amount) external returns (bool); }
interface IPool { function token0() external view returns (address); }
contract Trader {
    function uniswapV3SwapCallback(int256 owed, int256, bytes calldata data) external { // <-- finding
        address token = abi.decode(data, (address));
        require(owed > 0);
        _pay(token, uint256(owed));
    }
    function _pay(address token, uint256 amount) private { require(IERC20(token).transfer(msg.sender, amount)); }
    // The caller vouches for itself, or says who the pool is.
    function pairCallback(uint256 owed, bytes calldata data) external { // <-- finding
        (address pool, address token) = abi.decode(data, (address, address));
        require(IPool(msg.sender).token0() == token && msg.sender == pool);
        _pay(token, owed);
    }
}
contract Borrower {
    mapping(address => uint256) public debt;
    // Who began the loan is whatever the caller says.
    function onFlashLoan(address initiator, address token, uint256 amount, uint256 fee, bytes calldata data) external returns (bytes32) { // <-- finding
        require(initiator == address(this));
        debt[abi.decode(data, (address))] += amount + fee;
        require(IERC20(token).transfer(msg.sender, amount + fee));
        return keccak256("ERC3156FlashBorrower.onFlashLoan");
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transfer(address to, uint256 amount) external returns (bool); }
interface IFactory { function getPool(address a, address b, uint24 fee) external view returns (address); }
contract Trader {
    IFactory public immutable factory;
    address public immutable lender;
    address private current;
    mapping(address => bool) public pools;
    constructor(IFactory given, address lender_) { factory = given; lender = lender_; }
    function list(address pool) external { require(msg.sender == lender); pools[pool] = true; }
    function uniswapV3SwapCallback(int256 owed, int256, bytes calldata data) external {
        (address a, address b, uint24 fee) = abi.decode(data, (address, address, uint24));
        _verify(a, b, fee);
        require(IERC20(a).transfer(msg.sender, uint256(owed)));
    }
    function _verify(address a, address b, uint24 fee) private view { if (msg.sender != factory.getPool(a, b, fee)) revert(); }
    function algebraSwapCallback(int256 owed, int256, bytes calldata data) external {
        (address a, bytes32 salt) = abi.decode(data, (address, bytes32));
        bytes32 hash = keccak256(abi.encodePacked(hex"ff", factory, salt, keccak256("code")));
        require(msg.sender == address(uint160(uint256(hash))));
        require(IERC20(a).transfer(msg.sender, uint256(owed)));
    }
    function pairCallback(uint256 owed, bytes calldata data) external {
        require(pools[msg.sender]);
        require(IERC20(abi.decode(data, (address))).transfer(msg.sender, owed));
    }
    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        if (msg.sender != current) revert();
        require(IERC20(abi.decode(data, (address))).transfer(msg.sender, 1));
        return "";
    }
    function onFlashLoan(address initiator, address token, uint256 amount, uint256 fee, bytes calldata) external returns (bytes32) {
        require(msg.sender == lender && initiator == address(this));
        require(IERC20(token).transfer(msg.sender, amount + fee));
        return keccak256("ERC3156FlashBorrower.onFlashLoan");
    }
    function onPing(bytes calldata) external pure {}
}
`,
  ],
  run({ runs }, report) {
    for (const { role, entry, visits } of runs.entries) {
      if (role !== 'entry' || !isCallback(entry)) continue;
      const effects = [
        ...visits.writes.filter(({ slot }) => slot.base > 0),
        ...visits.calls.filter(({ call }) => acts(call)),
      ];
      const open = effects.find(({ state }) => !isGated(state));
      if (!open || descendants(entry.body ?? entry.node, 'InlineAssembly').length > 0) continue;
      report({
        node: entry.node,
        message: `${entry.name} acts for whoever calls it: nothing says that the caller is the pool or lender.`,
        steps: [{ node: open.node, frame: open.frame, note: 'this happens for anyone' }],
      });
    }
  },
};

const callbacks =
  /(swap|mint|flash|loan|deposit|pay|pair|pool)\w*Callback$|V2Call$|^(pancake|biswap|sushi|hook)Call$|^onFlashLoan$|^on\w+Loan$|^(executeOperation|receiveFlashLoan|callFunction|lockAcquired)$/i;

/** By its name, and as data of the one who began is handed back to it. */
function isCallback({ name, parameters }: Callable): boolean {
  return callbacks.test(name) && parameters.some((one) => /^bytes( |$)/.test(typeOf(one)));
}

function acts(call: ReturnType<typeof classifyCall>): boolean {
  if (call.kind === 'low-level' || call.kind === 'transfer' || call.kind === 'send') return true;
  return call.kind === 'external' && !/^(view|pure)$/.test(call.target?.mutability ?? '');
}

function isGated(state: State): boolean {
  return clausesOf(state).some((clause: Clause) => clause.every((atom) => names(atom) || isPhase(atom)));
}

/** Says who the caller is in words that are not the caller's own. */
function names(atom: Atom): boolean {
  const sides = equalSides(atom);
  if (sides) {
    const other = sides.find((side) => !isSender(side.node, side.frame));
    if (!other || !sides.some((side) => isSender(side.node, side.frame)) || isZero(other.node)) return false;
    const taint = taintOf(other.node, other.frame);
    const own = hasBits(taint, from.parameter | from.sender | from.origin);
    return !own || taint.variables.size > 0 || hasBits(taint, from.hash | from.external | from.created);
  }
  return mentionsSender(atom.node, atom.frame) && !asksCaller(atom.node, atom.frame);
}

/** A question to the caller itself. */
function asksCaller(node: AstNode, frame: Frame): boolean {
  return mentions(node, frame, (item, at) => {
    if (item.nodeType !== 'FunctionCall') return false;
    const call = classifyCall(at.program, item);
    return call.kind === 'external' && isSender(call.address, at);
  });
}

/** The contract is in the middle of something that it began itself. */
function isPhase({ node, frame }: Atom): boolean {
  const taint = taintOf(node, frame);
  return taint.variables.size > 0 && !hasBits(taint, from.parameter | from.keyed);
}
