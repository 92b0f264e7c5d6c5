import type { Detector } from '../detector.ts';
import { isMeantAsConstructor } from '../ir/constructors.ts';

/** A function was meant to be the constructor, and anybody may call it. */
export const misnamedConstructor: Detector = {
  id: 'misnamed-constructor',
  category: 'access-control',
  severity: 'critical',
  confidence: 'high',
  title: 'The constructor is a function that anyone may call',
  why: 'Up to 0.4 the constructor is the function with the contract’s name. Spelled differently, or after the contract was renamed, it is a public function.',
  exploit: 'An attacker calls it and is the owner.',
  fix: 'Write `constructor() public { … }`.',
  references: ['SWC-118', 'CWE-665', 'OWASP-SC01:2025', 'EEA-EthTrust: Constructor Names'],
  losses: [
    {
      name: 'Rubixi',
      year: 2016,
      usd: null,
      what: 'The contract was renamed and its constructor was not; anybody could become the owner.',
    },
  ],
  bad: [
    `pragma solidity ^0.4.24;
contract Wallet {
    address owner;
    function wallet() public { // <-- finding
        owner = msg.sender;
    }
    function take() public { require(msg.sender == owner); msg.sender.transfer(address(this).balance); }
}
contract Missing {
    address owner;
    function Constructor() public { // <-- finding
        owner = msg.sender;
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Wallet {
    address owner;
    uint total;
    function Wallet() public { owner = msg.sender; } // <-- guard: function wallet() public { owner = msg.sender; }
    function wallets() public view returns (uint) { return total; }
}
contract Other { address owner; constructor() public { owner = msg.sender; } }
`,
  ],
  run({ program, runs }, report) {
    if (program.minor > 4) return;
    for (const { entry, context, role, visits } of runs.entries) {
      if (role !== 'entry' || entry.kind !== 'function' || entry.contract !== context) continue;
      if (!isMeantAsConstructor(program, entry)) continue;
      const sets = visits.writes.some(({ slot, state }) => slot.keys.length === 0 && !runs.privileged(state));
      if (!sets) continue;
      report({
        node: entry.node,
        message: `${entry.name} sets what a constructor of ${context.name} would, and anyone may call it.`,
      });
    }
  },
};
