import type { Detector } from '../detector.ts';
import { typeOf } from '../ir/ast.ts';
import { initialisersOf } from '../ir/proxies.ts';
import { chosenByCaller, hasBits, taintOf } from '../ir/taint.ts';

/** An initialiser runs as often as anybody likes. */
export const repeatableInitialiser: Detector = {
  id: 'repeatable-initialiser',
  category: 'delegatecall-proxy',
  severity: 'high',
  confidence: 'high',
  title: 'The initialiser can be called again',
  why: 'An initialiser stands in for the constructor of a contract behind a proxy, and has to run once. Nothing here looks at whether it ran before, or at who calls.',
  exploit:
    'After everything is set up, an attacker calls the initialiser with accounts of their own and takes over.',
  fix: "Put OpenZeppelin's `initializer` on it, or begin with `require(!initialised); initialised = true;`.",
  references: ['SWC-118', 'CWE-665', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Initialization'],
  losses: [
    {
      name: 'Parity multisig wallets',
      year: 2017,
      usd: 30_000_000,
      what: 'Anybody could call the initialiser again and become the owner.',
    },
    {
      name: 'Punk Protocol',
      year: 2021,
      usd: 8_900_000,
      what: 'The initialiser was open, and named the attacker as the one who may withdraw.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Vault {
    address public owner;
    address public asset;
    bool public initialised;
    function initialize(address owner_, address asset_) external { // <-- finding
        owner = owner_;
        asset = asset_;
        initialised = true;
    }
    function sweep() external { require(msg.sender == owner); payable(owner).transfer(address(this).balance); }
}
`,
    `pragma solidity ^0.4.24;
contract WalletLibrary {
    address owner;
    function setup(address who) internal { owner = who; }
    function initWallet(address who) public { setup(who); } // <-- finding
    function pay(address to, uint n) public { require(msg.sender == owner); to.transfer(n); }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
contract Vault is Initializable {
    address public owner;
    address public asset;
    mapping(address => uint256) public accounts;
    constructor() { _disableInitializers(); }
    function initialize(address owner_) external initializer { owner = owner_; }
    function initAsset(address asset_) external { require(msg.sender == owner); asset = asset_; }
    function initPrice(address a) external { require(asset == address(0)); asset = a; }
    function initAccount() external { accounts[msg.sender] = 1; }
}
`,
  ],
  run({ program, runs }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract') continue;
      for (const { callable, guard, run } of initialisersOf(runs, contract)) {
        if (guard !== 'none' || !run || !program.isOwn(callable.node)) continue;
        const sets = run.visits.writes.find(
          ({ slot, value, frame, state }) =>
            slot.keys.length === 0 &&
            value !== undefined &&
            /^(address|contract)/.test(typeOf(program.stateVariable(slot.base))) &&
            !runs.authorised(state) &&
            hasBits(taintOf(value, frame), chosenByCaller),
        );
        if (!sets) continue;
        report({
          node: callable.node,
          message: `${callable.name} of ${contract.name} can be called again by anyone, at any time.`,
          steps: [{ node: sets.node, frame: sets.frame, note: 'set anew each time' }],
        });
      }
    }
  },
};
