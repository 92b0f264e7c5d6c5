import type { Detector } from '../detector.ts';
import { isFixed } from '../ir/frames.ts';
import type { Contract } from '../ir/program.ts';
import { initialisersOf, isImplementation, isLockedAtBirth } from '../ir/proxies.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';

/** What stands behind proxies can be made to vanish. */
export const destructibleImplementation: Detector = {
  id: 'destructible-implementation',
  category: 'delegatecall-proxy',
  severity: 'high',
  confidence: 'medium',
  title: 'The implementation can destroy itself',
  why: 'The guard in front of selfdestruct looks at the storage of whoever runs it. At the implementation’s own address nobody has been initialised, so a stranger takes the place of the owner there, and destroys the code that all proxies run.',
  exploit:
    'An attacker calls the initialiser at the implementation’s own address, is its owner, and calls the function that ends in selfdestruct. On chains where that removes the code, every proxy is dead, with what it holds.',
  fix: 'Leave selfdestruct and delegatecall out of implementations, and lock the initialiser in the constructor.',
  references: ['SWC-106', 'CWE-665', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Self-destruction'],
  losses: [
    {
      name: 'Parity wallet library',
      year: 2017,
      usd: 150_000_000,
      what: 'The code that all wallets delegate to destroyed itself; 513,774 ether are frozen.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.17;
contract Purse {
    address public owner;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
    function close() external { require(msg.sender == owner); selfdestruct(payable(owner)); } // <-- finding
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
contract Purse is Initializable {
    address public owner;
    function initialize(address who) external initializer { owner = who; }
    function run(address module) external {
        require(msg.sender == owner);
        (bool ok, ) = module.delegatecall(abi.encodeWithSignature("run()")); // <-- finding
        require(ok);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.17;
contract Purse {
    address public owner;
    constructor() { owner = address(1); }
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
contract Plain {
    address public owner = msg.sender; // <-- guard: address public owner; function initialize(address who) external { require(owner == address(0)); owner = who; }
    function close() external { require(msg.sender == owner); selfdestruct(payable(owner)); }
}
`,
  ],
  run({ program, runs }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      const initialisers = initialisersOf(runs, contract).filter(({ guard }) => guard !== 'none');
      if (initialisers.length === 0) continue;
      const open = initialisers.some((one) => !isLockedAtBirth(runs, contract, one));
      if (!open && !isImplementation(contract)) continue;
      for (const run of runs.entries) {
        for (const { node, frame, ends } of endings(runs, run, contract)) {
          report({
            node,
            frame,
            // That whoever initialises it may run code there is told at the initialiser.
            ...(open && ends ? {} : { severity: 'low' as const }),
            message: open
              ? `Whoever initialises ${contract.name} at its own address can destroy the code that its proxies run.`
              : `${contract.name} runs behind proxies, and what stands here ends the proxy that runs it.`,
            steps: [{ node: initialisers[0]?.callable.node ?? node, note: 'the owner is set here' }],
          });
        }
      }
    }
  },
};

/** Where foreign code runs or the contract ends, behind a check of the sender: without one, other detectors tell. */
function endings(runs: Runs, { context, role, visits }: EntryRun, contract: Contract) {
  if (context !== contract || role !== 'entry') return [];
  const calls = visits.calls.flatMap(({ call, node, frame, state }) => {
    if (!runs.authorised(state)) return [];
    if (call.kind === 'selfdestruct') return [{ node, frame, ends: true }];
    const runsCode = call.kind === 'low-level' && /^(delegatecall|callcode)$/.test(call.method);
    return runsCode && !isFixed(frame.program, call.address) ? [{ node, frame, ends: false }] : [];
  });
  const machine = visits.assembly
    .filter(
      ({ operation, state }) => /^(selfdestruct|suicide)$/.test(operation.name) && runs.authorised(state),
    )
    .map(({ node, frame }) => ({ node, frame, ends: true }));
  return [...calls, ...machine];
}
