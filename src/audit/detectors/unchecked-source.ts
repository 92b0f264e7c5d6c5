import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, textOf, typeOf } from '../ir/ast.ts';
import { atomsOf, equalSides, heldAtomsOf } from '../ir/conditions.ts';
import { type Frame, isSender, type Ref, resolve } from '../ir/frames.ts';
import { mentions, mentionsSender } from '../ir/mentions.ts';
import { chainsTold, isTold, mentionsTold, sendersTold, type Told } from '../ir/messages.ts';
import { codeOf } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import type { EntryRun } from '../ir/runs.ts';
import { isZero, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** The messenger may call, whoever sent the message. */
export const uncheckedSource: Detector = {
  id: 'unchecked-source',
  category: 'cross-chain',
  severity: 'high',
  confidence: 'medium',
  title: 'Who sent the message on the other chain is not asked',
  why: 'A messenger delivers what anybody on the other chain sends through it. That the messenger calls says that there was a message, not that it came from the contract that is trusted there.',
  exploit:
    'An attacker sends a message through the same bridge from a contract of their own, and it is taken as if the counterpart had sent it.',
  fix: 'Compare the sender there as well: `messenger.xDomainMessageSender() == counterpart`, or `trusted[sourceChain] == sourceAddress` with the parameters of the message.',
  references: ['SWC-105', 'CWE-346', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IMessenger {
    function xDomainMessageSender() external view returns (address);
    function sendMessage(address target, bytes calldata message, uint32 gas_) external;
}
contract Cards {
    IMessenger public immutable messenger;
    mapping(uint256 => address) public cards;
    constructor(IMessenger at) { messenger = at; }
    modifier onlyMessenger() {
        require(msg.sender == address(messenger)); // <-- finding
        _;
    }
    function arrive(uint256 id, address reader) external onlyMessenger { cards[id] = reader; }
}
contract Tokens {
    address public immutable endpoint = msg.sender;
    mapping(address => uint256) public balanceOf;
    // The source is handed over, and not looked at.
    function lzReceive(uint16 chain, bytes calldata source, uint64, bytes calldata payload) external { // <-- finding
        require(msg.sender == endpoint && chain != 0);
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        balanceOf[to] += amount;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IGateway {
    function validateContractCall(bytes32 id, string calldata chain, string calldata source, bytes32 hash) external returns (bool);
}
struct Origin { uint32 srcEid; bytes32 sender; uint64 nonce; }
abstract contract Ledger {
    mapping(address => uint256) public balanceOf;
    function _credit(bytes calldata payload) internal {
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        balanceOf[to] += amount;
    }
}
contract ByStruct is Ledger {
    address public immutable endpoint = msg.sender;
    mapping(uint32 => bytes32) public peers;
    // That there is a peer on that chain does not make it the sender.
    function lzReceive(Origin calldata at, bytes32, bytes calldata payload, address, bytes calldata) external { // <-- finding
        require(msg.sender == endpoint && peers[at.srcEid] != bytes32(0));
        _credit(payload);
    }
}
contract ByGateway is Ledger {
    IGateway public immutable gateway;
    mapping(bytes32 => bool) public done;
    constructor(IGateway at) { gateway = at; }
    function execute(bytes32 id, string calldata sourceChain, string calldata sourceAddress, bytes calldata payload) external { // <-- finding
        require(gateway.validateContractCall(id, sourceChain, sourceAddress, keccak256(payload)));
        _credit(payload);
    }
}
contract ByRelay is Ledger {
    address public immutable relay = msg.sender;
    address public immutable counterpart;
    mapping(bytes32 => bool) public done;
    constructor(address other) { counterpart = other; }
    // New is not trusted.
    function land(uint256 sourceChain, address sourceSender, uint256 nonce, address to) external { // <-- finding
        bytes32 id = keccak256(abi.encode(sourceChain, sourceSender, nonce));
        require(msg.sender == relay && !done[id]);
        done[id] = true;
        balanceOf[to] += 1;
    }
    function handle(uint32 origin, bytes32 sender, bytes calldata payload) external { // <-- finding
        require(msg.sender == relay && sender == bytes32(uint256(uint160(counterpart))));
        _credit(payload);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IMessenger {
    function xDomainMessageSender() external view returns (address);
    function sendMessage(address target, bytes calldata message, uint32 gas_) external;
}
contract Cards {
    IMessenger public immutable messenger;
    address public immutable counterpart;
    address public immutable keeper = msg.sender;
    mapping(uint256 => address) public cards;
    constructor(IMessenger at, address other) { messenger = at; counterpart = other; }
    modifier onlyCounterpart() {
        require(msg.sender == address(messenger) && messenger.xDomainMessageSender() == counterpart);
        _;
    }
    function arrive(uint256 id, address reader) external onlyCounterpart { cards[id] = reader; }
    function later(uint256 id, address reader) external {
        if (msg.sender != address(messenger)) revert();
        address sender = messenger.xDomainMessageSender();
        if (sender != counterpart) revert();
        cards[id] = reader;
    }
    function own(uint256 id) external { require(msg.sender == keeper); cards[id] = msg.sender; }
}
contract Tokens {
    address public immutable endpoint = msg.sender;
    mapping(uint16 => bytes32) public trusted;
    mapping(address => uint256) public balanceOf;
    function lzReceive(uint16 chain, bytes calldata source, uint64, bytes calldata payload) external {
        require(msg.sender == endpoint && trusted[chain] == keccak256(source));
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        balanceOf[to] += amount;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
struct Origin { uint32 srcEid; bytes32 sender; uint64 nonce; }
contract Tokens {
    address public immutable endpoint = msg.sender;
    mapping(uint32 => bytes32) public peers;
    mapping(address => uint256) public balanceOf;
    bytes32 public immutable source = keccak256("0x12");
    uint32 public immutable home = 7;
    modifier onlyPeer(Origin calldata at) {
        require(msg.sender == endpoint && peers[at.srcEid] == at.sender && at.sender != bytes32(0)); // <-- guard: require(msg.sender == endpoint && at.sender != bytes32(0));
        _;
    }
    function lzReceive(Origin calldata at, bytes32, bytes calldata payload, address, bytes calldata) external onlyPeer(at) {
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        balanceOf[to] += amount;
    }
    function handle(uint32 origin, bytes32 sender, bytes calldata payload) external {
        if (msg.sender != endpoint || origin != home || sender != source) revert(); // <-- guard: if (msg.sender != endpoint || sender != source) revert();
        balanceOf[abi.decode(payload, (address))] += 1;
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed || run.visits.writes.length + run.visits.calls.length === 0)
        continue;
      if (/^(view|pure)$/.test(run.entry.mutability)) continue;
      const gate = messengerGate(program, run);
      if (gate && !asksThere(run)) {
        const isOwn = program.isOwn(gate.node);
        report({
          ...(isOwn ? gate : { node: run.entry.node }),
          message: `\`${codeOf(program, gate.node, 60)}\` lets ${run.entry.name} be called by anybody on the other chain, through the messenger.`,
        });
      } else if (!gate) checkSource(run);
    }

    function checkSource(run: EntryRun): void {
      const { entry } = run;
      const [senders, chains] = [sendersTold(program, entry), chainsTold(program, entry)];
      const [first] = senders;
      if (!first || !isReceiver(entry, senders, chains) || !isDelivered(run)) return;
      const isJudged = (things: readonly Told[]) => isAsked(run, things) || isHanded(run, things);
      if (!isJudged(senders))
        report({
          node: entry.node,
          message: `${entry.name} is told who sent the message (\`${first.name}\`), and does not look.`,
        });
      else if (chains[0] && !isJudged(chains))
        report({
          node: entry.node,
          severity: 'medium',
          message: `${entry.name} looks who sent the message and not on which chain (\`${chains[0].name}\`): somebody else may have that address there.`,
        });
    }
  },
};

/** `msg.sender == messenger`, of a contract that can say who sent the message it brings. */
function messengerGate(program: Program, run: EntryRun): Ref | undefined {
  for (const atom of atomsOf(run)) {
    const sides = equalSides(atom);
    const other = sides?.find((side) => !isSender(side.node, side.frame));
    if (!sides?.some((side) => isSender(side.node, side.frame)) || !other) continue;
    const at = resolve(other.node, other.frame).node;
    if (tellsSource(program, typeOf(at))) return { node: atom.node, frame: atom.frame };
  }
  return undefined;
}

const telling =
  /^(xDomainMessageSender|l2ToL1Sender|messageSender|crossDomainMessageSender|xDomainSender|originSender|getCrossChainSender)$/i;

function tellsSource(program: Program, type: string): boolean {
  const name = /^contract (\w+)/.exec(type)?.[1];
  const contract = program.contracts.find((each) => each.name === name);
  return (
    contract?.linearised.some(({ functions }) => functions.some((one) => telling.test(one.name))) ?? false
  );
}

/** The messenger is asked on the way, whatever becomes of the answer. */
function asksThere({ visits }: EntryRun): boolean {
  return visits.calls.some(({ call }) => telling.test(textOf(call.callee, 'memberName')));
}

/** By its name, or by what it is told: a sender on another chain. */
function isReceiver(
  { name, parameters }: Callable,
  senders: readonly Told[],
  chains: readonly Told[],
): boolean {
  const isNamed =
    /^_?(lzReceive|nonblockingLzReceive|ccipReceive|sgReceive|anyExecute|onOFTReceived|xReceive|handle|execute(WithToken)?|receiveWormholeMessages|on\w*(Message|Packet)s?(Received)?|processMessage\w*|receive(Message|Packet)\w*|handleMessage|deliver\w*)$/i.test(
      name,
    );
  const hasPayload = parameters.some((one) => /^bytes( |$)/.test(typeOf(one)));
  if (isNamed && (hasPayload || senders.some(({ field }) => field !== ''))) return true;
  return (
    chains.length > 0 && senders.some(({ name: told }) => /(src|source|origin|remote|foreign)\w/i.test(told))
  );
}

/** Somebody in particular brings it, or a gateway says that it knows of it; otherwise that is another finding. */
function isDelivered(run: EntryRun): boolean {
  return atomsOf(run).some(({ node, frame }) => mentionsSender(node, frame) || isGateway(node, frame));
}

/** What a gateway answers says that the message was sent, not that its sender is trusted. */
const gateway = /^validate(Contract)?Call(AndMint)?$/i;

function isGateway(node: AstNode, frame: Frame): boolean {
  return mentions(node, frame, (item) => gateway.test(textOf(item, 'memberName')));
}

function isHanded({ visits }: EntryRun, things: readonly Told[]): boolean {
  return visits.calls.some(
    ({ call, frame }) =>
      call.kind === 'external' &&
      !gateway.test(call.name) &&
      call.arguments.some((each) => mentionsTold(each, frame, things)),
  );
}

/** Compared with something that is not the message's own, or looked up. That a message is new says nothing. */
function isAsked(run: EntryRun, things: readonly Told[]): boolean {
  const isIt = (item: AstNode, at: Frame) => isTold(item, at, things);
  const marks = new Set(run.visits.writes.map(({ slot }) => slot.base));
  const isMark = (node: AstNode, frame: Frame) => {
    const at = resolve(node, frame);
    const slot = slotOf(at.node, at.frame);
    return slot !== undefined && slot.keys.length > 0 && marks.has(slot.base);
  };
  return heldAtomsOf(run).some(({ node, frame, truth }) => {
    if (!mentions(node, frame, isIt) || isGateway(node, frame)) return false;
    if (node.nodeType !== 'BinaryOperation') return truth && !isMark(node, frame);
    const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    return (
      !sides.some((side) => side && isMark(side, frame)) && sides.some((side) => side && isKnown(side, frame))
    );
  });
}

/** What the contract keeps or was built with, in place of what it is told. */
function isKnown(side: AstNode, frame: Frame): boolean {
  if (isZero(side)) return false;
  const taint = taintOf(side, frame);
  return taint.variables.size > 0 || !hasBits(taint, from.parameter | from.sender);
}
