import type { Detector } from '../detector.ts';
import { textOf, typeOf } from '../ir/ast.ts';
import { isMeantAsConstructor } from '../ir/constructors.ts';
import { outermost } from '../ir/frames.ts';

/** Anybody may set the variable by which the contract tells who may do what. */
export const openAuthority: Detector = {
  id: 'open-authority',
  category: 'access-control',
  severity: 'critical',
  confidence: 'high',
  title: 'Anyone can make themselves privileged',
  why: 'A check of the sender is worth as much as the variable that it looks at. This one can be set by anybody to a value of their choice.',
  exploit:
    'An attacker sets the variable to an account of their own in one transaction, and does what is kept for the owner in the next.',
  fix: 'Put the check in front of the function that sets the variable too (`onlyOwner`), let an initialiser run once, and set owners in the constructor.',
  references: ['SWC-105', 'CWE-284', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Treasury {
    address public owner;
    mapping(address => bool) public keepers;
    modifier onlyOwner() { require(msg.sender == owner, "no"); _; }
    constructor() { owner = msg.sender; }
    function initialize(address newOwner) external {
        owner = newOwner; // <-- finding
    }
    function addKeeper(address keeper) external {
        _set(keeper, true);
    }
    function _set(address keeper, bool yes) internal { keepers[keeper] = yes; } // <-- finding
    function sweep(address payable to) external onlyOwner { to.transfer(address(this).balance); }
    function pay(address payable to, uint256 amount) external {
        require(keepers[msg.sender], "no keeper");
        to.transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Treasury {
    address public owner;
    address public host;
    uint256 public fee;
    bool private done;
    mapping(address => bool) public keepers;
    mapping(address => address) public delegates;
    constructor() { owner = msg.sender; }
    function _onlyOwner() internal view { if (msg.sender != owner) revert(); }
    function initialize(address newOwner) external {
        require(!done);
        done = true;
        owner = newOwner;
    }
    function addKeeper(address keeper) external { _onlyOwner(); keepers[keeper] = true; }
    // A place that is bought, from whoever has it.
    function become() external payable { require(msg.value > fee); fee = msg.value; host = msg.sender; }
    function greet() external view { require(msg.sender == host); }
    function resign() external { require(msg.sender == owner); owner = address(0); }
    function delegate(address to) external { delegates[msg.sender] = to; }
    function pay(address payable to, uint256 amount) external {
        require(keepers[msg.sender], "no keeper");
        to.transfer(amount);
    }
}
`,
  ],
  run({ program, runs }, report) {
    const guards = new Map<number, string>();
    for (const run of runs.entries) {
      const { visits } = run;
      if (run.role === 'constructor') continue;
      for (const { state } of [...visits.calls, ...visits.writes])
        for (const fact of state.auth)
          if (!fact.holder)
            for (const id of fact.variables) if (!guards.has(id)) guards.set(id, run.entry.name);
    }
    for (const [id, guarded] of guards) {
      const write = runs.open.get(id);
      const variable = program.stateVariable(id);
      if (!write || !variable || !namesAccounts(typeOf(variable))) continue;
      // A place that is taken in its turn: a phase or a flag was looked at.
      if (write.state.checked.size > 0) continue;
      const { callable } = outermost(write.frame);
      // Bought at a price that whoever comes next has to pay too.
      if (callable.mutability === 'payable' && write.state.conditions.length > 0) continue;
      if (isMeantAsConstructor(program, callable)) continue;
      const name = textOf(variable, 'name');
      report({
        node: write.node,
        frame: write.frame,
        message: `Anyone can set \`${name}\`, which decides who may call ${guarded}.`,
      });
    }
  },
};

/** An account or contract, or a record for each account of what it may do. */
function namesAccounts(type: string): boolean {
  return /^(address|contract )/.test(type) || /^mapping\(address => (bool|enum |uint8)/.test(type);
}
