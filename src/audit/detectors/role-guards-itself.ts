import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf } from '../ir/ast.ts';
import { clausesOf } from '../ir/conditions.ts';
import { isFixed, isSender, outermost, type Ref, resolve } from '../ir/frames.ts';
import type { Contract, Program } from '../ir/program.ts';
import { keyOf, slotOf } from '../ir/storage.ts';

/** Which role is asked for is the caller's to say. */
export const roleGuardsItself: Detector = {
  id: 'role-guards-itself',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: 'The caller says which role is needed',
  why: 'The guard looks for the very role that the caller names. Whoever has the smallest role passes it on to anybody, and where roles are records that somebody may make for themselves, everybody passes.',
  exploit:
    'The holder of a small role gives it to any number of other accounts, or names the one role that they have where another was meant.',
  fix: 'Ask for a fixed role, or for the one that administers the role in question: `onlyRole(getRoleAdmin(role))`.',
  references: ['SWC-105', 'CWE-269', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Fund {
    bytes32 public constant CHAIR = keccak256("chair");
    mapping(bytes32 => mapping(address => bool)) private roles;
    uint256 public price;
    modifier only(bytes32 role) { require(roles[role][msg.sender]); _; }
    constructor() { roles[CHAIR][msg.sender] = true; }
    function give(bytes32 role, address who) external only(role) { // <-- finding
        roles[role][who] = true;
    }
    function setPrice(uint256 to) external only(CHAIR) { price = to; }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
contract Fund is AccessControl {
    bytes32 public constant CHAIR = keccak256("chair");
    mapping(bytes32 => mapping(address => bool)) private roles;
    mapping(bytes32 => bytes32) private admins;
    modifier only(bytes32 role) { require(roles[role][msg.sender]); _; }
    constructor() { roles[CHAIR][msg.sender] = true; }
    function give(bytes32 role, address who) external only(CHAIR) { roles[role][who] = true; } // <-- guard: function give(bytes32 role, address who) external only(role) { roles[role][who] = true; }
    function pass(bytes32 role, address who) external only(admins[role]) { roles[role][who] = true; }
    function leave(bytes32 role) external only(role) { roles[role][msg.sender] = false; }
}
contract Teams {
    // Teams are made by their members: nobody is above them.
    mapping(uint256 => mapping(address => bool)) public members;
    uint256 public count;
    function make() external { members[++count][msg.sender] = true; }
    function invite(uint256 team, address who) external { require(members[team][msg.sender]); members[team][who] = true; }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const { slot, node, frame, state, value } of run.visits.writes) {
        if (slot.keys.length < 2 || slot.keys.some((key) => isSender(key.node, key.frame))) continue;
        if (value?.nodeType === 'Literal' && /^(false|0)$/.test(textOf(value, 'value'))) continue;
        const own = state.auth.find((fact) => fact.variables.includes(slot.base));
        if (!own || state.auth.some((fact) => !fact.variables.includes(slot.base))) continue;
        const asked = clausesOf(state)
          .flat()
          .flatMap((atom) => slotOf(atom.node, atom.frame) ?? []);
        const guard = asked.find(
          (each) => each.base === slot.base && each.keys.some((key) => isSender(key.node, key.frame)),
        );
        const role = guard?.keys.find((key) => !isSender(key.node, key.frame));
        if (!role || !isParameter(role)) continue;
        if (!slot.keys.some((key) => keyOf(key.node, key.frame) === keyOf(role.node, role.frame))) continue;
        if (!hasFixedRoles(program, run.context, slot.base)) continue;
        const { callable } = outermost(frame);
        report({
          node: callable.node,
          message: `${callable.name} asks for the role that the caller names, and gives that same role to others.`,
          steps: [{ node, frame, note: 'the role is given here' }],
        });
      }
    }
  },
};

/** What the caller wrote, as it came. */
function isParameter({ node, frame }: Ref): boolean {
  const at = resolve(node, frame);
  if (at.node.nodeType !== 'Identifier') return false;
  const id = referenceOf(at.node);
  return at.frame.parent === undefined && at.frame.callable.parameters.some((one) => one.id === id);
}

/** The contract itself asks for roles that it names: they are not all made by users. */
function hasFixedRoles(program: Program, context: Contract, base: number): boolean {
  const fixed = (node: Parameters<typeof isFixed>[1]) => isFixed(program, node);
  return context.linearised.some(({ node }) => {
    const direct = descendants(node, 'IndexAccess').some((item) => {
      const index = childOf(item, 'indexExpression');
      return (
        referenceOf(childOf(item, 'baseExpression') ?? item) === base && index !== undefined && fixed(index)
      );
    });
    return direct;
  });
}
