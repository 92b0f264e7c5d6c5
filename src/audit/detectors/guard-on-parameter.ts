import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants, referenceOf, typeOf } from '../ir/ast.ts';
import { asksSender, atomsOf, clausesOf, equalSides } from '../ir/conditions.ts';
import { type Frame, isSender, outermost, type Ref, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import { isZero, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** The account that is asked for is one that the caller writes down. */
export const guardOnParameter: Detector = {
  id: 'guard-on-parameter',
  category: 'access-control',
  severity: 'high',
  confidence: 'high',
  title: 'A guard looks at a parameter instead of the sender',
  why: 'The owner of a record is compared with an address that the caller passes. Everybody knows the owner’s address, and everybody can pass it.',
  exploit:
    'An attacker passes the owner’s address as the parameter, and changes the record as if they were the owner.',
  fix: 'Compare with msg.sender, and take the parameter away.',
  references: ['SWC-105', 'CWE-639', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Hub {
    struct Station { address keeper; uint256 rain; }
    mapping(uint256 => Station) private stations;
    address public chair = msg.sender;
    modifier onlyKeeper(uint256 id, address who) { require(stations[id].keeper == who, "keeper only"); _; }
    function report(uint256 id, uint256 rain) external onlyKeeper(id, msg.sender) { stations[id].rain = rain; }
    function hand(uint256 id, address old, address to) external onlyKeeper(id, old) { // <-- finding
        stations[id].keeper = to;
    }
    function move(address current, address to) external { // <-- finding
        if (current != chair) revert();
        chair = to;
    }
    function close() external { require(msg.sender == chair); }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Hub {
    struct Station { address keeper; uint256 rain; }
    mapping(uint256 => Station) private stations;
    mapping(uint256 => address) public ownerOf;
    mapping(address => mapping(address => bool)) public operators;
    mapping(address => uint256) public owed;
    modifier onlyKeeper(uint256 id, address who) { require(stations[id].keeper == who, "keeper only"); _; }
    function report(uint256 id, uint256 rain) external onlyKeeper(id, msg.sender) { stations[id].rain = rain; }
    function hand(uint256 id, address to) external onlyKeeper(id, msg.sender) { stations[id].keeper = to; } // <-- guard: function hand(uint256 id, address old, address to) external onlyKeeper(id, old) { stations[id].keeper = to; }
    function transferFrom(address from, address to, uint256 id) external {
        require(ownerOf[id] == from && (from == msg.sender || operators[from][msg.sender]));
        ownerOf[id] = to;
    }
    // Done for the owner, by whoever likes to.
    function payFor(uint256 id, address who) external payable {
        require(stations[id].keeper == who);
        owed[who] += msg.value;
    }
}
`,
  ],
  run({ program, runs }, report) {
    const holders = comparedWithSender(runs);
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const { slot, value, node, frame, state } of run.visits.writes) {
        if (!value || !hasBits(taintOf(value, frame), from.parameter | from.sender)) continue;
        if (runs.authorised(state) || runs.once(state) || asksSender(state)) continue;
        const guard = clausesOf(state).find((clause) =>
          clause.every((atom) => {
            const [left, right] = equalSides(atom) ?? [];
            if (!left || !right) return false;
            return [
              [left, right],
              [right, left],
            ].some(([a, b]) => a && b && placeKey(a) === slot.key && holders.has(slot.key) && isParameter(b));
          }),
        )?.[0];
        if (!guard) continue;
        const { callable } = outermost(frame);
        report({
          node: callable.node,
          message: `${callable.name} compares \`${codeOf(program, guard.node, 60)}\`, an address that the caller writes, and then changes who it is.`,
          steps: [
            { node: guard.node, frame: guard.frame, note: 'anybody can pass this' },
            { node, frame, note: 'and this follows' },
          ],
        });
      }
    }
  },
};

/** Places that some function compares with the sender: they say who may do things. */
function comparedWithSender(runs: Runs): ReadonlySet<string> {
  const found = new Set<string>();
  for (const run of runs.entries)
    for (const [a, b] of pairs(run)) if (isSender(b.node, b.frame)) found.add(placeKey(a) ?? '');
  return found;
}

function pairs(run: EntryRun): [Ref, Ref][] {
  return atomsOf(run).flatMap((atom): [Ref, Ref][] => {
    const sides = equalSides(atom, true) ?? equalSides(atom, false);
    return sides ? [sides, [sides[1], sides[0]]] : [];
  });
}

function placeKey({ node, frame }: Ref): string | undefined {
  const at = resolve(node, frame);
  return isZero(at.node) ? undefined : slotOf(at.node, at.frame)?.key;
}

/** An address of the entry point's own parameters. */
function isParameter({ node, frame }: { node: AstNode; frame: Frame }): boolean {
  const at = resolve(node, frame);
  const id = at.node.nodeType === 'Identifier' ? referenceOf(at.node) : undefined;
  const parameter = at.frame.parent ? undefined : at.frame.callable.parameters.find((one) => one.id === id);
  return (
    parameter !== undefined &&
    /^address/.test(typeOf(parameter)) &&
    descendants(at.node, 'FunctionCall').length === 0
  );
}
