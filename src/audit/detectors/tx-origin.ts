import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf } from '../ir/ast.ts';
import { entryFrame, type Frame, isMagic, isOrigin, isSender, resolve } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { literalValue } from '../ir/storage.ts';

/** Authorisation by the account that signed the transaction instead of the caller. */
export const txOrigin: Detector = {
  id: 'tx-origin',
  category: 'tx-origin',
  severity: 'high',
  confidence: 'high',
  title: 'Authorisation by tx.origin',
  why: "tx.origin is whoever signed the transaction, not whoever calls. Any contract that the owner touches calls with the owner's tx.origin.",
  exploit:
    "An attacker gets the owner to send a transaction to the attacker's contract (an airdrop, a token with a hook). That contract calls this one, the check passes, and the attacker acts with the owner's rights.",
  fix: 'Compare `msg.sender` (with OpenZeppelin: inherit Ownable and use onlyOwner). `require(msg.sender == tx.origin)`, which only keeps contracts out, is not this fault.',
  references: ['SWC-115', 'CWE-477', 'OWASP-SC01:2025', 'EEA-EthTrust: No tx.origin'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Wallet {
    address owner = msg.sender;
    mapping(address => bool) public admins;
    modifier onlyOwner() {
        require(tx.origin == owner, "not owner"); // <-- finding
        _;
    }
    function withdraw(address payable to) external onlyOwner {
        to.transfer(address(this).balance);
    }
    function stop() external view returns (bool) {
        if (owner != tx.origin) revert(); // <-- finding
        require(admins[tx.origin]); // <-- finding
        return true;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
contract Fund is AccessControl {
    function pay(address payable to) external {
        if (!hasRole(DEFAULT_ADMIN_ROLE, tx.origin)) revert(); // <-- finding
        to.transfer(1 ether);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Actor {
    function _actor() internal view virtual returns (address) {
        return tx.origin; // <-- finding
    }
}
contract Desk is Actor {
    address public clerk = msg.sender;
    uint256 public price;
    modifier onlyClerk() { require(_actor() == clerk); _; }
    function setPrice(uint256 to) external onlyClerk { price = to; }
}
`,
    `pragma solidity ^0.4.11;
contract Wallet {
    address owner;
    function Wallet() public { owner = msg.sender; }
    function sendTo(address receiver, uint amount) public {
        address caller = tx.origin;
        require(caller == owner); // <-- finding
        receiver.transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Wallet {
    address owner = msg.sender;
    mapping(address => uint256) public seen;
    event Called(address from);
    function withdraw(address payable to) external {
        require(msg.sender == owner, "not owner");
        to.transfer(address(this).balance);
    }
    function play() external {
        require(msg.sender == tx.origin, "no contracts");
        seen[tx.origin]++;
        emit Called(tx.origin);
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'FunctionCall')) {
        if (!asksOfOrigin(node)) continue;
        report({
          node,
          frame,
          message: `${callable.name} asks \`${codeOf(program, node)}\`, which any contract that the signer calls can pass.`,
        });
      }
      for (const node of descendants(callable.body, 'BinaryOperation', 'IndexAccess')) {
        if (
          node.nodeType === 'BinaryOperation' ? !comparesOrigin(node, frame) : !looksUp(program, node, frame)
        )
          continue;
        report({
          ...sourceOf(node, frame),
          message: `${callable.name} decides by \`${codeOf(program, node)}\`, which any contract that the signer calls can pass.`,
        });
      }
    }
  },
};

/** Where a helper answers tx.origin, the helper is what has to be mended: all that use it hang on it. */
function sourceOf(node: AstNode, frame: Frame): { node: AstNode; frame: Frame } {
  const sides = ['leftExpression', 'rightExpression', 'indexExpression'].flatMap(
    (field) => childOf(node, field) ?? [],
  );
  const origin = sides.map((side) => resolve(side, frame)).find((at) => isMagic(at.node, 'tx', 'origin'));
  const isElsewhere = origin !== undefined && origin.frame.callable !== frame.callable;
  return isElsewhere && frame.program.isOwn(origin.node) ? origin : { node, frame };
}

function comparesOrigin(node: AstNode, frame: Frame): boolean {
  if (!['==', '!='].includes(textOf(node, 'operator'))) return false;
  const left = childOf(node, 'leftExpression');
  const right = childOf(node, 'rightExpression');
  if (!left || !right) return false;
  const other = isOrigin(left, frame) ? right : isOrigin(right, frame) ? left : undefined;
  return (
    other !== undefined && !isSender(other, frame) && !isOrigin(other, frame) && literalValue(other) !== 0n
  );
}

// `admins[tx.origin]` as a condition, not as a place to count in.
function looksUp(program: Program, node: AstNode, frame: Frame): boolean {
  const index = childOf(node, 'indexExpression');
  if (!index || !(isMagic(index, 'tx', 'origin') || isOrigin(index, frame))) return false;
  let at: AstNode | undefined = program.parent(node);
  if (at?.nodeType === 'Assignment') return false;
  while (at && ['UnaryOperation', 'BinaryOperation', 'TupleExpression'].includes(at.nodeType)) {
    if (['++', '--', 'delete'].includes(textOf(at, 'operator'))) return false;
    at = program.parent(at);
  }
  if (at?.nodeType === 'IfStatement') return true;
  const callee = at?.nodeType === 'FunctionCall' ? childOf(at, 'expression') : undefined;
  return ['require', 'assert'].includes(textOf(callee, 'name'));
}

/** `hasRole(ADMIN, tx.origin)`: a question about rights, by its name. */
function asksOfOrigin(node: AstNode): boolean {
  const callee = childOf(node, 'expression');
  const name = textOf(callee, 'memberName') || textOf(callee, 'name');
  const asks = /^_?(has|check|only|require|is|may|can)[A-Z]/.test(name);
  return asks && childrenOf(node, 'arguments').some((each) => isMagic(each, 'tx', 'origin'));
}
