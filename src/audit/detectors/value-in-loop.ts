import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, typeIdOf } from '../ir/ast.ts';
import { entryFrame, type Frame, isMagic, isThis } from '../ir/frames.ts';
import { bodiesFrom, codeOf, isInside, loops, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import type { EntryRun } from '../ir/runs.ts';
import { isZero } from '../ir/storage.ts';

/** The ether of one transaction is counted several times. */
export const valueInLoop: Detector = {
  id: 'value-in-loop',
  category: 'selfdestruct-and-locked-ether',
  severity: 'high',
  confidence: 'medium',
  title: 'msg.value is used in every round of a loop',
  why: 'msg.value stays the same however often it is looked at. In a loop, the ether that came once is credited or checked once for each round.',
  exploit:
    'An attacker sends one ether with a list of ten entries, is credited ten, and withdraws what others put in.',
  fix: 'Add up what all rounds need and compare the sum with msg.value once, before or after the loop.',
  references: ['SWC-132', 'CWE-682', 'OWASP-SC03:2025', 'EEA-EthTrust: Protect msg.value in Loops'],
  losses: [
    {
      name: 'Opyn',
      year: 2020,
      usd: 371_000,
      what: 'One payment of ether was counted for each of several options.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Mint {
    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public credit;
    function buy(uint256[] calldata ids) external payable {
        for (uint256 i = 0; i < ids.length; i++) {
            require(msg.value >= 1 ether, "too little"); // <-- finding
            ownerOf[ids[i]] = msg.sender;
        }
    }
    function top(address[] calldata whom) external payable {
        for (uint256 i = 0; i < whom.length; i++) credit[whom[i]] += msg.value; // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Batch {
    function batch(bytes[] calldata calls) external payable {
        for (uint256 i = 0; i < calls.length; i++) {
            (bool ok, ) = address(this).delegatecall(calls[i]);
            require(ok);
        }
    }
}
contract Bank is Batch {
    mapping(address => uint256) public credit;
    function put() external payable {
        require(msg.value > 0);
        credit[msg.sender] += msg.value; // <-- finding
    }
    function many(address[] calldata whom) external payable { for (uint256 i = 0; i < whom.length; i++) _one(whom[i]); }
    function _one(address who) private { credit[who] = credit[who] + msg.value; } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public credit;
    function batch(bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; i++) {
            (bool ok, ) = address(this).delegatecall(calls[i]);
            require(ok);
        }
    }
    function put() external payable { credit[msg.sender] += msg.value; }
    function until(uint256 n) external payable { for (uint256 i = msg.value; i > n; i--) credit[msg.sender] += 1; } // <-- guard: function until(uint256 n) external payable { for (uint256 i = msg.value; i > n; i--) credit[msg.sender] += msg.value; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Mint {
    mapping(address => uint256) public credit;
    function top(address[] calldata whom) external payable {
        uint256 each = msg.value / whom.length;
        for (uint256 i = 0; i < whom.length; i++) credit[whom[i]] += each; // <-- guard: for (uint256 i = 0; i < whom.length; i++) credit[whom[i]] += msg.value;
    }
    function split(address[] calldata whom) external payable {
        for (uint256 i = 0; i < whom.length; i++) credit[whom[i]] += msg.value / whom.length;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const callable of ownCallables(program)) {
      if (!callable.body) continue;
      for (const node of descendants(callable.body, 'MemberAccess')) {
        if (!isMagic(node, 'msg', 'value') || !isRepeated(program, node) || !counts(program, node)) continue;
        report(sighting(program, callable, node, 'in each round'));
      }
    }
    for (const { entry, role, visits, context } of runs.entries) {
      if (role !== 'entry' || entry.mutability !== 'payable') continue;
      // Functions that are called in each round, and those that a batch calls in each round by delegatecall.
      const bodies = bodiesFrom(entryFrame(program, entry, context)).filter(({ frame }) =>
        isCalledInLoop(frame),
      );
      const batch = runs.entries.find((other) => other.context === context && batches(program, other));
      if (batch && batch.entry !== entry && visits.writes.length > 0)
        bodies.push(...bodiesFrom(entryFrame(program, entry, context)));
      for (const { body, frame } of bodies) {
        for (const node of descendants(body, 'MemberAccess')) {
          if (!isMagic(node, 'msg', 'value') || !counts(program, node)) continue;
          if (batch && !credits(program, node)) continue;
          const how = batch ? `for each call of ${batch.entry.name}` : 'in each round';
          report(sighting(program, frame.callable, node, how));
        }
      }
    }
  },
};

function sighting(program: Program, callable: Callable, node: AstNode, how: string) {
  const shown = codeOf(program, program.parent(node) ?? node, 40);
  return { node, message: `${callable.name} counts msg.value anew ${how} (\`${shown}\`).` };
}

function isRepeated(program: Program, node: AstNode): boolean {
  for (
    let at: AstNode | undefined = node, parent = program.parent(node);
    parent;
    at = parent, parent = program.parent(at)
  )
    if (loops.test(parent.nodeType) && childOf(parent, 'body') === at) return true;
  return false;
}

function isCalledInLoop(frame: Frame): boolean {
  for (let at: Frame | undefined = frame; at?.via; at = at.parent)
    if (isRepeated(frame.program, at.via)) return true;
  return false;
}

/** A payable function that delegates to this contract again and again. */
function batches(program: Program, { entry, role, visits }: EntryRun): boolean {
  if (role !== 'entry' || entry.mutability !== 'payable') return false;
  return visits.calls.some(
    ({ call, node, frame }) =>
      call.kind === 'low-level' &&
      call.method === 'delegatecall' &&
      isThis(call.address, frame) &&
      (isInside(program, node, loops) || isCalledInLoop(frame)),
  );
}

/** Not a part of it for each round, which adds up to the whole, and not only told in an event. */
function counts(program: Program, node: AstNode): boolean {
  const parent = program.parent(node);
  if (parent?.nodeType === 'BinaryOperation' && /^[/%]$/.test(String(parent['operator']))) return false;
  return !(
    parent?.nodeType === 'FunctionCall' && /^t_function_event/.test(typeIdOf(childOf(parent, 'expression')))
  );
}

/** It is compared with a price or added to somebody's credit, not only checked to be there. */
function credits(program: Program, node: AstNode): boolean {
  const parent = program.parent(node);
  const other = parent?.nodeType === 'BinaryOperation' ? childOf(parent, 'rightExpression') : undefined;
  return !(other && other !== node && isZero(other));
}
