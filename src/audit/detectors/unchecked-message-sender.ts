import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf, unwrap } from '../ir/ast.ts';
import type { Callable } from '../ir/program.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** Where messages of a bridge come in, anybody may bring one. */
export const uncheckedMessageSender: Detector = {
  id: 'unchecked-message-sender',
  category: 'cross-chain',
  severity: 'critical',
  confidence: 'medium',
  title: 'Anyone can pose as the bridge',
  why: 'A function that is called by a bridge’s endpoint with a message of another chain has to ask who calls it, and who sent the message there. This one does not ask who calls.',
  exploit:
    'An attacker calls the function directly with a message of their own, for example one that mints or releases tokens to them.',
  fix: 'Begin with `require(msg.sender == endpoint)`, and compare the source chain and the sender there with the ones that you trust.',
  references: ['SWC-105', 'CWE-346', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bridge {
    mapping(address => uint256) public balanceOf;
    function lzReceive(uint16 chain, bytes calldata source, uint64 nonce, bytes calldata payload) external { // <-- finding
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        balanceOf[to] += amount;
    }
}
contract Router {
    struct Message { bytes32 id; uint64 sourceChainSelector; bytes sender; bytes data; }
    bytes32 public trusted;
    mapping(address => uint256) public balanceOf;
    function ccipReceive(Message calldata message) external { // <-- finding
        require(keccak256(message.sender) == trusted);
        (address to, uint256 amount) = abi.decode(message.data, (address, uint256));
        balanceOf[to] += amount;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bridge {
    address public immutable mailbox = msg.sender;
    bytes32 public trusted;
    mapping(address => uint256) public balanceOf;
    function handle(uint32 origin, bytes32 sender, bytes calldata payload) external {
        require(msg.sender == mailbox);
        require(origin == 7 || sender == trusted); // <-- finding
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        balanceOf[to] += amount;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bridge {
    address public immutable endpoint;
    mapping(uint16 => bytes32) public trusted;
    mapping(address => uint256) public balanceOf;
    constructor(address given) { endpoint = given; }
    function lzReceive(uint16 chain, bytes calldata source, uint64, bytes calldata payload) external {
        require(msg.sender == endpoint && trusted[chain] == keccak256(source));
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        balanceOf[to] += amount;
    }
    function execute(uint256 id) external { balanceOf[msg.sender] = id; }
}
`,
  ],
  run({ runs }, report) {
    for (const { entry, role, visits, signed } of runs.entries) {
      if (role !== 'entry' || signed || !isReceiver(entry)) continue;
      for (const node of entry.body ? descendants(entry.body, 'BinaryOperation') : []) {
        if (!isEither(node, entry)) continue;
        report({
          node,
          confidence: 'high',
          message: `${entry.name} is content with the right chain or the right sender, where both have to be.`,
        });
      }
      const effects = [
        ...visits.writes.filter(({ slot }) => slot.base > 0),
        ...visits.calls.filter(({ call }) => ['external', 'low-level', 'transfer'].includes(call.kind)),
      ];
      const open = effects.filter(({ state }) => !runs.authorised(state) && !asksSender(state));
      if (open.length === 0 || open.length < effects.length) continue;
      report({
        node: entry.node,
        message: `${entry.name} acts on a message without asking who brings it.`,
        steps: open.slice(0, 1).map(({ node, frame }) => ({ node, frame, note: 'this happens for anyone' })),
      });
    }
  },
};

/** Names that bridges call, with the arguments that a message has. */
function isReceiver({ name, parameters }: Callable): boolean {
  if (parameters.length < 2 && !parameters.some((one) => /^struct/.test(typeOf(one)))) return false;
  // Many things are executed; a message tells where it comes from.
  if (/^execute(WithToken)?$/i.test(name))
    return parameters.some((one) => /source|src|origin|remote/i.test(textOf(one, 'name')));
  return bridged.test(name);
}

const bridged =
  /^(lzReceive|ccipReceive|sgReceive|anyExecute|onOFTReceived|xReceive|handle|receiveWormholeMessages|onMessageReceived|processMessage(FromRoot)?|receiveMessage|receiveTokens|finali[sz]e(Bridge)?(ERC20|ETH)?Deposit|executeMessage|handleMessage|onCrossChain\w*|relayMessage)$/i;

/** The sender is part of some condition, if only of one that anybody can meet; or another contract vouches for the message. */
function asksSender(state: {
  conditions: readonly { node: Parameters<typeof taintOf>[0]; frame: Parameters<typeof taintOf>[1] }[];
}): boolean {
  return state.conditions.some(({ node, frame }) =>
    hasBits(taintOf(node, frame), from.sender | from.external),
  );
}

/** `source == known || chain == expected`, of two parameters. */
function isEither(node: AstNode, { parameters }: Callable): boolean {
  if (textOf(node, 'operator') !== '||') return false;
  const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')].map(
    (side) => side && unwrap(side),
  );
  const compared = sides.map((side) => {
    if (!side || textOf(side, 'operator') !== '==') return undefined;
    return descendants(side, 'Identifier')
      .map(referenceOf)
      .find((id) => parameters.some((one) => one.id === id));
  });
  return compared.every((id) => id !== undefined) && new Set(compared).size === 2;
}
