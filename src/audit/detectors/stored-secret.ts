import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, textOf } from '../ir/ast.ts';
import { type Frame, isFixedVariable, type Ref } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { isGiven, readsOf } from '../ir/places.ts';
import { isPutUpBefore, rewardsOf } from '../ir/rewards.ts';
import type { Runs } from '../ir/runs.ts';
import { isMadeOf, sourcesOf } from '../ir/sources.ts';
import { literalBoolean, literalValue, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** What is to be guessed can be read. */
export const storedSecret: Detector = {
  id: 'stored-secret',
  category: 'randomness',
  severity: 'medium',
  confidence: 'medium',
  title: 'What players are to guess can be read from storage',
  why: 'The number that wins stands in the contract. That a variable is private keeps other contracts from it, not people: storage, and the transaction that set it, can be read by everybody.',
  exploit: 'A player reads the storage slot from any node, sends that number, and takes the prize.',
  fix: 'Keep only a hash of the number with a long random salt and pay by commitments, or draw it from a verifiable source after all guesses are in.',
  references: ['SWC-136', 'CWE-330', 'OWASP-SC09:2025', 'EEA-EthTrust: Sources of Randomness'],
  bad: [
    `pragma solidity ^0.4.24;
contract Safe {
    address keeper = msg.sender;
    uint private code;
    function fill(uint number) public payable {
        require(msg.sender == keeper && msg.value > 0);
        code = number; // <-- finding
    }
    function open(uint number) public payable {
        require(msg.value == 1 ether);
        if (number == code) { // <-- finding
            msg.sender.transfer(address(this).balance);
        }
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Words {
    string private word;
    uint256 public pot;
    mapping(address => uint256) public credit;
    constructor(string memory given) payable { word = given; pot = msg.value; }
    function _same(string memory a, string memory b) private pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b)); // <-- finding
    }
    function say(string calldata given) external {
        require(_same(given, word), "wrong");
        credit[msg.sender] += pot;
        pot = 0;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Safe {
    address private immutable oracle;
    uint256 private round;
    uint256 private pin;
    mapping(uint256 => address) public guessedBy;
    mapping(address => uint256) public credit;
    constructor(address given) payable { oracle = given; }
    function guess(uint256 number) external { require(guessedBy[number] == address(0)); guessedBy[number] = msg.sender; }
    // Nobody knows it before it is drawn, and then all guesses are in.
    function answer(uint256 number) external {
        require(msg.sender == oracle);
        payable(guessedBy[number]).transfer(1 ether);
    }
    function next() external { round++; }
    // A round is no secret, and what is paid is the caller's own.
    function take(uint256 which) external {
        require(which == round);
        uint256 due = credit[msg.sender];
        credit[msg.sender] = 0;
        payable(msg.sender).transfer(due); // <-- guard: payable(msg.sender).transfer(1 ether); pin = which; } function set(uint256 to) external { require(msg.sender == oracle); round = to;
    }
}
`,
  ],
  run({ program, runs }, report) {
    const told = new Set<AstNode>();
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const { state, node, frame, amount } of rewardsOf(run)) {
        if (runs.authorised(state) || (amount && !isPutUpBefore(amount, frame))) continue;
        for (const condition of state.conditions) {
          for (const check of equalitiesIn(condition)) {
            const secret = secretOf(check, runs);
            if (!secret) continue;
            const steps = [{ node, frame, note: 'who knows it is paid' }];
            const { set } = secret;
            const open = set.filter((write) => !told.has(write.node));
            for (const write of open) {
              told.add(write.node);
              report({
                node: write.node,
                frame: write.frame,
                message: `\`${codeOf(program, write.node, 50)}\` keeps what ${run.entry.name} asks players for where everybody can read it.`,
                steps,
              });
            }
            report({
              node: check.node,
              frame: check.frame,
              ...(set.length > 0 ? ({ severity: 'low', confidence: 'low' } as const) : {}),
              message: `${run.entry.name} pays whoever knows \`${codeOf(program, check.node, 50)}\`, and everybody can read it.`,
              steps,
            });
          }
        }
      }
    }
  },
};

/** Comparisons for equality in a condition that came out true, here and in the internal functions that it calls. */
function equalitiesIn({ node, frame }: Ref): Ref[] {
  const direct = descendants(node, 'BinaryOperation').map((each) => ({ node: each, frame }));
  const called = descendants(node, 'FunctionCall').flatMap((call) => sourcesOf(call, frame));
  return [...direct, ...called].filter(({ node: each }) => /^[!=]=$/.test(textOf(each, 'operator')));
}

interface Secret {
  /** Where it is set after deployment. */
  set: WriteVisit[];
}

/** A variable that nobody is shown and somebody chooses, compared with what the caller brings. */
function secretOf({ node, frame }: Ref, runs: Runs): Secret | undefined {
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (!left || !right) return undefined;
  for (const [brought, kept] of [
    [left, right],
    [right, left],
  ] as const) {
    if (literalBoolean(kept) !== undefined || literalValue(kept) !== undefined) continue;
    if (!isMadeOf(brought, frame, (part) => isGiven(part.node, part.frame))) continue;
    if (readsOf(brought, frame).length > 0 || hasBits(taintOf(brought, frame), from.sender | from.value))
      continue;
    const places = readsOf(kept, frame);
    const [place] = places;
    if (!place || places.length > 1 || isMadeOf(kept, frame, (part) => isGiven(part.node, part.frame)))
      continue;
    const variable = frame.program.stateVariable(place.slot.base);
    if (!variable || isFixedVariable(variable) || textOf(variable, 'visibility') === 'public') continue;
    if (isHashed(brought, frame) && !isHashed(kept, frame)) continue; // A hash of it is kept, not the thing itself.
    const writes = runs.entries.flatMap((run) =>
      run.visits.writes
        .filter(({ slot }) => slot.key === place.slot.key)
        .map((write) => ({ write, role: run.role })),
    );
    const chosen = writes.filter(({ write }) => hasBits(taintOf(write.value, write.frame), from.parameter));
    if (
      chosen.length === 0 ||
      chosen.some(({ write }) => hasBits(taintOf(write.value, write.frame), from.hash))
    )
      continue;
    return { set: chosen.filter(({ role }) => role === 'entry').map(({ write }) => write) };
  }
  return undefined;
}

function isHashed(node: AstNode, frame: Frame): boolean {
  return sourcesOf(node, frame).some(
    (part) =>
      part.node.nodeType === 'FunctionCall' &&
      hasBits(taintOf(part.node, part.frame), from.hash) &&
      slotOf(part.node, part.frame) === undefined,
  );
}
