import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants } from '../ir/ast.ts';
import { entryFrame, type Frame } from '../ir/frames.ts';
import { bodiesFrom, codeOf, ownCallables, statementOf } from '../ir/own.ts';
import { modifiersOf } from '../ir/program.ts';
import { yulName } from '../ir/yul.ts';

/** `return` in assembly ends the whole call, and what was to come behind it does not happen. */
export const assemblyReturn: Detector = {
  id: 'assembly-return',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'return in assembly ends more than the function',
  why: '`return` and `stop` of assembly end the call to the contract, not the function that they stand in. What the caller of the function does afterwards, and what its modifiers do behind `_`, is left out.',
  exploit:
    'A lock is never given back and the contract is stuck, or the balance that was to be reduced afterwards stays.',
  fix: 'Set the return variables in assembly and let the function end, or use `leave` in a Yul function.',
  references: ['SWC-127', 'CWE-705', 'OWASP-SC03:2025', 'EEA-EthTrust: Safe assembly {}'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Box {
    uint256 private lock;
    uint256 public taken;
    mapping(address => uint256) public due;
    modifier locked() { require(lock == 0); lock = 1; _; lock = 0; }
    function read() external locked returns (uint256) {
        assembly { // <-- finding
            mstore(0, sload(taken.slot))
            return(0, 32)
        }
    }
    function _end() private {
        assembly { stop() } // <-- finding
    }
    function take() external {
        uint256 amount = due[msg.sender];
        if (amount == 0) _end();
        payable(msg.sender).transfer(amount);
    }
    function close() external {
        _end();
        taken = 0;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Box {
    uint256 private lock;
    address private code;
    modifier locked() { require(lock == 0); lock = 1; _; lock = 0; }
    modifier open() { require(lock == 0); _; }
    function read() external open returns (uint256) { // <-- guard: function read() external locked returns (uint256) {
        assembly { mstore(0, 7) return(0, 32) }
    }
    function add(uint256 a) external locked returns (uint256 b) { assembly { b := add(a, 1) } }
    function _delegate(address to) internal {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), to, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) }
        }
    }
    function _fallback() internal { require(lock == 0); _delegate(code); }
    fallback() external payable { _fallback(); }
}
`,
  ],
  run({ program }, report) {
    const isAnywhere = ownCallables(program).some(
      ({ body }) => body && descendants(body, 'InlineAssembly').some(endsAll),
    );
    if (!isAnywhere) return;
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind !== 'contract') continue;
      const entries = contract.linearised
        .flatMap(({ functions }) => functions)
        .filter(
          ({ body, visibility, kind }) => body && (kind !== 'function' || /public|external/.test(visibility)),
        );
      for (const entry of entries) {
        for (const { body, frame } of bodiesFrom(entryFrame(program, entry, contract))) {
          if (frame.callable.kind === 'modifier') continue;
          for (const node of descendants(body, 'InlineAssembly')) {
            const skipped = endsAll(node) ? skippedBehind(frame) : undefined;
            if (!skipped || !program.isOwn(node)) continue;
            report({
              node,
              frame,
              message: `The assembly in ${frame.callable.name} ends the whole call, so that \`${codeOf(program, skipped, 50)}\` is left out.`,
              steps: [{ node: skipped, note: 'does not run' }],
            });
          }
        }
      }
    }
  },
};

function endsAll(assembly: AstNode): boolean {
  const root = childOf(assembly, 'AST');
  return (
    root !== undefined &&
    descendants(root, 'YulFunctionCall').some((call) => /^(return|stop)$/.test(yulName(call)))
  );
}

/** @returns what comes after the function in what called it, or in a modifier */
function skippedBehind(start: Frame): AstNode | undefined {
  for (let frame: Frame | undefined = start; frame; frame = frame.parent) {
    const { program, callable, context, via, parent } = frame;
    for (const { modifier } of modifiersOf(program, callable, context)) {
      const tail = behindPlaceholder(modifier.body);
      if (tail) return tail;
    }
    if (!via || !parent?.callable.body) continue;
    const statements = childrenOf(parent.callable.body, 'statements');
    const at = statements.indexOf(statementOf(program, via));
    const next = at < 0 ? undefined : statements[at + 1];
    if (next) return next;
  }
  return undefined;
}

function behindPlaceholder(body: AstNode | undefined): AstNode | undefined {
  const statements = body ? childrenOf(body, 'statements') : [];
  const at = statements.findIndex(({ nodeType }) => nodeType === 'PlaceholderStatement');
  return at < 0 ? undefined : statements[at + 1];
}
