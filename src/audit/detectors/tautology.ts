import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeOf } from '../ir/ast.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { literalValue } from '../ir/storage.ts';

/** A comparison that is always true, or never. */
export const tautology: Detector = {
  id: 'tautology',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'A comparison that always comes out the same',
  why: 'The value can never be on the other side of the limit: an unsigned number is never below zero, and a uint8 never above 255. What the comparison is there to prevent is not prevented.',
  exploit:
    'Whoever calls passes the check with any value, for example one that underflows in the line below.',
  fix: 'Compare what was meant, for example `require(balance >= amount)` in place of `require(balance - amount >= 0)`.',
  references: ['SWC-110', 'CWE-570', 'OWASP-SC03:2025', 'EEA-EthTrust: No Conflicting Conditions'],
  bad: [
    `pragma solidity ^0.4.24;
contract Token {
    mapping(address => uint) balances;
    function send(address to, uint amount) public {
        require(balances[msg.sender] - amount >= 0); // <-- finding
        balances[msg.sender] -= amount;
        balances[to] += amount;
    }
    function small(uint8 value) public pure returns (bool) { return value < 512; } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Token {
    function check(uint256 a, int256 b, uint8 c) external pure returns (bool) {
        return a > 0 && b >= 0 && c < 200 && c <= 254 && a != 0; // <-- guard: return a >= 0 && b >= 0 && c < 200 && c <= 254 && a != 0;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const node of callable.body ? descendants(callable.body, 'BinaryOperation') : []) {
        const outcome = outcomeOf(node);
        if (outcome === undefined) continue;
        report({
          node,
          message: `\`${codeOf(program, node, 60)}\` in ${callable.name} is ${outcome ? 'always' : 'never'} true.`,
        });
      }
    }
  },
};

/** @returns what it always is; undefined where it depends */
function outcomeOf(node: AstNode): boolean | undefined {
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (!left || !right) return undefined;
  const operator = textOf(node, 'operator');
  const limit = literalValue(right);
  if (limit !== undefined) return against(rangeOf(left), operator, limit);
  const turned = literalValue(left);
  const mirror: Record<string, string> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };
  const other = mirror[operator];
  return turned !== undefined && other ? against(rangeOf(right), other, turned) : undefined;
}

function against(range: [bigint, bigint] | undefined, operator: string, limit: bigint): boolean | undefined {
  if (!range) return undefined;
  const [low, high] = range;
  if (operator === '>=') return low >= limit ? true : high < limit ? false : undefined;
  if (operator === '>') return low > limit ? true : high <= limit ? false : undefined;
  if (operator === '<=') return high <= limit ? true : low > limit ? false : undefined;
  if (operator === '<') return high < limit ? true : low >= limit ? false : undefined;
  return undefined;
}

function rangeOf(node: AstNode): [bigint, bigint] | undefined {
  const type = /^(u?)int(\d+)$/.exec(typeOf(node));
  if (!type) return undefined;
  const bits = BigInt(type[2] ?? '256');
  return type[1] === 'u' ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}
