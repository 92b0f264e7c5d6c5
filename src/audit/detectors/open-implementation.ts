import type { Detector } from '../detector.ts';
import type { Contract } from '../ir/program.ts';
import { hasModifier, type Initialiser, initialisersOf, isLockedAtBirth } from '../ir/proxies.ts';
import type { Runs } from '../ir/runs.ts';

/** The contract behind a proxy can be initialised by a stranger. */
export const openImplementation: Detector = {
  id: 'open-implementation',
  category: 'delegatecall-proxy',
  severity: 'medium',
  confidence: 'medium',
  title: 'The implementation itself can be initialised by anyone',
  why: 'The initialiser runs in the storage of the proxy. At its own address the implementation stays as it was deployed, and whoever comes first is its owner.',
  exploit:
    'An attacker initialises the implementation, and as its owner has it run code that destroys it or speaks in its name.',
  fix: 'Lock it where it is made: `constructor() { _disableInitializers(); }`.',
  references: ['SWC-118', 'CWE-665', 'OWASP-SC01:2025', 'EEA-EthTrust: Initialize Implementations'],
  losses: [
    {
      name: 'Parity wallet library',
      year: 2017,
      usd: 150_000_000,
      what: 'The library that all wallets delegate to was never initialised; somebody made it his own and destroyed it.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
contract Wallet is Initializable {
    address public owner;
    function initialize(address to) external initializer { owner = to; } // <-- finding
}
`,
    `pragma solidity ^0.6.12;
contract Vesting {
    address public funder;
    address payable public to;
    uint256 public length;
    constructor() public { length = 1; }
    function setUp(address payable to_) external payable { // <-- finding
        require(funder == address(0), "done");
        funder = msg.sender;
        to = to_;
    }
    function close() external { require(msg.sender == funder); to.transfer(address(this).balance); }
}
`,
  ],
  good: [
    `pragma solidity ^0.6.12;
contract Vesting {
    address public funder;
    address payable public to;
    constructor() public { funder = address(1); }
    function setUp(address payable to_) external payable { require(funder == address(0), "done"); funder = msg.sender; to = to_; }
    function close() external { require(msg.sender == funder); to.transfer(address(this).balance); }
}
contract Pool {
    uint256 public price;
    function initialize(uint256 first) external { require(price == 0); price = first; }
}
contract Pair {
    address public factory = msg.sender;
    address public token;
    function initialize(address t) external { require(msg.sender == factory); token = t; }
    function skim() external { require(msg.sender == token); token = address(0); }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
contract Wallet is Initializable {
    address public owner;
    constructor() { _disableInitializers(); }
    function initialize(address to) external initializer { owner = to; }
}
abstract contract Part is Initializable { function __Part_init() internal onlyInitializing {} }
contract Plain { address owner; constructor() { owner = msg.sender; } }
`,
  ],
  run({ program, runs }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      const opens = initialisersOf(runs, contract).find(
        (one) => one.guard !== 'none' && givesRights(runs, one) && !isLockedAtBirth(runs, contract, one),
      );
      if (!opens) continue;
      const { callable } = opens;
      const weighs = canEnd(runs, contract);
      report({
        node: program.isOwn(callable.node) ? callable.node : contract.node,
        ...(weighs ? {} : { severity: 'low' as const }),
        message: `${callable.name} of ${contract.name} is open to anyone at the contract's own address.`,
        steps: [{ node: callable.node, note: 'whoever calls this first decides' }],
      });
    }
  },
};

/** Whoever becomes its owner can end it, or have it run other code. */
function canEnd(runs: Runs, contract: Contract): boolean {
  return runs.entries.some(
    ({ context, entry, visits }) =>
      context === contract &&
      !hasModifier(entry, /^onlyProxy$/) &&
      visits.calls.some(
        ({ call }) =>
          call.kind === 'selfdestruct' || (call.kind === 'low-level' && call.method === 'delegatecall'),
      ),
  );
}

/** OpenZeppelin's always; another where it says who may do what: it sets an address that the sender is compared with. */
function givesRights(runs: Runs, { guard, run }: Initialiser): boolean {
  if (guard === 'modifier') return true;
  const set = new Set(run?.visits.writes.map(({ slot }) => slot.base));
  return runs.entries.some(
    ({ context, visits }) =>
      context === run?.context &&
      [...visits.writes, ...visits.calls].some(({ state }) =>
        state.auth.some(({ variables }) => variables.some((id) => set.has(id))),
      ),
  );
}
