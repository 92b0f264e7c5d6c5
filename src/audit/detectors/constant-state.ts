import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { isFixedVariable } from '../ir/frames.ts';
import type { Contract, Program } from '../ir/program.ts';

/** A state variable that never changes takes up storage. */
export const constantState: Detector = {
  id: 'constant-state',
  category: 'language-trap',
  severity: 'gas',
  confidence: 'high',
  title: 'A state variable could be constant or immutable',
  why: 'Every read of a state variable costs 2,100 gas the first time in a transaction, and a constant or immutable one nothing. That it cannot change is also worth saying.',
  exploit: 'Nobody can take advantage of it; callers pay more than they need to.',
  fix: 'Declare it `constant` when its value stands in the code, `immutable` when the constructor sets it.',
  references: ['SWC-131', 'CWE-1164', 'EEA-EthTrust: Code Linting'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Sale {
    uint256 public price = 2 ether; // <-- finding
    address internal seller; // <-- finding
    uint256 public sold;
    constructor() { seller = msg.sender; }
    function buy() external payable {
        require(msg.value == price);
        sold++;
        payable(seller).transfer(msg.value);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Sale {
    uint256 public constant PRICE = 2 ether;
    address public immutable seller = msg.sender;
    address public next = msg.sender;
    string public name;
    uint256 internal count = 1;
    uint256[] private list;
    uint256 internal slotted;
    bool internal unused;
    constructor(string memory given) { name = given; slotted = 5; }
    function pass(address to) external { require(msg.sender == next); next = to; count += 1; _add(list); }
    function _add(uint256[] storage to) private { to.push(count); }
    function raw() external { assembly { sstore(slotted.slot, 1) } }
}
abstract contract Base { uint256 internal limit = 10; function ok(uint256 x) external view returns (bool) { return x < limit; } }
contract Derived is Base { function set(uint256 x) external { limit = x; } }
`,
  ],
  run({ program }, report) {
    for (const contract of program.contracts.filter((one) => one.own && one.kind === 'contract')) {
      for (const variable of contract.variables) {
        const word = wordFor(program, contract, variable);
        if (!word) continue;
        const name = textOf(variable, 'name');
        report({ node: variable, message: `\`${name}\` never changes and could be ${word}.` });
      }
    }
  },
};

function wordFor(
  program: Program,
  contract: Contract,
  variable: AstNode,
): 'constant' | 'immutable' | undefined {
  if (isFixedVariable(variable) || !isValue(variable) || inAssembly(program, variable)) return undefined;
  const writes = writesOf(program, variable.id);
  const value = childOf(variable, 'value');
  if (writes.length === 0) return value && isPlain(program, value) ? 'constant' : undefined;
  if (program.minor < 7 || value) return undefined;
  const inConstructor = writes.every((node) => {
    const callable = program.enclosing(node);
    return (
      callable?.kind === 'constructor' && callable.contract === contract && !isInsideBranch(program, node)
    );
  });
  return inConstructor ? 'immutable' : undefined;
}

function isValue(variable: AstNode): boolean {
  return /^(u?int\d*|bool|address( payable)?|bytes\d+|contract .*|enum .*)$/.test(typeOf(variable));
}

function isPlain(program: Program, value: AstNode): boolean {
  return value.nodeType === 'Literal' || constantOf(program, value) !== undefined;
}

function writesOf(program: Program, id: number): AstNode[] {
  return roots(program).flatMap((root) =>
    descendants(root, 'Assignment', 'UnaryOperation').filter((node) => {
      if (node.nodeType === 'UnaryOperation' && !/^(\+\+|--|delete)$/.test(textOf(node, 'operator')))
        return false;
      const place = childOf(node, 'leftHandSide') ?? childOf(node, 'subExpression');
      return place !== undefined && descendants(place, 'Identifier').some((each) => referenceOf(each) === id);
    }),
  );
}

function inAssembly(program: Program, variable: AstNode): boolean {
  const name = textOf(variable, 'name');
  return roots(program).some((root) =>
    descendants(root, 'InlineAssembly').some((node) =>
      new RegExp(`\\b${name}\\b`).test(program.source.text(node)),
    ),
  );
}

// The contract's own file and those that build on it.
function roots(program: Program): AstNode[] {
  return program.contracts.map(({ node }) => node);
}

function isInsideBranch(program: Program, node: AstNode): boolean {
  for (let at = program.parent(node); at; at = program.parent(at)) {
    if (/^(If|For|While|DoWhile|Try)Statement$/.test(at.nodeType)) return true;
    if (at.nodeType === 'FunctionDefinition') return false;
  }
  return false;
}
