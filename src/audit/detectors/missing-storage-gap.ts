import type { Detector } from '../detector.ts';
import { textOf } from '../ir/ast.ts';
import type { Contract } from '../ir/program.ts';
import { hasModifier, layoutOf } from '../ir/proxies.ts';

/** A base contract of an upgradeable one has no room to grow. */
export const missingStorageGap: Detector = {
  id: 'missing-storage-gap',
  category: 'delegatecall-proxy',
  severity: 'low',
  confidence: 'medium',
  title: 'A base contract leaves no room for further variables',
  why: 'Variables of a derived contract lie right behind those of its bases. One more variable in the base, in a later version, moves all that follow, and the proxy reads each from the slot of its neighbour.',
  exploit: 'Nobody has to attack: after the next upgrade balances are read as limits, and owners as amounts.',
  fix: 'Reserve slots at the end of the base (`uint256[50] private __gap;`), or keep its variables in a namespace (ERC-7201).',
  references: ['SWC-124', 'CWE-787', 'OWASP-SC01:2025', 'EEA-EthTrust: Avoid Storage Collision'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
abstract contract Fees is Initializable { // <-- finding
    uint256 public fee;
    function __Fees_init(uint256 first) internal onlyInitializing { fee = first; }
}
contract Sale is Fees {
    uint256 public sold;
    constructor() { _disableInitializers(); }
    function initialize() external initializer { __Fees_init(3); }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
abstract contract Fees is Initializable {
    uint256 public fee;
    uint256[49] private __gap; // <-- guard: nothing
    function __Fees_init(uint256 first) internal onlyInitializing { fee = first; }
}
abstract contract Last is Initializable {
    uint256 public last;
    function __Last_init() internal onlyInitializing { last = 1; }
}
contract Sale is Fees, Last {
    uint256 public constant SOLD = 1;
    constructor() { _disableInitializers(); }
    function initialize() external initializer { __Fees_init(3); __Last_init(); }
}
`,
  ],
  run({ program }, report) {
    for (const base of program.contracts) {
      if (!base.own || base.kind !== 'contract' || !isUpgradeable(base)) continue;
      const own = layoutOf({ ...base, linearised: [base] });
      if (own.length === 0 || own.some(({ name }) => /gap/i.test(name))) continue;
      const behind = program.contracts.find((other) => other !== base && follows(other, base));
      if (!behind) continue;
      report({
        node: base.node,
        message: `${base.name} has no gap, and the variables of ${behind.name} lie right behind its own.`,
      });
    }
  },
};

function isUpgradeable({ functions, name }: Contract): boolean {
  return (
    /Upgradeable$/.test(name) ||
    functions.some((callable) => hasModifier(callable, /^onlyInitializing$/)) ||
    functions.some((callable) => /^__\w+_init/.test(textOf(callable.node, 'name')))
  );
}

/** Another contract declares variables after those of the base. */
function follows({ linearised }: Contract, base: Contract): boolean {
  const at = linearised.indexOf(base);
  return at > 0 && linearised.slice(0, at).some((one) => layoutOf({ ...one, linearised: [one] }).length > 0);
}
