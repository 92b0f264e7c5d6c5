import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeIdOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { type Frame, isMagic, type Ref, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isMadeOf, sourcesOf } from '../ir/sources.ts';
import { isZero } from '../ir/storage.ts';
import type { CallVisit } from '../ir/visits.ts';

/** The hash of a block that is zero. */
export const expiredBlockhash: Detector = {
  id: 'expired-blockhash',
  category: 'randomness',
  severity: 'medium',
  confidence: 'high',
  title: 'A block hash that is zero decides',
  why: 'blockhash knows the last 256 blocks only. Of the current block, of later ones, and of older ones it gives zero, which everybody can count on.',
  exploit:
    'A player bets on the outcome of a zero hash, waits for 256 blocks, and then asks for the result, which is the one they knew.',
  fix: 'Take a verifiable source of randomness. Where the hash of an earlier block has to do, let a draw that is too late count as lost.',
  references: ['SWC-120', 'CWE-330', 'OWASP-SC09:2025', 'EEA-EthTrust: Sources of Randomness'],
  losses: [
    {
      name: 'SmartBillions',
      year: 2017,
      usd: 120_000,
      what: 'The hash of a block older than 256 is zero, and so was the number that won.',
    },
  ],
  bad: [
    `pragma solidity ^0.4.24;
contract Draws {
    mapping(address => uint) public at;
    function bet() public payable { at[msg.sender] = block.number + 1; }
    function settle() public {
        require(at[msg.sender] != 0 && block.number > at[msg.sender]);
        if (_lucky(at[msg.sender])) msg.sender.transfer(1 ether);
    }
    function same() public {
        if (uint(blockhash(block.number)) % 2 == 1) msg.sender.transfer(1 ether); // <-- finding
    }
    function _lucky(uint number) private view returns (bool) {
        return uint(blockhash(number)) % 2 == 0; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.18;
contract Draws {
    mapping(address => uint256) public at;
    mapping(address => bytes32) public seen;
    function bet() external payable { at[msg.sender] = block.number + 1; }
    function settle() external {
        require(block.number > at[msg.sender] && block.number <= at[msg.sender] + 256);
        seen[msg.sender] = blockhash(at[msg.sender]);
    }
    function checked() external {
        bytes32 hash = blockhash(at[msg.sender]);
        require(hash != 0, "too late");
        seen[msg.sender] = hash;
    }
    function last() external { seen[msg.sender] = blockhash(block.number - 1); }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      for (const visit of run.visits.calls) {
        if (!/^t_function_blockhash/.test(typeIdOf(visit.call.callee))) continue;
        const [number] = visit.call.arguments;
        const what = number && faultOf(number, visit);
        if (!what) continue;
        report({
          node: visit.node,
          frame: visit.frame,
          message: `${run.entry.name} asks for \`${codeOf(program, visit.node, 50)}\`, which is zero ${what}.`,
        });
      }
    }
  },
};

function faultOf(number: AstNode, { node, frame, state }: CallVisit): string | undefined {
  if (isMagic(resolve(number, frame).node, 'block', 'number')) return 'for the block that is being made';
  const isKept = isMadeOf(
    number,
    frame,
    (part) => frame.program.stateVariable(Number(part.node['referencedDeclaration'])) !== undefined,
  );
  const isLate = isKept && !sourcesOf(number, frame).some((part) => isMagic(part.node, 'block', 'number'));
  if (!isLate || state.conditions.some((condition) => isWindow(condition)) || isCheckedForZero(node, frame))
    return undefined;
  return 'after 256 blocks';
}

/** Compares the block's number with one that is some blocks away. */
function isWindow({ node, frame }: Ref): boolean {
  return descendants(node, 'BinaryOperation').some((item) => {
    if (!/^[<>]=?$/.test(textOf(item, 'operator'))) return false;
    const parts = sourcesOf(item, frame);
    const blocks = parts
      .map((part) => constantOf(frame.program, part.node))
      .some((value) => value !== undefined && value >= 10n && value <= 256n);
    return blocks && parts.some((part) => isMagic(part.node, 'block', 'number'));
  });
}

function isCheckedForZero(node: AstNode, frame: Frame): boolean {
  const body = frame.callable.body;
  return (body ? descendants(body, 'BinaryOperation') : []).some((item) => {
    const [left, right] = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
    if (!left || !right || !/^[!=]=$/.test(textOf(item, 'operator'))) return false;
    const other = isZero(left) ? right : isZero(right) ? left : undefined;
    return (
      other !== undefined &&
      isMadeOf(other, frame, (part) => part.node === node) &&
      !descendants(other, 'BinaryOperation').length
    );
  });
}
