import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeOf, unwrap } from '../ir/ast.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { literalValue } from '../ir/storage.ts';

/** `=+` in place of `+=`, `=` in place of `==`. */
export const mistypedOperator: Detector = {
  id: 'mistyped-operator',
  category: 'language-trap',
  severity: 'high',
  confidence: 'high',
  title: 'An operator that was meant to be another one',
  why: '`a =- b` sets a to minus b, and `if (a = b)` sets a and asks whether it is true. Both compile.',
  exploit: 'A balance is replaced where it was to be changed, or a check passes that was to compare.',
  fix: 'Write `+=`, `-=` or `==`; where the sign or the assignment is meant, put it in parentheses or on a line of its own.',
  references: ['SWC-129', 'CWE-480', 'OWASP-SC03:2025', 'EEA-EthTrust: No Typographical Errors'],
  bad: [
    `pragma solidity ^0.4.24;
contract Sum {
    uint public total;
    int public change;
    bool public open;
    function add(uint value, int by, bool yes) public {
        total =+ value; // <-- finding
        change =- by; // <-- finding
        if (open = yes) total = 0; // <-- finding
        require(open = true); // <-- finding
        open == false; // <-- finding
        total - value; // <-- finding
        total = value * 10 ^ 18; // <-- finding
        open =! yes; // <-- finding
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Sum {
    uint public total;
    int public change;
    function add(uint value, int by) public {
        total += value; // <-- guard: total =+ value;
        change = -by;
        change -= by;
        uint low;
        if ((low = value) > 3) total = low;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      if (!callable.body) continue;
      for (const statement of descendants(callable.body, 'ExpressionStatement')) {
        const node = childOf(statement, 'expression');
        if (!node || !isIdle(node)) continue;
        // From 0.8 on, a sum that is thrown away still reverts when it does not fit.
        const mayStop = program.minor >= 8 && /^([-+*/%]|\*\*)$/.test(textOf(node, 'operator'));
        report({
          node,
          ...(mayStop ? { severity: 'low' as const } : {}),
          message: `\`${codeOf(program, node)}\` in ${callable.name} computes something and does nothing with it.`,
        });
      }
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        if (!isPowerMeant(node)) continue;
        report({
          node,
          message: `\`${codeOf(program, node)}\` in ${callable.name} is an exclusive or; \`**\` was meant.`,
        });
      }
      for (const node of descendants(callable.body, 'Assignment')) {
        const text = program.source.text(node);
        const right = childOf(node, 'rightHandSide');
        const left = childOf(node, 'leftHandSide');
        if (textOf(node, 'operator') !== '=' || !right || !left) continue;
        const between = text.slice(program.source.text(left).length);
        if (/^\s*=[+-]\s|^\s*=![ \t]/.test(between)) {
          report({
            node,
            message: `\`${codeOf(program, node)}\` in ${callable.name} sets the value; \`${/=\+/.test(between) ? '+=' : /=!/.test(between) ? '!=' : '-='}\` was meant.`,
          });
        } else if (/^(Identifier|Literal)$/.test(right.nodeType) && isCondition(program.parent(node), node)) {
          report({
            node,
            message: `\`${codeOf(program, node)}\` in ${callable.name} sets the value where one is to be compared.`,
          });
        }
      }
    }
  },
};

/** A statement that changes nothing and calls nothing. */
function isIdle(node: AstNode): boolean {
  if (descendants(node, 'FunctionCall', 'Assignment').some((item) => item['kind'] !== 'typeConversion'))
    return false;
  if (descendants(node, 'UnaryOperation').some((item) => /^(\+\+|--|delete)$/.test(textOf(item, 'operator'))))
    return false;
  return /^(BinaryOperation|UnaryOperation|IndexAccess|Conditional)$/.test(unwrap(node).nodeType);
}

/** `10 ^ 18` */
function isPowerMeant(node: AstNode): boolean {
  if (textOf(node, 'operator') !== '^') return false;
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  // `n * 10 ^ 18` is `(n * 10) ^ 18`.
  const last = left && textOf(left, 'operator') === '*' ? childOf(left, 'rightExpression') : left;
  const base = last && literalValue(last);
  const isHex = [left, right].some((side) => /^0x/.test(textOf(side && unwrap(side), 'value')));
  return (
    (base === 10n || base === 2n) && right !== undefined && !isHex && /^(int_const|uint)/.test(typeOf(right))
  );
}

/** The assignment itself is asked whether it is true. */
function isCondition(
  parent: ReturnType<typeof childOf>,
  node: NonNullable<ReturnType<typeof childOf>>,
): boolean {
  if (parent?.nodeType === 'IfStatement') return childOf(parent, 'condition') === node;
  const name = textOf(parent && childOf(parent, 'expression'), 'name');
  return parent?.nodeType === 'FunctionCall' && (name === 'require' || name === 'assert');
}
