import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, textOf, typeOf } from '../ir/ast.ts';
import { isFixedVariable } from '../ir/frames.ts';
import type { Contract } from '../ir/program.ts';
import { initialisersOf, isImplementation } from '../ir/proxies.ts';

/** What an implementation's constructor sets, its proxies never see. */
export const lostConstructorState: Detector = {
  id: 'lost-constructor-state',
  category: 'delegatecall-proxy',
  severity: 'medium',
  confidence: 'medium',
  title: 'State that is set at deployment is missing in the proxy',
  why: 'Constructors and initial values of state variables run in the implementation’s own storage. In the storage of the proxy these variables are zero.',
  exploit:
    'A limit, a fee or an owner that seems to be set is zero in the proxy: limits let everything pass, or nothing.',
  fix: 'Set it in the initialiser, or make it `constant`.',
  references: ['SWC-118', 'CWE-665', 'OWASP-SC01:2025', 'EEA-EthTrust: Initialize Implementations'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
contract Sale is Initializable {
    address public owner;
    address public treasury;
    uint256 public limit = 100; // <-- finding
    constructor(address to) {
        treasury = to; // <-- finding
        _disableInitializers();
    }
    function initialize(address who) external initializer { owner = who; }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
contract Sale is Initializable {
    address public owner;
    address public immutable treasury;
    uint256 public constant LIMIT = 100;
    uint256 public fee;
    constructor(address to) { treasury = to; fee = 1; _disableInitializers(); }
    function initialize(address who) external initializer { owner = who; fee = 3; }
}
contract Plain {
    uint256 public limit = 100;
    address public owner;
    function setUp(address who) external { require(owner == address(0)); owner = who; }
}
`,
  ],
  run({ program, runs }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      if (!isImplementation(contract)) continue;
      const initialisers = initialisersOf(runs, contract);
      if (initialisers.length === 0) continue;
      const set = new Set(
        initialisers.flatMap(({ run }) => run?.visits.writes.map(({ slot }) => slot.base) ?? []),
      );
      const certain = initialisers.some(({ guard }) => guard === 'modifier'); // Else its name alone says so.
      const flags = new Set(initialisers.flatMap((one) => [...one.flags]));
      const tell = (node: AstNode, variable: AstNode | undefined) => {
        if (!variable || set.has(variable.id) || flags.has(String(variable.id)) || !program.isOwn(variable))
          return;
        report({
          node,
          ...(certain ? {} : { severity: 'low' as const }),
          message: `\`${textOf(variable, 'name')}\` of ${contract.name} is set at deployment, and is zero in every proxy.`,
        });
      };
      for (const variable of bornVariables(contract)) tell(variable, variable);
      for (const { role, context, visits } of runs.entries)
        if (role === 'constructor' && context === contract)
          for (const { node, slot } of visits.writes) tell(node, program.stateVariable(slot.base));
    }
  },
};

function bornVariables({ linearised }: Contract): AstNode[] {
  return linearised
    .flatMap(({ variables }) => variables)
    .filter(
      (variable) =>
        childOf(variable, 'value') && !isFixedVariable(variable) && !/^mapping/.test(typeOf(variable)),
    );
}
