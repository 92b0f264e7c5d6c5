import type { Audited, Detector, Sighting } from '../detector.ts';
import { ownPlace } from '../findings.ts';
import { textOf } from '../ir/ast.ts';
import { codeOf, looksAt } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import type { PendingCall } from '../ir/state.ts';
import { literalValue, overlaps } from '../ir/storage.ts';
import { chosenByCaller, from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';
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
  ],
  good: [
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
    const best = new Map<PendingCall['call']['node'], Sighting>();
    for (const run of audited.runs.entries) {
      if (run.role === 'constructor') continue;
      for (const write of run.visits.writes) {
        for (const pending of write.state.calls) {
          const sighting = judge(audited, run, write, pending);
          const known = best.get(pending.call.node);
          if (sighting && (!known || rank(sighting) < rank(known))) best.set(pending.call.node, sighting);
        }
      }
    }
    for (const sighting of [...best.values()].sort((a, b) => rank(a) - rank(b))) report(sighting);
  },
};

function judge(
  audited: Audited,
  run: EntryRun,
  write: WriteVisit,
  pending: PendingCall,
): Sighting | undefined {
  const { program, runs } = audited;
  const { call, frame, before } = pending;
  if (!('address' in call)) return undefined;
  if (before.locks.size > 0 || runs.privileged(before) || runs.privileged(write.state)) return undefined;
  const callPlace = ownPlace(program, call.node, frame);
  const writePlace = ownPlace(program, write.node, write.frame);
  if (!callPlace || !writePlace || (callPlace === writePlace && callPlace !== call.node)) return undefined;
  const target = taintOf(call.address, frame);
  const foreign =
    hasBits(target, chosenByCaller | from.keyed | from.external) ||
    [...target.variables].some((id) => runs.open.has(id));
  const pays = call.value !== undefined && literalValue(call.value) !== 0n;
  const stale = [...before.reads].some((place) => overlaps(place, write.slot.key));
  const personal = write.slot.keys.some((key) => hasBits(taintOf(key.node, key.frame), chosenByCaller));
  // A check of the same state after the call stops the outer run when an inner one got there first.
  const after = write.state.conditions.filter((condition) => !before.conditions.includes(condition));
  const rechecked = after.some((condition) => looksAt(condition.node, condition.frame, write.slot.base));
  const stipend = call.kind === 'transfer' || call.kind === 'send';
  const weight = rechecked || stipend ? hint : weigh({ foreign, pays, stale, personal });
  if (!weight || (stipend && !(foreign && stale))) return undefined;
  const name = textOf(program.stateVariable(write.slot.base), 'name') || 'the storage';
  const line = program.source.locate(writePlace)?.line ?? 0;
  const shown = codeOf(program, call.address, 40);
  return {
    node: call.node,
    frame,
    ...weight,
    message: `${run.entry.name} hands control to \`${shown}\` before \`${name}\` is updated at line ${line}, so it can be entered again with the old value.`,
    note: `control goes to \`${shown}\`${stipend ? ' with 2,300 gas' : pays ? ' with ether' : ''}`,
    steps: [{ node: write.node, frame: write.frame, note: `\`${name}\` is updated only now` }],
    fix: `Move the update of \`${name}\` (line ${line}) before this call, or put nonReentrant on ${run.entry.name} and on every other function that uses \`${name}\`.`,
  };
}

// A receiver that the caller chooses can call back; one that only the deployer or owner chose is unlikely to.
function weigh({
  foreign,
  pays,
  stale,
  personal,
}: {
  foreign: boolean;
  pays: boolean;
  stale: boolean;
  personal: boolean;
}) {
  if (pays && foreign) {
    if (stale || personal) return { severity: 'high', confidence: 'high' } as const;
    return { severity: 'medium', confidence: 'low' } as const;
  }
  if (!stale) return undefined;
  if (foreign) return { severity: 'medium', confidence: 'medium' } as const;
  return pays ? ({ severity: 'low', confidence: 'low' } as const) : undefined;
}

// Checked again afterwards, or called with 2,300 gas: too little to come back, as long as gas prices stay.
const hint = { severity: 'low', confidence: 'low' } as const;

function rank(sighting: Sighting): number {
  return (
    severities.indexOf(sighting.severity ?? 'high') * 10 + confidences.indexOf(sighting.confidence ?? 'high')
  );
}
