import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { assemblyOperations } from '../ir/assembly.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { isFixedVariable } from '../ir/frames.ts';
import type { Contract } from '../ir/program.ts';

/** A variable is used, and nothing ever sets it. */
export const neverSet: Detector = {
  id: 'never-set',
  category: 'selfdestruct-and-locked-ether',
  severity: 'medium',
  confidence: 'high',
  title: 'A state variable is used and never set',
  why: 'No constructor and no function writes the variable, and it has no initial value: it is zero for ever. Who is compared with it never passes, and what is sent to it is gone.',
  exploit:
    'Nobody has to attack: ether that only the owner may withdraw stays for good, because there is no owner, or it goes to address zero.',
  fix: 'Set it in the constructor, or take it away.',
  references: ['SWC-109', 'CWE-457', 'OWASP-SC03:2025', 'EEA-EthTrust: Declare Storage Explicitly'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Till {
    address public owner;
    address payable private sink;
    mapping(address => bool) private keepers;
    function pay() external payable {}
    function take() external {
        require(msg.sender == owner); // <-- finding
        payable(msg.sender).transfer(1);
    }
    function drain() external { sink.transfer(address(this).balance); } // <-- finding
    function rescue() external {
        require(keepers[msg.sender]); // <-- finding
        payable(msg.sender).transfer(1);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Base {
    address public owner;
    mapping(address => bool) internal keepers;
    struct Entry { address who; }
    mapping(uint256 => Entry) internal entries;
    uint256[50] private __gap;
    uint256 public unused;
    function _add(address who) internal { keepers[who] = true; }
}
contract Till is Base {
    constructor() { owner = msg.sender; _add(msg.sender); }
    function pay(uint256 id) external payable { Entry storage entry = entries[id]; entry.who = msg.sender; }
    function take(uint256 id) external {
        require(msg.sender == owner && keepers[msg.sender] && entries[id].who != address(0));
        payable(msg.sender).transfer(1);
    }
}
`,
  ],
  run(audited, report) {
    const { program, runs } = audited;
    if (delegatesSomewhere(audited)) return; // What runs in another contract's storage is set there.
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      if (program.contracts.some((other) => other !== contract && other.linearised.includes(contract)))
        continue;
      const unset = unsetVariables(audited, contract);
      if (unset.size === 0) continue;
      for (const { context, visits, role } of runs.entries) {
        if (context !== contract || role !== 'entry') continue;
        const tell = (node: AstNode, variable: AstNode, what: string) => {
          const name = textOf(variable, 'name');
          report({ node, message: `Nothing ever sets \`${name}\` of ${contract.name}: ${what}` });
        };
        for (const { call, state } of visits.calls) {
          for (const { node, variables } of state.auth)
            for (const id of variables) {
              const variable = unset.get(id);
              if (variable && variables.length === 1) tell(node, variable, 'nobody passes this check.');
            }
          if (call.kind !== 'transfer' && call.kind !== 'send' && call.kind !== 'low-level') continue;
          const receiver = unset.get(referenceOf(call.address) ?? -1);
          if (receiver && program.isOwn(call.node)) tell(call.node, receiver, 'what is sent to it is gone.');
        }
      }
    }
  },
};

function delegatesSomewhere({ runs }: Audited): boolean {
  return runs.entries.some(
    ({ visits }) =>
      visits.calls.some(
        ({ call }) => call.kind === 'low-level' && /^(delegatecall|callcode)$/.test(call.method),
      ) || visits.assembly.some(({ operation }) => /^(delegatecall|callcode)$/.test(operation.name)),
  );
}

/** State variables without an initial value that no code of the contract can have written. */
function unsetVariables({ program }: Audited, { linearised }: Contract): Map<number, AstNode> {
  const found = new Map<number, AstNode>();
  for (const { variables } of linearised)
    for (const variable of variables)
      if (!childOf(variable, 'value') && !isFixedVariable(variable) && isWatched(variable))
        found.set(variable.id, variable);
  for (const { functions, modifiers } of linearised) {
    for (const { body } of [...functions, ...modifiers]) {
      if (!body) continue;
      // Code in assembly and code of others may write anything.
      for (const node of descendants(body, 'InlineAssembly'))
        if (assemblyOperations(node).some(({ name }) => /^(sstore|delegatecall|callcode)$/.test(name)))
          found.clear();
      for (const node of descendants(body, 'Identifier')) {
        const id = referenceOf(node) ?? -1;
        if (found.has(id) && mayWrite(program, node)) found.delete(id);
      }
      if (/\.(delegatecall|callcode)\b/.test(program.source.text(body))) found.clear();
    }
  }
  return found;
}

function isWatched(variable: AstNode): boolean {
  return /^(address|contract|mapping\(address => bool\))/.test(typeOf(variable));
}

/** It stands where it is changed, or is handed on as a whole. */
function mayWrite(program: Audited['program'], node: AstNode): boolean {
  for (let at = node, parent = program.parent(node); parent; at = parent, parent = program.parent(at)) {
    if (parent.nodeType === 'Assignment' && childOf(parent, 'leftHandSide') === at) return true;
    if (parent.nodeType === 'UnaryOperation' && /delete|\+\+|--/.test(textOf(parent, 'operator')))
      return true;
    if (parent.nodeType === 'VariableDeclarationStatement') return /storage/.test(typeOf(at));
    if (parent.nodeType === 'FunctionCall') return /storage|^mapping/.test(typeOf(at));
    if (/Statement$|Block$/.test(parent.nodeType)) return false;
  }
  return false;
}
