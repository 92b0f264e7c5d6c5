import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeOf } from '../ir/ast.ts';
import { entryFrame } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import { literalValue, slotOf } from '../ir/storage.ts';
import { chosenByCaller, hasBits, taintOf } from '../ir/taint.ts';

/** The length of an array is set by hand. */
export const arrayLengthWrite: Detector = {
  id: 'array-length-write',
  category: 'language-trap',
  severity: 'high',
  confidence: 'medium',
  title: 'The length of an array is set by hand',
  why: 'Before 0.6 `list.length` can be assigned. Below zero it becomes 2^256 - 1, and with a length that a caller chooses the array reaches over the whole storage: writing an element writes any slot.',
  exploit:
    'An attacker shortens the empty array by one, computes the index whose place is that of the owner, and writes their address there.',
  fix: 'Use `push` and `pop`, and check that the array is not empty.',
  references: ['SWC-124', 'CWE-787', 'OWASP-SC08:2025', 'EEA-EthTrust: Safe Overflow/Underflow'],
  bad: [
    `pragma solidity ^0.4.24;
contract Codex {
    bytes32[] codes;
    function resize(uint to) public { codes.length = to; } // <-- finding
    function drop() public { codes.length--; } // <-- finding
    function cut(uint by) public { codes.length -= by; } // <-- finding
    function write(uint at, bytes32 what) public { codes[at] = what; }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Codex {
    bytes32[] codes;
    function drop() public { require(codes.length > 0); codes.length--; } // <-- guard: function drop() public { codes.length--; }
    function clear() public { codes.length = 0; }
    function last(uint at) public { require(at < codes.length); codes[at] = codes[codes.length - 1]; codes.length--; }
}
`,
  ],
  run({ program }, report) {
    if (program.minor > 5) return;
    for (const callable of ownCallables(program)) {
      if (!callable.body || !callable.contract) continue;
      const frame = entryFrame(program, callable, callable.contract);
      for (const node of descendants(callable.body, 'Assignment', 'UnaryOperation')) {
        const place = childOf(node, node.nodeType === 'Assignment' ? 'leftHandSide' : 'subExpression');
        const array =
          place && textOf(place, 'memberName') === 'length' ? childOf(place, 'expression') : undefined;
        if (!array || !/\[\]|^bytes/.test(typeOf(array)) || !slotOf(array, frame)) continue;
        const operator = textOf(node, 'operator');
        if (!/^(=|-=|--)$/.test(operator)) continue;
        const value = childOf(node, 'rightHandSide');
        if (operator === '=') {
          if (!value || literalValue(value) !== undefined || !hasBits(taintOf(value, frame), chosenByCaller))
            continue;
        } else if (isChecked(program.source.text(callable.body), program.source.text(place ?? node)))
          continue;
        report({
          node,
          message: `\`${codeOf(program, node, 50)}\` in ${callable.name} ${operator === '=' ? 'lets the caller choose the length' : 'goes below zero when the array is empty'}.`,
        });
      }
    }
  },
};

/** The length is compared with something, or the last element is read, which fails when there is none. */
function isChecked(body: string, length: string): boolean {
  const at = length.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`${at}\\s*(>|!=|==|<|>=)|(<|>|==|!=)=?\\s*${at}|\\[\\s*${at}\\s*-\\s*1\\s*\\]`).test(
    body,
  );
}
