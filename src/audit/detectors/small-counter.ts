import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { entryFrame } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { sourcesOf } from '../ir/sources.ts';

/** A loop's counter has too few bits for the list that it goes over. */
export const smallCounter: Detector = {
  id: 'small-counter',
  category: 'denial-of-service',
  severity: 'medium',
  confidence: 'high',
  title: 'The counter of a loop is too small',
  why: 'A counter of 8 bits ends at 255. When the list is longer, it starts anew at zero for ever (before 0.8) or reverts: the function cannot be called any more. `var i = 0` makes such a counter.',
  exploit:
    'An attacker adds entries until there are 256 of them. From then on the loop over the list always runs out of gas, or reverts.',
  fix: 'Count with `uint256`.',
  references: ['SWC-128', 'CWE-190', 'OWASP-SC10:2025', 'EEA-EthTrust: Bound Loops'],
  bad: [
    `pragma solidity ^0.4.24;
contract Pool {
    address[] members;
    mapping(address => uint) due;
    uint count;
    function share() public {
        for (var i = 0; i < members.length; i++) { // <-- finding
            due[members[i]]++;
        }
        uint8 k = 0;
        while (count > k) { // <-- finding
            due[members[k]]--;
            k++;
        }
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pool {
    function sum(uint256[] calldata amounts) external pure returns (uint256 all) {
        for (uint8 i; i < amounts.length; ++i) all += amounts[i]; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pool {
    uint256 constant MOST = 100;
    uint8 public count;
    uint256[8] public fixedList;
    uint256[] public list;
    function sum(uint256[] calldata amounts) external view returns (uint256 all) {
        for (uint256 i; i < amounts.length; ++i) all += amounts[i];
        for (uint8 i; i < MOST; ++i) all += i;
        for (uint8 i; i < count; ++i) all += i;
        for (uint8 i; i < fixedList.length; ++i) all += fixedList[i];
        for (uint128 i; i < list.length; ++i) all += list[i];
    }
    function few(uint256[] calldata amounts) external pure returns (uint256 all) {
        require(amounts.length <= 200);
        for (uint8 i; i < amounts.length; ++i) all += amounts[i];
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const loop of descendants(callable.body, 'ForStatement', 'WhileStatement', 'DoWhileStatement')) {
        const condition = childOf(loop, 'condition');
        for (const node of condition ? descendants(condition, 'BinaryOperation') : []) {
          const counter = counterOf(node, loop);
          if (!counter) continue;
          const most = 2n ** BigInt(counter.bits);
          const value = constantOf(program, counter.end) ?? lengthOf(counter.end);
          // A narrow number on the other side, even where it was widened, never passes the counter.
          const isNarrow = sourcesOf(counter.end, frame).every((part) => bitsOf(part.node) <= counter.bits);
          if (isNarrow || (value !== undefined && value < most) || isLimited(counter.end)) continue;
          report({
            node,
            frame,
            message: `\`${codeOf(program, counter.node, 20)}\` ends at ${most - 1n}, and \`${codeOf(program, counter.end, 40)}\` may be more.`,
          });
        }
      }

      function isLimited(end: AstNode): boolean {
        const text = program.source.text(end);
        return descendants(callable.body ?? callable.node, 'BinaryOperation').some(
          (node) =>
            /^[<>]=?$/.test(textOf(node, 'operator')) &&
            [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')].some(
              (side) => side !== undefined && program.source.text(side) === text,
            ) &&
            [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')].some(
              (side) => (constantOf(program, side) ?? 0n) > 0n,
            ),
        );
      }
    }
  },
};

/** The variable that a loop counts up, when it has 16 bits or fewer, and what it is compared with. */
function counterOf(node: AstNode, loop: AstNode): { node: AstNode; end: AstNode; bits: number } | undefined {
  const operator = textOf(node, 'operator');
  const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')] as const;
  const [small, end] = /^<=?$|^!=$/.test(operator)
    ? sides
    : /^>=?$/.test(operator)
      ? [sides[1], sides[0]]
      : [];
  if (!small || !end || small.nodeType !== 'Identifier') return undefined;
  const bits = bitsOf(small);
  const id = referenceOf(small);
  const counts = descendants(loop, 'UnaryOperation', 'Assignment').some((each) => {
    const place = childOf(each, 'subExpression') ?? childOf(each, 'leftHandSide');
    return (
      /^\+\+$|^\+=$|^=$/.test(textOf(each, 'operator')) && place !== undefined && referenceOf(place) === id
    );
  });
  return counts && bits <= 16 ? { node: small, end, bits } : undefined;
}

/** @returns the length of a list of fixed length */
function lengthOf(end: AstNode): bigint | undefined {
  const length = /\[(\d+)\]/.exec(typeOf(childOf(end, 'expression')))?.[1];
  return length === undefined ? undefined : BigInt(length);
}

/** @returns the bits of an unsigned integer; more than any for another type */
function bitsOf(node: AstNode): number {
  const bits = /^uint(\d+)$/.exec(typeOf(node))?.[1];
  return bits === undefined ? 999 : Number(bits);
}
