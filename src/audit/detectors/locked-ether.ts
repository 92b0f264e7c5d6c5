import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { assemblyOperations } from '../ir/assembly.ts';
import { childOf, childrenOf, descendants, textOf } from '../ir/ast.ts';
import { type Call, classifyCall } from '../ir/calls.ts';
import type { Callable, Contract, Program } from '../ir/program.ts';

/** Ether goes in and nothing sends it out. */
export const lockedEther: Detector = {
  id: 'locked-ether',
  category: 'selfdestruct-and-locked-ether',
  severity: 'medium',
  confidence: 'high',
  title: 'Ether that comes in never comes out',
  why: 'The contract takes ether, and none of its functions sends any.',
  exploit: 'Nobody has to attack: every payment is lost for good, to its sender and to the owner.',
  fix: 'Add a function by which the right people withdraw, or leave out `payable`.',
  references: ['SWC-132', 'CWE-710', 'OWASP-SC05:2025', 'EEA-EthTrust: No Locked Ether'],
  losses: [
    {
      name: 'Akutars',
      year: 2022,
      usd: 34_000_000,
      what: 'A condition that could never be met kept 11,539 ether in the auction for ever.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Till { // <-- finding
    mapping(address => uint256) public paid;
    function pay() external payable { paid[msg.sender] += msg.value; }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Purse {
    function _pay(address to, uint256 amount) internal { (bool ok, ) = to.call{value: amount}(""); require(ok); }
}
contract Till is Purse {
    mapping(address => uint256) public paid;
    function pay() external payable { paid[msg.sender] += msg.value; }
    function refund() external { uint256 amount = paid[msg.sender]; paid[msg.sender] = 0; _pay(msg.sender, amount); }
}
contract Refuses {
    receive() external payable { revert("no ether"); }
}
contract Plain { constructor() payable {} function run(address to) external { payable(to).transfer(1); } }
`,
  ],
  run({ program }, report) {
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract' || contract.abstract) continue;
      if (!takesEther(contract) || sendsEther(program, contract)) continue;
      const isBase = program.contracts.some(
        (other) => other !== contract && other.linearised.includes(contract),
      );
      if (isBase) continue;
      report({
        node: contract.node,
        message: `${contract.name} takes ether, and no function of it sends any.`,
      });
    }
  },
};

function takesEther({ linearised }: Contract): boolean {
  return linearised.some(({ functions }) =>
    functions.some(
      ({ mutability, body, kind }) =>
        mutability === 'payable' && body !== undefined && kind !== 'constructor' && !alwaysReverts(body),
    ),
  );
}

function alwaysReverts(body: AstNode): boolean {
  const [first] = childrenOf(body, 'statements');
  if (first?.nodeType === 'RevertStatement' || first?.nodeType === 'Throw') return true;
  const call = first && childOf(first, 'expression');
  return call?.nodeType === 'FunctionCall' && textOf(childOf(call, 'expression'), 'name') === 'revert';
}

/** Whether code that can be reached sends ether: libraries, and what delegatecall runs, included. */
function sendsEther(program: Program, { linearised }: Contract): boolean {
  const seen = new Set<Callable>();
  const left = linearised.flatMap(({ functions, modifiers }) => [...functions, ...modifiers]);
  for (let callable = left.pop(); callable; callable = left.pop()) {
    if (seen.has(callable) || !callable.body) continue;
    seen.add(callable);
    for (const node of descendants(callable.body, 'FunctionCall', 'InlineAssembly')) {
      if (node.nodeType === 'InlineAssembly') {
        if (assemblyOperations(node).some(({ name }) => sending.test(name))) return true;
        continue;
      }
      const call = classifyCall(program, node);
      if (sends(call)) return true;
      if (call.kind === 'internal') left.push(call.target);
    }
  }
  return false;
}

const sending = /^(call|callcode|delegatecall|selfdestruct|suicide)$/;

function sends(call: Call): boolean {
  if (call.kind === 'transfer' || call.kind === 'send' || call.kind === 'selfdestruct') return true;
  if (call.kind === 'low-level')
    return call.method !== 'staticcall' && (call.value !== undefined || call.method !== 'call');
  return (call.kind === 'external' || call.kind === 'create') && call.value !== undefined;
}
