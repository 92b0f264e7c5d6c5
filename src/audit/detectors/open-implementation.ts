import type { Detector } from '../detector.ts';
import { descendants, textOf } from '../ir/ast.ts';
import type { Callable, Contract } from '../ir/program.ts';

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
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
contract Wallet is Initializable { // <-- finding
    address public owner;
    function initialize(address to) external initializer { owner = to; }
}
`,
  ],
  good: [
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
  run({ program }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      const all = contract.linearised.flatMap(({ functions }) => functions);
      const opens = all.find((callable) => isInitialiser(callable));
      if (!opens || isLocked(contract)) continue;
      report({
        node: contract.node,
        message: `${opens.name} of ${contract.name} is open to anyone at the contract's own address.`,
        steps: [{ node: opens.node, note: 'whoever calls this first decides' }],
      });
    }
  },
};

function isInitialiser({ node, visibility, body }: Callable): boolean {
  if (!body || (visibility !== 'public' && visibility !== 'external')) return false;
  const modifiers = Array.isArray(node['modifiers']) ? (node['modifiers'] as Callable['node'][]) : [];
  return modifiers.some((one) => textOf(one['modifierName'] as Callable['node'], 'name') === 'initializer');
}

/** Its constructor, or one of a base, locks it or takes the one turn. */
function isLocked({ linearised }: Contract): boolean {
  return linearised.some(({ functions }) =>
    functions.some(
      ({ kind, body, node }) =>
        kind === 'constructor' &&
        body !== undefined &&
        (descendants(body, 'Identifier').some((one) => textOf(one, 'name') === '_disableInitializers') ||
          JSON.stringify(node['modifiers'] ?? '').includes('"initializer"')),
    ),
  );
}
