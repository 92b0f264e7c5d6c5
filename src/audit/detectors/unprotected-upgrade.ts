import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { isMagic } from '../ir/frames.ts';
import type { Callable, Program } from '../ir/program.ts';

/** Anybody may put other code behind the proxy. */
export const unprotectedUpgrade: Detector = {
  id: 'unprotected-upgrade',
  category: 'access-control',
  severity: 'critical',
  confidence: 'high',
  title: 'Anyone can replace the code of the proxy',
  why: '_authorizeUpgrade is the only thing that stands before an upgrade of a UUPS proxy. This one never looks at who asks.',
  exploit: 'An attacker upgrades the proxy to code that hands everything over, in one transaction.',
  fix: 'Put the guard on it: `function _authorizeUpgrade(address) internal override onlyOwner {}`.',
  references: ['SWC-105', 'CWE-862', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
contract Logic is UUPSUpgradeable {
    function _authorizeUpgrade(address next) internal override { // <-- finding
        require(next.code.length > 0);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
contract Logic is UUPSUpgradeable {
    address public owner;
    constructor(address given) { owner = given; }
    function _check() internal view { if (msg.sender != owner) revert(); }
    function _authorizeUpgrade(address) internal view override { _check(); }
}
contract Frozen is UUPSUpgradeable {
    function _authorizeUpgrade(address) internal pure override { revert("never"); }
}
`,
  ],
  run({ program }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract') continue;
      for (const callable of contract.functions) {
        if (callable.name !== '_authorizeUpgrade' || !callable.body || asksSender(program, callable))
          continue;
        report({
          node: callable.node,
          message: `${contract.name} lets anyone upgrade it: nothing asks who does.`,
        });
      }
    }
  },
};

/** Looks at the sender, in its modifiers and in what it calls too, or always stops. Code in assembly may do anything. */
function asksSender(program: Program, callable: Callable, depth = 0): boolean {
  const { body, node } = callable;
  if (!body || depth > 6) return true;
  const first = childrenOf(body, 'statements')[0];
  if (first?.nodeType === 'RevertStatement') return true;
  const own = descendants(body, 'MemberAccess', 'InlineAssembly', 'FunctionCall').some((item) => {
    if (item.nodeType === 'MemberAccess') return isMagic(item, 'msg', 'sender');
    if (item.nodeType === 'InlineAssembly') return true;
    const call = classifyCall(program, item);
    if (call.kind === 'revert' && item === (first && childOf(first, 'expression'))) return true;
    if (call.kind === 'external') return true;
    return call.kind === 'internal' && asksSender(program, call.target, depth + 1);
  });
  const modifiers = childrenOf(node, 'modifiers');
  return (
    own ||
    modifiers.some((one) => {
      const id = Number((childOf(one, 'modifierName') ?? one)['referencedDeclaration']);
      const modifier = program.callable(id);
      return (
        modifier !== undefined &&
        textOf(one, 'kind') !== 'baseConstructorSpecifier' &&
        asksSender(program, modifier, depth + 1)
      );
    })
  );
}
