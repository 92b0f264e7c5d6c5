import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, typeOf } from '../ir/ast.ts';
import { clausesOf } from '../ir/conditions.ts';
import { type Frame, inEntry, resolve } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import { type EntryRun, framesOf } from '../ir/runs.ts';
import { keyOf, type Slot, slotOf } from '../ir/storage.ts';
import { chosenByCaller, hasBits, taintOf } from '../ir/taint.ts';

/** An unknown key leads to the first entry of a list. */
export const defaultIndex: Detector = {
  id: 'default-index',
  category: 'input-validation',
  severity: 'medium',
  confidence: 'high',
  title: 'A key that is not there stands for the first entry',
  why: 'A mapping keeps for each key where in a list its entry stands. For a key that was never put there it answers zero, and at zero stands the entry of somebody else.',
  exploit:
    'The caller names something that does not exist, and the first entry of the list is changed, paid or removed.',
  fix: 'Ask whether the entry at that place is the one of the key, or keep places from one on and refuse zero.',
  references: ['SWC-123', 'CWE-1188', 'OWASP-SC04:2025', 'EEA-EthTrust: Validate Inputs'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Berths {
    struct Berth { bytes32 name; address skipper; }
    Berth[] private berths;
    mapping(bytes32 => uint256) private indexOf;
    address public master = msg.sender;
    function take(bytes32 name) external { indexOf[name] = berths.length; berths.push(Berth(name, msg.sender)); }
    function clear(bytes32 name) external {
        require(msg.sender == master && berths.length > 0);
        _remove(indexOf[name]); // <-- finding
    }
    function _remove(uint256 index) private {
        berths[index] = berths[berths.length - 1];
        berths.pop();
    }
    function give(bytes32 name, address to) external {
        require(msg.sender == master);
        berths[indexOf[name]].skipper = to; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Berths {
    struct Berth { bytes32 name; address skipper; }
    Berth[] private berths;
    mapping(bytes32 => uint256) private indexOf;
    mapping(bytes32 => uint256) private placeOf;
    mapping(bytes32 => bool) private taken;
    function isTaken(bytes32 name) public view returns (bool) {
        uint256 index = indexOf[name];
        return index < berths.length && berths[index].name == name;
    }
    function leave(bytes32 name) external { require(isTaken(name)); delete berths[indexOf[name]]; }
    function other(bytes32 name) external { if (!taken[name]) revert(); delete berths[indexOf[name]]; }
    function third(bytes32 name) external { delete berths[placeOf[name] - 1]; }
    function fourth(bytes32 name) external {
        uint256 index = indexOf[name];
        require(index != 0);
        delete berths[index];
    }
    function read(bytes32 name) external view returns (address) { return berths[indexOf[name]].skipper; }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      for (const frame of framesOf(run)) {
        const { body } = frame.callable;
        for (const node of body ? descendants(body, 'IndexAccess') : []) {
          const place = placeBehind(node, frame);
          if (!place || isKnown(run, place)) continue;
          const at = inEntry({ node, frame });
          report({
            ...at,
            message: `${run.entry.name} goes to the entry at \`${codeOf(program, at.node, 50)}\` without asking whether there is one for the key.`,
          });
        }
      }
    }
  },
};

/** `list[indexOf[key]]`: the place in the mapping, where the key is the caller's. */
function placeBehind(node: AstNode, frame: Frame): Slot | undefined {
  const [base, index] = [childOf(node, 'baseExpression'), childOf(node, 'indexExpression')];
  if (!base || !index || !/\[\d*\] storage/.test(typeOf(base))) return undefined;
  const at = resolve(index, frame);
  const slot = at.node.nodeType === 'IndexAccess' ? slotOf(at.node, at.frame) : undefined;
  const inner = at.node.nodeType === 'IndexAccess' ? childOf(at.node, 'baseExpression') : undefined;
  if (!slot || !/^mapping/.test(typeOf(inner))) return undefined;
  return slot.keys.some((key) => hasBits(taintOf(key.node, key.frame), chosenByCaller)) ? slot : undefined;
}

/** Some condition looks at that place, or at another record under the same key. */
function isKnown(run: EntryRun, place: Slot): boolean {
  const keys = new Set(place.keys.map((key) => keyOf(key.node, key.frame)));
  // Before anything is changed: a comparison of places later on asks nothing of the key.
  const first = run.visits.writes[0];
  return clausesOf(first?.state ?? { conditions: run.visits.decisions })
    .flat()
    .some(({ node, frame }) =>
      mentions(node, frame, (item, at) => {
        if (item.nodeType !== 'IndexAccess') return false;
        const slot = slotOf(item, at);
        return (
          slot?.base === place.base ||
          (slot?.keys.some((key) => keys.has(keyOf(key.node, key.frame))) ?? false)
        );
      }),
    );
}
