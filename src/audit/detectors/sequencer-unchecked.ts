import type { Detector } from '../detector.ts';
import { textOf } from '../ir/ast.ts';
import { isFeedRead } from '../ir/feeds.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import type { Contract, Program } from '../ir/program.ts';

/** On a rollup, prices are used right after its sequencer was down. */
export const sequencerUnchecked: Detector = {
  id: 'sequencer-unchecked',
  category: 'oracle-price',
  severity: 'low',
  confidence: 'medium',
  title: 'Prices are taken while the sequencer of the rollup may be down',
  why: 'When the sequencer stops, feeds on the rollup are not updated and users cannot react, while some may still act through the chain below. Once it is back, old prices are used before new ones arrive.',
  exploit:
    'The sequencer is down for an hour in which the market falls. Whoever acts first afterwards borrows against the old price, or liquidates those who could not add collateral.',
  fix: 'Ask the uptime feed of the sequencer, and refuse for a grace period after it came back.',
  references: ['SWC-120', 'CWE-672', 'OWASP-SC02:2025', 'EEA-EthTrust: Check Oracle Freshness'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Feed { function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80); }
/// @notice Loans on an optimistic rollup.
contract Lender {
    Feed public feed;
    function price() public view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData(); // <-- finding
        require(answer > 0 && block.timestamp - updatedAt < 1 hours);
        return uint256(answer);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Feed { function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80); }
/// @notice Loans on an optimistic rollup.
contract Lender {
    Feed public feed;
    Feed public sequencerFeed;
    function price() public view returns (uint256) {
        (, int256 down, uint256 since, , ) = sequencerFeed.latestRoundData(); // <-- guard: (int256 down, uint256 since) = (int256(0), uint256(0));
        require(down == 0 && block.timestamp - since > 1 hours);
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        require(answer > 0 && block.timestamp - updatedAt < 1 hours);
        return uint256(answer);
    }
}
`,
    `// SPDX-License-Identifier: MIT
// no guard: nothing says that it is for another chain than the main one
pragma solidity ^0.8.20;
interface Feed { function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80); }
contract Lender {
    Feed public feed;
    function price() public view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        require(answer > 0 && block.timestamp - updatedAt < 1 hours);
        return uint256(answer);
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const { contract } = callable;
      if (!contract || !isOnRollup(program, contract) || asksSequencer(program, contract)) continue;
      for (const call of callsIn(program, callable)) {
        if (!isFeedRead(call)) continue;
        report({
          node: call.node,
          message: `${callable.name} takes \`${codeOf(program, call.callee, 50)}\` without asking whether the sequencer was down.`,
        });
      }
    }
  },
};

/** The file speaks of a rollup. */
function isOnRollup(program: Program, contract: Contract): boolean {
  const file = program.source.fileOf(contract.node);
  const text = file === undefined ? '' : program.source.lines(file).join('\n');
  return /\b(rollups?|arbitrum|optimism|layer[- ]?(2|two)|L2|sequencer|zksync)\b/i.test(text);
}

/** A second feed, or a function, whose name says so is asked somewhere in the contract. */
function asksSequencer(program: Program, contract: Contract): boolean {
  return contract.linearised.some((base) =>
    base.functions.some((callable) =>
      callsIn(program, callable).some((call) =>
        /sequencer|uptime/i.test(`${program.source.text(call.callee)} ${textOf(call.callee, 'name')}`),
      ),
    ),
  );
}
