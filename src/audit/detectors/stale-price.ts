import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf } from '../ir/ast.ts';
import { isFeedRead, takenBy } from '../ir/feeds.ts';
import { isNow } from '../ir/moments.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';

/** A price feed is read without a look at how old its answer is. */
export const stalePrice: Detector = {
  id: 'stale-price',
  category: 'oracle-price',
  severity: 'medium',
  confidence: 'high',
  title: 'A price may be old',
  why: 'A feed that is no longer updated goes on answering its last price. latestAnswer says nothing of its age, and latestRoundData says it in values that are not compared with the time here.',
  exploit:
    'The feed stops while the market falls. An attacker borrows against collateral at yesterday’s price, and leaves the debt behind.',
  fix: 'Take `updatedAt` of latestRoundData and require that it is not older than the feed’s heartbeat, and that the answer is above zero.',
  references: ['SWC-120', 'CWE-672', 'OWASP-SC02:2025', 'EEA-EthTrust: Check Oracle Freshness'],
  losses: [
    {
      name: 'Venus',
      year: 2022,
      usd: 11_200_000,
      what: 'The feed of LUNA stopped while the price fell on, and its last answer was still lent on.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Feed {
    function latestAnswer() external view returns (int256);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
    function getPriceUnsafe(bytes32 id) external view returns (int64, uint64);
}
contract Lender {
    Feed public feed;
    function price() public view returns (uint256) {
        (, int256 answer, , , ) = feed.latestRoundData(); // <-- finding
        require(answer > 0);
        return uint256(answer);
    }
    function old() public view returns (uint256) {
        return uint256(feed.latestAnswer()); // <-- finding
    }
    function rounds() public view returns (uint256) {
        (uint80 round, int256 answer, , uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData(); // <-- finding
        require(answer > 0 && updatedAt != 0 && answeredIn >= round);
        return uint256(answer);
    }
    function unsafe(bytes32 id) public view returns (int64 value) {
        (value, ) = feed.getPriceUnsafe(id); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Feed {
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}
contract Lender {
    Feed public feed;
    error Old();
    function price() public view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        require(answer > 0 && block.timestamp - updatedAt < 1 hours);
        return uint256(answer);
    }
    function checked() public view returns (uint256) {
        int256 answer;
        uint256 updatedAt;
        (, answer, , updatedAt, ) = feed.latestRoundData();
        _fresh(updatedAt);
        require(answer > 0);
        return uint256(answer);
    }
    function aged() external view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        uint256 age = block.timestamp - updatedAt;
        if (age > 1 days || answer <= 0) revert Old();
        return uint256(answer);
    }
    function all() external view returns (uint80, int256, uint256, uint256, uint80) {
        return feed.latestRoundData();
    }
    function _fresh(uint256 at) private view { if (at + 1 hours < block.timestamp) revert Old(); }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const call of callsIn(program, callable)) {
        const isOld =
          call.kind === 'external' && /^(latestAnswer|getPriceUnsafe|getEmaPriceUnsafe)$/.test(call.name);
        if (!isOld && !(isFeedRead(call) && !looksAtTime(program, callable, call.node))) continue;
        if (
          isOld &&
          callsIn(program, callable).some(
            (other) => other.kind === 'external' && other.name === 'latestTimestamp',
          )
        )
          continue;
        report({
          node: call.node,
          message: `${callable.name} takes the answer of \`${codeOf(program, call.callee, 60)}\` however old it is.`,
        });
      }
    }
  },
};

/** The time of the answer, or of the round's start, is compared with the time of the block, or handed on. */
function looksAtTime(program: Program, callable: Callable, call: AstNode): boolean {
  const taken = takenBy(program, call);
  if (!taken || !callable.body) return true;
  // The third one is when a round, or an outage, began.
  const times = [taken[2], taken[3]].flatMap((variable) => (variable ? [variable.id] : []));
  if (times.length === 0) return false;
  if (callable.returns.some((variable) => times.includes(variable.id))) return true;
  const uses = descendants(callable.body, 'Identifier').filter((node) =>
    times.includes(referenceOf(node) ?? -1),
  );
  return uses.some((use) => isHandedOn(program, use));
}

/** Stands with the block's time in one operation, in an argument, or in what is returned. */
function isHandedOn(program: Program, use: AstNode): boolean {
  let at = use;
  for (let parent = program.parent(at); parent; parent = program.parent(at)) {
    if (parent.nodeType === 'BinaryOperation' && /^[-+<>]=?$/.test(textOf(parent, 'operator'))) {
      if (descendants(parent, 'Identifier', 'MemberAccess').some((node) => isNow(program, node))) return true;
      const sides = [childOf(parent, 'leftExpression'), childOf(parent, 'rightExpression')];
      // Compared with another moment: a local that was computed before.
      if (sides.some((side) => side !== undefined && side !== at && side.nodeType !== 'Literal')) return true;
    }
    if (parent.nodeType === 'FunctionCall') {
      const name = textOf(childOf(parent, 'expression'), 'name');
      if (textOf(parent, 'kind') !== 'typeConversion') return !/^(require|assert)$/.test(name);
    }
    if (/^(Return|Assignment|VariableDeclarationStatement)$/.test(parent.nodeType))
      return parent.nodeType === 'Return' || at !== childOf(parent, 'leftHandSide');
    if (/Statement$|Block$/.test(parent.nodeType)) return false;
    at = parent;
  }
  return false;
}
