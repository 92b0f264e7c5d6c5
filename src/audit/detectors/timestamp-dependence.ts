import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf } from '../ir/ast.ts';
import { blockValuesIn, isPeriod, isWholePeriods } from '../ir/block-values.ts';
import type { Call } from '../ir/calls.ts';
import { constantOf } from '../ir/constants.ts';
import { fieldsOf, originOf } from '../ir/copies.ts';
import { dispatch, entryFrame, type Frame, resolve } from '../ir/frames.ts';
import { differenceOf, isNow, type Moment, momentOf } from '../ir/moments.ts';
import { codeOf, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import { isMadeOf, sourcesOf } from '../ir/sources.ts';
import { slotOf } from '../ir/storage.ts';

/** A decision about value that a few seconds of the block's time turn around. */
export const timestampDependence: Detector = {
  id: 'timestamp-dependence',
  category: 'time',
  severity: 'medium',
  confidence: 'medium',
  title: 'The outcome depends on the exact block time',
  why: 'Whoever builds a block chooses its timestamp within some seconds, or which transactions are in it. Code that needs an exact time, gives a window of seconds, or takes chance from the time can be steered.',
  exploit:
    'A block producer sets the timestamp, or leaves the transactions of others out of one block, so that the condition comes out in their favour, and takes the prize or the early place.',
  fix: 'Do not draw from the time and do not compare it for equality; use time only for limits that are minutes or longer, with `<` and `>=`.',
  references: ['SWC-116', 'CWE-829', 'OWASP-SC09:2025', 'EEA-EthTrust: Don’t misuse block data'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bar {
    mapping(address => uint256) public paid;
    function buy() external payable {
        require(msg.value == (isHappy() ? 1 ether : 2 ether), "wrong price");
        paid[msg.sender] += msg.value;
    }
    function isHappy() public view returns (bool) {
        uint256 second = block.timestamp % 60;
        return second < 4; // <-- finding
    }
}
`,
    `pragma solidity ^0.4.24;
contract Roulette {
    uint public last;
    uint public deadline;
    function () public payable {
        if (now % 15 == 0) { // <-- finding
            msg.sender.transfer(address(this).balance);
        }
    }
    function setDeadline(uint time) public { deadline = time; }
    function atOnce() public view returns (bool) {
        return block.timestamp == deadline + 5 days; // <-- finding
    }
    function claim() public {
        uint time = block.timestamp;
        require(time >= last + 10); // <-- finding
        last = time;
        msg.sender.transfer(1 ether);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
abstract contract Clock {
    uint256 internal constant ROUND = 5 * 6 seconds;
    uint256 internal lastBid;
    modifier running() {
        require(block.timestamp - lastBid < ROUND, "over"); // <-- finding
        _;
    }
}
contract Pot is Clock {
    uint256 public endsAt;
    address public leader;
    constructor(uint256 end) { endsAt = end; }
    function bid() external payable running {
        leader = msg.sender;
        lastBid = block.timestamp;
    }
    function bonus() public view returns (uint256) {
        return 1 ether * (40 - (block.timestamp - lastBid)); // <-- finding
    }
    function take() external {
        require(block.timestamp >= endsAt && bonus() > 0); // <-- finding
        payable(leader).transfer(address(this).balance);
    }
}
`,
    `pragma solidity ^0.5.17;
contract Stamps {
    struct Bet { uint at; uint stake; }
    mapping(address => Bet) private bets;
    function bet() external payable { bets[msg.sender] = Bet(now, msg.value); }
    function settle() external {
        Bet memory mine = bets[msg.sender];
        delete bets[msg.sender];
        if (mine.at % 3 == 0) msg.sender.transfer(mine.stake * 2); // <-- finding
    }
    function raw() external payable {
        uint time;
        assembly { time := timestamp() }
        if (_isLucky(now) || time % 5 == 0) msg.sender.transfer(msg.value * 2); // <-- finding
    }
    function _isLucky(uint second) private pure returns (bool) { return second % 7 == 0; } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Stream {
    uint256 public start = block.timestamp;
    uint256 public updated;
    uint256 public constant WINDOW = 6 hours;
    function vested(uint256 total) public view returns (uint256) {
        if (block.timestamp < start) return 0;
        if (block.timestamp - start < WINDOW) return 1;
        return (total * (block.timestamp - start)) / 365 days;
    }
    function hour() external view returns (uint256) { return (block.timestamp / 1 hours) % 24; }
    function touch() external {
        if (updated == block.timestamp) return;
        updated = block.timestamp;
    }
    function permit(uint256 deadline) external view { require(block.timestamp <= deadline, "expired"); }
    uint256 public opened;
    function open() external { require(block.timestamp % 1 days >= 9 hours, "closed"); opened += 1; }
    function week() external view returns (uint256) { return block.timestamp - (block.timestamp % 1 weeks); }
}
`,
  ],
  run(audited, report) {
    const { program } = audited;
    const onceABlock = slotsOfNow(audited);
    const changing = callablesThatChange(audited);
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      if (!context) continue;
      const frame = entryFrame(program, callable, context);
      for (const node of descendants(callable.body ?? callable.node, 'BinaryOperation')) {
        const use = useOf({ node, callable, frame }, onceABlock);
        if (!use) continue;
        const isShown = !changing.has(callable) ? ({ severity: 'low', confidence: 'low' } as const) : {};
        report({ node, ...use, ...isShown, note: 'the block producer has a say in this' });
      }
    }
    for (const { node, callable } of paidUnder(audited)) {
      report({
        node,
        severity: 'low',
        confidence: 'low',
        message: `${callable.name} decides by the block time in \`${codeOf(program, node)}\` whether it pays.`,
      });
    }
  },
};

/** Windows of up to this many seconds are within what one block producer decides. */
const shortSecondsMax = 59n;
/** Up to a quarter of an hour some care is due. */
const narrowSecondsMax = 900n;

interface Place {
  node: AstNode;
  callable: Callable;
  frame: Frame;
}

function useOf(place: Place, onceABlock: ReadonlySet<string>) {
  const { node, callable, frame } = place;
  const operator = textOf(node, 'operator');
  const left = childOf(node, 'leftExpression');
  const right = childOf(node, 'rightExpression');
  if (!left || !right || !timed.has(operator)) return undefined;
  const code = codeOf(frame.program, node);
  if (operator === '%') {
    if ((isPeriod(right) || isWholePeriods(left)) && !isHashed(left)) return undefined;
    const values = blockValuesIn(frame.program, callable, left, 'all');
    // The time of an earlier call that was kept is as good as the time itself.
    const isKept = sourcesOf(left, frame).some((part) => onceABlock.has(originOf(part)?.key ?? ''));
    return isKept || values.some((value) => value.kind === 'timestamp')
      ? { message: `${callable.name} draws from the block time with \`${code}\`.` }
      : undefined;
  }
  if (operator === '+' || operator === '-') {
    // `30 - (block.timestamp - start)`: an amount of seconds that goes into what is paid.
    const sum = momentOf(node, frame);
    return sum.now === 0 ? undefined : windowOf(sum, callable, code);
  }
  const lucky = remainderWindow(node, left, right, frame);
  if (lucky !== undefined && lucky <= shortSecondsMax)
    return { message: `\`${code}\` in ${callable.name} is a window of ${lucky} seconds that comes back.` };
  const moment = differenceOf(left, right, frame);
  if (moment.now === 0) return undefined;
  if (operator === '==' || operator === '!=') {
    // "Once a block": compared with the time of an earlier call, which nobody needs to hit.
    const isMark = moment.rest.some((part) => onceABlock.has(slotOf(part.node, part.frame)?.key ?? ''));
    if (isMark && moment.seconds === 0n) return undefined;
    // What a helper is given, its callers know: often the time itself, asked of a clock.
    const isInner = callable.visibility === 'internal' || callable.visibility === 'private';
    const given = new Set(callable.parameters.map(({ id }) => id));
    if (isInner && moment.rest.every((part) => given.has(referenceOf(part.node) ?? -1))) return undefined;
    return { message: `${callable.name} needs the block time to be exactly right in \`${code}\`.` };
  }
  return windowOf(moment, callable, code);
}

function windowOf(moment: Moment, callable: Callable, code: string) {
  const seconds = moment.seconds < 0n ? -moment.seconds : moment.seconds;
  if (seconds > firstDate && moment.rest.length === 0) {
    return {
      severity: 'low' as const,
      confidence: 'low' as const,
      message: `${callable.name} decides by a date in its code: \`${code}\`.`,
    };
  }
  if (seconds < 2n || seconds > narrowSecondsMax || moment.rest.length === 0) return undefined;
  const isNarrow = seconds > shortSecondsMax ? ({ severity: 'low', confidence: 'low' } as const) : {};
  return { ...isNarrow, message: `\`${code}\` in ${callable.name} is a window of ${seconds} seconds.` };
}

/** @returns how many seconds of each round `block.timestamp % round` stays on the rarer side of a limit */
function remainderWindow(node: AstNode, left: AstNode, right: AstNode, frame: Frame): bigint | undefined {
  const { program } = frame;
  const operator = textOf(node, 'operator');
  if (!/^[<>]=?$/.test(operator)) return undefined;
  const [small, large] = operator.startsWith('<') ? [left, right] : [right, left];
  const roundOf = (side: AstNode): bigint | undefined => {
    const { node: at, frame: inner } = resolve(side, frame);
    const [time, round] = [childOf(at, 'leftExpression'), childOf(at, 'rightExpression')];
    if (textOf(at, 'operator') !== '%' || !time || momentOf(time, inner).now === 0) return undefined;
    return constantOf(program, round);
  };
  const [below, above] = [roundOf(small), roundOf(large)];
  const limit = constantOf(program, below === undefined ? small : large);
  const round = below ?? above;
  if (round === undefined || limit === undefined || limit <= 0n || limit >= round) return undefined;
  return limit < round - limit ? limit : round - limit;
}

const timed = new Set(['%', '+', '-', '==', '!=', '<', '<=', '>', '>=']);
// A number of seconds above this is a date: 2001.
const firstDate = 1_000_000_000n;

function isHashed(node: AstNode): boolean {
  return descendants(node, 'FunctionCall').some((call) => childrenOf(call, 'arguments').length > 0);
}

/** Places in storage that only ever take the time of the call. */
function slotsOfNow({ runs }: Audited): Set<string> {
  const found = new Set<string>();
  const others = new Set<string>();
  for (const { slot, value, frame } of runs.entries.flatMap((run) => run.visits.writes)) {
    (isTime(value, frame) ? found : others).add(slot.key);
    for (const field of fieldsOf(value, frame))
      (isTime(field.value, frame) ? found : others).add(`${slot.key}.${field.name}`);
  }
  for (const key of others) found.delete(key);
  return found;
}

function isTime(value: AstNode | undefined, frame: Frame): boolean {
  const moment = value && momentOf(value, frame);
  return moment?.now === 1 && moment.seconds === 0n && moment.rest.length === 0;
}

/** Functions that run when something changes: what is only asked for decides nothing here. */
function callablesThatChange({ runs }: Audited): Set<Callable> {
  const found = new Set<Callable>();
  for (const { entry, visits, role } of runs.entries) {
    if (role === 'entry' && /^(view|pure)$/.test(entry.mutability)) continue;
    found.add(entry);
    for (const { call, frame } of visits.calls)
      if (call.kind === 'internal') found.add(dispatch(frame, call));
    for (const { frame } of [...visits.calls, ...visits.writes, ...visits.arithmetic])
      found.add(frame.callable);
    for (const { state } of visits.writes)
      for (const { frame } of state.conditions) found.add(frame.callable);
  }
  return found;
}

/** Comparisons with the time that stand between an entry point and its payment. */
function paidUnder({ program, runs }: Audited): { node: AstNode; callable: Callable }[] {
  const found = new Map<AstNode, Callable>();
  for (const run of runs.entries) {
    for (const { call, state } of run.visits.calls) {
      if (!paysOut(call)) continue;
      for (const condition of state.conditions) {
        const comparisons = descendants(condition.node, 'BinaryOperation');
        const node = comparisons.find((each) => isTimed(program, each, condition.frame));
        const callable = node && program.enclosing(node);
        if (node && callable?.own) found.set(node, callable);
      }
    }
  }
  return [...found].map(([node, callable]) => ({ node, callable }));
}

// Compared with something that the caller names, it is their own limit.
function isTimed(program: Program, node: AstNode, frame: Frame): boolean {
  const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (!/^[<>=!]/.test(textOf(node, 'operator'))) return false;
  const isOwnLimit = sides.some(
    (side) =>
      side?.nodeType === 'Identifier' &&
      frame.callable.parameters.some((parameter) => parameter.id === side['referencedDeclaration']),
  );
  return !isOwnLimit && sides.some((side) => isMadeOf(side, frame, (part) => isNow(program, part.node)));
}

function paysOut(call: Call): boolean {
  if (call.kind === 'transfer' || call.kind === 'send') return true;
  return call.kind === 'low-level' && call.value !== undefined;
}
