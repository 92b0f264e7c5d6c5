import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, slotsOf, textOf } from '../ir/ast.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';

/** A price feed is read without a look at how old its answer is. */
export const stalePrice: Detector = {
  id: 'stale-price',
  category: 'oracle-price',
  severity: 'medium',
  confidence: 'high',
  title: 'A price may be old',
  why: 'A feed that is no longer updated goes on answering its last price. latestAnswer says nothing of its age, and latestRoundData says it in values that are not looked at here.',
  exploit:
    'The feed stops while the market falls. An attacker borrows against collateral at yesterday’s price, and leaves the debt behind.',
  fix: 'Take `updatedAt` of latestRoundData and require that it is not older than the feed’s heartbeat, and that the answer is above zero.',
  references: ['SWC-120', 'CWE-672', 'OWASP-SC02:2025', 'EEA-EthTrust: Check Oracle Freshness'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Feed {
    function latestAnswer() external view returns (int256);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
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
    function price() public view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        require(answer > 0 && block.timestamp - updatedAt < 1 hours);
        return uint256(answer);
    }
    function all() external view returns (uint80, int256, uint256, uint256, uint80) {
        return feed.latestRoundData();
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const call of callsIn(program, callable)) {
        if (call.kind !== 'external') continue;
        const isOld = call.name === 'latestAnswer' && call.arguments.length === 0;
        const isUnread = call.name === 'latestRoundData' && !readsTime(program, callable, call.node);
        if (!isOld && !isUnread) continue;
        report({
          node: call.node,
          message: `${callable.name} takes the answer of \`${codeOf(program, call.callee, 60)}\` however old it is.`,
        });
      }
    }
  },
};

/** The fourth value, the time of the answer, goes somewhere and is read. */
function readsTime(program: Program, callable: Callable, call: AstNode): boolean {
  const parent = program.parent(call);
  if (!parent || parent.nodeType === 'Return') return true;
  if (parent.nodeType === 'VariableDeclarationStatement') {
    // The third one is when a round, or an outage, began.
    const [, , began, updated] = slotsOf(parent, 'declarations');
    return [began, updated].some((variable) => variable !== undefined && isRead(callable, variable.id));
  }
  if (parent.nodeType !== 'Assignment') return false;
  const left = childOf(parent, 'leftHandSide');
  const place = left ? slotsOf(left, 'components')[3] : undefined;
  if (!place) return false;
  const id = referenceOf(place);
  return id === undefined || callable.returns.some((one) => one.id === id) || isRead(callable, id, 2);
}

function isRead({ body }: Callable, id: number, timesMin = 1): boolean {
  const uses = body ? descendants(body, 'Identifier').filter((node) => referenceOf(node) === id) : [];
  return uses.filter((node) => textOf(node, 'name') !== '').length >= timesMin;
}
