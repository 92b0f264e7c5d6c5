import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { entryFrame, type Frame, resolve } from '../ir/frames.ts';
import { differenceOf } from '../ir/moments.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';

/** A time-weighted average over hardly any time. */
export const shortAverage: Detector = {
  id: 'short-average',
  category: 'oracle-price',
  severity: 'medium',
  confidence: 'high',
  title: 'A price is averaged over too short a time',
  why: 'An average resists one distorted block by its length. Over a few seconds or minutes whoever produces two blocks, or holds a price for that long, moves it as they like.',
  exploit:
    'An attacker moves the pool in one block and trades back in the next one. Over a window of seconds that is the whole average, and a loan is taken at that price in between.',
  fix: 'Average over half an hour or more, and keep enough observations in the pool for it.',
  references: ['SWC-120', 'CWE-345', 'OWASP-SC02:2025', 'EEA-EthTrust: Protect Against Oracle Manipulation'],
  losses: [
    {
      name: 'Inverse Finance',
      year: 2022,
      usd: 15_600_000,
      what: 'The average went over so little time that one block of a moved price was enough.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Pool { function observe(uint32[] calldata ago) external view returns (int56[] memory, uint160[] memory); }
interface Pair { function price0CumulativeLast() external view returns (uint256); }
interface Oracle { function consult(address pool, uint32 ago) external view returns (int24); }
contract Average {
    uint32 private constant WINDOW = 30;
    Pool public pool;
    Pair public pair;
    Oracle public oracle;
    uint256 public last;
    uint256 public since;
    uint256 public price;
    function tick() external view returns (int56) {
        uint32[] memory ago = new uint32[](2);
        ago[0] = WINDOW; // <-- finding
        (int56[] memory sums, ) = pool.observe(ago);
        return (sums[1] - sums[0]) / int56(uint56(WINDOW));
    }
    function asked() external view returns (int24) { return oracle.consult(address(pool), 60); } // <-- finding
    function update() external {
        require(block.timestamp - since >= 15); // <-- finding
        uint256 sum = pair.price0CumulativeLast();
        price = (sum - last) / (block.timestamp - since);
        last = sum;
        since = block.timestamp;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Pool { function observe(uint32[] calldata ago) external view returns (int56[] memory, uint160[] memory); }
interface Pair { function price0CumulativeLast() external view returns (uint256); }
contract Average {
    uint32 private constant WINDOW = 30 minutes;
    Pool public pool;
    Pair public pair;
    uint256 public last;
    uint256 public since;
    uint256 public price;
    function tick(uint32 window) external view returns (int56) {
        require(window >= WINDOW);
        uint32[] memory ago = new uint32[](2);
        ago[0] = window;
        ago[1] = 0;
        (int56[] memory sums, ) = pool.observe(ago);
        return (sums[1] - sums[0]) / int56(uint56(window));
    }
    function update() external {
        require(block.timestamp - since >= 1 hours); // <-- guard: require(block.timestamp - since >= 15);
        uint256 sum = pair.price0CumulativeLast();
        price = (sum - last) / (block.timestamp - since);
        last = sum;
        since = block.timestamp;
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const { node, seconds } of windowsIn(program, callable, frame)) {
        report({
          node,
          frame,
          message: `${callable.name} takes an average over ${seconds} seconds: \`${codeOf(program, node, 60)}\`.`,
        });
      }
    }
  },
};

/** Below ten minutes a price can be held by whoever produces some blocks in a row. */
const secondsMin = 600n;

function windowsIn(program: Program, callable: Callable, frame: Frame): { node: AstNode; seconds: bigint }[] {
  const calls = callsIn(program, callable);
  const found: { node: AstNode; seconds: bigint }[] = [];
  const add = (node: AstNode, value: AstNode) => {
    const seconds = constantOf(program, resolve(value, frame).node);
    if (seconds !== undefined && seconds > 0n && seconds < secondsMin) found.push({ node, seconds });
  };
  for (const call of calls) {
    const name = textOf(call.callee, 'memberName') || textOf(call.callee, 'name');
    const [list] = call.arguments;
    if (name === 'observe' && call.kind === 'external' && list)
      for (const item of elementsOf(list, callable)) add(item.node, item.value);
    if (
      /^(consult|getTimeWeightedAverageTick|getArithmeticMeanTickWeightedLiquidity|timeWeightedAverage)/.test(
        name,
      )
    )
      for (const argument of call.arguments) add(call.node, argument);
  }
  if (!calls.some((call) => call.kind === 'external' && /cumulative/i.test(call.name))) return found;
  for (const node of descendants(callable.body ?? callable.node, 'BinaryOperation')) {
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    if (!left || !right || !/^[<>]=?$/.test(textOf(node, 'operator'))) continue;
    const moment = differenceOf(left, right, frame);
    const seconds = moment.seconds < 0n ? -moment.seconds : moment.seconds;
    if (moment.now !== 0 && moment.rest.length > 0 && seconds > 1n && seconds < secondsMin)
      found.push({ node, seconds });
  }
  return found;
}

/** What is put into a list of moments: `ago[0] = WINDOW`, or the parts of a literal list. */
function elementsOf(list: AstNode, { body }: Callable): { node: AstNode; value: AstNode }[] {
  if (list.nodeType === 'TupleExpression')
    return childrenOf(list, 'components').map((value) => ({ node: list, value }));
  const id = referenceOf(list);
  return (body ? descendants(body, 'Assignment') : []).flatMap((node) => {
    const [place, value] = [childOf(node, 'leftHandSide'), childOf(node, 'rightHandSide')];
    const base = place?.nodeType === 'IndexAccess' ? childOf(place, 'baseExpression') : undefined;
    return base && value && id !== undefined && referenceOf(base) === id ? [{ node, value }] : [];
  });
}
