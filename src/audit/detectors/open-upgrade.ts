import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { variablesIn } from '../ir/assembly.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { clausesOf, equalSides, isVouchedFor } from '../ir/conditions.ts';
import { entryFrame, type Ref, resolve } from '../ir/frames.ts';
import { mentionsSender } from '../ir/mentions.ts';
import { bodiesFrom } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { delegatingFallback } from '../ir/proxies.ts';
import type { State } from '../ir/state.ts';
import { isZero, keyOf, slotOf } from '../ir/storage.ts';
import { chosenByCaller, hasBits, taintOf, variableTaint } from '../ir/taint.ts';

/** Anybody may say which code a proxy runs. */
export const openUpgrade: Detector = {
  id: 'open-upgrade',
  category: 'delegatecall-proxy',
  severity: 'critical',
  confidence: 'high',
  title: 'Anyone can set the implementation of the proxy',
  why: 'The proxy runs whatever code stands at the address of its implementation, on its own storage and ether. Nothing asks who sets that address.',
  exploit: 'An attacker sets an implementation of their own, and calls the proxy: it pays them everything.',
  fix: 'Let only the admin upgrade: `require(msg.sender == admin)`, or take OpenZeppelin’s ERC1967Proxy with UUPS or transparent upgrades.',
  references: ['SWC-105', 'CWE-862', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";
contract Shell {
    bytes32 private constant CODE = keccak256("shell.code");
    bytes32 private constant KEEPER = keccak256("shell.keeper");
    constructor() { StorageSlot.getAddressSlot(KEEPER).value = msg.sender; }
    function keep(address next) external {
        require(msg.sender == StorageSlot.getAddressSlot(KEEPER).value);
        StorageSlot.getAddressSlot(KEEPER).value = next;
    }
    function point(address code) external {
        StorageSlot.getAddressSlot(CODE).value = code; // <-- finding
    }
    fallback() external payable { _run(StorageSlot.getAddressSlot(CODE).value); }
    function _run(address code) private {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), code, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(ok) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
// A table of code by selector, as diamonds have it.
contract Table {
    mapping(bytes4 => address) public parts;
    function place(bytes4 selector, address part) external {
        parts[selector] = part; // <-- finding
    }
    fallback() external payable {
        address part = parts[msg.sig];
        require(part != address(0));
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), part, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(ok) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Shell {
    bytes32 private constant WHERE = keccak256("shell.code");
    function point(address code) external {
        bytes32 at = WHERE;
        assembly { sstore(at, code) } // <-- finding
    }
    fallback() external payable {
        bytes32 at = WHERE;
        assembly {
            let code := sload(at)
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), code, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(ok) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Proxy {
    bytes32 private constant IMPLEMENTATION_SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    function upgradeTo(address next) external { _set(next); }
    function _set(address next) private {
        require(next.code.length > 0);
        bytes32 slot = IMPLEMENTATION_SLOT;
        assembly { sstore(slot, next) } // <-- finding
    }
    fallback() external payable {
        bytes32 slot = IMPLEMENTATION_SLOT;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), sload(slot), 0, calldatasize(), 0, 0)
            if iszero(ok) { revert(0, 0) }
        }
    }
}
contract Plain {
    address public implementation;
    function upgradeTo(address next) external { implementation = next; } // <-- finding
    fallback() external payable {
        address to = implementation;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), to, 0, calldatasize(), 0, 0)
            if iszero(ok) { revert(0, 0) }
        }
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Table {
    address public immutable keeper = msg.sender;
    mapping(bytes4 => address) public parts;
    function place(bytes4 selector, address part) external {
        require(msg.sender == keeper, "keeper");
        parts[selector] = part;
    }
    fallback() external payable {
        address part = parts[msg.sig];
        require(part != address(0));
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), part, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(ok) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Proxy {
    bytes32 private constant IMPLEMENTATION_SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    address public immutable admin = msg.sender;
    function upgradeTo(address next) external {
        require(msg.sender == admin);
        bytes32 slot = IMPLEMENTATION_SLOT;
        assembly { sstore(slot, next) }
    }
    fallback() external payable {
        bytes32 slot = IMPLEMENTATION_SLOT;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), sload(slot), 0, calldatasize(), 0, 0)
            if iszero(ok) { revert(0, 0) }
        }
    }
}
contract Once {
    address public implementation;
    function set(address first) external { require(implementation == address(0)); implementation = first; }
    fallback() external payable { (bool ok, ) = implementation.delegatecall(msg.data); require(ok); }
}
`,
  ],
  run(audited, report) {
    const { program, runs } = audited;
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      const fallback = delegatingFallback(program, run.context);
      if (!fallback || run.entry === fallback) continue;
      const targets = targetsOf(audited, fallback);
      const pointed = pointedTo(audited, fallback);
      const read = new Set(
        bodiesFrom(entryFrame(program, fallback, run.context)).flatMap(({ body }) =>
          descendants(body, 'InlineAssembly').flatMap((node) => slotsIn(program, node, 'sload')),
        ),
      );
      for (const { slot, value, node, frame, state } of run.visits.writes) {
        // A module that an account keeps for itself is its own to choose.
        const isOwn = slot.keys.some((key) => mentionsSender(key.node, key.frame));
        const place = childOf(node, 'leftHandSide');
        const isTarget = targets.has(slot.base) || (place !== undefined && pointed.has(keyOf(place, frame)));
        if (!value || !isTarget || isOwn || isVouchedFor(value, frame, state)) continue;
        if (slot.keys.length > 0 && isTakenOnce(state)) continue;
        if (runs.privileged(state) || runs.once(state) || state.checked.has(slot.exact)) continue;
        if (!hasBits(taintOf(value, frame), chosenByCaller)) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} lets anyone choose the code that ${run.context.name} runs.`,
        });
      }
      for (const { operation, node, frame, state } of run.visits.assembly) {
        if (operation.name !== 'sstore' || runs.privileged(state) || runs.once(state)) continue;
        if (!storesChosen(node, frame)) continue;
        const isSlot = slotsIn(program, node, 'sstore').some((slot) => read.has(slot));
        if (!isSlot && !/impl/i.test(program.source.text(frame.callable.node))) continue;
        if (state.conditions.some((condition) => asksForNone(condition))) continue;
        report({
          node,
          frame,
          message: `${run.entry.name} lets anyone choose the code that ${run.context.name} runs.`,
        });
      }
    }
  },
};

/** State variables that the fallback delegates to. */
function targetsOf({ runs }: Audited, fallback: { node: AstNode }): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { entry, visits } of runs.entries) {
    if (entry.node !== fallback.node) continue;
    for (const { call, frame } of visits.calls)
      if (call.kind === 'low-level') for (const id of taintOf(call.address, frame).variables) found.add(id);
    for (const { operation, frame } of visits.assembly)
      if (operation.operand !== undefined)
        for (const id of variableTaint(operation.operand, frame).variables) found.add(id);
  }
  return found;
}

/** What the fallback delegates to, where it is kept behind a pointer: `StorageSlot.getAddressSlot(slot).value`. */
function pointedTo({ runs }: Audited, fallback: { node: AstNode }): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { entry, visits } of runs.entries) {
    if (entry.node !== fallback.node) continue;
    for (const { operation, frame, node } of visits.assembly) {
      if (operation.operand === undefined || operation.name !== 'delegatecall') continue;
      const named: AstNode = {
        ...{ id: -1, nodeType: 'Identifier', src: node.src, name: operation.operandText },
        referencedDeclaration: operation.operand,
      };
      const at = resolve(named, frame);
      if (at.node !== named && (slotOf(at.node, at.frame)?.base ?? 0) < 0)
        found.add(keyOf(at.node, at.frame));
    }
    for (const { call, frame } of visits.calls)
      if (call.kind === 'low-level' && (slotOf(resolve(call.address, frame).node, frame)?.base ?? 0) < 0)
        found.add(keyOf(call.address, frame));
  }
  return found;
}

/** Names of constants, or of locals that stand for one, by which a block of assembly reads or writes storage. */
function slotsIn(program: Program, node: AstNode, operation: 'sload' | 'sstore'): string[] {
  const text = program.source.text(node);
  const names = [...text.matchAll(new RegExp(`\\b${operation}\\s*\\(\\s*([\\w$.]+)`, 'g'))].map(
    ([, name]) => name,
  );
  return variablesIn(node).flatMap((id) => {
    const variable = program.node(id);
    const name = textOf(variable, 'name');
    if (
      !variable ||
      !(names.includes(name) || names.includes(`${name}.slot`) || names.includes(`${name}_slot`))
    )
      return [];
    const statement = program.parent(variable);
    const value =
      statement?.nodeType === 'VariableDeclarationStatement' ? childOf(statement, 'initialValue') : undefined;
    return [name, ...(value ? [textOf(value, 'name')] : [])].filter((each) => each !== '');
  });
}

/** Nothing was there before, and stays what it is from then on. */
function isTakenOnce(state: State): boolean {
  return clausesOf(state).some((clause) =>
    clause.every((atom) => equalSides(atom)?.some(({ node }) => isZero(node)) === true),
  );
}

/** Only where there is none yet: `require(_implementation() == address(0))`. */
function asksForNone({ node, frame }: Ref): boolean {
  return descendants(node, 'BinaryOperation').some((item) => {
    const [left, right] = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
    if (item['operator'] !== '==' || !left || !right || !isZero(right)) return false;
    return !hasBits(taintOf(left, frame), chosenByCaller);
  });
}

/** A parameter of the caller's goes into storage in this block. */
function storesChosen(node: AstNode, frame: Parameters<typeof variableTaint>[1]): boolean {
  const references = JSON.stringify(node['externalReferences'] ?? '').matchAll(/"declaration":(\d+)/g);
  return [...references].some(([, id]) => hasBits(variableTaint(Number(id), frame), chosenByCaller));
}
