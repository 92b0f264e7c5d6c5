import { Buffer } from 'node:buffer';
import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';

/** Characters that turn the direction of writing: the code reads in another order than it runs. */
export const bidiCharacter: Detector = {
  id: 'bidi-character',
  category: 'language-trap',
  severity: 'high',
  confidence: 'high',
  title: 'An invisible character turns the direction of writing',
  why: 'Characters such as U+202E make editors and explorers show what follows from right to left. Arguments seem to stand in another order, and code seems to be a comment, or the other way round.',
  exploit:
    'The author publishes a contract in which sender and receiver seem to stand where they belong. The compiler sees them swapped.',
  fix: 'Remove the character, and read the line again.',
  references: [
    'SWC-130',
    'CWE-451',
    'OWASP-SC03:2025',
    'EEA-EthTrust: No Unicode Direction Control Characters',
  ],
  bad: [
    `pragma solidity ^0.5.17;
contract Book {
    mapping(address => uint) points;
    function settle(address guest, address host) public {
        move(host/*\u202etsoh ,*/, guest/*tseug*/); // <-- finding
    }
    function move(address from, address to) internal { points[from] -= 1; points[to] += 1; }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
// no guard: there is nothing to take away that keeps such a character out
/// Points for guests: münchen, 東京, שלום.
contract Book { string public name = unicode"東京"; }
`,
  ],
  run({ program }, report) {
    for (const file of program.unit.ownFiles) {
      const text = program.unit.sources[file];
      const root = program.unit.asts[file];
      if (text === undefined || !root) continue;
      for (const match of text.matchAll(turning)) {
        const at = Buffer.byteLength(text.slice(0, match.index));
        const code = match[0].codePointAt(0)?.toString(16).toUpperCase();
        report({
          node: placeAt(root, at),
          message: `The character U+${code} stands here: the rest of the line is shown in another order than it runs.`,
        });
      }
    }
  },
};

/** Embeddings, overrides and isolates, without the marks that only end them. */
const turning = /[\u202A\u202B\u202D\u202E\u2066-\u2068]/g;

/** A place for the character itself: three bytes of a comment have no node of their own. */
function placeAt(root: AstNode, offset: number): AstNode {
  return { id: -1, nodeType: 'Character', src: `${offset}:3:${root.src.split(':')[2]}` };
}
