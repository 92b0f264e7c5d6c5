import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, textOf, typeOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { growthOf } from '../ir/growth.ts';
import { codeOf } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** A list that anybody makes longer is cleared at once. */
export const listReset: Detector = {
  id: 'list-reset',
  category: 'denial-of-service',
  severity: 'medium',
  confidence: 'medium',
  title: 'A list of any length is cleared in one go',
  why: 'Clearing a list in storage writes every slot of it. It costs 5,000 gas for each entry, refunds come only afterwards and are capped, and a list that is long enough can never be cleared.',
  exploit:
    'An attacker adds entries until clearing them costs more than a block has. Whatever has to clear the list first, such as the next payout, is stuck for ever.',
  fix: 'Keep the list under a round number and count the round up, or clear it in parts.',
  references: ['SWC-128', 'CWE-400', 'OWASP-SC10:2025', 'EEA-EthTrust: Bound Loops'],
  bad: [
    `pragma solidity ^0.4.24;
contract Credit {
    address[] creditors;
    uint[] amounts;
    address[] late;
    function lend() public payable {
        creditors.push(msg.sender);
        amounts.push(msg.value);
        late.push(msg.sender);
    }
    function start() public {
        creditors = new address[](0); // <-- finding
        delete amounts; // <-- finding
        _clear();
    }
    function _clear() private { late.length = 0; } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Credit {
    uint256 public round;
    mapping(uint256 => address[]) public creditors;
    address[] public few;
    address[] public own;
    address public owner = msg.sender;
    mapping(address => uint256) public last;
    function lend() external payable {
        creditors[round].push(msg.sender);
        require(few.length < 10);
        few.push(msg.sender);
        last[msg.sender] = msg.value;
    }
    function add(address who) external { require(msg.sender == owner); own.push(who); }
    function start() external { round++; delete few; delete own; delete last[msg.sender]; }
}
`,
  ],
  run({ program, runs }, report) {
    const growing = growthOf(program, runs);
    for (const run of runs.entries) {
      if (run.role === 'constructor') continue;
      for (const write of run.visits.writes) {
        const grown = growing.get(write.slot.key);
        if (grown?.by !== 'anyone' || !isReset(program, write)) continue;
        report({
          node: write.node,
          frame: write.frame,
          message: `${run.entry.name} clears the whole list with \`${codeOf(program, write.node, 50)}\`, and anyone can add to it.`,
          steps: [{ node: grown.node, frame: grown.frame, note: 'it grows here' }],
        });
      }
    }
  },
};

/** `delete list`, `list = new address[](0)`, `list.length = 0` */
function isReset(program: Program, { node, value }: WriteVisit): boolean {
  const place = childOf(node, 'subExpression') ?? childOf(node, 'leftHandSide');
  if (textOf(node, 'operator') === 'delete') return isList(place);
  if (textOf(node, 'operator') !== '=' || !value) return false;
  if (textOf(place, 'memberName') === 'length') return constantOf(program, value) === 0n;
  return (
    isList(place) &&
    value.nodeType === 'FunctionCall' &&
    childOf(value, 'expression')?.nodeType === 'NewExpression'
  );
}

function isList(place: AstNode | undefined): boolean {
  return /\[\] storage/.test(typeOf(place));
}
