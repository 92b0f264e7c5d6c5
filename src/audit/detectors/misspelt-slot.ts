import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants, textOf } from '../ir/ast.ts';
import { codeOf } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';

/** A slot of ERC-1967 with a mistake in its number or its name. */
export const misspeltSlot: Detector = {
  id: 'misspelt-slot',
  category: 'delegatecall-proxy',
  severity: 'medium',
  confidence: 'high',
  title: 'The slot of the proxy is almost that of ERC-1967',
  why: 'Proxies, implementations, explorers and upgrade tools find each other by three fixed slots. One that differs in a few digits or letters is another slot: what one side writes there the other one never reads.',
  exploit:
    'An upgrade writes the new implementation to a slot that the proxy does not look at, so that a faulty version stays in use, or the admin is read as zero.',
  fix: "Write it as its formula: `bytes32(uint256(keccak256('eip1967.proxy.implementation')) - 1)`, or take ERC1967Utils of OpenZeppelin.",
  references: ['SWC-124', 'CWE-665', 'OWASP-SC01:2025', 'EEA-EthTrust: Avoid Storage Collision'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Proxy {
    bytes32 private constant IMPLEMENTATION = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbd; // <-- finding
    bytes32 private constant ADMIN = bytes32(uint256(keccak256("eip1967.proxy.amdin")) - 1); // <-- finding
    function implementation() external view returns (address at) {
        bytes32 slot = IMPLEMENTATION;
        assembly { at := sload(slot) }
    }
    function beacon() external view returns (address at) {
        bytes32 slot = keccak256("eip1967.proxy.beacon"); // <-- finding
        assembly { at := sload(slot) }
    }
    function admin() external view returns (address at) {
        bytes32 slot = ADMIN;
        assembly { at := sload(slot) }
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Proxy {
    bytes32 private constant IMPLEMENTATION = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc; // <-- guard: bytes32 private constant IMPLEMENTATION = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbb;
    bytes32 private constant ADMIN = bytes32(uint256(keccak256("eip1967.proxy.admin")) - 1);
    bytes32 private constant ROLLBACK = bytes32(uint256(keccak256("eip1967.proxy.rollback")) - 1);
    bytes32 private constant OTHER = 0x4910fdfa16fed3260ed0e7147f7cc6da11a60208b5b9406d12a635614ffd9143;
    bytes32 private constant OLD = keccak256("org.zeppelinos.proxy.implementation");
    function implementation() external view returns (address at) {
        bytes32 slot = IMPLEMENTATION;
        assembly { at := sload(slot) }
    }
    constructor() { assert(ADMIN == bytes32(uint256(keccak256("eip1967.proxy.admin")) - 1) && OTHER != OLD && ROLLBACK != OLD); }
}
`,
  ],
  run({ program }, report) {
    for (const contract of program.contracts) {
      if (!contract.own) continue;
      for (const node of descendants(contract.node, 'Literal', 'YulLiteral')) {
        const fault = faultOf(program, node);
        if (fault) report({ node, message: `\`${codeOf(program, node, 80)}\` ${fault}.` });
      }
    }
  },
};

const slots: Record<string, string> = {
  implementation: '360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
  admin: 'b53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103',
  beacon: 'a3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50',
};

function faultOf(program: Program, node: AstNode): string | undefined {
  const value = textOf(node, 'value');
  const digits = /^0x([0-9a-f]{63,65})$/i.exec(value)?.[1]?.toLowerCase();
  if (digits) {
    const near = Object.entries(slots).find(([, slot]) => isAlmost(digits, slot));
    return near && `is not the slot of the ${near[0]}, though it differs from it in a few digits only`;
  }
  const name = /^eip-?1967\.(.*)$/i.exec(value)?.[1];
  if (name === undefined) return undefined;
  if (!/^eip1967\.proxy\.(implementation|admin|beacon|rollback)$/.test(value))
    return 'is none of the names that ERC-1967 gives to its slots';
  return isReduced(program, node) ? undefined : 'is hashed without the `- 1` that the slots of ERC-1967 have';
}

/** Most digits are the same, counted from the front or from the back. */
function isAlmost(digits: string, slot: string): boolean {
  if (digits === slot) return false;
  let front = 0;
  while (front < slot.length && digits[front] === slot[front]) front += 1;
  let back = 0;
  while (back < slot.length && digits.at(-1 - back) === slot.at(-1 - back)) back += 1;
  const same = [...slot].filter((digit, at) => digits[at] === digit).length;
  return front + back >= 48 || same >= 56;
}

/** `uint256(keccak256("…")) - 1`; what is done with it elsewhere is not looked at. */
function isReduced(program: Program, node: AstNode): boolean {
  let at: AstNode | undefined = program.parent(node);
  for (; at && !/Statement$|^VariableDeclaration$|^Return$/.test(at.nodeType); at = program.parent(at))
    if (at['operator'] === '-') return true;
  const text = at ? program.source.text(at) : '';
  return !/keccak256/.test(text);
}
