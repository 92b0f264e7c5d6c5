import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector, Sighting } from '../detector.ts';
import { ownPlace } from '../findings.ts';
import { isLookedUp } from '../ir/conditions.ts';
import { isTrusted, shownAddress } from '../ir/control.ts';
import { nameOfPlace, type Unsettled, unsettledIn } from '../ir/reentry.ts';
import type { EntryRun } from '../ir/runs.ts';
import { literalValue } from '../ir/storage.ts';
import { confidences, severities } from '../types.ts';

/** State is settled only after control was handed to somebody else. */
export const reentrancy: Detector = {
  id: 'reentrancy',
  category: 'reentrancy',
  severity: 'high',
  confidence: 'high',
  title: 'State changes after control was handed over',
  why: 'A call to another contract lets that contract call back before this function has finished. What it finds is the state of before: balances not yet reduced, flags not yet set.',
  exploit:
    "An attacker's contract calls the function and, when it receives the ether, calls it again from its fallback. The check still sees the old balance and pays again, until the contract is empty.",
  fix: "Change the state before the call (checks, effects, interactions), or put OpenZeppelin's nonReentrant on every function that shares this state.",
  references: ['SWC-107', 'CWE-841', 'OWASP-SC05:2025', 'EEA-EthTrust: Use Check-Effects-Interaction'],
  losses: [
    {
      name: 'The DAO',
      year: 2016,
      usd: 60_000_000,
      what: '3.6 million ether were drawn by calling back before the balance was set to zero; Ethereum was forked over it.',
    },
    {
      name: 'SpankChain',
      year: 2018,
      usd: 38_000,
      what: "A token of the attacker's called back while a payment channel was being closed.",
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public balances;
    function deposit() external payable { balances[msg.sender] += msg.value; }
    function withdraw() external {
        uint256 amount = balances[msg.sender];
        (bool ok, ) = msg.sender.call{value: amount}(""); // <-- finding
        require(ok);
        balances[msg.sender] = 0;
    }
    function withdrawPart(uint256 amount) external {
        require(amount <= balances[msg.sender]);
        pay(amount);
        settle(amount);
    }
    function pay(uint256 amount) private {
        (bool ok, ) = msg.sender.call{value: amount}(""); // <-- finding
        require(ok);
    }
    function settle(uint256 amount) private { balances[msg.sender] -= amount; }
}
`,
    `pragma solidity ^0.4.24;
contract Old {
    mapping(address => uint) credit;
    function withdraw(uint amount) public {
        if (credit[msg.sender] >= amount) {
            if (msg.sender.call.value(amount)()) { // <-- finding
                credit[msg.sender] -= amount;
            }
        }
    }
    function all() public {
        if (!msg.sender.call.value(credit[msg.sender])()) { throw; } // <-- finding
        credit[msg.sender] = 0;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface Hook { function onClaim() external; }
contract Bonus {
    mapping(address => uint256) private rewards;
    mapping(address => bool) private claimed;
    function bonus(address to) external {
        require(!claimed[to]);
        rewards[to] += 100;
        payOut(to);
        claimed[to] = true;
    }
    function payOut(address to) public {
        uint256 amount = rewards[to];
        rewards[to] = 0;
        (bool ok, ) = to.call{value: amount}(""); // <-- finding
        require(ok);
    }
}
contract Rewards {
    mapping(address => bool) public claimed;
    mapping(address => uint256) public points;
    function claim(Hook hook) external {
        require(!claimed[msg.sender]);
        points[msg.sender] += 10;
        hook.onClaim(); // <-- finding
        claimed[msg.sender] = true;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Asm {
    mapping(address => uint256) public due;
    mapping(address => bool) public member;
    function draw(address to) external {
        uint256 amount = due[to];
        assembly { // <-- finding
            if iszero(call(gas(), to, amount, 0, 0, 0, 0)) { revert(0, 0) }
        }
        due[to] = 0;
    }
    function forMembers() external {
        require(member[msg.sender]);
        uint256 amount = due[msg.sender];
        (bool ok, ) = msg.sender.call{value: amount}(""); // <-- finding
        require(ok);
        due[msg.sender] = 0;
    }
}
contract FalseLock {
    mapping(address => uint256) public due;
    bool private busy;
    modifier nonReentrant() { require(!busy); _; busy = false; }
    function draw() external nonReentrant {
        (bool ok, ) = msg.sender.call{value: due[msg.sender]}(""); // <-- finding
        require(ok);
        due[msg.sender] = 0;
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Tips {
    mapping(address => uint256) public owed;
    function tip(address who) public payable { owed[who] += msg.value; }
    function take(uint256 amount) public {
        require(owed[msg.sender] >= amount);
        owed[msg.sender] -= amount; // <-- guard: nothing
        if (!msg.sender.call.value(amount)()) owed[msg.sender] += amount;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Rounds {
    mapping(address => uint256) public due;
    mapping(uint256 => bool) public paid;
    address[] public members;
    uint256 public total;
    function payAll() external {
        for (uint256 i = 0; i < members.length; i++) {
            if (paid[i]) continue;
            paid[i] = true;
            total -= due[members[i]];
            (bool ok, ) = members[i].call{value: due[members[i]]}("");
            require(ok);
        }
    }
    function assembled(address to) external {
        uint256 amount = due[to];
        due[to] = 0;
        assembly { if iszero(call(gas(), to, amount, 0, 0, 0, 0)) { revert(0, 0) } }
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bank {
    mapping(address => uint256) public balances;
    uint256 private locked = 1;
    address public owner = msg.sender;
    bool public swept;
    modifier guarded() {
        require(locked == 1, "busy");
        locked = 2;
        _;
        locked = 1;
    }
    function withdraw() external {
        uint256 amount = balances[msg.sender];
        balances[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
    }
    function withdrawGuarded() external guarded {
        uint256 amount = balances[msg.sender];
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
        balances[msg.sender] = 0;
    }
    function withdrawStipend() external {
        uint256 amount = balances[msg.sender];
        balances[msg.sender] = 0;
        payable(msg.sender).transfer(amount);
    }
    function early(bool leave) external {
        uint256 amount = balances[msg.sender];
        if (leave) {
            balances[msg.sender] = 0;
            (bool ok, ) = msg.sender.call{value: amount}("");
            require(ok);
            return;
        }
        balances[msg.sender] = amount + 1;
    }
    function sweep() external {
        require(msg.sender == owner && !swept);
        (bool ok, ) = owner.call{value: address(this).balance}("");
        require(ok);
        swept = true;
    }
}
`,
  ],
  run(audited, report) {
    const best = new Map<AstNode, Sighting>();
    for (const run of audited.runs.entries) {
      if (run.role === 'constructor') continue;
      for (const unsettled of unsettledIn(audited.runs, run)) {
        const sighting = judge(audited, run, unsettled);
        const { node } = unsettled.pending.call;
        const known = best.get(node);
        if (sighting && (!known || rank(sighting) < rank(known))) best.set(node, sighting);
      }
    }
    for (const sighting of [...best.values()].sort((a, b) => rank(a) - rank(b))) report(sighting);
  },
};

function judge({ program, runs }: Audited, run: EntryRun, unsettled: Unsettled): Sighting | undefined {
  const { write, pending } = unsettled;
  const { call, frame, before } = pending;
  if (!('address' in call) || before.locks.size > 0) return undefined;
  if (isTrusted(before, program, runs) || isTrusted(write.state, program, runs)) return undefined;
  const callPlace = ownPlace(program, call.node, frame);
  const writePlace = ownPlace(program, write.node, write.frame);
  if (!callPlace || !writePlace || (callPlace === writePlace && callPlace !== call.node)) return undefined;
  const stipend = call.kind === 'transfer' || call.kind === 'send';
  const weight = weigh(unsettled, stipend);
  if (!weight) return undefined;
  const listed = unsettled.guest?.how === 'call' && isLookedUp(call.address, frame, before);
  const name = nameOfPlace(program, write);
  const line = program.source.locate(writePlace)?.line ?? 0;
  const shown = shownAddress(program, call.address);
  const pays = unsettled.guest?.how === 'ether';
  return {
    node: call.node,
    frame,
    ...(listed ? hint : weight),
    message: `${run.entry.name} hands control to \`${shown}\` before \`${name}\` is updated at line ${line}, so it can be entered again with the old value.`,
    note: `control goes to \`${shown}\`${stipend ? ' with 2,300 gas' : pays ? ' with ether' : ''}`,
    steps: [{ node: write.node, frame: write.frame, note: `\`${name}\` is updated only now` }],
    fix: `Move the update of \`${name}\` (line ${line}) before this call, or put nonReentrant on ${run.entry.name} and on every other function that uses \`${name}\`.`,
  };
}

// A receiver that the caller chooses can call back; one that only the deployer or owner chose is unlikely to.
function weigh(unsettled: Unsettled, stipend: boolean) {
  const { guest, pending, stale, personal, reduces, rechecked, write } = unsettled;
  const { call } = pending;
  if (guest?.how === 'hook') return undefined; // A detector of its own.
  if (stipend) return guest && stale ? hint : undefined;
  if (guest?.how === 'ether') {
    if (rechecked) return hint;
    if (stale || (personal && reduces)) return { severity: 'high', confidence: 'high' } as const;
    return reduces ? ({ severity: 'medium', confidence: 'low' } as const) : hint;
  }
  if (!stale) return undefined;
  // A sum that is read anew when it changes is right in whatever order it does.
  const isSum = !personal && /^([+-]=|\+\+|--)$/.test(String(write.node['operator']));
  if (guest) return rechecked || isSum ? hint : ({ severity: 'medium', confidence: 'medium' } as const);
  return call.value !== undefined && literalValue(call.value) !== 0n ? hint : undefined;
}

// Checked again afterwards, or called with 2,300 gas: too little to come back, as long as gas prices stay.
const hint = { severity: 'low', confidence: 'low' } as const;

function rank(sighting: Sighting): number {
  return (
    severities.indexOf(sighting.severity ?? 'high') * 10 + confidences.indexOf(sighting.confidence ?? 'high')
  );
}
