import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { entryFrame, isMagic, type Ref } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { sourcesOf } from '../ir/sources.ts';

/** Blocks are counted where seconds are meant. */
export const blockNumberClock: Detector = {
  id: 'block-number-clock',
  category: 'time',
  severity: 'medium',
  confidence: 'medium',
  title: 'The block number is used as a clock',
  why: 'The time between blocks is no constant: it has changed with upgrades, differs between chains, and on some rollups the number is that of another chain. A period that is counted in blocks is shorter or longer than it was meant to be.',
  exploit:
    'On a chain with a block every second a lock of "a year" ends after a month, and interest by the block is paid twelve times over.',
  fix: 'Measure time with `block.timestamp` and write periods in `days`; use the block number only to tell blocks apart.',
  references: ['SWC-116', 'CWE-682', 'OWASP-SC09:2025', 'EEA-EthTrust: Don’t misuse block data'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Interest {
    uint256 private constant BLOCKS_PER_YEAR = 2_102_400;
    uint256 public since;
    function due(uint256 amount) external view returns (uint256) {
        return amount * (block.number - since) / BLOCKS_PER_YEAR; // <-- finding
    }
    function open() external view returns (bool) {
        return block.number > since + 30 days; // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Clock {
    function time() internal view returns (uint) { return block.number; } // <-- finding
}
contract Lock is Clock {
    uint constant A_WEEK = 40320;
    mapping(address => uint) until;
    mapping(address => uint) held;
    function lock() public payable {
        held[msg.sender] = msg.value;
        until[msg.sender] = time() + A_WEEK;
    }
    function unlock() public {
        require(time() >= until[msg.sender]);
        uint amount = held[msg.sender];
        held[msg.sender] = 0;
        msg.sender.transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Votes {
    uint256 private constant A_YEAR = 365 days;
    mapping(address => uint256) public committed;
    uint256 public last;
    uint256 public since;
    function commit() external { committed[msg.sender] = block.number; }
    function reveal() external view { require(block.number > committed[msg.sender] + 2 && block.number < committed[msg.sender] + 256); }
    function once() external { require(block.number != last); last = block.number; }
    function interest(uint256 amount) external view returns (uint256) { return amount * (block.timestamp - since) / A_YEAR; } // <-- guard: function interest(uint256 amount) external view returns (uint256) { return amount * (block.number - since) / A_YEAR; }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        if (!measuring.has(textOf(node, 'operator'))) continue;
        const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
        const parts = sides.map((side) => sourcesOf(side, frame));
        const number = parts.map((list) => list.find((part) => isMagic(part.node, 'block', 'number')));
        const found = number.find((part) => part !== undefined);
        const period = found && parts.flat().find((part) => isPeriod(part, program));
        const long = found && parts.flat().find((part) => isLong(part, program));
        const shown = period ?? long;
        if (!found || !shown) continue;
        report({
          node: program.isOwn(found.node) ? found.node : node,
          frame: found.frame,
          ...(period ? {} : { severity: 'low', confidence: 'low' }),
          message: `${callable.name} measures \`${codeOf(program, shown.node, 40)}\` in blocks: \`${codeOf(program, node, 60)}\`.`,
          steps: found.node === node ? [] : [{ node, frame, note: 'blocks are taken for time here' }],
        });
      }
    }
  },
};

const measuring = new Set(['+', '-', '*', '/', '<', '<=', '>', '>=', '%']);

/** A constant that is named after a time, written in one, or a number of days in blocks of 12, 13, 14, 15 seconds. */
function isPeriod({ node }: Ref, program: Program): boolean {
  if (node.nodeType === 'Literal') {
    if (/^(minutes|hours|days|weeks|years)$/.test(textOf(node, 'subdenomination'))) return true;
    const value = constantOf(program, node) ?? 0n;
    return value >= 5_000n && blocksADay.some((blocks) => value % blocks === 0n);
  }
  if (node.nodeType !== 'Identifier') return false;
  const variable = program.stateVariable(referenceOf(node) ?? -1);
  return (
    variable?.['constant'] === true &&
    /minute|hour|day|week|month|year|annual/i.test(textOf(variable, 'name'))
  );
}

/** So many blocks that hours are meant. */
function isLong({ node }: Ref, program: Program): boolean {
  return (
    node.nodeType === 'Literal' &&
    (constantOf(program, node) ?? 0n) >= 1_000n &&
    (constantOf(program, node) ?? 0n) < 10n ** 9n
  );
}

const blocksADay = [7_200n, 6_646n, 6_500n, 6_171n, 5_760n];
