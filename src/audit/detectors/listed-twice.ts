import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf, typeOf } from '../ir/ast.ts';
import { heldAtomsOf } from '../ir/conditions.ts';
import { type Frame, inEntry, isFixed, type Ref } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isGiven, isSenders, readsOf } from '../ir/places.ts';
import { type EntryRun, framesOf } from '../ir/runs.ts';
import { isMadeOf } from '../ir/sources.ts';
import { keyOf, slotOf } from '../ir/storage.ts';
import { givesToSender, movesOf, takesFromSender } from '../ir/token-moves.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** What the caller lists twice is paid twice. */
export const listedTwice: Detector = {
  id: 'listed-twice',
  category: 'input-validation',
  severity: 'high',
  confidence: 'medium',
  title: 'What is listed twice is counted twice',
  why: 'A loop adds up what the entries of a list are worth, and nothing in the loop uses an entry up. The same entry may stand in the list again and is added again.',
  exploit:
    'The caller repeats the most valuable entry as often as the list may be long, and is paid for each of them.',
  fix: 'Use up each entry in the round that counts it, or require that the list is strictly ascending.',
  references: ['SWC-123', 'CWE-694', 'OWASP-SC04:2025', 'EEA-EthTrust: Validate Inputs'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bottles {
    struct Bottle { address holder; uint256 worth; bool returned; }
    mapping(uint256 => Bottle) public bottles;
    mapping(address => uint256) public credit;
    function add(uint256 id) external payable { require(bottles[id].holder == address(0)); bottles[id] = Bottle(msg.sender, msg.value, false); }
    function bringBack(uint256[] calldata ids) external {
        uint256 total;
        for (uint256 i = 0; i < ids.length; i++) {
            Bottle storage bottle = bottles[ids[i]];
            require(bottle.holder == msg.sender && !bottle.returned);
            total += bottle.worth; // <-- finding
        }
        for (uint256 i = 0; i < ids.length; i++) bottles[ids[i]].returned = true;
        payable(msg.sender).transfer(total);
    }
    function book(uint256[] memory ids) external {
        credit[msg.sender] += _sum(ids); // <-- finding
        for (uint256 i = 0; i < ids.length; i++) delete bottles[ids[i]];
    }
    function _sum(uint256[] memory ids) private view returns (uint256 sum) {
        for (uint256 i = 0; i < ids.length; i++) {
            uint256 id = ids[i];
            if (bottles[id].holder != msg.sender) revert();
            sum = sum + bottles[id].worth;
        }
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pawn {
    mapping(address => mapping(uint256 => uint256)) held;
    mapping(address => uint256) owed;
    function lend(uint256 amount, uint256[] calldata kinds) external {
        owed[msg.sender] += amount;
        _check(msg.sender, kinds);
        payable(msg.sender).transfer(amount);
    }
    function fetch(uint256 kind, uint256 amount, uint256[] calldata kinds) external {
        held[msg.sender][kind] -= amount;
        _check(msg.sender, kinds);
        payable(msg.sender).transfer(amount);
    }
    function _check(address who, uint256[] calldata kinds) private view {
        uint256 worth;
        for (uint256 i = 0; i < kinds.length; i++) worth += held[who][kinds[i]]; // <-- finding
        require(owed[who] <= worth / 2);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bottles {
    struct Bottle { address holder; uint256 worth; bool returned; }
    mapping(uint256 => Bottle) public bottles;
    mapping(uint256 => uint256) public prices;
    mapping(address => uint256) public ordered;
    function add(uint256 id) external payable { require(bottles[id].holder == address(0)); bottles[id] = Bottle(msg.sender, msg.value, false); }
    function bringBack(uint256[] calldata ids) external {
        uint256 total;
        for (uint256 i = 0; i < ids.length; i++) {
            Bottle storage bottle = bottles[ids[i]];
            require(bottle.holder == msg.sender && !bottle.returned);
            bottle.returned = true;
            total += bottle.worth;
        }
        payable(msg.sender).transfer(total);
    }
    function ascending(uint256[] calldata ids) external {
        uint256 total;
        uint256 last;
        for (uint256 i = 0; i < ids.length; i++) {
            require(ids[i] > last && bottles[ids[i]].holder == msg.sender);
            last = ids[i];
            total += bottles[ids[i]].worth;
        }
        for (uint256 i = 0; i < ids.length; i++) delete bottles[ids[i]];
        payable(msg.sender).transfer(total);
    }
    function second(uint256[] calldata ids) external {
        uint256 total = _sum(ids);
        for (uint256 i = 0; i < ids.length; i++) {
            require(!bottles[ids[i]].returned);
            bottles[ids[i]].returned = true;
        }
        payable(msg.sender).transfer(total);
    }
    function _sum(uint256[] calldata ids) private view returns (uint256 sum) {
        for (uint256 i = 0; i < ids.length; i++) {
            require(bottles[ids[i]].holder == msg.sender);
            sum += bottles[ids[i]].worth;
        }
    }
    mapping(uint256 => uint256) private used;
    function bits(uint256[] calldata ids) external {
        uint256 total;
        for (uint256 i = 0; i < ids.length; i++) {
            uint256 bit = 1 << (ids[i] & 0xff);
            require(used[ids[i] >> 8] & bit == 0 && bottles[ids[i]].holder == msg.sender);
            used[ids[i] >> 8] |= bit;
            total += bottles[ids[i]].worth;
        }
        payable(msg.sender).transfer(total);
    }
    function worth(uint256[] calldata ids) external view returns (uint256) { return _sum(ids); }
    // Whoever orders twice pays twice.
    function order(uint256[] calldata ids) external payable {
        uint256 price;
        for (uint256 i = 0; i < ids.length; i++) price += prices[ids[i]];
        require(msg.value == price);
        ordered[msg.sender] += ids.length;
    }
}
`,
  ],
  run({ program, runs }, report) {
    const right = new Set<AstNode>();
    const wrong: { run: EntryRun; found: Sum }[] = [];
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      const isHarmless = run.entry.mutability === 'payable' || !isRewarded(run);
      for (const found of sumsOf(run)) {
        const { element, loop, sum } = found;
        if (isHarmless || isUsedUp(run, element, loop) || isOrdered(run, element)) right.add(sum);
        else wrong.push({ run, found });
      }
    }
    for (const { run, found } of wrong) {
      const { sum, element, frame } = found;
      // A helper that several callers rely upon, and none of them rightly, is to blame itself.
      const isShared = wrong.some((other) => other.found.sum === sum && other.run.entry !== run.entry);
      const at = isShared && !right.has(sum) ? { node: sum, frame } : inEntry({ node: sum, frame });
      report({
        ...at,
        message: `${run.entry.name} counts \`${codeOf(program, element.node, 40)}\` as often as it stands in the list.`,
        steps: at.node === sum ? [] : [{ node: sum, frame, note: 'added up here' }],
      });
    }
  },
};

interface Sum {
  sum: AstNode;
  element: Ref;
  loop: AstNode;
  frame: Frame;
}

/** The sender gets something and pays nothing for it. */
function isRewarded(run: EntryRun): boolean {
  const moves = movesOf(run);
  if (moves.some((move) => takesFromSender(move))) return false;
  return (
    moves.some((move) => move.kind !== 'burn' && givesToSender(move)) ||
    run.visits.writes.some(({ slot, node }) => isSenders(slot) && node['operator'] === '+=')
  );
}

/** Sums of what is kept under the entries of a list that the caller brought. */
function sumsOf(run: EntryRun): Sum[] {
  return framesOf(run).flatMap((frame) => {
    const { body } = frame.callable;
    const all = body ? descendants(body, 'ForStatement', 'WhileStatement', 'DoWhileStatement') : [];
    return all.flatMap((loop) => {
      const elements = elementsOf(loop, frame);
      if (elements.size === 0) return [];
      return descendants(loop, 'Assignment').flatMap((sum): Sum[] => {
        if (!isAddition(sum, frame)) return [];
        const reads = readsOf(childOf(sum, 'rightHandSide'), frame);
        const key = reads
          .flatMap(({ slot }) => slot.keys)
          .find((each) => elements.has(keyOf(each.node, each.frame)));
        return key ? [{ sum, element: key, loop, frame }] : [];
      });
    });
  });
}

function elementsOf(loop: AstNode, frame: Frame): ReadonlySet<string> {
  const entries = descendants(loop, 'IndexAccess').filter((item) => {
    const list = childOf(item, 'baseExpression');
    return list !== undefined && /\[\] (calldata|memory)/.test(typeOf(list)) && isGiven(list, frame);
  });
  return new Set(entries.map((item) => keyOf(item, frame)));
}

/** `sum += x`, `sum = sum + x`, where the sum is no record of its own for each entry. */
function isAddition(node: AstNode, frame: Frame): boolean {
  const target = childOf(node, 'leftHandSide');
  const value = childOf(node, 'rightHandSide');
  if (!target || !value || !/^uint/.test(typeOf(target))) return false;
  if (target.nodeType !== 'Identifier' && !isSendersPlace(target, frame)) return false;
  if (textOf(node, 'operator') === '+=') return true;
  const key = keyOf(target, frame);
  return descendants(value, 'BinaryOperation').some(
    (item) =>
      textOf(item, 'operator') === '+' &&
      ['leftExpression', 'rightExpression'].some((field) => {
        const side = childOf(item, field);
        return side !== undefined && keyOf(side, frame) === key;
      }),
  );
}

function isSendersPlace(node: AstNode, frame: Frame): boolean {
  const slot = slotOf(node, frame);
  return slot !== undefined && isSenders(slot);
}

/** The loop changes the record of the entry or hands the entry on, or a later round refuses what was used up before. */
function isUsedUp({ visits }: EntryRun, element: Ref, loop: AstNode): boolean {
  const key = keyOf(element.node, element.frame);
  // A bitmap is written at a place made of the entry.
  const isIt = (each: Ref) =>
    keyOf(each.node, each.frame) === key ||
    isMadeOf(each.node, each.frame, (part) => keyOf(part.node, part.frame) === key);
  return (
    visits.writes.some(
      (write) => (write.slot.keys.some(isIt) && isWithin(write, loop)) || isRefusedAgain(write),
    ) ||
    visits.calls.some(
      ({ call, frame }) =>
        call.kind === 'external' &&
        isWithin({ node: call.node, frame }, loop) &&
        call.arguments.some((node) => isIt({ node, frame })),
    )
  );
}

/** In a loop of its own: taken away from a number, or asked for first. */
function isRefusedAgain({ slot, node, frame, state }: WriteVisit): boolean {
  if (!slot.keys.some((each) => isOfGivenList(each))) return false;
  if (node['operator'] === '-=') return true;
  return state.conditions.some((condition) =>
    descendants(condition.node, 'MemberAccess', 'IndexAccess').some(
      (item) =>
        slotOf(item, condition.frame)?.exact === slot.exact && condition.frame.callable === frame.callable,
    ),
  );
}

function isOfGivenList({ node, frame }: Ref): boolean {
  const list = node.nodeType === 'IndexAccess' ? childOf(node, 'baseExpression') : undefined;
  return list !== undefined && isGiven(list, frame);
}

/** In the loop, or in a function that is called there. */
function isWithin(at: Ref, loop: AstNode): boolean {
  for (let current: Ref | undefined = at; current; ) {
    const { frame }: Ref = current;
    for (let node: AstNode | undefined = current.node; node; node = frame.program.parent(node)) {
      if (node === loop) return true;
      if (/^(Function|Modifier)Definition$/.test(node.nodeType)) break;
    }
    current = frame.parent && frame.via ? { node: frame.via, frame: frame.parent } : undefined;
  }
  return false;
}

/** Each entry is compared with the one before. */
function isOrdered(run: EntryRun, element: Ref): boolean {
  const key = keyOf(element.node, element.frame);
  return heldAtomsOf(run).some(({ node, frame }) => {
    if (!/^([<>]=?|!=|==)$/.test(textOf(node, 'operator'))) return false;
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    if (!left || !right) return false;
    const others = keyOf(left, frame) === key ? [right] : keyOf(right, frame) === key ? [left] : [];
    return others.some((other) => !isFixed(frame.program, other) && slotOf(other, frame) === undefined);
  });
}
