import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, walk } from '../ir/ast.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { yulName, yulNumber } from '../ir/yul.ts';

/** `shr(value, 64)` in assembly: the distance comes first there. */
export const swappedShift: Detector = {
  id: 'swapped-shift',
  category: 'arithmetic',
  severity: 'high',
  confidence: 'high',
  title: 'The operands of a shift are swapped',
  why: 'In assembly the distance comes first: `shr(64, word)`. `shr(word, 64)` shifts the number 64 by the word, which is nearly always zero.',
  exploit:
    'What is packed into the word always reads as zero: a limit, a debt or a role that is kept there does not exist.',
  fix: 'Put the distance first, `shr(64, word)`, or write `word >> 64` outside of assembly.',
  references: ['SWC-101', 'CWE-683', 'CWE-682', 'OWASP-SC08:2025'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Words {
    mapping(address => uint256) internal words;
    function debtOf(address who) public view returns (uint256 debt) {
        uint256 word = words[who];
        assembly {
            debt := and(shr(word, 128), 0xffffffff) // <-- finding
        }
    }
}
contract Lender is Words {
    function signOf(int256 value) external pure returns (int256 sign) {
        assembly { sign := sar(value, 0xff) } // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Words {
    mapping(address => uint256) internal words;
    function debtOf(address who) public view returns (uint256 debt) {
        uint256 word = words[who];
        assembly {
            debt := and(shr(128, word), 0xffffffff) // <-- guard: debt := and(shr(word, 128), 0xffffffff)
        }
    }
    function flag(uint256 index) external pure returns (uint256 bit, uint256 entry) {
        assembly {
            bit := shl(index, 1)
            entry := and(shr(index, 0x0102040810204080), 1)
        }
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const assembly of callable.body ? descendants(callable.body, 'InlineAssembly') : []) {
        const tree = childOf(assembly, 'AST');
        if (!tree) continue;
        walk(tree, (node) => {
          if (!isSwapped(node)) return;
          report({
            node,
            message: `\`${codeOf(program, node)}\` in ${callable.name} shifts the number by the word; the distance comes first in assembly.`,
          });
        });
      }
    }
  },
};

/** A distance of whole bytes, shifted right by something that is none: tables of bits and odd distances are something else. */
function isSwapped(node: AstNode): boolean {
  if (node.nodeType !== 'YulFunctionCall') return false;
  if (!/^(shr|sar)$/.test(yulName(node))) return false;
  const [distance, value] = childrenOf(node, 'arguments');
  if (!distance || distance.nodeType === 'YulLiteral' || value?.nodeType !== 'YulLiteral') return false;
  const number = yulNumber(value);
  if (number === undefined) return false;
  return number === 255n || (number > 0n && number < 256n && number % 8n === 0n);
}
