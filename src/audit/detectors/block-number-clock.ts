import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { entryFrame, isMagic, type Ref } from '../ir/frames.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import { sourcesOf } from '../ir/sources.ts';
import { slotOf } from '../ir/storage.ts';

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
    `pragma solidity ^0.6.12;
contract Rents {
    uint256 public blocksPerDay = 5000;
    uint256 public began = block.number;
    mapping(address => uint256) public paidUntil;
    function rent(uint256 count) external {
        paidUntil[msg.sender] = block.number + count * blocksPerDay; // <-- finding
    }
    function age() external view returns (uint256) {
        return (block.number - began) * 13; // <-- finding
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
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Polls {
    struct Times { uint256 opens; uint256 closes; }
    uint256 public constant VOTING_PERIOD = 40_320;
    mapping(uint256 => Times) internal times;
    function schedule(uint256 id) external {
        uint256 opens = block.number + 2; // <-- finding
        times[id] = Times(opens, opens + VOTING_PERIOD);
    }
    function isOver(uint256 id) public view returns (bool) {
        Times storage t = times[id];
        return t.closes != 0 && block.number >= t.closes; // <-- finding
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
  run({ program, runs }, report) {
    const ends = storedEnds(runs, program);
    const asking = new Set(
      ownCallables(program)
        .filter(asksAtBlock)
        .map(({ contract }) => contract),
    );
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context || asking.has(context)) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        if (!measuring.has(textOf(node, 'operator'))) continue;
        const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
        const parts = sides.map((side) => sourcesOf(side, frame));
        const number = parts.map((list) => list.find((part) => isMagic(part.node, 'block', 'number')));
        const found = number.find((part) => part !== undefined);
        const period =
          found &&
          parts
            .flat()
            .find((part) => isPeriod(part, program) || (isTimes(node) && isBlockTime(part, program)));
        const long = found && parts.flat().find((part) => isLong(part, program));
        const end = found && isComparison(node) && parts.flat().find((part) => ends.has(baseOf(part) ?? -1));
        const shown = period ?? long ?? end;
        if (!found || !shown) continue;
        report({
          node: program.isOwn(found.node) ? found.node : node,
          frame: found.frame,
          ...(period || (end && !long) ? {} : { severity: 'low', confidence: 'low' }),
          message: `${callable.name} measures \`${codeOf(program, shown.node, 40)}\` in blocks: \`${codeOf(program, node, 60)}\`.`,
          steps: found.node === node ? [] : [{ node, frame, note: 'blocks are taken for time here' }],
        });
      }
    }
  },
};

/** What was at a block can only be asked by its number: votes that are counted then end at blocks as well (ERC-6372). */
function asksAtBlock({ body }: Callable): boolean {
  return (body ? descendants(body, 'FunctionCall') : []).some((call) => {
    const callee = childOf(call, 'expression');
    return /past|prior|atBlock|snapshotAt|checkpoint/i.test(
      textOf(callee, 'memberName') || textOf(callee, 'name'),
    );
  });
}

/** @returns variables that are given the number of a block so and so many days ahead */
function storedEnds(runs: Audited['runs'], program: Program): Set<number> {
  const found = new Set<number>();
  for (const { slot, value, frame } of runs.entries.flatMap((run) => run.visits.writes)) {
    const given = value?.nodeType === 'FunctionCall' ? childrenOf(value, 'arguments') : [value];
    for (const each of given) {
      const parts = sourcesOf(each, frame);
      if (!parts.some((part) => isMagic(part.node, 'block', 'number'))) continue;
      if (parts.some((part) => isPeriod(part, program))) found.add(slot.base);
    }
  }
  return found;
}

function isTimes(node: AstNode): boolean {
  return textOf(node, 'operator') === '*';
}

/** So many seconds as a block takes: `(block.number - start) * 15`. */
function isBlockTime({ node }: Ref, program: Program): boolean {
  const value = constantOf(program, node);
  return value !== undefined && value >= 12n && value <= 15n;
}

function isComparison(node: AstNode): boolean {
  return /^[<>]=?$/.test(textOf(node, 'operator'));
}

function baseOf({ node, frame }: Ref): number | undefined {
  return slotOf(node, frame)?.base;
}

const measuring = new Set(['+', '-', '*', '/', '<', '<=', '>', '>=', '%']);

/** A constant that is named after a time, written in one, or a number of days in blocks of 12, 13, 14, 15 seconds. */
function isPeriod({ node }: Ref, program: Program): boolean {
  if (node.nodeType === 'Literal') {
    if (/^(seconds|minutes|hours|days|weeks|years)$/.test(textOf(node, 'subdenomination'))) return true;
    return isDaysOfBlocks(constantOf(program, node) ?? 0n);
  }
  if (node.nodeType !== 'Identifier') return false;
  const variable = program.stateVariable(referenceOf(node) ?? -1);
  if (
    variable &&
    /^(blocks?_?(per|in)|per)_?(minute|hour|day|week|month|year)/i.test(textOf(variable, 'name'))
  )
    return true;
  if (variable?.['constant'] === true && isDaysOfBlocks(constantOf(program, node) ?? 0n)) return true;
  return (
    variable?.['constant'] === true &&
    /minute|hour|day|week|month|year|annual/i.test(textOf(variable, 'name'))
  );
}

function isDaysOfBlocks(value: bigint): boolean {
  return value >= 5_000n && value < 10n ** 9n && blocksADay.some((blocks) => value % blocks === 0n);
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
