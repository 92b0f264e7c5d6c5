import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, slotsOf, textOf, typeOf, unwrap } from '../ir/ast.ts';
import { isFixed } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import { literalValue } from '../ir/storage.ts';

/** A loop counts with a type that cannot count so far. */
export const narrowCounter: Detector = {
  id: 'narrow-counter',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'A loop’s counter is too small for what it counts to',
  why: 'A uint8 ends at 255, and `var i = 0` is a uint8. With more rounds than that, the counter starts again from zero and the loop never ends, or, from 0.8 on, the function reverts.',
  exploit:
    'An attacker registers until the list has 256 entries. From then on the function that goes over it uses up all gas, and everything that waits for it is stuck.',
  fix: 'Count with uint256.',
  references: ['SWC-101', 'CWE-190', 'OWASP-SC10:2025', 'EEA-EthTrust: Safe Overflow/Underflow'],
  bad: [
    `pragma solidity ^0.4.24;
contract Payroll {
    address[] workers;
    mapping(address => uint) due;
    function all() public {
        for (var i = 0; i < workers.length; i++) { // <-- finding
            due[workers[i]] += 1;
        }
    }
    function some(uint n) public {
        uint8 i = 0;
        while (i < n) { // <-- finding
            due[workers[i]] = 0;
            i++;
        }
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Payroll {
    address[] public workers;
    uint256 public constant MAX = 20;
    uint256[8] public slots;
    function join() external { require(workers.length < 200); workers.push(msg.sender); }
    function all(uint8 n, uint256 m) external {
        for (uint256 i = 0; i < workers.length; i++) slots[0] += i;
        for (uint8 i = 0; i < n; i++) slots[0] += i;
        for (uint8 i = 0; i < MAX; i++) slots[0] += i;
        for (uint8 i = 0; i < slots.length; i++) slots[i] = 0;
        for (uint8 i = 0; i < workers.length; i++) slots[0] += i;
        require(m < 100); // <-- guard: nothing
        for (uint8 i = 0; i < m; i++) slots[0] += i;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const loop of descendants(
        callable.body ?? callable.node,
        'ForStatement',
        'WhileStatement',
        'DoWhileStatement',
      )) {
        const condition = childOf(loop, 'condition');
        for (const node of condition ? descendants(condition, 'BinaryOperation') : []) {
          const found = narrow(program, callable, node);
          if (!found) continue;
          report({
            node,
            message: `\`${codeOf(program, node, 50)}\` in ${callable.name} counts with a ${typeOf(found)}, which ends at ${2 ** bitsOf(found) - 1}.`,
          });
        }
      }
    }
  },
};

/** @returns the counter, when what it is compared with may be larger than it can be */
function narrow(program: Program, callable: Callable, node: AstNode): AstNode | undefined {
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (!left || !right) return undefined;
  const [counter, limit] = /^(<=?|!=)$/.test(textOf(node, 'operator')) ? [left, right] : [right, left];
  if (!/^(<=?|!=|>=?)$/.test(textOf(node, 'operator'))) return undefined;
  const at = unwrap(counter);
  if (at.nodeType !== 'Identifier' || program.stateVariable(referenceOf(at) ?? -1)) return undefined;
  if (bitsOf(at) > 16 || bitsOf(limit) <= bitsOf(at)) return undefined;
  if (literalValue(limit) !== undefined || isFixed(program, limit) || isFixedArray(limit)) return undefined;
  return isBounded(program, limit, 2n ** BigInt(bitsOf(at))) || isLocalOfParameter(callable, at)
    ? undefined
    : at;
}

function bitsOf(node: AstNode): number {
  const type = /^uint(\d+)$/.exec(typeOf(node));
  return type ? Number(type[1]) : 256;
}

function isFixedArray(limit: AstNode): boolean {
  const owner = textOf(limit, 'memberName') === 'length' ? childOf(limit, 'expression') : undefined;
  return owner !== undefined && /\[\d+\]/.test(typeOf(owner));
}

/** The same value is kept below the limit by a comparison anywhere in the file's own code. */
function isBounded(program: Program, limit: AstNode, size: bigint): boolean {
  const text = program.source.text(limit);
  return ownCallables(program).some(({ body }) =>
    (body ? descendants(body, 'BinaryOperation') : []).some((node) => {
      const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
      if (!left || !right || !/^[<>]=?$/.test(textOf(node, 'operator'))) return false;
      const other =
        program.source.text(left) === text ? right : program.source.text(right) === text ? left : undefined;
      if (!other) return false;
      const number = literalValue(other) ?? constantOf(program, other);
      return number !== undefined && number <= size;
    }),
  );
}

function constantOf(program: Program, node: AstNode): bigint | undefined {
  const variable = program.stateVariable(referenceOf(unwrap(node)) ?? -1);
  const value = variable?.['constant'] === true ? childOf(variable, 'value') : undefined;
  return value && literalValue(value);
}

/** Counted down from what the caller gave, in the same type. */
function isLocalOfParameter({ parameters }: Callable, counter: AstNode): boolean {
  return slotsOf({ ...counter, list: parameters }, 'list').some(
    (parameter) => parameter?.id === referenceOf(counter),
  );
}
