import type { Detector } from '../detector.ts';
import { textOf, typeOf } from '../ir/ast.ts';
import { isLookedUp } from '../ir/conditions.ts';
import { codeOf } from '../ir/own.ts';
import { readsOf } from '../ir/places.ts';
import { isSuccessUsed } from '../ir/results.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** A token that answers nothing cannot be moved. */
export const missingTokenReturn: Detector = {
  id: 'missing-token-return',
  category: 'token-handling',
  severity: 'low',
  confidence: 'medium',
  title: 'Tokens that return nothing cannot be moved',
  why: 'USDT, BNB and others answer nothing to transfer and transferFrom. Code that expects a bool reverts on them since Solidity 0.4.22; where they came in by another way, they never get out.',
  exploit:
    'Somebody offers USDT in a contract that takes any token. The one call reverts, or it works and the other one does not, and the tokens stay.',
  fix: 'Use SafeERC20 of OpenZeppelin, which takes a missing answer for a yes and a false one for a no.',
  references: ['SWC-104', 'CWE-252', 'OWASP-SC06:2025', 'EEA-EthTrust: Check External Calls Return'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Desk {
    struct Offer { IERC20 sell; uint256 amount; address maker; }
    mapping(uint256 => Offer) public offers;
    function offer(uint256 id, IERC20 sell, uint256 amount) external {
        require(offers[id].maker == address(0));
        offers[id] = Offer(sell, amount, msg.sender);
        require(sell.transferFrom(msg.sender, address(this), amount)); // <-- finding
    }
    function take(uint256 id) external {
        Offer memory chosen = offers[id];
        delete offers[id];
        _give(chosen.sell, chosen.amount);
    }
    function _give(IERC20 token, uint256 amount) private {
        bool ok = token.transfer(msg.sender, amount); // <-- finding
        require(ok);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
}
interface ISilent { function transfer(address to, uint256 amount) external; }
contract Desk {
    IERC20 public immutable coin;
    address public owner = msg.sender;
    mapping(IERC20 => bool) public known;
    constructor(IERC20 given) { coin = given; }
    function pay(uint256 amount) external { require(msg.sender == owner && coin.transfer(msg.sender, amount)); }
    function payListed(IERC20 token, uint256 amount) external {
        require(msg.sender == owner && known[token], "unknown");
        require(token.transfer(msg.sender, amount));
    }
    function paySilent(ISilent token, uint256 amount) external { require(msg.sender == owner); token.transfer(msg.sender, amount); }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const { call, frame, node, state } of run.visits.calls) {
        if (call.kind !== 'external' || !/^transfer(From)?$/.test(call.name) || !program.isOwn(node))
          continue;
        const answer = call.target?.returns[0];
        if (!answer || typeOf(answer) !== 'bool' || !isSuccessUsed(program, node)) continue;
        const isGiven = hasBits(taintOf(call.address, frame), from.parameter | from.keyed);
        const isRecord = readsOf(call.address, frame).some(({ slot }) => slot.keys.length > 0);
        if ((!isGiven && !isRecord) || isLookedUp(call.address, frame, state)) continue;
        // Of a token by its id, transferFrom answers nothing anyway.
        if (call.arguments.some((argument) => /id$/i.test(textOf(argument, 'name')))) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} expects an answer of \`${codeOf(program, call.callee, 50)}\`, which some tokens do not give.`,
        });
      }
    }
  },
};
