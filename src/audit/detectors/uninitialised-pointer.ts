import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, slotsOf, textOf, typeOf } from '../ir/ast.ts';
import { assignmentsOf } from '../ir/frames.ts';
import { ownCallables } from '../ir/own.ts';

/** A storage pointer that points nowhere points at slot 0. */
export const uninitialisedPointer: Detector = {
  id: 'uninitialised-pointer',
  category: 'language-trap',
  severity: 'high',
  confidence: 'high',
  title: 'A storage pointer is used before it points anywhere',
  why: 'Before 0.5 a local struct or array without `memory` is a pointer into storage, and one that was not set points at the first state variable. Writing its members overwrites the contract’s own.',
  exploit:
    'An attacker calls the function with a value of their choice, which lands in the slot of the owner.',
  fix: 'Write `memory`, or set the pointer when it is declared: `Entry storage entry = entries[id];`.',
  references: ['SWC-109', 'CWE-824', 'OWASP-SC03:2025', 'EEA-EthTrust: No Uninitialized Storage Pointers'],
  bad: [
    `pragma solidity ^0.4.24;
contract Names {
    address public owner = msg.sender;
    struct Entry { address who; uint since; }
    mapping(bytes32 => Entry) entries;
    function register(bytes32 name, address who) public {
        Entry entry; // <-- finding
        entry.who = who;
        entry.since = now;
        entries[name] = entry;
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Names {
    struct Entry { address who; uint since; }
    mapping(bytes32 => Entry) entries;
    function register(bytes32 name, address who) public {
        Entry memory entry; // <-- guard: Entry entry;
        entry.who = who;
        entries[name] = entry;
        Entry storage kept = entries[name];
        kept.since = now;
    }
}
`,
  ],
  run({ program }, report) {
    if (program.minor > 4) return;
    for (const callable of ownCallables(program)) {
      if (!callable.body) continue;
      for (const statement of descendants(
        callable.body,
        'VariableDeclarationStatement',
        'VariableDefinitionStatement',
      )) {
        if (childOf(statement, 'initialValue')) continue;
        for (const variable of slotsOf(statement, 'declarations')) {
          if (!variable || !isPointer(variable)) continue;
          if (assignmentsOf(program, callable).has(variable.id)) continue;
          report({
            node: variable,
            message: `\`${textOf(variable, 'name')}\` in ${callable.name} points at storage slot 0, where the first state variable is.`,
          });
        }
      }
    }
  },
};

/** A struct or array without a place of its own. */
function isPointer(variable: AstNode): boolean {
  const place = textOf(variable, 'storageLocation');
  return place !== 'memory' && place !== 'calldata' && /^struct |\]( |$)/.test(typeOf(variable));
}
