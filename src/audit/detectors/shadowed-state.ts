import type { Detector } from '../detector.ts';
import { textOf } from '../ir/ast.ts';

/** Two state variables of one contract have the same name. */
export const shadowedState: Detector = {
  id: 'shadowed-state',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'A state variable hides one of a base contract',
  why: 'Both exist, at different places in storage. Functions of the base read and write the one, functions of this contract the other.',
  exploit:
    'The constructor sets the owner of this contract, while the guard of the base looks at its own, which is still zero or somebody else’s.',
  fix: 'Remove the second declaration and use the base’s variable, or give it another name. Compilers from 0.6 on refuse it.',
  references: ['SWC-119', 'CWE-710', 'OWASP-SC03:2025', 'EEA-EthTrust: No Shadowed Variables'],
  bad: [
    `pragma solidity ^0.4.24;
contract Owned {
    address owner;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    constructor() public { owner = msg.sender; }
}
contract Token is Owned {
    address owner; // <-- finding
    uint public supply;
    function setOwner(address to) public onlyOwner { owner = to; }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Owned {
    address private secret;
    address internal owner;
    function f() public view returns (address) { return secret; }
}
contract Token is Owned { address private secret; address keeper; } // <-- guard: contract Token is Owned { address owner; address keeper; }
`,
  ],
  run({ program }, report) {
    for (const contract of program.contracts) {
      if (!contract.own) continue;
      for (const variable of contract.variables) {
        const name = textOf(variable, 'name');
        const base = contract.linearised
          .slice(1)
          .find(({ variables }) =>
            variables.some(
              (other) => textOf(other, 'name') === name && textOf(other, 'visibility') !== 'private',
            ),
          );
        if (!base) continue;
        report({
          node: variable,
          message: `\`${name}\` of ${contract.name} hides the one of ${base.name}, which ${base.name} goes on using.`,
        });
      }
    }
  },
};
