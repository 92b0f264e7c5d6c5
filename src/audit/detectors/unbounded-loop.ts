import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { entryFrame, type Frame, resolve } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import type { Runs } from '../ir/runs.ts';

/** A loop goes over a list that anybody may make longer. */
export const unboundedLoop: Detector = {
  id: 'unbounded-loop',
  category: 'denial-of-service',
  severity: 'medium',
  confidence: 'medium',
  title: 'A loop over a list that anyone can make longer',
  why: 'A transaction has a limit of gas. When the list has grown so long that one pass costs more, the function can never be called again.',
  exploit:
    'An attacker adds thousands of entries, which is cheap on many chains. Payouts or withdrawals that go over the list run out of gas from then on.',
  fix: 'Let each participant act for themselves (pull in place of push), go over the list in parts with a cursor, or limit its length.',
  references: ['SWC-128', 'CWE-400', 'OWASP-SC10:2025', 'EEA-EthTrust: Bound Loops'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pool {
    address[] public members;
    mapping(address => uint256) public due;
    function join() external { members.push(msg.sender); }
    function share(uint256 amount) external {
        for (uint256 i = 0; i < members.length; i++) { // <-- finding
            due[members[i]] += amount;
        }
    }
    function clear() external {
        uint256 count = members.length;
        uint256 i;
        while (i < count) { // <-- finding
            due[members[i]] = 0;
            i++;
        }
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pool {
    address public owner = msg.sender;
    address[] public members;
    address[] public few;
    mapping(address => uint256) public due;
    function add(address who) external { require(msg.sender == owner); members.push(who); }
    function join() external { require(few.length < 20, "full"); few.push(msg.sender); }
    function share(uint256 amount) external {
        for (uint256 i = 0; i < members.length; i++) due[members[i]] += amount;
        for (uint256 i = 0; i < few.length; i++) due[few[i]] += amount;
    }
    function part(address[] calldata whom, uint256 amount) external {
        for (uint256 i = 0; i < whom.length; i++) due[whom[i]] += amount;
    }
    function total() external view returns (uint256 sum) {
        for (uint256 i = 0; i < members.length; i++) sum += due[members[i]];
    }
}
`,
  ],
  run({ program, runs }, report) {
    const growing = growingArrays(runs);
    if (growing.size === 0) return;
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context || /^(view|pure)$/.test(callable.mutability)) continue;
      const frame = entryFrame(program, callable, context);
      for (const loop of descendants(callable.body, 'ForStatement', 'WhileStatement', 'DoWhileStatement')) {
        const condition = childOf(loop, 'condition');
        const array = condition && lengthIn(condition, frame, growing);
        const body = childOf(loop, 'body');
        if (array === undefined || !body || !isCostly(program, body)) continue;
        const name = textOf(program.stateVariable(array), 'name');
        const grown = growing.get(array);
        report({
          node: condition ?? loop,
          frame,
          message: `${callable.name} goes over all of \`${name}\`, and anyone can add to it.`,
          steps: grown ? [{ node: grown, note: `\`${codeOf(program, grown, 40)}\`: anyone adds here` }] : [],
        });
      }
    }
  },
};

/** Arrays that grow in a function that anybody may call, without a look at their length. */
function growingArrays(runs: Runs): Map<number, AstNode> {
  const found = new Map<number, AstNode>();
  for (const run of runs.entries) {
    if (run.role !== 'entry') continue;
    for (const { call, state, frame, node } of run.visits.calls) {
      if (call.kind !== 'push') continue;
      const id = referenceOf(resolve(call.array, frame).node);
      if (id === undefined || runs.privileged(state) || runs.once(state)) continue;
      const bounded = state.conditions.some((condition) =>
        descendants(condition.node, 'MemberAccess').some(
          (item) =>
            textOf(item, 'memberName') === 'length' &&
            referenceOf(childOf(item, 'expression') ?? item) === id,
        ),
      );
      if (!bounded) found.set(id, node);
    }
  }
  return found;
}

/** @returns the state array whose length bounds the loop, itself or by way of a local */
function lengthIn(
  condition: AstNode,
  frame: Frame,
  growing: ReadonlyMap<number, unknown>,
): number | undefined {
  for (const item of descendants(condition, 'MemberAccess', 'Identifier')) {
    const at = resolve(item, frame).node;
    if (at.nodeType !== 'MemberAccess' || textOf(at, 'memberName') !== 'length') continue;
    const owner = childOf(at, 'expression');
    const id = owner && referenceOf(owner);
    if (id !== undefined && growing.has(id)) return id;
  }
  return undefined;
}

/** Writes storage or calls something: a loop that only reads memory takes millions of rounds. */
function isCostly(program: Program, body: AstNode): boolean {
  const writes = descendants(body, 'Assignment', 'UnaryOperation').some((node) => {
    const left = childOf(node, node.nodeType === 'Assignment' ? 'leftHandSide' : 'subExpression');
    if (node.nodeType === 'UnaryOperation' && !['++', '--', 'delete'].includes(textOf(node, 'operator')))
      return false;
    return (
      left !== undefined &&
      descendants(left, 'Identifier').some((item) => program.stateVariable(referenceOf(item) ?? -1))
    );
  });
  return (
    writes ||
    descendants(body, 'FunctionCall').some((node) =>
      ['external', 'low-level', 'transfer', 'send', 'internal', 'push', 'pop'].includes(
        classifyCall(program, node).kind,
      ),
    )
  );
}
