import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants, textOf, typeOf } from '../ir/ast.ts';
import { codeOf } from '../ir/own.ts';
import { type Callable, modifiersOf } from '../ir/program.ts';
import type { EntryRun } from '../ir/runs.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** What only the owner may change is changed without a word. */
export const silentChange: Detector = {
  id: 'silent-change',
  category: 'access-control',
  severity: 'info',
  confidence: 'high',
  title: 'A privileged change emits no event',
  why: 'Users and watchers learn of a new owner, fee or oracle by events. Without one the change shows only to those who compare storage block by block.',
  exploit: 'A stolen key raises the fee to the whole amount, and nobody notices before their money is gone.',
  fix: 'Emit an event with the old and the new value.',
  references: ['SWC-105', 'CWE-778', 'EEA-EthTrust: Document Admin Accounts'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Market {
    address public owner = msg.sender;
    uint256 public fee;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    function setFee(uint256 next) external onlyOwner { fee = next; } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Market {
    event FeeSet(uint256 fee);
    address public owner = msg.sender;
    uint256 public fee;
    uint256 public rounds;
    mapping(address => uint256) public credit;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    function setFee(uint256 next) external onlyOwner { _set(next); }
    function _set(uint256 next) private { fee = next; emit FeeSet(next); } // <-- guard: function _set(uint256 next) private { fee = next; }
    function count() external onlyOwner { rounds++; }
    function give(address to, uint256 amount) external onlyOwner { credit[to] = amount; }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || emits(run)) continue;
      for (const { slot, value, frame, state, node } of run.visits.writes) {
        const variable = program.stateVariable(slot.base);
        if (slot.keys.length > 0 || !value || !variable || !runs.privileged(state)) continue;
        if (
          !/^(address|u?int|contract)/.test(typeOf(variable)) ||
          !hasBits(taintOf(value, frame), from.parameter)
        )
          continue;
        report({
          node,
          frame,
          message: `${run.entry.name} changes \`${textOf(variable, 'name')}\` with \`${codeOf(program, node, 40)}\` and emits no event.`,
        });
      }
    }
  },
};

/** Some event is emitted in the entry point, its modifiers, or a function that it runs. */
function emits({ entry, context, visits }: EntryRun): boolean {
  const program = visits.calls[0]?.frame.program ?? visits.writes[0]?.frame.program;
  const callables = new Set<Callable>([entry]);
  for (const { frame } of [...visits.calls, ...visits.writes]) callables.add(frame.callable);
  if (program) for (const { modifier } of modifiersOf(program, entry, context)) callables.add(modifier);
  return [...callables].some(({ body }) => body !== undefined && hasEvent(body));
}

// Old compilers have no emit: an event is called by its name.
function hasEvent(body: AstNode): boolean {
  if (descendants(body, 'EmitStatement').length > 0) return true;
  return descendants(body, 'FunctionCall').some((node) => {
    const callee = node['expression'] as AstNode;
    const types = callee['typeDescriptions'] as Record<string, unknown> | undefined;
    return /^t_function_event/.test(String(types?.['typeIdentifier'] ?? ''));
  });
}
