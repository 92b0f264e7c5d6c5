import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf, typeOf } from '../ir/ast.ts';
import { isFeedRead, takenBy } from '../ir/feeds.ts';
import { entryFrame } from '../ir/frames.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import type { Program } from '../ir/program.ts';
import { isMadeOf } from '../ir/sources.ts';

/** The answer of a price feed may be zero or below. */
export const uncheckedAnswer: Detector = {
  id: 'unchecked-answer',
  category: 'oracle-price',
  severity: 'medium',
  confidence: 'medium',
  title: 'A price of zero, or below it, is taken as it comes',
  why: 'A feed answers a signed number, and zero when it has none. Converted without a look, zero makes things free and a negative number becomes the largest there is.',
  exploit:
    'The feed is taken out of service and answers zero. An attacker buys everything for nothing, or has others liquidated.',
  fix: 'Require that the answer is above zero before it is converted.',
  references: ['SWC-123', 'CWE-20', 'OWASP-SC02:2025', 'EEA-EthTrust: Check Oracle Freshness'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Feed {
    function latestAnswer() external view returns (int256);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}
abstract contract Reader {
    Feed public feed;
    function price() public view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        require(block.timestamp - updatedAt < 1 hours);
        return uint256(answer); // <-- finding
    }
}
contract Lender is Reader {
    function capped() external view returns (uint256) {
        int256 answer = feed.latestAnswer();
        require(answer < 1e30);
        return uint256(answer) * 1e10; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Feed {
    function latestAnswer() external view returns (int256);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}
contract Lender {
    Feed public feed;
    error Bad();
    function price() public view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        require(block.timestamp - updatedAt < 1 hours);
        return _positive(answer);
    }
    function other() public view returns (uint256) {
        int256 answer = feed.latestAnswer();
        if (answer <= 0) revert Bad();
        return uint256(answer);
    }
    function converted() public view returns (uint256 value) {
        value = uint256(feed.latestAnswer());
        require(value > 0);
    }
    function raw() external view returns (int256) { return feed.latestAnswer(); }
    function _positive(int256 answer) private pure returns (uint256) {
        if (answer < 1) revert Bad();
        return uint256(answer);
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const reads = new Set(
        callsIn(program, callable).flatMap((call) => (isFeedRead(call) ? [call.node] : [])),
      );
      if (reads.size === 0) continue;
      const frame = entryFrame(program, callable, context);
      const comparesAnswer = descendants(callable.body, 'BinaryOperation').some((node) => {
        if (!/^([<>]=?|[!=]=)$/.test(textOf(node, 'operator'))) return false;
        return isLowerBound(program, node) && sidesOf(node).some((side) => isAnswer(side));
      });
      if (comparesAnswer) continue;
      const conversion = descendants(callable.body, 'FunctionCall').find((node) => {
        const [given] = childrenOf(node, 'arguments');
        const isUnsigned = textOf(node, 'kind') === 'typeConversion' && /^uint/.test(typeOf(node));
        return isUnsigned && given !== undefined && /^int/.test(typeOf(given)) && isAnswer(given);
      });
      if (!conversion) continue;
      report({
        node: conversion,
        frame,
        message: `${callable.name} takes \`${codeOf(program, conversion, 60)}\` without a look at whether it is above zero.`,
      });

      function isAnswer(node: AstNode): boolean {
        return isMadeOf(node, frame, (part) => {
          if (!reads.has(part.node)) return false;
          const taken = takenBy(program, part.node);
          return (
            taken === undefined || taken.length === 1 || taken[1] === undefined || isNamed(node, taken[1])
          );
        });
      }
      function isNamed(node: AstNode, variable: AstNode): boolean {
        return isMadeOf(node, frame, (part) => part.node['referencedDeclaration'] === variable.id);
      }
    }
  },
};

function sidesOf(node: AstNode): AstNode[] {
  return [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')].flatMap((side) => side ?? []);
}

/** Compared with something small: zero, one, or a named least value. */
function isLowerBound(program: Program, node: AstNode): boolean {
  return sidesOf(node).some((side) => {
    const literal = /^int_const (\d+)$/.exec(typeOf(side))?.[1];
    return (
      (literal !== undefined && literal.length < 3) || /min|low|least|floor/i.test(program.source.text(side))
    );
  });
}
