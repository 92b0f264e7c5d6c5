import type { Detector } from '../detector.ts';
import { textOf, typeOf } from '../ir/ast.ts';
import { atomsOf, equalSides, heldAtomsOf } from '../ir/conditions.ts';
import { mentions, mentionsSender } from '../ir/mentions.ts';
import { chainsTold, mentionsTold, numbersTold, type Told } from '../ir/messages.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import { slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** A message of another chain takes effect more than once. */
export const messageReplay: Detector = {
  id: 'message-replay',
  category: 'cross-chain',
  severity: 'high',
  confidence: 'medium',
  title: 'A message can be delivered again',
  why: 'The message has a number of its own, and that it was carried out is not written down, is written down under whoever brings it, or only after a call that lets others in. A number that is kept without the chain it comes from takes the message of another chain for one that was.',
  exploit:
    'A second relayer delivers the same message, or the receiver delivers it again from inside the payment, and it is paid twice.',
  fix: 'Mark the message before anything else happens, under what it is: `bytes32 id = keccak256(abi.encode(sourceChain, sender, nonce)); require(!done[id]); done[id] = true;`.',
  references: ['SWC-121', 'CWE-294', 'OWASP-SC01:2025', 'EEA-EthTrust: Prevent Replay'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Port {
    address public immutable keeper = msg.sender;
    mapping(address => bool) public relayers;
    mapping(uint256 => bool) public chains;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(uint256 => bool)) public seen;
    mapping(uint256 => bool) public done;
    event Landed(uint256 chain, uint256 nonce);
    modifier onlyRelayer() { require(relayers[msg.sender]); _; }
    function set(address relayer, uint256 chain) external { require(msg.sender == keeper); relayers[relayer] = true; chains[chain] = true; }
    function land(uint256 sourceChain, uint256 nonce, address to, uint256 amount) external onlyRelayer { // <-- finding
        balanceOf[to] += amount;
        emit Landed(sourceChain, nonce);
    }
    function deliver(uint256 nonce, address to, uint256 amount) external onlyRelayer {
        require(!seen[msg.sender][nonce]);
        seen[msg.sender][nonce] = true; // <-- finding
        balanceOf[to] += amount;
    }
    function arrive(uint256 sourceChain, uint256 nonce, address to, uint256 amount) external onlyRelayer {
        require(chains[sourceChain] && !done[nonce]);
        done[nonce] = true; // <-- finding
        balanceOf[to] += amount;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Inbox {
    struct Order { uint256 sourceChain; uint256 sequence; address payable to; uint256 amount; }
    address public immutable office = msg.sender;
    mapping(bytes32 => uint8) public stateOf;
    receive() external payable {}
    function announce(Order calldata order) external { require(msg.sender == office); stateOf[_id(order)] = 1; }
    function carryOut(Order calldata order) external {
        require(stateOf[_id(order)] == 1);
        (bool ok, ) = order.to.call{value: order.amount}(""); // <-- finding
        require(ok);
        stateOf[_id(order)] = 2;
    }
    function _id(Order calldata order) private view returns (bytes32) {
        return keccak256(abi.encode(address(this), block.chainid, order));
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Port {
    struct Order { uint256 sourceChain; uint256 sequence; address payable to; uint256 amount; }
    address public immutable keeper = msg.sender;
    uint256 public immutable home = 7;
    mapping(address => bool) public relayers;
    mapping(address => uint256) public balanceOf;
    mapping(bytes32 => bool) public done;
    mapping(uint256 => bool) public landed;
    mapping(uint256 => uint256) public next;
    modifier onlyRelayer() { require(relayers[msg.sender]); _; }
    receive() external payable {}
    function set(address relayer) external { require(msg.sender == keeper); relayers[relayer] = true; }
    function arrive(uint256 sourceChain, uint256 nonce, address to, uint256 amount) external onlyRelayer {
        bytes32 id = keccak256(abi.encode(sourceChain, nonce)); // <-- guard: bytes32 id = keccak256(abi.encode(msg.sender, sourceChain, nonce));
        require(!done[id]);
        done[id] = true;
        balanceOf[to] += amount;
    }
    function land(uint256 sourceChain, uint256 nonce, address to, uint256 amount) external onlyRelayer {
        require(sourceChain == home && !landed[nonce]); // <-- guard: require(!landed[nonce]);
        landed[nonce] = true;
        balanceOf[to] += amount;
    }
    function inOrder(uint256 sourceChain, uint256 nonce, address to, uint256 amount) external onlyRelayer {
        require(nonce == next[sourceChain]); // <-- guard: nothing
        next[sourceChain]++;
        balanceOf[to] += amount;
    }
    function carryOut(Order calldata order) external onlyRelayer {
        bytes32 id = keccak256(abi.encode(order.sourceChain, order.sequence));
        require(!done[id]);
        done[id] = true;
        (bool ok, ) = order.to.call{value: order.amount}("");
        require(ok);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      const { entry } = run;
      if (run.role !== 'entry' || /^(view|pure)$/.test(entry.mutability)) continue;
      const numbers = numbersTold(program, entry);
      const [first] = numbers;
      const chains = chainsTold(program, entry).filter(({ name }) =>
        /src|source|origin|remote|from/i.test(name),
      );
      if (!first || !isMessage(run, chains) || !hasEffect(run)) continue;
      const marks = marksOf(run, numbers);
      for (const { call, frame } of lateIn(marks))
        report({
          node: call.node,
          frame,
          message: `${entry.name} hands control on before the message is marked as done.`,
        });
      if (run.signed || !atomsOf(run).some(({ node, frame }) => mentionsSender(node, frame))) continue;
      if (marks.length === 0) {
        if (isCompared(run, numbers) || isHanded(run, numbers)) continue;
        report({
          node: entry.node,
          message: `${entry.name} is told the number of the message (\`${first.name}\`), and keeps no record of it.`,
        });
        continue;
      }
      const [mark] = marks;
      if (mark && marks.every((each) => isUnderSender(each)))
        report({
          node: mark.node,
          frame: mark.frame,
          message: `${entry.name} keeps the mark under whoever brings the message: another relayer brings it again.`,
        });
      else if (mark && marks.every((each) => isWithoutChain(each, chains)) && !isOneChain(run, chains))
        report({
          node: mark.node,
          frame: mark.frame,
          severity: 'medium',
          message: `${entry.name} keeps \`${codeOf(program, mark.node, 50)}\` without the chain of the message, and each chain counts for itself.`,
        });
    }
  },
};

/** Endpoints of bridges deliver each message once by themselves. */
const delivered =
  /^_?(nonblocking)?(lzReceive|ccipReceive|sgReceive|xReceive|handle|execute(WithToken)?|receiveWormholeMessages|onOFTReceived|anyExecute|processMessageFromRoot|onMessageReceived)$/i;
const bringing = /deliver|relay|land|arrive|receive|process|bridge|inbound|finali[sz]e|complete/i;

function isMessage({ entry, context }: EntryRun, chains: readonly Told[]): boolean {
  if (
    delivered.test(entry.name) &&
    entry.parameters.some((one) => !/^(u?int|address|bool|bytes32)/.test(typeOf(one)))
  )
    return false;
  return (
    chains.length > 0 ||
    bringing.test(entry.name) ||
    (/bridge|gateway|relay/i.test(context.name) && /release|mint|unlock/i.test(entry.name))
  );
}

/** Something is paid, made or credited, which a second time would be too much. */
function hasEffect({ visits }: EntryRun): boolean {
  const credits = visits.writes.some(({ node, slot }) => node['operator'] === '+=' && slot.keys.length > 0);
  return (
    credits ||
    visits.calls.some(({ call }) => {
      const name = textOf(call.callee, 'memberName') || textOf(call.callee, 'name');
      if (call.kind === 'low-level') return call.value !== undefined || call.method === 'call';
      return call.kind === 'transfer' || call.kind === 'send' || /^_?(safe)?(transfer|mint)$/i.test(name);
    })
  );
}

/** What is written under a number or hash of the message. */
function marksOf(run: EntryRun, things: readonly Told[]): WriteVisit[] {
  return run.visits.writes.filter(
    ({ slot, node }) =>
      node['operator'] !== '+=' && slot.keys.some((key) => mentionsTold(key.node, key.frame, things)),
  );
}

/** Calls to an address of the message's own, before the only mark that is set. */
function lateIn(marks: readonly WriteVisit[]) {
  const [mark] = marks;
  const places = new Set(marks.map(({ slot }) => slot.exact));
  if (!mark || places.size > 1) return [];
  if (!mark.state.reads.has(mark.slot.key) && !mark.state.checked.has(mark.slot.exact)) return [];
  return mark.state.calls.filter(
    ({ call, frame, before }) =>
      (call.kind === 'low-level' || call.kind === 'external') &&
      hasBits(taintOf(call.address, frame), from.parameter) &&
      !before.written.has(mark.slot.exact),
  );
}

/** Compared with a number that is kept, and that moves on. */
function isCompared(run: EntryRun, numbers: readonly Told[]): boolean {
  const written = new Set(run.visits.writes.map(({ slot }) => slot.base));
  return atomsOf(run).some(
    ({ node, frame }) =>
      mentionsTold(node, frame, numbers) &&
      mentions(node, frame, (item, at) => written.has(slotOf(item, at)?.base ?? 0)),
  );
}

function isHanded({ visits }: EntryRun, numbers: readonly Told[]): boolean {
  return visits.calls.some(
    ({ call, frame }) =>
      call.kind === 'external' && call.arguments.some((each) => mentionsTold(each, frame, numbers)),
  );
}

function isUnderSender({ slot }: WriteVisit): boolean {
  return slot.keys.some((key) => mentionsSender(key.node, key.frame));
}

/** A plain number is the key; a hash or identifier may well tell chains apart by itself. */
function isWithoutChain({ slot }: WriteVisit, chains: readonly Told[]): boolean {
  if (chains.length === 0) return false;
  return slot.keys.every(
    (key) =>
      !hasBits(taintOf(key.node, key.frame), from.hash) &&
      /^uint/.test(typeOf(key.node)) &&
      !mentionsTold(key.node, key.frame, chains),
  );
}

/** Messages come from one chain only: the one it is compared with. */
function isOneChain(run: EntryRun, chains: readonly Told[]): boolean {
  return heldAtomsOf(run).some((atom) => {
    const sides = equalSides(atom);
    return sides?.some(({ node, frame }) => mentionsTold(node, frame, chains)) === true;
  });
}
