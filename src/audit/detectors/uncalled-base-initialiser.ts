import type { Detector } from '../detector.ts';
import { childrenOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { entryFrame } from '../ir/frames.ts';
import { bodiesFrom, callsIn } from '../ir/own.ts';
import type { Callable, Contract, Program } from '../ir/program.ts';
import { hasModifier } from '../ir/proxies.ts';

/** A base contract behind a proxy is never set up. */
export const uncalledBaseInitialiser: Detector = {
  id: 'uncalled-base-initialiser',
  category: 'delegatecall-proxy',
  severity: 'medium',
  confidence: 'high',
  title: 'The initialiser of a base contract is never called',
  why: 'Constructors of base contracts run by themselves, their initialisers do not. What `__Base_init` would have set stays zero in the proxy: the owner, the lock, the name.',
  exploit: 'Functions for the owner cannot be called by anybody, or checks compare with zero and pass.',
  fix: 'Call `__Base_init(…)` of every base in the initialiser.',
  references: ['SWC-118', 'CWE-665', 'OWASP-SC01:2025', 'EEA-EthTrust: Initialize Implementations'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
contract Till is OwnableUpgradeable {
    uint256 public price;
    constructor() { _disableInitializers(); }
    function initialize(uint256 first) external initializer { price = first; } // <-- finding
    function setPrice(uint256 next) external onlyOwner { price = next; }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
contract Till is OwnableUpgradeable, UUPSUpgradeable {
    uint256 public price;
    constructor() { _disableInitializers(); }
    function initialize(uint256 first) external initializer { _begin(); price = first; }
    function _begin() private { __Ownable_init(msg.sender); }
    function _authorizeUpgrade(address) internal override onlyOwner {}
}
contract ByHand is OwnableUpgradeable {
    constructor() { _disableInitializers(); }
    function initialize() external initializer { _transferOwnership(msg.sender); }
}
`,
  ],
  run({ program }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      const initialisers = contract.functions.filter(
        (callable) => callable.body && hasModifier(callable, /^(re)?initializer$/),
      );
      const first = initialisers.find((callable) => hasModifier(callable, /^initializer$/));
      if (!first) continue;
      const run = new Set(initialisers.flatMap((callable) => reached(program, callable, contract)));
      for (const base of contract.linearised.slice(1)) {
        const own = base.functions.find(({ name }) => name === `__${plain(base.name)}_init`);
        if (!own || isEmpty(program, own, contract) || isReached(program, own, run, contract)) continue;
        report({
          node: first.node,
          // Zero is as good there as what would be set.
          ...(/^__(Pausable|ReentrancyGuard)_init$/.test(own.name) ? { severity: 'low' as const } : {}),
          message: `${first.name} of ${contract.name} does not call ${own.name}, so ${base.name} is never set up.`,
          steps: [{ node: own.node, note: 'what is left out' }],
        });
      }
    }
  },
};

function plain(name: string): string {
  return name.replace(/Upgradeable$/, '');
}

function reached(program: Program, callable: Callable, contract: Contract): Callable[] {
  return bodiesFrom(entryFrame(program, callable, contract)).map(({ frame }) => frame.callable);
}

/** It does nothing, nor does what it calls. */
function isEmpty(program: Program, callable: Callable, contract: Contract): boolean {
  return bodiesFrom(
    entryFrame(program, { ...callable, node: { ...callable.node, modifiers: [] } }, contract),
  ).every(
    ({ body, frame }) => childrenOf(body, 'statements').length === 0 || frame.callable.kind === 'modifier',
  );
}

/** Itself, its second half, or something that the second half does: set by hand. */
function isReached(program: Program, own: Callable, run: ReadonlySet<Callable>, contract: Contract): boolean {
  const inner = reached(program, own, contract).filter(({ kind }) => kind !== 'modifier');
  if (
    inner.some(
      (callable) => run.has(callable) && (callable === own || /_init_unchained$/.test(callable.name)),
    )
  )
    return true;
  const deep = inner.filter(({ name }) => !/^__/.test(name) && !/^_get\w*Storage$|^_checkInit/.test(name));
  return deep.some(
    (callable) =>
      run.has(callable) &&
      callsIn(program, callable).some((call) => classifyCall(program, call.node).kind !== 'conversion'),
  );
}
