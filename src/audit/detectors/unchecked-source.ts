import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { atomsOf, equalSides } from '../ir/conditions.ts';
import { type Frame, isSender, type Ref, resolve } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import type { EntryRun } from '../ir/runs.ts';

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
      const sources = sourcesOf(run.entry);
      if (sources.length === 0 || !isReceiver(run.entry)) return;
      const asked = atomsOf(run);
      if (
        !asked.some(({ node, frame }) =>
          mentions(node, frame, (item) => textOf(item, 'memberName') === 'sender'),
        )
      )
        return; // Nobody is asked at all: that is another finding.
      const ids = new Set(sources.map(({ id }) => id));
      const isSource = (item: AstNode, at: Frame) => isSourceOf(item, at, ids);
      const looked = asked.some(({ node, frame }) => mentions(node, frame, isSource));
      const handed = run.visits.calls.some(
        ({ call, frame }) =>
          call.kind === 'external' && call.arguments.some((each) => mentions(each, frame, isSource)),
      );
      if (looked || handed) return;
      report({
        node: run.entry.node,
        message: `${run.entry.name} is told who sent the message (\`${textOf(sources[0], 'name')}\`), and does not look.`,
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

/** Parameters that tell who sent a message: its address, or a struct with one. */
function sourcesOf({ parameters }: Callable): AstNode[] {
  return parameters.filter(
    (one) =>
      /^(_?(src|source|origin|remote)\w*(address|sender|port|from|app)?|_?(sender|from|origin|source|srcaddress)_?)$/i.test(
        textOf(one, 'name'),
      ) &&
      /^(bytes|address|string|struct)/.test(typeOf(one)) &&
      !/chain|domain|eid|id$/i.test(textOf(one, 'name')),
  );
}

function isReceiver({ name, parameters }: Callable): boolean {
  const isNamed =
    /^_?(lzReceive|nonblockingLzReceive|ccipReceive|sgReceive|anyExecute|onOFTReceived|xReceive|handle|execute(WithToken)?|receiveWormholeMessages|on\w*(Message|Packet)s?(Received)?|processMessage\w*|receive(Message|Packet)\w*|handleMessage|deliver\w*)$/i.test(
      name,
    );
  return isNamed && parameters.some((one) => /^bytes( |$)/.test(typeOf(one)));
}

/** The parameter, or its field that names the sender. */
function isSourceOf(item: AstNode, at: Frame, ids: ReadonlySet<number>): boolean {
  if (item.nodeType === 'Identifier') {
    if (!ids.has(referenceOf(item) ?? -1)) return false;
    const parent = at.program.parent(item);
    const member = parent?.nodeType === 'MemberAccess' && childOf(parent, 'expression') === item;
    return !member || /sender|from|source|address|port/i.test(textOf(parent, 'memberName'));
  }
  return false;
}
