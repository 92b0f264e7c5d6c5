import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import type { Frame } from '../ir/frames.ts';
import { boundOf, growthOf } from '../ir/growth.ts';
import { codeOf } from '../ir/own.ts';
import { framesOf } from '../ir/runs.ts';
import { slotOf } from '../ir/storage.ts';

/** A loop goes over a list that anybody may make longer. */
export const unboundedLoop: Detector = {
  id: 'unbounded-loop',
  category: 'denial-of-service',
  severity: 'medium',
  confidence: 'medium',
  title: 'A loop over a list that anyone can make longer',
  why: 'A transaction has a limit of gas. When the list has grown so long that one pass costs more, the function can never be called again.',
  exploit:
    'An attacker adds thousands of entries, which is cheap on many chains. Payouts or withdrawals that go over the list run out of gas from then on.',
  fix: 'Let each participant act for themselves (pull in place of push), go over the list in parts with a cursor, or limit its length.',
  references: ['SWC-128', 'CWE-400', 'OWASP-SC10:2025', 'EEA-EthTrust: Bound Loops'],
  losses: [
    {
      name: 'GovernMental',
      year: 2016,
      usd: null,
      what: 'The list of creditors grew until clearing it took more gas than a block has; 1,100 ether were stuck.',
    },
  ],
  bad: [
    `pragma solidity ^0.4.24;
contract Regatta {
  mapping(uint => address) public boats;
  mapping(address => uint) public points;
  uint public entered;
  function enter() public { boats[entered] = msg.sender; entered = entered + 1; }
  function start() public {
    for (uint i = 0; i < entered; i++) { // <-- finding
      points[boats[i]] += 1;
    }
  }
}`,
    `pragma solidity ^0.8.20;
contract Ferry {
  mapping(uint256 => uint256) public weights;
  uint256 public loaded;
  uint256 public heaviest;
  function load(uint256 weight) external { weights[loaded] = weight; loaded = 1 + loaded; }
  function weigh() external {
    uint256 i;
    while (i < loaded) { // <-- finding
      if (weights[i] > heaviest) heaviest = weights[i];
      i++;
    }
  }
}`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pool {
    address[] public members;
    mapping(address => uint256) public due;
    function join() external { members.push(msg.sender); }
    function share(uint256 amount) external {
        for (uint256 i = 0; i < members.length; i++) { // <-- finding
            due[members[i]] += amount;
        }
    }
    function clear() external {
        uint256 count = members.length;
        uint256 i;
        while (i < count) { // <-- finding
            due[members[i]] = 0;
            i++;
        }
    }
}
`,
    `pragma solidity ^0.4.24;
contract Base {
    struct Round { address[] players; uint count; mapping(uint => uint) stake; }
    mapping(uint => Round) rounds;
    mapping(address => bool) known;
    mapping(address => uint) won;
    address[] refunds;
    function list(uint id) internal {
        require(!known[msg.sender]);
        known[msg.sender] = true;
        rounds[id].players.push(msg.sender);
    }
}
contract Game is Base {
    function enter(uint id) public payable {
        list(id);
        Round storage round = rounds[id];
        round.stake[round.count++] = msg.value;
        refunds[refunds.length++] = msg.sender;
    }
    function find(address[] storage list, address who) internal view returns (uint) {
        for (uint i = 0; i < list.length; i++) { // <-- finding
            if (list[i] == who) return i;
        }
        return 0;
    }
    function leave(uint id) public { delete rounds[id].players[find(rounds[id].players, msg.sender)]; }
    function close(uint id) public {
        Round storage round = rounds[id];
        for (uint i = 0; i < round.players.length; i++) won[round.players[i]]++; // <-- finding
        for (uint k = 0; k < round.count; k++) round.stake[k] = 0; // <-- finding
        for (uint n = 0; n < refunds.length; n++) refunds[n].transfer(1); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Pool {
    uint256 constant MOST = 20;
    address public owner = msg.sender;
    address[] public members;
    address[] public few;
    address[] public all;
    uint256 public cursor;
    mapping(address => uint256[]) public mine;
    mapping(address => uint256) public due;
    function add(address who) external { require(msg.sender == owner && members.length < 50); members.push(who); }
    function join() external { require(few.length < MOST, "full"); few.push(msg.sender); all.push(msg.sender); }
    function note(uint256 what) external { mine[msg.sender].push(what); }
    function share(uint256 amount) external {
        for (uint256 i = 0; i < members.length; i++) due[members[i]] += amount;
        for (uint256 i = 0; i < few.length; i++) due[few[i]] += amount;
    }
    function step(uint256 count) external {
        uint256 end = cursor + count;
        for (uint256 i = cursor; i < all.length && i < end; i++) due[all[i]] += 1;
        cursor = end;
    }
    function steps(uint256 to) external {
        uint256 end = to > all.length ? all.length : to;
        for (uint256 i = cursor; i < end; i++) due[all[i]] += 1;
    }
    function forget() external {
        for (uint256 i = 0; i < mine[msg.sender].length; i++) due[msg.sender] -= mine[msg.sender][i];
    }
    function part(address[] calldata whom, uint256 amount) external {
        for (uint256 i = 0; i < whom.length; i++) due[whom[i]] += amount;
    }
    function total() external view returns (uint256 sum) {
        for (uint256 i = 0; i < members.length; i++) sum += due[members[i]];
    }
}
`,
  ],
  run({ program, runs }, report) {
    const growing = growthOf(program, runs);
    if (growing.size === 0) return;
    const seen = new Set<AstNode>();
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      for (const frame of framesOf(run)) {
        const { body } = frame.callable;
        if (!body || !frame.callable.own) continue;
        for (const loop of descendants(body, 'ForStatement', 'WhileStatement', 'DoWhileStatement')) {
          const condition = childOf(loop, 'condition');
          const round = childOf(loop, 'body');
          const key = condition && boundOf(condition, frame);
          const grown = key === undefined ? undefined : growing.get(key);
          if (!condition || seen.has(condition) || !grown || !round || !isCostly(round, frame)) continue;
          seen.add(condition);
          const who = grown.by === 'anyone' ? 'anyone can add to it' : 'nothing limits its length';
          report({
            node: condition,
            frame,
            ...(grown.by === 'anyone' ? {} : { severity: 'low', confidence: 'low' }),
            message: `${frame.callable.name} goes on to the end of \`${codeOf(program, condition, 40)}\`, and ${who}.`,
            steps: [{ node: grown.node, frame: grown.frame, note: 'it grows here' }],
          });
        }
      }
    }
  },
};

/** Reads or writes storage, or calls something: a loop in memory takes millions of rounds. */
function isCostly(body: AstNode, frame: Frame): boolean {
  const { program } = frame;
  if (descendants(body, 'IndexAccess').some((node) => slotOf(node, frame))) return true;
  const writes = descendants(body, 'Assignment', 'UnaryOperation').some((node) => {
    const left = childOf(node, node.nodeType === 'Assignment' ? 'leftHandSide' : 'subExpression');
    if (node.nodeType === 'UnaryOperation' && !['++', '--', 'delete'].includes(textOf(node, 'operator')))
      return false;
    return (
      left !== undefined &&
      descendants(left, 'Identifier').some(
        (item) => program.stateVariable(referenceOf(item) ?? -1) || / storage /.test(`${typeOf(item)} `),
      )
    );
  });
  return (
    writes ||
    descendants(body, 'FunctionCall').some((node) =>
      ['external', 'low-level', 'transfer', 'send', 'internal', 'push', 'pop'].includes(
        classifyCall(program, node).kind,
      ),
    )
  );
}
