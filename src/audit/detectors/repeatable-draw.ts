import type { Detector } from '../detector.ts';
import { childrenOf, descendants } from '../ir/ast.ts';
import { codeOf } from '../ir/own.ts';
import { readsOf } from '../ir/places.ts';
import type { EntryRun } from '../ir/runs.ts';
import { isMadeOf } from '../ir/sources.ts';
import { slotOf } from '../ir/storage.ts';
import type { CallVisit, WriteVisit } from '../ir/visits.ts';

/** A draw can be asked for again until it suits. */
export const repeatableDraw: Detector = {
  id: 'repeatable-draw',
  category: 'randomness',
  severity: 'medium',
  confidence: 'medium',
  title: 'A random number can be asked for again while one is under way, or after it came',
  why: 'The request for a random number takes the place of an earlier one, and nothing looks whether there is one. Whoever may ask sees the number that was drawn, or is about to come, and asks anew when it is the wrong one.',
  exploit:
    'The organiser waits for the answer of the random source, sees that a stranger has won, and requests again before the prize is handed out, as often as it takes.',
  fix: 'Refuse a second request: `require(requestId == 0)`, or a state that goes from open to drawing and never back.',
  references: ['SWC-120', 'CWE-330', 'OWASP-SC09:2025', 'EEA-EthTrust: Sources of Randomness'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface ICoordinator { function requestRandomWords(bytes32 key, uint32 count) external returns (uint256); }
contract Raffle {
    ICoordinator public immutable coordinator;
    address public immutable host = msg.sender;
    address[] public players;
    uint256 public request;
    uint256 public word;
    constructor(ICoordinator given) { coordinator = given; }
    function join() external payable { require(msg.value == 1 ether); players.push(msg.sender); }
    function draw() external {
        require(msg.sender == host && players.length > 1);
        request = coordinator.requestRandomWords(0, 1); // <-- finding
    }
    function fulfil(uint256 id, uint256[] calldata words) external {
        require(msg.sender == address(coordinator) && id == request);
        word = words[0];
    }
    function winner() external view returns (address) { return players[word % players.length]; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;
interface ISource { function getRandomNumber() external returns (bytes32); }
contract Rounds {
    struct Round { bytes32 request; uint256 number; bool paid; uint256 endsAt; }
    ISource source;
    mapping(uint256 => Round) public rounds;
    mapping(bytes32 => uint256) private roundOf;
    constructor(ISource given) public { source = given; }
    function close(uint256 id) external {
        Round storage round = rounds[id];
        require(now > round.endsAt && !round.paid);
        _ask(round, id);
    }
    function _ask(Round storage round, uint256 id) private {
        bytes32 request = source.getRandomNumber(); // <-- finding
        round.request = request;
        roundOf[request] = id;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface ICoordinator { function requestRandomWords(bytes32 key, uint32 count) external returns (uint256); }
contract Raffle {
    enum Stage { Open, Drawing, Done }
    ICoordinator public immutable coordinator;
    Stage public stage;
    uint256 public request;
    uint256 public second;
    mapping(uint256 => address) public rolledBy;
    constructor(ICoordinator given) { coordinator = given; }
    function draw() external {
        require(stage == Stage.Open); // <-- guard: nothing
        stage = Stage.Drawing;
        request = coordinator.requestRandomWords(0, 1);
    }
    function drawAgain() external {
        if (second != 0) revert();
        second = coordinator.requestRandomWords(0, 1);
    }
    // Every request has a record of its own.
    function roll() external { rolledBy[coordinator.requestRandomWords(0, 1)] = msg.sender; }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry') continue;
      for (const visit of run.visits.calls) {
        if (!asksForChance(visit) || !program.isOwn(visit.node)) continue;
        const kept = run.visits.writes.find((write) => keeps(write, visit));
        if (!kept || isAskedBefore(run, visit)) continue;
        report({
          node: visit.node,
          frame: visit.frame,
          message: `${run.entry.name} asks for a random number again whenever it is called: \`${codeOf(program, kept.node, 50)}\` takes the place of the request before.`,
          steps: [{ node: kept.node, frame: kept.frame, note: 'the request is kept here' }],
        });
      }
    }
  },
};

function asksForChance({ call }: CallVisit): boolean {
  const name = call.kind === 'external' ? call.name : call.kind === 'internal' ? call.target.name : '';
  return /^request(Random|VRF|Entropy)|^_?getRandom(Number|Words?)$|^_?requestRandom/i.test(name);
}

/** The request is written where the one before stood: not under its own number. */
function keeps({ value, slot, frame }: WriteVisit, { node }: CallVisit): boolean {
  const isIt = (part: { node: CallVisit['node'] }) => part.node === node;
  if (slot.keys.some((key) => isMadeOf(key.node, key.frame, isIt))) return false;
  return isMadeOf(value, frame, isIt);
}

/** A condition looks at something that this very run changes: the request, a stage, a flag. */
function isAskedBefore(run: EntryRun, { state }: CallVisit): boolean {
  const written = new Set(run.visits.writes.map(({ slot }) => slot.key));
  return state.conditions.some(({ node, frame }) =>
    [node, ...descendants(node, 'Identifier', 'MemberAccess', 'IndexAccess', 'FunctionCall')].some((item) => {
      const direct = slotOf(item, frame);
      const reads = [...readsOf(item, frame).map(({ slot }) => slot), ...(direct ? [direct] : [])];
      const isLength = childrenOf(item, 'arguments').length === 0 && item['memberName'] === 'length';
      return !isLength && reads.some(({ key }) => written.has(key));
    }),
  );
}
