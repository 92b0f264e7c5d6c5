import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { codeOf, ownCallables } from '../ir/own.ts';

/** An element is emptied and stays where it is. */
export const arrayGap: Detector = {
  id: 'array-gap',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'medium',
  title: 'Deleting an element leaves a gap',
  why: '`delete list[i]` sets the element to zero and keeps its place: the length stays, and whoever goes over the list meets an empty element.',
  exploit:
    'Votes, shares or payments are counted by the length of the list, and what belongs to nobody is counted along.',
  fix: 'Move the last element into its place and `pop()`.',
  references: ['SWC-124', 'CWE-459', 'OWASP-SC03:2025', 'EEA-EthTrust: No Language Traps'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Club {
    address[] public members;
    function join() external { members.push(msg.sender); }
    function leave(uint256 index) external {
        require(members[index] == msg.sender);
        delete members[index]; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Club {
    address[] public members;
    address[3] public board;
    mapping(uint256 => address) public seats;
    function leave(uint256 index) external {
        members[index] = members[members.length - 1];
        members.pop();
        delete board[index];
        delete seats[index];
    }
    function last() external { delete members[members.length - 1]; members.pop(); }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const { body } = callable;
      for (const node of body ? descendants(body, 'UnaryOperation') : []) {
        const place = childOf(node, 'subExpression');
        const base = place && childOf(place, 'baseExpression');
        if (textOf(node, 'operator') !== 'delete' || place?.nodeType !== 'IndexAccess' || !base || !body)
          continue;
        const variable = program.stateVariable(referenceOf(base) ?? -1);
        if (!variable || !/\[\]( storage ref)?$/.test(typeOf(base))) continue;
        const name = textOf(variable, 'name');
        // Shortened as well, in whichever way the compiler of the time has it.
        if (
          new RegExp(`\\b${name}\\s*\\.\\s*(pop\\s*\\(|length\\s*(--|-=|=[^=]))`).test(
            program.source.text(body),
          )
        )
          continue;
        report({
          node,
          message: `\`${codeOf(program, node)}\` in ${callable.name} leaves an empty element in \`${name}\`.`,
        });
      }
    }
  },
};
