import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { constantOf } from '../ir/constants.ts';
import { type Ref, resolve } from '../ir/frames.ts';
import { momentOf } from '../ir/moments.ts';
import { codeOf } from '../ir/own.ts';
import { isGiven, isLimited, requiredIn } from '../ir/places.ts';
import type { EntryRun } from '../ir/runs.ts';
import { sourcesOf } from '../ir/sources.ts';
import { type TradeLimit, tradesOf } from '../ir/trades.ts';

/** A trade takes whatever it gets. */
export const noSlippageLimit: Detector = {
  id: 'no-slippage-limit',
  category: 'front-running',
  severity: 'medium',
  confidence: 'high',
  title: 'A trade without a least amount',
  why: 'The least amount that a swap must give, or that liquidity must cost, is zero, or is asked of the market itself in the same transaction. Whoever sees the transaction before it is mined may move the price and take the difference.',
  exploit:
    'A searcher buys before the swap and sells after it. The swap goes through at any price, and the searcher keeps what is lost.',
  fix: 'Take the least amount from the caller, who knows the price off the chain, and a deadline with it. `block.timestamp` is no deadline: it is always now.',
  references: ['SWC-114', 'CWE-362', 'OWASP-SC07:2025', 'EEA-EthTrust: Protect Against Front-Running'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Router {
    function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] calldata path, address to, uint256 deadline) external returns (uint256[] memory);
}
contract Harvester {
    Router public router;
    function harvest(uint256 amount, address[] calldata path) external {
        uint256 least = 0;
        router.swapExactTokensForTokens(amount, least, path, address(this), block.timestamp); // <-- finding
    }
    function swap(uint256 amount, uint256 least, address[] calldata path) external {
        router.swapExactTokensForTokens(amount, least, path, msg.sender, block.timestamp + 60); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Router {
    struct Params { address tokenIn; address tokenOut; uint256 amountIn; uint256 amountOutMinimum; uint256 deadline; }
    function exactInputSingle(Params calldata params) external returns (uint256);
}
contract Buyer {
    Router public router;
    function buy(address a, address b, uint256 amount) external {
        router.exactInputSingle(Router.Params({
            tokenIn: a,
            tokenOut: b,
            amountIn: amount,
            amountOutMinimum: 0, // <-- finding
            deadline: block.timestamp // <-- finding
        }));
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;
interface Router {
    function getAmountsOut(uint amountIn, address[] calldata path) external view returns (uint[] memory);
    function swapExactTokensForETH(uint, uint, address[] calldata, address, uint) external returns (uint[] memory);
    function addLiquidityETH(address, uint, uint, uint, address, uint) external payable returns (uint, uint, uint);
}
interface Stable { function exchange(int128 i, int128 j, uint256 dx, uint256 min_dy) external returns (uint256); }
contract Fees {
    Router router;
    Stable stable;
    address[] path;
    uint private constant NONE = 1;
    function sell(uint amount, uint deadline) external {
        router.swapExactTokensForETH(amount, 0, path, msg.sender, deadline); // <-- finding
    }
    function pair(uint amount, uint least, uint leastEther) external payable {
        router.addLiquidityETH{value: msg.value}(path[0], amount, least, leastEther, msg.sender, uint(-1)); // <-- finding
    }
    function turn(uint amount) external {
        stable.exchange(0, 1, amount, NONE); // <-- finding
    }
    function sellNear(uint amount, uint deadline) external {
        uint shown = router.getAmountsOut(amount, path)[1]; // <-- finding
        router.swapExactTokensForETH(amount, shown - shown / 100, path, msg.sender, deadline);
    }
    function sellByHand(uint amount, uint deadline) external {
        (bool ok, ) = address(router).call(
            abi.encodeWithSelector(router.swapExactTokensForETH.selector, amount, 0, path, msg.sender, deadline) // <-- finding
        );
        require(ok);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Router {
    struct Order { address tokenIn; address tokenOut; uint256 deadline; uint256 amountIn; uint256 amountOutMinimum; }
    function exactInputSingle(Order calldata order) external returns (uint256);
}
contract Buyer {
    Router public router;
    function buy(address a, address b, uint256 amount, uint256 deadline) external {
        router.exactInputSingle(Router.Order(a, b, deadline, amount, 0)); // <-- finding
    }
    function filled(address a, address b, uint256 amount, uint256 deadline) external {
        Router.Order memory order;
        order.tokenIn = a;
        order.tokenOut = b;
        order.amountIn = amount;
        order.deadline = deadline;
        order.amountOutMinimum = 0; // <-- finding
        _send(order);
    }
    function forgotten(address a, address b, uint256 amount, uint256 deadline) external {
        Router.Order memory order;
        order.tokenIn = a;
        order.tokenOut = b;
        order.amountIn = amount;
        order.deadline = deadline;
        router.exactInputSingle(order); // <-- finding
    }
    function _send(Router.Order memory order) private { router.exactInputSingle(order); }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Router {
    function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] calldata path, address to, uint256 deadline) external returns (uint256[] memory);
}
contract Harvester {
    Router public router;
    function swap(uint256 amount, uint256 least, address[] calldata path, uint256 deadline) external {
        router.swapExactTokensForTokens(amount, least, path, msg.sender, deadline);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Router {
    struct Order { address tokenIn; uint256 deadline; uint256 amountIn; uint256 amountOutMinimum; }
    function exactInputSingle(Order calldata order) external returns (uint256);
    function getAmountsOut(uint amountIn, address[] calldata path) external view returns (uint[] memory);
    function swapExactTokensForETH(uint, uint, address[] calldata, address, uint) external returns (uint[] memory);
}
contract Fees {
    Router router;
    address[] path;
    function sell(uint amount, uint least, uint deadline) external {
        router.swapExactTokensForETH(amount, least, path, msg.sender, deadline);
    }
    function look(uint amount, uint least, uint deadline) external {
        uint shown = router.getAmountsOut(amount, path)[1];
        require(shown >= least);
        router.swapExactTokensForETH(amount, shown, path, msg.sender, deadline);
    }
    function after_(uint amount, uint least, uint deadline) external {
        uint got = router.swapExactTokensForETH(amount, 0, path, msg.sender, deadline)[1];
        require(got >= least);
    }
    function filled(uint amount, uint least, uint deadline) external {
        Router.Order memory order;
        order.tokenIn = path[0];
        order.amountIn = amount;
        order.deadline = deadline;
        order.amountOutMinimum = least;
        router.exactInputSingle(order);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role === 'constructor') continue;
      for (const { visit, limits, forgotten } of tradesOf(run)) {
        const { node, frame } = visit;
        const shown = codeOf(program, visit.call.callee, 60);
        const isAskedAfter = looksAtAnswer(run, visit);
        const open = isAskedAfter ? undefined : limits.find((limit) => isNoLimit(limit));
        if (open || (forgotten && !isAskedAfter)) {
          const name = open?.name ?? forgotten ?? '';
          report({
            ...(open && isField(open, visit.node) ? { node: open.node, frame: open.frame } : { node, frame }),
            message: `What ${run.entry.name} trades by \`${shown}\` takes whatever it gets (\`${name}\`).`,
          });
        }
        const asked =
          isAskedAfter || open ? undefined : limits.flatMap((limit) => askedOf(limit, run) ?? [])[0];
        if (asked) {
          report({
            ...(asked.frame.callable === frame.callable ? asked : { node, frame }),
            confidence: 'medium',
            message: `${run.entry.name} takes the least amount from \`${codeOf(program, asked.node, 50)}\`, which is as bad as the trade itself when somebody moved the price before.`,
            steps: [{ node, frame, note: 'the trade' }],
          });
        }
        const late = limits.find((limit) => limit.kind === 'deadline' && isNever(limit));
        if (!late || (open && !isField(late, visit.node))) continue;
        report({
          ...(isField(late, visit.node) ? { node: late.node, frame: late.frame } : { node, frame }),
          confidence: 'medium',
          message: `${run.entry.name} calls \`${shown}\` with a deadline that is always in the future.`,
        });
      }
    }
  },
};

/** The limit stands in a struct, at a line of its own. */
function isField({ node, frame }: Ref, call: AstNode): boolean {
  return frame.program.parent(node) !== call;
}

/** Zero, one, or for a most all that there is. */
function isNoLimit({ kind, node, frame }: TradeLimit): boolean {
  const value = numberOf({ node, frame });
  if (value === undefined) return false;
  return kind === 'least' ? value <= 1n && value >= 0n : kind === 'most' && isEndless(value);
}

/** `block.timestamp`, so much more than that, or the end of all numbers. */
function isNever({ node, frame }: Ref): boolean {
  const moment = momentOf(node, frame);
  if (moment.now === 1 && moment.rest.length === 0) return true;
  const value = numberOf({ node, frame });
  return value !== undefined && isEndless(value);
}

// A date in seconds stays below this for thirty thousand years; -1 was cast to the largest number once.
function isEndless(value: bigint): boolean {
  return value < 0n || value > 1_000_000_000_000n;
}

function numberOf({ node, frame }: Ref): bigint | undefined {
  const at = resolve(node, frame);
  if (/^type\(uint\d*\)\.max$/.test(codeOf(frame.program, at.node))) return 2n ** 256n - 1n;
  return constantOf(frame.program, at.node);
}

/** The market's own word in the same transaction, and nothing that the caller says. */
function askedOf(limit: TradeLimit, run: EntryRun): Ref | undefined {
  if (limit.kind !== 'least') return undefined;
  const parts = sourcesOf(limit.node, limit.frame);
  const asked = parts.find(({ node, frame }) => {
    if (node.nodeType !== 'FunctionCall' || !frame.program.isOwn(node)) return false;
    const call = classifyCall(frame.program, node);
    return call.kind === 'external' && quoting.test(call.name);
  });
  if (!asked || isLimited(limit.node, limit.frame, requiredIn(run.visits))) return undefined;
  const isToo = parts.some((part) => part.node.nodeType === 'Conditional' && isGiven(part.node, part.frame));
  const isChecked =
    run.visits.decisions.length > 0 && isLimited(limit.node, limit.frame, run.visits.decisions);
  return isToo || isChecked ? undefined : asked;
}

const quoting =
  /^getAmounts?(Out|In)$|quote|^get_dy|^calc_(token|withdraw)|^getReserves$|^slot0$|^(preview|estimate|simulate)|^getExpected|^getRate$|^getReturn$/i;

/** What came out is compared afterwards: `require(got >= least)`. */
function looksAtAnswer(run: EntryRun, { node, frame }: Ref): boolean {
  const answers = [...requiredIn(run.visits), ...run.visits.decisions];
  return answers.some((condition) =>
    descendants(condition.node, 'BinaryOperation').some((item) => {
      if (!/^[<>]=?$/.test(textOf(item, 'operator'))) return false;
      const sides = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
      const isIt = (side: AstNode | undefined) =>
        sourcesOf(side, condition.frame).some((part) => part.node === node && part.frame === frame);
      const isNumber = (side: AstNode | undefined) =>
        side !== undefined && /^u?int/.test(typeOf(side)) && (constantOf(frame.program, side) ?? 2n) > 1n;
      return (isIt(sides[0]) && isNumber(sides[1])) || (isIt(sides[1]) && isNumber(sides[0]));
    }),
  );
}
