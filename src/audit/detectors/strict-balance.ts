import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { entryFrame, type Frame, isFixed, resolve } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { sourcesOf } from '../ir/sources.ts';
import { literalValue } from '../ir/storage.ts';
import { isOwnHolding } from '../ir/token-moves.ts';

/** Something depends on the contract's ether being exactly so much. */
export const strictBalance: Detector = {
  id: 'strict-balance',
  category: 'selfdestruct-and-locked-ether',
  severity: 'medium',
  confidence: 'high',
  title: 'The balance of the contract is compared for equality',
  why: 'Anybody can send tokens to any address, and ether reaches a contract without any of its functions being called: by selfdestruct, as a block reward, or before it is deployed. Its balance is never under its own control.',
  exploit:
    'An attacker forces one wei into the contract. The balance never has the expected value again, and what waits for it is stuck for ever.',
  fix: 'Compare with `>=`, or keep a record of what was deposited and compare that.',
  references: ['SWC-132', 'CWE-667', 'OWASP-SC10:2025', 'EEA-EthTrust: No Exact Balance Check'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Game {
    address public winner;
    function play() external payable {
        require(msg.value == 1 ether);
        uint256 balance = address(this).balance;
        if (balance == 7 ether) winner = msg.sender; // <-- finding
        require(address(this).balance != 8 ether); // <-- finding
        require(address(this).balance <= 10 ether); // <-- finding
    }
    uint256 public booked;
    modifier booksMatch() { _; assert(address(this).balance == booked); } // <-- finding
    function put() external payable booksMatch { booked += msg.value; }
    function check() external view returns (bool) { return held() - booked == 0 || held() + 1 == booked; } // <-- finding
    function held() public view returns (uint256) { return address(this).balance; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function balanceOf(address who) external view returns (uint256); }
abstract contract Books {
    IERC20 internal token;
    uint256 internal booked;
    modifier balanced() {
        require(token.balanceOf(address(this)) == booked, "books do not match"); // <-- finding
        _;
    }
}
contract Desk is Books {
    uint256 public rounds;
    function close() external balanced { rounds++; }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Game {
    address public winner;
    uint256 public paid;
    function play() external payable {
        require(msg.value == 1 ether);
        paid += msg.value;
        if (paid == 7 ether) winner = msg.sender; // <-- guard: if (address(this).balance == 7 ether) winner = msg.sender;
        require(address(this).balance >= paid);
        require(address(this).balance != 0, "empty");
        require(msg.sender.balance == 0);
        uint256 before = address(this).balance;
        require(address(this).balance == before + 0);
        require(address(this).balance - before == 0 + paid);
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        const left = childOf(node, 'leftExpression');
        const right = childOf(node, 'rightExpression');
        const operator = textOf(node, 'operator');
        if (!left || !right) continue;
        if (/^[!=]=$/.test(operator) && (holdsBalance(left, frame) || holdsBalance(right, frame))) {
          const other = holdsBalance(left, frame) ? right : left;
          // Compared with what it was before, it is a transfer that is checked.
          const holdings = sourcesOf(node, frame).filter((part) => isOwnHolding(part.node, part.frame));
          if (literalValue(other) === 0n || holdings.length > 1) continue;
          report({
            node,
            frame,
            message: `${callable.name} depends on \`${codeOf(program, node)}\`, and anyone can send ether that no function sees.`,
          });
        } else if (isLimit(operator, left, right, frame) && stops(program, node)) {
          report({
            node,
            frame,
            confidence: 'medium',
            message: `${callable.name} stops for good when \`${codeOf(program, node)}\` does not hold, and anyone can send ether that no function sees.`,
          });
        }
      }
    }
  },
};

/** The balance, or a sum with it: `address(this).balance - msg.value`. */
function holdsBalance(node: AstNode, frame: Frame): boolean {
  const at = resolve(node, frame);
  if (at.node.nodeType === 'BinaryOperation' && /^[+-]$/.test(textOf(at.node, 'operator')))
    return ['leftExpression', 'rightExpression'].some((field) => {
      const side = childOf(at.node, field);
      return side !== undefined && holdsBalance(side, at.frame);
    });
  return isOwnBalance(node, frame);
}

/** The balance must not be above something. */
function isLimit(operator: string, left: AstNode, right: AstNode, frame: Frame): boolean {
  if (/^<=?$/.test(operator)) return isOwnBalance(left, frame);
  return /^>=?$/.test(operator) && isOwnBalance(right, frame) && isFixed(frame.program, left);
}

/** A condition without which the function reverts. */
function stops(program: Program, node: AstNode): boolean {
  for (
    let at: AstNode | undefined = node, parent = program.parent(node);
    parent;
    at = parent, parent = program.parent(at)
  ) {
    if (parent.nodeType === 'FunctionCall')
      return /^(require|assert)$/.test(textOf(childOf(parent, 'expression'), 'name'));
    if (!/^(BinaryOperation|TupleExpression)$/.test(parent.nodeType) || parent['operator'] === '||')
      return false;
  }
  return false;
}

function isOwnBalance(node: AstNode, frame: Frame): boolean {
  const at = resolve(node, frame);
  return isOwnHolding(at.node, at.frame);
}
