import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf, typeOf, walk } from '../ir/ast.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import { endsCall, yulName, yulNumber } from '../ir/yul.ts';

/** Assembly that leaves the memory in a state that Solidity does not expect. */
export const brokenMemory: Detector = {
  id: 'broken-memory',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'medium',
  title: 'Assembly overwrites the free memory pointer',
  why: 'Solidity keeps at 0x40 where free memory begins, and at 0x60 a zero that empty arrays point to. Only the first 64 bytes may be written freely. With something else there, what is allocated next overwrites other values, or costs all the gas.',
  exploit:
    'An attacker chooses the value that ends up at 0x40, and with it what the next array, event or call is made of.',
  fix: 'Take memory from the pointer (`let p := mload(0x40)`), or save it before and write it back in the same block.',
  references: ['SWC-127', 'CWE-787', 'OWASP-SC03:2025', 'EEA-EthTrust: Safe assembly {}'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Hash {
    event Made(bytes32 key, string note);
    function key(address a, uint256 b, bytes32 c) public pure returns (bytes32 found) {
        assembly {
            mstore(0x00, a)
            mstore(0x20, b)
            mstore(0x40, c) // <-- finding
            found := keccak256(0x00, 0x60)
        }
    }
    function make(address a, bytes32 c, string calldata note) external { emit Made(key(a, 1, c), note); }
    function wide(bytes32 a, bytes32 b) external pure returns (bytes32 found) {
        assembly {
            let mixed := xor(a, b)
            mstore(64, mixed) // <-- finding
            mstore(0x60, b) // <-- finding
            found := keccak256(0x40, 0x40)
        }
    }
    function copy() external pure returns (bytes32 found) {
        assembly {
            calldatacopy(0, 0, calldatasize()) // <-- finding
            found := keccak256(0, calldatasize())
        }
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Hash {
    function key(address a, uint256 b, bytes32 c) public pure returns (bytes32 found) {
        assembly {
            let free := mload(0x40)
            mstore(0x00, a)
            mstore(0x20, b)
            mstore(0x40, c)
            mstore(0x60, c)
            found := keccak256(0x00, 0x80)
            mstore(0x40, free) // <-- guard: let unused := free
            mstore(0x60, 0)
        }
    }
    function list(uint256 n) external pure returns (uint256[] memory found) {
        assembly {
            found := mload(0x40)
            mstore(found, n)
            let end := add(add(found, 32), mul(n, 32))
            mstore(0x40, end)
        }
    }
    function pointed(uint256 n) external pure returns (bytes memory found) {
        uint256 free;
        assembly { free := mload(0x40) }
        free += n;
        assembly { found := free mstore(0x40, add(found, 64)) calldatacopy(0, 0, 64) }
    }
    function end(address to) external payable {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), to, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) }
        }
    }
    struct Item { uint256 a; uint256 b; }
    function item(bytes32 at) external pure returns (Item memory found) {
        assembly { mstore(0x40, found) }
        assembly { found := mload(at) }
    }
    fallback() external { assembly { mstore(0x40, 0) sstore(0, calldataload(0)) } }
    function fail(bytes32 a, bytes32 b) external pure {
        assembly { if iszero(eq(a, b)) { mstore(0x40, a) mstore(0x60, b) revert(0x40, 0x40) } }
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const blocks = callable.body ? descendants(callable.body, 'InlineAssembly') : [];
      if (blocks.length === 0) continue;
      const writes = blocks
        .filter((block) => !isLastOfAll(callable, block))
        .flatMap((block) => writesOf(program, block));
      const isRestored = (place: bigint, after: number) =>
        writes.some((write, index) => index > after && write.place === place && !write.breaks);
      for (const [index, { node, place, breaks }] of writes.entries()) {
        if (!breaks || isRestored(place, index)) continue;
        const what = place === zeroSlot ? 'the zero that empty arrays point to' : 'the free memory pointer';
        report({
          node,
          message: `\`${codeOf(program, node, 50)}\` in ${callable.name} overwrites ${what} and does not put it back.`,
        });
      }
    }
  },
};

/** Nothing comes after the block that would use memory. */
function isLastOfAll({ body, node, visibility, returns }: Callable, block: AstNode): boolean {
  const last = body && childrenOf(body, 'statements').at(-1);
  const isBare = returns.length === 0 && childrenOf(node, 'modifiers').length === 0;
  return last === block && isBare && visibility === 'external';
}

const freePointer = 0x40n;
const zeroSlot = 0x60n;

interface MemoryWrite {
  node: AstNode;
  /** Which of the two places it touches. */
  place: bigint;
  /** What it leaves there is not what Solidity expects. */
  breaks: boolean;
}

function writesOf(program: Program, assembly: AstNode): MemoryWrite[] {
  const root = childOf(assembly, 'AST');
  const found: MemoryWrite[] = [];
  if (!root) return found;
  const names = namesIn(program, assembly, root);
  const leaving = new Set<AstNode>();
  walk(root, (node, parent) => {
    if (parent && leaving.has(parent)) leaving.add(node);
    if (node.nodeType === 'YulBlock' && endsCall(node)) leaving.add(node);
    if (node.nodeType !== 'YulFunctionCall' || leaving.has(node)) return;
    const [first, second, third] = childrenOf(node, 'arguments');
    const name = yulName(node);
    const start = yulNumber(first);
    if (start === undefined) return;
    if (name === 'mstore' && start === freePointer)
      found.push({ node, place: freePointer, breaks: !isPointer(second, names) });
    if (name === 'mstore' && start === zeroSlot)
      found.push({ node, place: zeroSlot, breaks: yulNumber(second) !== 0n });
    if (/^(calldata|returndata|code)copy$/.test(name) && start <= freePointer) {
      const length = yulNumber(third);
      if (length === undefined || start + length > freePointer)
        found.push({ node, place: freePointer, breaks: true });
    }
  });
  return found;
}

/** What the names in a block stand for: expressions of the block, or `value` for what is certainly no place in memory. */
type Names = Map<string, (AstNode | 'value')[]>;

function namesIn(program: Program, assembly: AstNode, root: AstNode): Names {
  const names: Names = new Map();
  const add = (name: string, value: AstNode | 'value') =>
    names.set(name, [...(names.get(name) ?? []), value]);
  for (const node of descendants(root, 'YulVariableDeclaration', 'YulAssignment')) {
    const value = childOf(node, 'value');
    const targets = [...childrenOf(node, 'variables'), ...childrenOf(node, 'variableNames')];
    if (value) for (const target of targets) add(textOf(target, 'name'), value);
  }
  const list = Array.isArray(assembly['externalReferences']) ? assembly['externalReferences'] : [];
  for (const { declaration } of list as { declaration?: number }[]) {
    const variable = declaration === undefined ? undefined : program.node(declaration);
    if (!variable) continue;
    // What Solidity itself gave it is not seen in the block.
    if (/ memory$/.test(typeOf(variable))) names.delete(textOf(variable, 'name'));
    if (/^(bytes\d+|address( payable)?|bool|int\d+|contract .*|enum .*)$/.test(typeOf(variable)))
      add(textOf(variable, 'name'), 'value');
  }
  return names;
}

/** A literal above what is reserved, or anything that may come from the pointer; what is certainly a value is none. */
function isPointer(node: AstNode | undefined, names: Names, depth = 0): boolean {
  if (!node || depth > 6) return true;
  if (node.nodeType === 'YulLiteral') return (yulNumber(node) ?? 0n) >= 0x80n;
  if (node.nodeType === 'YulIdentifier') {
    const values = names.get(textOf(node, 'name'));
    return !values || values.some((value) => value !== 'value' && isPointer(value, names, depth + 1));
  }
  const name = yulName(node);
  if (
    /^(calldataload|sload|caller|callvalue|timestamp|number|keccak256|address|origin|xor|not|iszero|eq)$/.test(
      name,
    )
  )
    return false;
  if (!/^(add|sub|and|or|shl|shr)$/.test(name)) return true;
  return childrenOf(node, 'arguments').some(
    (part) => part.nodeType !== 'YulLiteral' && isPointer(part, names, depth + 1),
  );
}
