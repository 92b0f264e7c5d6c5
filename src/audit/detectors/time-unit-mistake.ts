import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { constantOf } from '../ir/constants.ts';
import { entryFrame, type Frame, type Ref, resolve } from '../ir/frames.ts';
import { isNow, momentOf } from '../ir/moments.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Contract, Program } from '../ir/program.ts';
import { isMadeOf, nameOf } from '../ir/sources.ts';

/** A number of days, minutes or milliseconds is taken for seconds. */
export const timeUnitMistake: Detector = {
  id: 'time-unit-mistake',
  category: 'time',
  severity: 'medium',
  confidence: 'medium',
  title: 'A time is in the wrong unit',
  why: 'The block time counts seconds. A number of days that is added to it as it stands, a day of 1,440, or a date in milliseconds gives a period that is over at once or never.',
  exploit:
    'Tokens are to be locked for 90 days, and the lock ends after 90 seconds: everybody sells at once. Or it ends in fifty thousand years.',
  fix: 'Multiply with the unit (`lockDays * 1 days`) and write constants in units: `1 weeks` in place of a number.',
  references: ['SWC-116', 'CWE-682', 'OWASP-SC07:2025', 'EEA-EthTrust: Don’t misuse block data'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Lock {
    uint256 public constant ONE_DAY = 8_640; // <-- finding
    uint256 public lockDays = 90;
    mapping(address => uint256) public until;
    uint256 public constant MAX_WEEKS = 52;
    function lock() external { until[msg.sender] = block.timestamp + lockDays; } // <-- finding
    function far(uint256 time) external view returns (bool) { return time > block.timestamp + MAX_WEEKS; } // <-- finding
    function year() external view returns (uint256) { return 1970 + block.timestamp / 365 days; } // <-- finding
    function open() external view returns (bool) { return until[msg.sender] + ONE_DAY < block.timestamp; }
    function over(uint256 termInMonths) external view returns (bool) {
        return block.timestamp - until[msg.sender] > termInMonths; // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Sale {
    function over(uint endMs) public view returns (bool) {
        return now * 1000 > endMs; // <-- finding
    }
    function late() public view returns (bool) {
        return now > 1893456000000; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Lock {
    uint256 public constant ONE_DAY = 86_400;
    uint256 public constant SECONDS_PER_YEAR = 31_557_600;
    uint256 public constant MAX_DAYS = 90;
    uint256 public lockDays = 90;
    mapping(address => uint256) public until;
    function lock() external { until[msg.sender] = block.timestamp + lockDays * 1 days; }
    function long(uint256 periodDays) external {
        uint256 termDays = periodDays * ONE_DAY;
        until[msg.sender] = block.timestamp + termDays;
    }
    function day() external view returns (bool) { return (block.timestamp - until[msg.sender]) / ONE_DAY > lockDays; }
}
`,
  ],
  run({ program }, report) {
    for (const contract of program.contracts.filter((one) => one.own)) {
      for (const { variable, unit } of wrongUnits(program, contract)) {
        report({
          node: variable,
          message: `\`${textOf(variable, 'name')}\` is not the number of seconds of a ${unit}.`,
        });
      }
    }
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!callable.body || !context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body, 'BinaryOperation')) {
        const what = mistakeIn(node, frame);
        if (what)
          report({ node, frame, message: `${callable.name} ${what} in \`${codeOf(program, node, 60)}\`.` });
      }
    }
  },
};

const secondsOf: Record<string, [bigint, bigint]> = {
  minute: [60n, 60n],
  hour: [3_600n, 3_600n],
  day: [86_400n, 86_400n],
  week: [604_800n, 604_800n],
  month: [28n * 86_400n, 31n * 86_400n],
  year: [360n * 86_400n, 366n * 86_400n],
};

/** Constants that are named after one unit and have another value. In a contract that counts blocks they may be blocks. */
function wrongUnits(program: Program, contract: Contract): { variable: AstNode; unit: string }[] {
  const text = program.source.text(contract.node);
  if (!/block\.timestamp|\bnow\b/.test(text) || /block\.number/.test(text)) return [];
  return contract.variables.flatMap((variable) => {
    const name = textOf(variable, 'name').toLowerCase();
    const unit =
      /^(?:an?_?|one_?|1_?|seconds_?(?:per|in|of)_?(?:an?_?)?)?(minute|hour|day|week|month|year)$/.exec(
        name,
      )?.[1];
    const value = variable['constant'] === true ? constantOf(program, childOf(variable, 'value')) : undefined;
    const [least, most] = (unit && secondsOf[unit]) || [];
    if (!unit || value === undefined || least === undefined || most === undefined) return [];
    return value >= 60n && (value < least || value > most) ? [{ variable, unit }] : [];
  });
}

function mistakeIn(node: AstNode, frame: Frame): string | undefined {
  const operator = textOf(node, 'operator');
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (!left || !right) return undefined;
  const { program } = frame;
  if (operator === '*') {
    const other = isNow(program, left) ? right : isNow(program, right) ? left : undefined;
    return other && constantOf(program, other) === 1_000n ? 'counts milliseconds' : undefined;
  }
  if (!['+', '-', '<', '<=', '>', '>=', '==', '!='].includes(operator)) return undefined;
  const sides = [momentOf(left, frame), momentOf(right, frame)];
  const isTimed = sides.some((side) => side.now !== 0);
  if (!isTimed && !(operator === '+' && isMadeOf(node, frame, (part) => isNow(program, part.node))))
    return undefined;
  if (sides.some((side) => side.seconds > firstMilliseconds)) return 'compares with milliseconds';
  if (operator === '+' && [left, right].some((side) => constantOf(program, side) === 1_970n))
    return 'takes every year for 365 days';
  const unscaled = [left, right]
    .flatMap((side) => addends({ node: side, frame }))
    .find((part) => isCount(part));
  return unscaled ? `takes \`${nameOf(unscaled.node)}\` for seconds` : undefined;
}

/** What is added up or taken away in a sum, under the names that it has there. */
function addends(part: Ref, depth = 0): Ref[] {
  const at = isCount(part) || depth > 8 ? part : resolve(part.node, part.frame);
  if (!/^[-+]$/.test(textOf(at.node, 'operator')) || at.node.nodeType !== 'BinaryOperation') return [at];
  return ['leftExpression', 'rightExpression'].flatMap((field) => {
    const side = childOf(at.node, field);
    return side ? addends({ node: side, frame: at.frame }, depth + 1) : [];
  });
}

// A date in seconds stays below this for thirty thousand years.
const firstMilliseconds = 1_000_000_000_000n;

/** Named after a number of units, and not multiplied on the way. */
function isCount({ node, frame }: Ref): boolean {
  if (
    !/(?:[a-z_]|In|^)(Minutes|Hours|Days|Weeks|Months|Years)$|_(minutes|hours|days|weeks|months|years)$|(?:^|_)(MINUTES|HOURS|DAYS|WEEKS|MONTHS|YEARS)$/.test(
      nameOf(node),
    )
  )
    return false;
  return !isMadeOf(
    node,
    frame,
    (part) => part.node.nodeType === 'BinaryOperation' || part.node.nodeType === 'FunctionCall',
  );
}
