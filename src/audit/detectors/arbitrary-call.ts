import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, textOf } from '../ir/ast.ts';
import { isLookedUp } from '../ir/conditions.ts';
import { type Frame, isThis, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { State } from '../ir/state.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** The caller says whom the contract calls, and with what. */
export const arbitraryCall: Detector = {
  id: 'arbitrary-call',
  category: 'arbitrary-call',
  severity: 'high',
  confidence: 'medium',
  title: 'Anyone can have the contract call anything',
  why: 'Target and data of a low-level call come from the caller, so that the caller acts with the rights of this contract: its tokens, its roles elsewhere, and the approvals that users gave to it.',
  exploit:
    'Users have approved this contract for their tokens. An attacker passes the token as target and the data of transferFrom(victim, attacker, amount), and the tokens are gone.',
  fix: 'Let only a privileged account choose targets, or keep a list of targets and function selectors that are allowed, and never one of a token that users approve.',
  references: ['SWC-107', 'CWE-829', 'OWASP-SC06:2025', 'EEA-EthTrust: Verify External Call Targets'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Router {
    event Ran(address target, bytes answer);
    function run(address target, bytes calldata data) external payable returns (bytes memory) {
        return forward(target, data, msg.value);
    }
    function forward(address target, bytes memory data, uint256 value) internal returns (bytes memory) {
        (bool ok, bytes memory answer) = target.call{value: value}(data); // <-- finding
        require(ok, "failed");
        emit Ran(target, answer);
        return answer;
    }
}
`,
    `pragma solidity ^0.4.24;
contract Relay {
    function relay(address target, bytes data) public {
        require(target != address(0));
        require(target.call(data)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Router {
    address public owner = msg.sender;
    mapping(address => bool) public allowed;
    mapping(address => uint256) public owed;
    function allow(address target, bool yes) external { require(msg.sender == owner); allowed[target] = yes; }
    function run(address target, bytes calldata data) external {
        require(allowed[target], "not allowed");
        (bool ok, ) = target.call(data);
        require(ok);
    }
    function execute(address target, bytes calldata data) external {
        require(msg.sender == owner);
        (bool ok, ) = target.call(data);
        require(ok);
    }
    function withdraw() external {
        uint256 amount = owed[msg.sender];
        owed[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
    }
    function multicall(bytes[] calldata data) external {
        for (uint256 i; i < data.length; i++) {
            (bool ok, ) = address(this).call(data[i]);
            require(ok);
        }
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const { call, frame, node, state } of run.visits.calls) {
        if (call.kind !== 'low-level' || (call.method !== 'call' && call.method !== 'callcode')) continue;
        if (runs.authorised(state) || isThis(call.address, frame)) continue;
        const target = taintOf(call.address, frame);
        const data = call.arguments[0];
        if (!hasBits(target, from.parameter) || target.variables.size > 0) continue;
        if (!data || !hasBits(taintOf(data, frame), from.parameter) || isBuiltHere(data, frame)) continue;
        if (isLookedUp(call.address, frame, state) || isAgreed(state)) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} calls \`${codeOf(program, call.address, 40)}\` with \`${codeOf(program, data, 40)}\`, both chosen by whoever calls.`,
          note: 'the call is the caller’s to choose',
        });
      }
    }
  },
};

/** A hash of what was asked for is known already: it was proposed, scheduled or signed before. */
function isAgreed({ conditions }: State): boolean {
  return conditions.some(({ node, frame }) => {
    if (hasBits(taintOf(node, frame), from.hash)) return true;
    // A check inside of a function that was given the hash, or what is kept under it.
    for (let at = frame; at.parent && at.via; at = at.parent) {
      const { parent } = at;
      const given = childrenOf(at.via, 'arguments');
      if (given.some((each) => hasBits(taintOf(each, parent), from.hash | from.keyed))) return true;
    }
    return false;
  });
}

/** The function that is called stands in the code: only its arguments are chosen. */
function isBuiltHere(data: AstNode, frame: Frame): boolean {
  const callee = childOf(resolve(data, frame).node, 'expression');
  return /^encode(WithSelector|WithSignature|Call)$/.test(textOf(callee, 'memberName'));
}
