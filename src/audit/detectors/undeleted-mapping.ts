import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf, typeIdOf } from '../ir/ast.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';

/** A struct is deleted, and the mapping in it stays. */
export const undeletedMapping: Detector = {
  id: 'undeleted-mapping',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'Deleting a struct does not delete the mapping in it',
  why: '`delete` sets the members of a struct to zero, but for mappings: nobody knows their keys. A new record at the same place begins with the entries of the old one.',
  exploit:
    'A closed account or vote is opened again under the same number. Allowances and votes of before are still there, and count.',
  fix: 'Delete the entries one by one while their keys are known, or give every record a number of its own.',
  references: ['SWC-109', 'CWE-459', 'OWASP-SC03:2025', 'EEA-EthTrust: Delete Nested Mappings'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Accounts {
    struct Inner { mapping(address => bool) spenders; }
    struct Account { address owner; uint256 balance; mapping(address => uint256) allowance; }
    struct Outer { uint256 id; Inner inner; }
    mapping(uint256 => Account) private accounts;
    mapping(uint256 => Outer) private outers;
    function close(uint256 id) external {
        require(accounts[id].owner == msg.sender);
        delete accounts[id]; // <-- finding
        delete outers[id]; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Accounts {
    struct Account { address owner; uint256 balance; } // <-- guard: struct Account { address owner; uint256 balance; mapping(address => uint256) allowance; }
    mapping(uint256 => Account) private accounts;
    mapping(uint256 => mapping(address => uint256)) private allowances;
    function close(uint256 id) external { delete accounts[id]; delete allowances[id][msg.sender]; }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const node of descendants(callable.body ?? callable.node, 'UnaryOperation')) {
        const place = childOf(node, 'subExpression');
        if (textOf(node, 'operator') !== 'delete' || !place || !holdsMapping(program, typeIdOf(place), 0))
          continue;
        report({
          node,
          message: `\`${codeOf(program, node, 50)}\` in ${callable.name} leaves the mapping in it as it is.`,
        });
      }
    }
  },
};

/** By the number of the struct's declaration in the compiler's name of the type: `t_struct$_Account_$12_storage`. */
function holdsMapping(program: Program, type: string, depth: number): boolean {
  const id = /^t_(?:array\$_t_)?struct\$?_?.*?_\$(\d+)_/.exec(type)?.[1];
  const declared = id === undefined ? undefined : program.node(Number(id));
  if (declared?.nodeType !== 'StructDefinition' || depth > 4) return false;
  return childrenOf(declared, 'members').some((member) => {
    const inner = typeIdOf(member);
    return /^t_mapping/.test(inner) || holdsMapping(program, inner, depth + 1);
  });
}
