import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, slotsOf, textOf, unwrap } from '../ir/ast.ts';
import { ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';

/** A local or a function of the contract's takes the name of something else. */
export const shadowedName: Detector = {
  id: 'shadowed-name',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'A name means something else than it seems to',
  why: 'A local variable may have the name of a state variable, and a function or variable the name of a built-in. What is set or called is then not what the reader has in mind: `address owner = msg.sender;` in a constructor sets no owner.',
  exploit:
    'The state variable stays zero, a `require` of the contract’s own requires nothing, or `now` is what somebody set it to.',
  fix: 'Give it a name of its own, and assign to the state variable: `owner = msg.sender;`.',
  references: ['SWC-119', 'CWE-710', 'OWASP-SC03:2025', 'EEA-EthTrust: No Overlapping Names'],
  bad: [
    `pragma solidity ^0.4.24;
contract Owned {
    address owner;
    uint public total;
    uint now; // <-- finding
    constructor() public {
        address owner = msg.sender; // <-- finding
    }
    function init(uint total) public {
        total = total; // <-- finding
    }
    function require(bool yes) internal pure returns (bool) { return yes; } // <-- finding
    function add(uint by) public {
        uint total = total + by; // <-- finding
        require(total > now);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Owned {
    address public owner;
    uint256 public total;
    mapping(address => uint256) public balance;
    constructor(address owner_) { owner = owner_; } // <-- guard: constructor(address owner_) { address owner = owner_; }
    function view_(uint256 total_) external view returns (uint256) { return total_ + total; }
    function at(address owner_) external view returns (uint256) { uint256 sum = balance[owner_]; return sum; }
    function approve(address owner, uint256 amount) internal { balance[owner] = amount; }
}
`,
  ],
  run({ program }, report) {
    for (const contract of program.contracts) {
      if (!contract.own) continue;
      for (const { name, node, kind } of contract.functions) {
        if (kind !== 'function' || !builtIns.test(name) || contract.kind === 'interface') continue;
        report({
          node,
          message: `${contract.name} has a function of its own called ${name}, which is run in place of the built-in.`,
        });
      }
      for (const node of contract.variables) {
        const name = textOf(node, 'name');
        if (builtIns.test(name))
          report({ node, message: `\`${name}\` of ${contract.name} hides the built-in of that name.` });
      }
    }
    for (const callable of ownCallables(program)) {
      for (const statement of descendants(callable.body ?? callable.node, 'VariableDeclarationStatement'))
        for (const variable of slotsOf(statement, 'declarations')) {
          const hidden = variable && hiddenBy(program, callable, variable);
          if (!variable || !hidden || !isMistaken(callable, statement, variable)) continue;
          const name = textOf(variable, 'name');
          report({
            node: statement,
            message: `${callable.name} sets a local \`${name}\`, and not the state variable of that name.`,
          });
        }
      for (const node of descendants(callable.body ?? callable.node, 'Assignment')) {
        const [left, right] = [childOf(node, 'leftHandSide'), childOf(node, 'rightHandSide')];
        if (!left || !right || node['operator'] !== '=' || unwrap(left).nodeType !== 'Identifier') continue;
        if (
          unwrap(right).nodeType !== 'Identifier' ||
          referenceOf(unwrap(left)) !== referenceOf(unwrap(right))
        )
          continue;
        // Setting an unused parameter to itself keeps compilers quiet.
        const own = referenceOf(unwrap(left)) ?? -1;
        const declared = program.node(own);
        if (!program.stateVariable(own) && !(declared && hiddenBy(program, callable, declared))) continue;
        report({ node, message: `${callable.name} sets \`${textOf(unwrap(left), 'name')}\` to itself.` });
      }
    }
  },
};

const builtIns =
  /^(now|msg|tx|block|abi|this|super|require|assert|revert|keccak256|sha3|sha256|ripemd160|ecrecover|addmod|mulmod|selfdestruct|suicide|gasleft|blockhash)$/;

function hiddenBy(program: Program, { contract }: Callable, variable: AstNode): AstNode | undefined {
  const name = textOf(variable, 'name');
  if (name === '' || program.stateVariable(variable.id)) return undefined;
  return contract?.linearised
    .flatMap(({ variables }) => variables)
    .find(
      (other) =>
        textOf(other, 'name') === name &&
        (textOf(other, 'visibility') !== 'private' || contract.variables.includes(other)),
    );
}

/** It is set and then used for nothing, or made from itself: the state variable was meant. */
function isMistaken({ body }: Callable, statement: AstNode, variable: AstNode): boolean {
  const value = childOf(statement, 'initialValue');
  if (value && descendants(value, 'Identifier').some((node) => referenceOf(node) === variable.id))
    return true;
  const uses = descendants(body ?? statement, 'Identifier').filter(
    (node) => referenceOf(node) === variable.id,
  );
  return value !== undefined && uses.length === 0;
}
