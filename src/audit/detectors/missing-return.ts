import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, unwrap } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';

/** A function promises a value and ends without giving one. */
export const missingReturn: Detector = {
  id: 'missing-return',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'A function ends without the value that it promises',
  why: 'Where no return statement is reached, a function answers zero, false or nothing, without an error. Its callers take that for an answer.',
  exploit:
    'A price or a share of zero comes out in a case that nobody thought of, and somebody pays nothing, or is owed nothing.',
  fix: 'Return a value on every way, or revert where there is none.',
  references: ['SWC-135', 'CWE-394', 'OWASP-SC03:2025', 'EEA-EthTrust: Return Values on All Paths'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;
contract Prices {
    mapping(address => uint256) public visits;
    function percent(address who) public view returns (uint256) { // <-- finding
        if (visits[who] > 50) {
            return 85;
        } else if (visits[who] > 10) {
            if (block.timestamp > 5) { return 90; }
        } else {
            return 100;
        }
    }
    function pay(address who) external returns (bool) { visits[who] += 1; } // <-- finding
    function named(address who) external returns (bool done) { visits[who] += 1; } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Prices {
    mapping(address => uint256) public visits;
    error None();
    function a(address who) public view returns (uint256) { if (visits[who] > 50) return 85; revert None(); } // <-- guard: function a(address who) public view returns (uint256) { if (visits[who] > 50) return 85; }
    function b(address who) public view returns (uint256 n) { if (visits[who] > 50) n = 85; }
    function c(uint256 n) public pure returns (uint256) { for (;;) { if (n > 3) return n; n++; } }
    function d() public pure returns (uint256) { assembly { mstore(0, 1) return(0, 32) } }
    function e(uint256 n) public pure returns (uint256) { if (n > 3) { return 1; } else { _fail(); } }
    function _fail() private pure { revert None(); }
    function f(uint256 n) public pure returns (uint256, uint256 y) { y = n; return (1, y); }
    function g() external virtual returns (bool) {}
    function h() external view returns (uint256) { try this.d() returns (uint256 n) { return n; } catch { return 0; } }
    function i() external returns (uint256[] memory list) { list[0] = 1; (visits[msg.sender], list) = (1, list); }
    function j() external pure returns (uint256 value) { _fill(value); do { return 1; } while (true); }
    function _fill(uint256) private pure {}
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const { body, returns, node, name } = callable;
      if (!body || returns.length === 0 || childrenOf(body, 'statements').length === 0) continue;
      // What is set by its name needs no return statement.
      if (returns.some((variable) => textOf(variable, 'name') !== '' && isSet(program, callable, variable)))
        continue;
      const hasReturn = descendants(body, 'Return').length > 0;
      if (returns.some((variable) => textOf(variable, 'name') !== '') && hasReturn) continue;
      if (!reachesEnd(program, body)) continue;
      report({ node, message: `${name} can end without returning a value, and then answers zero.` });
    }
  },
};

function isSet(program: Program, { body }: Callable, variable: AstNode): boolean {
  if (!body) return false;
  return descendants(body, 'Identifier', 'InlineAssembly').some((node) => {
    if (node.nodeType === 'InlineAssembly') return true;
    if (referenceOf(node) !== variable.id) return false;
    const parent = program.parent(node);
    // Read only as a plain value: then it is still what it was.
    return parent?.nodeType !== 'BinaryOperation' && parent?.nodeType !== 'Return';
  });
}

/** Whether the end of a statement can be reached. */
function reachesEnd(program: Program, node: AstNode, path: readonly Callable[] = []): boolean {
  switch (node.nodeType) {
    case 'Block':
    case 'UncheckedBlock':
      return childrenOf(node, 'statements').every((statement) => reachesEnd(program, statement, path));
    case 'Return':
    case 'Throw':
    case 'RevertStatement':
    case 'Break':
    case 'Continue':
      return false;
    case 'IfStatement': {
      const [yes, no] = [childOf(node, 'trueBody'), childOf(node, 'falseBody')];
      return !no || (yes !== undefined && reachesEnd(program, yes, path)) || reachesEnd(program, no, path);
    }
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement': {
      const condition = childOf(node, 'condition');
      const endless = !condition || textOf(unwrap(condition), 'value') === 'true';
      const body = childOf(node, 'body');
      if (node.nodeType === 'DoWhileStatement' && body && !reachesEnd(program, body, path))
        return leaves(body);
      return !endless || (body !== undefined && leaves(body));
    }
    case 'TryStatement':
      return childrenOf(node, 'clauses').some((clause) =>
        reachesEnd(program, childOf(clause, 'block') ?? clause, path),
      );
    case 'InlineAssembly':
      return !/"(return|revert|selfdestruct|invalid)"|\b(return|revert)\s*\(/.test(
        JSON.stringify(node['AST'] ?? node['operations'] ?? ''),
      );
    case 'ExpressionStatement': {
      const expression = childOf(node, 'expression');
      return expression?.nodeType !== 'FunctionCall' || callReturns(program, expression, path);
    }
    default:
      return true;
  }
}

function leaves(body: AstNode): boolean {
  return descendants(body, 'Break').length > 0;
}

function callReturns(program: Program, node: AstNode, path: readonly Callable[]): boolean {
  const call = classifyCall(program, node);
  if (call.kind === 'revert' || call.kind === 'selfdestruct') return false;
  if (call.kind === 'require' || call.kind === 'assert') {
    const condition = call.arguments[0];
    return !condition || textOf(unwrap(condition), 'value') !== 'false';
  }
  const body = call.kind === 'internal' && !path.includes(call.target) ? call.target.body : undefined;
  if (call.kind !== 'internal' || !body || descendants(body, 'Return').length > 0) return true;
  return reachesEnd(program, body, [...path, call.target]);
}
