import type { Detector } from '../detector.ts';
import { isThis } from '../ir/frames.ts';
import { isInside, loops } from '../ir/own.ts';

/** One payment, many calls that each see it. */
export const payableMulticall: Detector = {
  id: 'payable-multicall',
  category: 'delegatecall-proxy',
  severity: 'low',
  confidence: 'high',
  title: 'Delegated calls of a batch all see the same msg.value',
  why: 'Each call that a payable function delegates to its own contract has the same msg.value. Every function of the contract that counts msg.value, now or in a later version, counts it once for each call of the batch.',
  exploit:
    'An attacker sends one ether with a batch of ten deposits and is credited ten. Where a function counts msg.value today, that place is reported by itself.',
  fix: 'Let the batch be nonpayable, or require `msg.value == 0` where it is not.',
  references: ['SWC-128', 'CWE-837', 'OWASP-SC03:2025', 'EEA-EthTrust: No delegatecall()'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Batch {
    function batch(bytes[] calldata calls) external payable {
        for (uint256 i = 0; i < calls.length; i++) _run(calls[i]);
    }
    function _run(bytes calldata one) private {
        (bool ok, ) = address(this).delegatecall(one); // <-- finding
        require(ok);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Batch {
    function batch(bytes[] calldata calls) external { // <-- guard: function batch(bytes[] calldata calls) external payable {
        for (uint256 i = 0; i < calls.length; i++) {
            (bool ok, ) = address(this).delegatecall(calls[i]);
            require(ok);
        }
    }
    function one(bytes calldata call_) external payable {
        (bool ok, ) = address(this).delegatecall(call_);
        require(ok);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const { entry, role, visits } of runs.entries) {
      if (role !== 'entry' || entry.mutability !== 'payable') continue;
      for (const { call, node, frame } of visits.calls) {
        if (call.kind !== 'low-level' || call.method !== 'delegatecall' || !isThis(call.address, frame))
          continue;
        let repeated = isInside(program, node, loops);
        for (let at: typeof frame | undefined = frame; at?.via; at = at.parent)
          repeated ||= isInside(program, at.via, loops);
        if (!repeated) continue;
        report({ node, frame, message: `Every call that ${entry.name} delegates sees the whole msg.value.` });
      }
    }
  },
};
