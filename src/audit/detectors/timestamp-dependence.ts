import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, slotsOf, textOf } from '../ir/ast.ts';
import { blockValuesIn, isPeriod } from '../ir/block-values.ts';
import { entryFrame } from '../ir/frames.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import { literalValue, slotOf } from '../ir/storage.ts';

/** A decision about value that a few seconds of the block's time turn around. */
export const timestampDependence: Detector = {
  id: 'timestamp-dependence',
  category: 'time',
  severity: 'medium',
  confidence: 'medium',
  title: 'The outcome depends on the exact block time',
  why: 'Whoever builds a block chooses its timestamp within some seconds and may delay transactions. Code that needs an exact time, or takes chance from it, can be steered.',
  exploit:
    'A block producer sets the timestamp so that the condition comes out in their favour, and takes the prize or the early place.',
  fix: 'Do not draw from the time and do not compare it for equality; use time only for limits that are minutes or longer, with `<` and `>=`.',
  references: ['SWC-116', 'CWE-829', 'OWASP-SC09:2025', 'EEA-EthTrust: Don’t misuse block data'],
  bad: [
    `pragma solidity ^0.4.24;
contract Roulette {
    uint public last;
    uint public deadline;
    function () public payable {
        if (now % 15 == 0) { // <-- finding
            msg.sender.transfer(address(this).balance);
        }
    }
    function atOnce() public view returns (bool) {
        return block.timestamp == deadline + 5 days; // <-- finding
    }
    function claim() public {
        uint time = block.timestamp;
        require(time >= last + 10); // <-- finding
        last = time;
        msg.sender.transfer(1 ether);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Stream {
    uint256 public start = block.timestamp;
    uint256 public updated;
    function vested(uint256 total) public view returns (uint256) {
        if (block.timestamp < start) return 0;
        return (total * (block.timestamp - start)) / 365 days;
    }
    function touch() external {
        if (updated == block.timestamp) return;
        updated = block.timestamp;
    }
    function permit(uint256 deadline) external view { require(block.timestamp <= deadline, "expired"); }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const node of descendants(callable.body ?? callable.node, 'BinaryOperation')) {
        const use = useOf(program, callable, node);
        if (use) report({ node, ...use, note: 'the block producer has a say in this' });
      }
    }
  },
};

function useOf(program: Program, callable: Callable, node: AstNode) {
  const operator = textOf(node, 'operator');
  const left = childOf(node, 'leftExpression');
  const right = childOf(node, 'rightExpression');
  if (!left || !right || !timed.has(operator)) return undefined;
  const isTime = (side: AstNode) => {
    const within = operator === '%' ? 'all' : 'plain';
    return blockValuesIn(program, callable, side, within).some((value) => value.kind === 'timestamp');
  };
  const code = codeOf(program, node);
  if (operator === '%') {
    if (isPeriod(right) && !isHashed(left)) return undefined;
    return isTime(left)
      ? { message: `${callable.name} draws from the block time with \`${code}\`.` }
      : undefined;
  }
  const [time, other] = isTime(left) ? [left, right] : isTime(right) ? [right, left] : [];
  if (
    !time ||
    !other ||
    descendants(time, 'BinaryOperation').some((item) => textOf(item, 'operator') === '%')
  )
    return undefined;
  if (operator === '==' || operator === '!=') {
    // "Once a block": compared with a stored time, which nobody needs to hit.
    const frame = callable.contract && entryFrame(program, callable, callable.contract);
    if (isTime(other) || operator === '!=' || !frame || slotOf(other, frame)) return undefined;
    return { message: `${callable.name} needs the block time to be exactly right in \`${code}\`.` };
  }
  if (!isDate(other) && !paysUnder(program, callable, node)) return undefined;
  return {
    severity: 'low' as const,
    confidence: 'low' as const,
    message: `${callable.name} decides by the block time in \`${code}\`.`,
  };
}

const timed = new Set(['%', '==', '!=', '<', '<=', '>', '>=']);

function isHashed(node: AstNode): boolean {
  return descendants(node, 'FunctionCall').some((call) => slotsOf(call, 'arguments').length > 0);
}

// A date written into the code.
function isDate(node: AstNode): boolean {
  const value = literalValue(node);
  return value !== undefined && value > 1_000_000_000n;
}

// The comparison stands in a condition of a function that sends ether.
function paysUnder(program: Program, callable: Callable, node: AstNode): boolean {
  let at: AstNode | undefined = node;
  while (at && ['BinaryOperation', 'TupleExpression', 'UnaryOperation'].includes(at.nodeType))
    at = program.parent(at);
  const callee = at?.nodeType === 'FunctionCall' ? childOf(at, 'expression') : undefined;
  const condition = at?.nodeType === 'IfStatement' || ['require', 'assert'].includes(textOf(callee, 'name'));
  return (
    condition &&
    callsIn(program, callable).some(
      (call) =>
        call.kind === 'transfer' ||
        call.kind === 'send' ||
        (call.value !== undefined && call.kind !== 'create'),
    )
  );
}
