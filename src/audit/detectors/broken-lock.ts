import type { Detector } from '../detector.ts';
import { childrenOf } from '../ir/ast.ts';
import { brokenLocksOf } from '../ir/locks.ts';

/** A lock against reentrancy that lets everybody in. */
export const brokenLock: Detector = {
  id: 'broken-lock',
  category: 'reentrancy',
  severity: 'high',
  confidence: 'high',
  title: 'The lock against reentrancy does not lock',
  why: 'A lock has to look at a flag, stop when it is set, and set it before the function runs. This one leaves out a step, so every function that relies on it can be entered again.',
  exploit:
    'An attacker’s contract calls a function that carries the lock, and calls it again when it is paid. The flag is not set yet, and the check passes.',
  fix: "Check, set, run, set back: `require(!locked); locked = true; _; locked = false;`, or take OpenZeppelin's ReentrancyGuard.",
  references: ['SWC-107', 'CWE-667', 'OWASP-SC05:2025', 'EEA-EthTrust: Use Check-Effects-Interaction'],
  losses: [
    {
      name: 'Curve pools',
      year: 2023,
      usd: 70_000_000,
      what: 'Some releases of the Vyper compiler gave each function a lock of its own.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Late {
    bool private entered;
    uint256 public total;
    modifier nonReentrant() { // <-- finding
        require(!entered, "again");
        _;
        entered = true;
        entered = false;
    }
    function draw() external nonReentrant { total += 1; }
}
contract Wrong {
    uint256 private unlocked = 1;
    uint256 public total;
    modifier lock() { // <-- finding
        require(unlocked == 1);
        unlocked = 1;
        _;
        unlocked = 1;
    }
    function draw() external lock { total += 1; }
}
`,
    `pragma solidity ^0.4.24;
contract Guard {
    bool entered;
    modifier noReentrancy() { // <-- finding
        entered = true;
        _;
        entered = false;
    }
}
contract Bank is Guard {
    uint total;
    function draw() public noReentrancy { total += 1; }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
contract Fine is ReentrancyGuard {
    bool private busy;
    uint256 private counter;
    uint256 public total;
    modifier lock() { if (busy) revert(); busy = true; _; busy = false; }
    modifier mutex() { counter += 1; uint256 own = counter; _; require(own == counter); }
    modifier locked() { _enter(); _; busy = false; }
    function _enter() private { require(busy == false); busy = true; }
    function a() external lock { total += 1; }
    function b() external mutex { total += 1; }
    function c() external nonReentrant { total += 1; }
    function d() external locked { total += 1; }
}
`,
  ],
  run({ program }, report) {
    for (const contract of program.contracts) {
      if (!contract.own) continue;
      for (const callable of contract.functions) {
        if (callable.mutability === 'view' || childrenOf(callable.node, 'modifiers').length === 0) continue;
        for (const { modifier, fault } of brokenLocksOf(program, callable)) {
          report({
            node: modifier.node,
            message: `${modifier.name} is no lock: ${fault}.`,
            steps: [{ node: callable.node, note: `${callable.name} relies on it` }],
          });
        }
      }
    }
  },
};
