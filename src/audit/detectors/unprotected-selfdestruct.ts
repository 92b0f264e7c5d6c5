import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector, Sighting } from '../detector.ts';
import { textOf } from '../ir/ast.ts';
import type { Visit } from '../ir/visits.ts';

/** A self-destruct that anybody reaches. */
export const unprotectedSelfdestruct: Detector = {
  id: 'unprotected-selfdestruct',
  category: 'selfdestruct-and-locked-ether',
  severity: 'critical',
  confidence: 'high',
  title: 'Anyone can destroy the contract',
  why: 'selfdestruct sends the whole balance away and, on chains before the Cancun upgrade or in the transaction of creation, removes the code. Nothing on the way to it asks who is calling.',
  exploit:
    "An attacker calls the function with an own address. The contract's ether goes there, and every contract that relies on this one breaks.",
  fix: 'Remove selfdestruct, or let only a privileged account reach it: `function close() external onlyOwner { … }`, with the owner set in the constructor.',
  references: ['SWC-106', 'CWE-284', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Self-destruction'],
  losses: [
    {
      name: 'Parity wallet library',
      year: 2017,
      usd: 150_000_000,
      what: 'Whoever initialised the library could destroy it, and did.',
    },
  ],
  bad: [
    `pragma solidity ^0.4.24;
contract Killable {
    function kill() public {
        selfdestruct(msg.sender); // <-- finding
    }
    function end(address to) public {
        require(to != address(0));
        finish(to);
    }
    function finish(address to) internal {
        suicide(to); // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Takeable {
    address owner;
    modifier onlyOwner() { require(msg.sender == owner); _; }
    // Meant as the constructor, but the contract was renamed.
    function Ownable() public { owner = msg.sender; }
    function kill() public onlyOwner {
        selfdestruct(owner); // <-- finding
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.5.0;
contract Base {
    address payable internal owner;
    constructor() public { owner = msg.sender; }
    modifier onlyOwner() { require(isOwner(), "not owner"); _; }
    function isOwner() public view returns (bool) { return msg.sender == owner; }
    function transferOwnership(address payable next) public onlyOwner { owner = next; }
}
contract Killable is Base {
    mapping(address => bool) admins;
    function setAdmin(address who, bool yes) public onlyOwner { admins[who] = yes; }
    function kill() public onlyOwner { selfdestruct(owner); }
    function close() public {
        if (!admins[msg.sender]) revert();
        _close();
    }
    function _close() private { selfdestruct(owner); }
}
`,
  ],
  run(audited, report) {
    for (const { role, visits, signed } of audited.runs.entries) {
      if (role !== 'entry' || signed) continue;
      for (const visit of visits.calls) if (visit.call.kind === 'selfdestruct') check(audited, visit, report);
      for (const visit of visits.assembly) {
        if (/^(selfdestruct|suicide)$/.test(visit.operation.name)) check(audited, visit, report);
      }
    }
  },
};

function check(audited: Audited, visit: Visit, report: (sighting: Sighting) => void): void {
  const { program, runs } = audited;
  if (runs.privileged(visit.state) || runs.once(visit.state)) return;
  const weak = visit.state.auth.flatMap((fact) => fact.variables.map((id) => runs.open.get(id)))[0];
  const name = entryName(visit);
  const how = weak
    ? `whoever makes themselves ${variableName(program.stateVariable(weak.slot.base))} first can destroy`
    : 'anyone can destroy';
  report({
    node: visit.node,
    frame: visit.frame,
    confidence: weak || visit.state.conditions.length === 0 ? 'high' : 'medium',
    message: `Through ${name} ${how} this contract and take its ether.`,
    note: 'the contract destroys itself',
    steps: weak ? [{ node: weak.node, frame: weak.frame, note: 'anyone may set who is allowed, here' }] : [],
  });
}

function entryName(visit: Visit): string {
  let frame = visit.frame;
  while (frame.parent) frame = frame.parent;
  return frame.callable.name;
}

function variableName(variable: AstNode | undefined): string {
  return textOf(variable, 'name') || 'the owner';
}
