import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { isFeedRead } from '../ir/feeds.ts';
import { entryFrame } from '../ir/frames.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import type { Contract, Program } from '../ir/program.ts';
import { sourcesOf } from '../ir/sources.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** The number of decimals of a price feed is written into the code. */
export const assumedFeedDecimals: Detector = {
  id: 'assumed-feed-decimals',
  category: 'oracle-price',
  severity: 'low',
  confidence: 'medium',
  title: 'The decimals of a price feed are assumed',
  why: 'Feeds in dollars mostly have 8 decimals, feeds in ether 18, and some others have neither. An answer that is scaled by a number in the code is wrong by orders of magnitude for another feed.',
  exploit:
    'A feed with 18 decimals is registered. Collateral counts for ten thousand million times its worth, and somebody borrows everything against dust.',
  fix: 'Ask the feed for `decimals()` and scale by it, or require in the constructor that it is what the code assumes.',
  references: ['SWC-123', 'CWE-682', 'OWASP-SC02:2025', 'EEA-EthTrust: Protect Against Oracle Manipulation'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Feed { function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80); }
contract Reader {
    uint256 private constant UNIT = 1e8;
    Feed public feed;
    mapping(address => Feed) public feeds;
    function _answer(Feed which) internal view returns (uint256) {
        (, int256 answer, , uint256 at, ) = which.latestRoundData();
        require(answer > 0 && block.timestamp - at < 1 days);
        return uint256(answer);
    }
    function price() external view returns (uint256) { return _answer(feed) * 1e10; } // <-- finding
    function worth(address token, uint256 amount) external view returns (uint256) {
        return amount * _answer(feeds[token]) / UNIT; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Feed {
    function decimals() external view returns (uint8);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}
contract Reader {
    Feed public immutable feed;
    constructor(Feed given) { require(given.decimals() == 8); feed = given; }
    function price() external view returns (uint256) {
        (, int256 answer, , uint256 at, ) = feed.latestRoundData();
        require(answer > 0 && block.timestamp - at < 1 days);
        return uint256(answer) * 1e10;
    }
}
contract Raw {
    Feed public feed;
    function half() external view returns (uint256) {
        (, int256 answer, , uint256 at, ) = feed.latestRoundData();
        require(answer > 0 && block.timestamp - at < 1 days);
        return uint256(answer) * 5_000 / 10_000;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context || asksDecimals(program, context)) continue;
      const frame = entryFrame(program, callable, context);
      let within: AstNode | undefined;
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        if (within && descendants(within, 'BinaryOperation').includes(node)) continue;
        if (!/^[*/]$/.test(textOf(node, 'operator'))) continue;
        const parts = sourcesOf(node, frame);
        const read = parts.find((part) => {
          const call =
            part.node.nodeType === 'FunctionCall' &&
            callsIn(program, part.frame.callable).find((each) => each.node === part.node);
          return call && isFeedRead(call);
        });
        if (!read || !descendants(node, 'Literal', 'Identifier').some((each) => isScale(program, each)))
          continue;
        within = node;
        const feed = childOf(childOf(read.node, 'expression') ?? read.node, 'expression');
        const isAny = hasBits(taintOf(feed, read.frame), from.parameter | from.keyed);
        report({
          node,
          frame,
          ...(isAny ? { severity: 'medium' } : {}),
          message: `${callable.name} scales a feed's answer by a fixed number in \`${codeOf(program, node, 60)}\`.`,
          steps: [{ node: read.node, frame: read.frame, note: 'its decimals are not asked for' }],
        });
      }
    }
  },
};

/** A power of ten from 10⁶ to 10³⁶. */
function isScale(program: Program, node: AstNode): boolean {
  const value = constantOf(program, node);
  return value !== undefined && /^10{6,36}$/.test(String(value));
}

/** The contract, or one of its bases, or what it calls, looks at decimals somewhere. */
function asksDecimals(program: Program, contract: Contract): boolean {
  return contract.linearised.some((base) =>
    [...base.functions, ...base.modifiers].some((callable) =>
      callsIn(program, callable).some((call) => call.kind === 'external' && call.name === 'decimals'),
    ),
  );
}
