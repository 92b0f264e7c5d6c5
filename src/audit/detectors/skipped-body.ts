import type { Detector } from '../detector.ts';
import { childOf, descendants } from '../ir/ast.ts';
import { ownCallables } from '../ir/own.ts';

/** A modifier that lets the function return as if it had run. */
export const skippedBody: Detector = {
  id: 'skipped-body',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'A modifier skips the function in silence',
  why: 'Where the condition does not hold, `_` is not reached: the function does nothing and answers zeros, and whoever called believes that it worked.',
  exploit:
    'A contract calls the function without the right to, gets no error, and goes on as if it had been done.',
  fix: 'Revert where the condition does not hold: `require(condition); _;`.',
  references: ['SWC-110', 'CWE-394', 'OWASP-SC03:2025', 'EEA-EthTrust: Modifiers Revert'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Box {
    address owner = msg.sender;
    uint256 public value;
    modifier onlyOwner() { // <-- finding
        if (msg.sender == owner) { _; }
    }
    function set(uint256 to) external onlyOwner returns (bool) { value = to; return true; }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Box {
    address owner = msg.sender;
    uint256 public value;
    modifier onlyOwner() { if (msg.sender != owner) revert(); _; }
    modifier either() { if (value > 0) { _; } else { revert("empty"); } }
    function set(uint256 to) external onlyOwner either { value = to; }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      if (callable.kind !== 'modifier' || !callable.body) continue;
      const all = descendants(callable.body, 'PlaceholderStatement').length;
      const branches = descendants(callable.body, 'IfStatement').filter(
        (node) => !childOf(node, 'falseBody'),
      );
      const inside = branches.flatMap((node) =>
        descendants(childOf(node, 'trueBody') ?? node, 'PlaceholderStatement'),
      );
      if (all === 0 || new Set(inside).size < all) continue;
      report({
        node: callable.node,
        message: `${callable.name} lets the function end without having run where its condition does not hold.`,
      });
    }
  },
};
