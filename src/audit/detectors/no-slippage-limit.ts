import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childrenOf, textOf } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import { type Frame, isMagic, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { literalValue } from '../ir/storage.ts';

/** A trade takes whatever it gets. */
export const noSlippageLimit: Detector = {
  id: 'no-slippage-limit',
  category: 'front-running',
  severity: 'medium',
  confidence: 'high',
  title: 'A trade without a least amount',
  why: 'The least amount that a swap must give, or that liquidity must cost, is zero. Whoever sees the transaction before it is mined may move the price and take the difference.',
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
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role === 'constructor') continue;
      for (const { call, frame, node } of run.visits.calls) {
        for (const { name, node: value } of fieldsOf(node)) {
          const isLeast = /min|least/i.test(name) && isZero(value, frame);
          if (!isLeast && !(/deadline|expir/i.test(name) && isNow(value, frame))) continue;
          const what = isLeast ? 'takes whatever it gets' : 'has a deadline that is always in the future';
          report({ node: value, frame, message: `What ${run.entry.name} trades ${what} (\`${name}\`).` });
        }
        if (
          call.kind !== 'external' ||
          !call.target ||
          !/swap|addLiquidity|removeLiquidity|exactInput/i.test(call.name)
        )
          continue;
        const least = argumentNamed(call, /min|least|sqrtPriceLimit/i).find(
          ({ name }) => !/sqrtPrice/i.test(name),
        );
        const deadline = argumentNamed(call, /deadline|expir/i)[0];
        const shown = codeOf(program, call.callee, 60);
        if (least && isZero(least.node, frame)) {
          report({
            node,
            frame,
            message: `${run.entry.name} calls \`${shown}\` with a least amount of zero.`,
          });
        } else if (deadline && isNow(deadline.node, frame)) {
          report({
            node,
            frame,
            severity: 'medium',
            confidence: 'medium',
            message: `${run.entry.name} calls \`${shown}\` with a deadline that is always in the future.`,
          });
        }
      }
    }
  },
};

/** The fields of a struct of a trade that are named where it is made: `Params({amountOutMinimum: 0, …})`. */
function fieldsOf(node: AstNode): { name: string; node: AstNode }[] {
  const names = Array.isArray(node['names']) ? (node['names'] as string[]) : [];
  if (
    textOf(node, 'kind') !== 'structConstructorCall' ||
    !names.some((name) => /amountIn|amountOut|path|tokenOut/i.test(name))
  )
    return [];
  const given = childrenOf(node, 'arguments');
  return names.flatMap((name, index) => {
    const value = given[index];
    return value ? [{ name, node: value }] : [];
  });
}

function argumentNamed(
  call: Extract<Call, { kind: 'external' }>,
  pattern: RegExp,
): { name: string; node: AstNode }[] {
  return (call.target?.parameters ?? []).flatMap((parameter, index) => {
    const name = textOf(parameter, 'name');
    const node = call.arguments[index];
    return node && pattern.test(name) ? [{ name, node }] : [];
  });
}

function isZero(node: AstNode, frame: Frame): boolean {
  return literalValue(resolve(node, frame).node) === 0n;
}

/** `block.timestamp`, or so much more than that. */
function isNow(node: AstNode, frame: Frame): boolean {
  const at = resolve(node, frame).node;
  if (isMagic(at, 'block', 'timestamp') || (at.nodeType === 'Identifier' && textOf(at, 'name') === 'now'))
    return true;
  if (at.nodeType !== 'BinaryOperation' || textOf(at, 'operator') !== '+') return false;
  const sides = [at['leftExpression'], at['rightExpression']] as AstNode[];
  return sides.some((side) => isNow(side, frame)) && sides.some((side) => literalValue(side) !== undefined);
}
