import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeIdOf, typeOf, unwrap } from '../ir/ast.ts';
import { isFixed } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
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
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Desk {
    enum Kind { None, Small, Large }
    uint256 public start;
    function a(Kind kind, uint256 n, uint8 m) external view returns (bool) {
        require(kind != Kind.Small || kind != Kind.Large); // <-- finding
        if (kind == Kind.None && kind == Kind.Small) return true; // <-- finding
        if (n == n) return true; // <-- finding
        return m <= type(uint8).max; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Desk {
    enum Kind { None, Small, Large }
    uint256 public last;
    function next() internal returns (uint256) { return ++last; }
    function a(Kind kind, uint256 n) external returns (bool) {
        require(kind == Kind.Small || kind == Kind.Large); // <-- guard: require(kind != Kind.Small || kind != Kind.Large);
        require(kind != Kind.None && kind != Kind.Large);
        return next() == next() || n < type(uint256).max || n <= type(uint8).max;
    }
}
`,
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
        const outcome = outcomeOf(node) ?? ownOutcome(program, node) ?? jointOutcome(program, node);
        if (outcome === undefined) continue;
        report({
          node,
          message: `\`${codeOf(program, node, 60)}\` in ${callable.name} is ${outcome ? 'always' : 'never'} true.`,
        });
      }
    }
  },
};

/** A value compared with itself. */
function ownOutcome(program: Program, node: AstNode): boolean | undefined {
  const operator = textOf(node, 'operator');
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (!left || !right || !/^(==|!=|<=?|>=?|&&|\|\|)$/.test(operator)) return undefined;
  if (descendants(left, 'FunctionCall').some((call) => call['kind'] !== 'typeConversion')) return undefined;
  if (program.source.text(left) !== program.source.text(right)) return undefined;
  if (unwrap(left).nodeType === 'Literal' || /^(&&|\|\|)$/.test(operator)) return undefined;
  return /=$/.test(operator) && operator !== '!=';
}

/** `x != A || x != B`, `x == A && x == B`: one of the two holds for every x, or neither can. */
function jointOutcome(program: Program, node: AstNode): boolean | undefined {
  const operator = textOf(node, 'operator');
  const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')].map(
    (side) => side && comparedWith(program, unwrap(side)),
  );
  const [a, b] = sides;
  if (!a || !b || a.value !== b.value || a.fixed === b.fixed) return undefined;
  if (operator === '||' && a.operator === '!=' && b.operator === '!=') return true;
  return operator === '&&' && a.operator === '==' && b.operator === '==' ? false : undefined;
}

function comparedWith(program: Program, node: AstNode) {
  const operator = textOf(node, 'operator');
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (node.nodeType !== 'BinaryOperation' || !/^[!=]=$/.test(operator) || !left || !right) return undefined;
  if (!isFixed(program, right) || descendants(left, 'FunctionCall').length > 0) return undefined;
  return { operator, value: program.source.text(left), fixed: program.source.text(right) };
}

/** @returns what it always is; undefined where it depends */
function outcomeOf(node: AstNode): boolean | undefined {
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (!left || !right) return undefined;
  const operator = textOf(node, 'operator');
  const limit = literalValue(right) ?? extremeOf(right);
  if (limit !== undefined) return against(rangeOf(left), operator, limit);
  const turned = literalValue(left) ?? extremeOf(left);
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

/** `type(uint8).max` */
function extremeOf(node: AstNode): bigint | undefined {
  const at = unwrap(node);
  const name = textOf(at, 'memberName');
  if (!/^(max|min)$/.test(name) || !/^t_magic_meta_type/.test(typeIdOf(childOf(at, 'expression'))))
    return undefined;
  return rangeOf(at)?.[name === 'max' ? 1 : 0];
}

function rangeOf(node: AstNode): [bigint, bigint] | undefined {
  const type = /^(u?)int(\d+)$/.exec(typeOf(node));
  if (!type) return undefined;
  const bits = BigInt(type[2] ?? '256');
  return type[1] === 'u' ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}
