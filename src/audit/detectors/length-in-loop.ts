import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { entryFrame } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { slotOf } from '../ir/storage.ts';

/** The length of a list in storage is read in every round of a loop. */
export const lengthInLoop: Detector = {
  id: 'length-in-loop',
  category: 'denial-of-service',
  severity: 'gas',
  confidence: 'high',
  title: 'A length in storage is read in every round',
  why: 'The condition of a loop is evaluated before each round, and a read of storage costs 100 gas every time even when nothing has changed.',
  exploit: 'Nobody can take advantage of it; callers pay more than they need to.',
  fix: 'Read the length into a local before the loop.',
  references: ['SWC-128', 'CWE-1164', 'EEA-EthTrust: Code Linting'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Sum {
    uint256[] public list;
    function total() external view returns (uint256 sum) {
        for (uint256 i = 0; i < list.length; i++) sum += list[i]; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Sum {
    uint256[] public list;
    uint256[5] public five;
    function total() external view returns (uint256 sum) {
        uint256 count = list.length;
        for (uint256 i = 0; i < count; i++) sum += list[i]; // <-- guard: for (uint256 i = 0; i < list.length; i++) sum += list[i];
        for (uint256 i = 0; i < five.length; i++) sum += five[i];
        uint256[] memory copy = list;
        for (uint256 i = 0; i < copy.length; i++) sum += copy[i];
    }
    function clear() external { while (list.length > 0) list.pop(); }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const loop of descendants(callable.body, 'ForStatement', 'WhileStatement')) {
        const [condition, body] = [childOf(loop, 'condition'), childOf(loop, 'body')];
        if (!condition || !body || changes(body)) continue;
        const length = descendants(condition, 'MemberAccess').find((node) => {
          const owner = childOf(node, 'expression');
          return (
            textOf(node, 'memberName') === 'length' &&
            owner !== undefined &&
            isDynamic(owner) &&
            slotOf(owner, frame)
          );
        });
        if (!length) continue;
        report({
          node: condition,
          message: `\`${codeOf(program, length, 40)}\` is read from storage in every round.`,
        });
      }

      function changes(body: AstNode): boolean {
        const calls = descendants(body, 'FunctionCall').map((node) => classifyCall(program, node).kind);
        return (
          calls.some((kind) => kind === 'push' || kind === 'pop') ||
          /\.length\s*(--|-=|=[^=])/.test(program.source.text(body))
        );
      }
    }
  },
};

function isDynamic(owner: AstNode): boolean {
  const types = owner['typeDescriptions'] as Record<string, unknown> | undefined;
  return /\[\] storage/.test(String(types?.['typeString'] ?? ''));
}
