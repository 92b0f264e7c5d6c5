import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, slotsOf, textOf, typeIdOf, typeOf } from '../ir/ast.ts';
import { type BlockValue, blockValuesIn, isPeriod, isWholePeriods } from '../ir/block-values.ts';
import { entryFrame, isSender, type Ref } from '../ir/frames.ts';
import { isNow } from '../ir/moments.ts';
import { callsIn, codeOf, ownCallables, statementOf } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import { sourcesOf } from '../ir/sources.ts';
import { slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** Chance made of values that block producers and other contracts know. */
export const weakRandomness: Detector = {
  id: 'weak-randomness',
  category: 'randomness',
  severity: 'high',
  confidence: 'medium',
  title: 'Predictable random number',
  why: 'Block fields and block hashes are known to every contract in the same block and can be steered by whoever builds the block. Hashing them adds no secret.',
  exploit:
    "An attacker's contract computes the same number in the same transaction and plays only when it wins; a block producer drops or reorders transactions until it does.",
  fix: 'Take randomness from a verifiable source (Chainlink VRF), or let players commit to hidden numbers and reveal them later, with a penalty for not revealing.',
  references: ['SWC-120', 'CWE-330', 'OWASP-SC09:2025', 'EEA-EthTrust: Sources of Randomness'],
  losses: [
    {
      name: 'Fomo3D',
      year: 2018,
      usd: null,
      what: 'Contracts worked out beforehand whether they would win the airdrop, and took part only then.',
    },
  ],
  bad: [
    `pragma solidity ^0.4.24;
contract Lottery {
    address[] players;
    uint private seed = block.timestamp;
    function pick() public view returns (address) {
        uint random = uint(keccak256(abi.encodePacked(block.difficulty, now, players))); // <-- finding
        return players[random % players.length]; // <-- finding
    }
    function flip() public view returns (bool) {
        return uint256(blockhash(block.number - 1)) / 7 > 5; // <-- finding
    }
    function dice() public view returns (uint) {
        return (seed * block.number) % 6; // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.18;
contract Mint {
    function roll(uint256 sides) external view returns (uint256) {
        return uint256(keccak256(abi.encode(block.prevrandao, msg.sender))) % sides; // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.18;
abstract contract Chance {
    uint256 private state_;
    constructor(uint256 first) { state_ = first; }
    function _next() internal returns (uint256 seed) {
        seed = uint256(keccak256(abi.encode(state_, msg.sender))); // <-- finding
        state_ = seed;
    }
}
contract Chests is Chance(7) {
    uint256 private opened;
    mapping(address => uint256) public loot;
    function open() external { loot[msg.sender] += _next() % 10; }
    function again() external {
        loot[msg.sender] += uint256(keccak256(abi.encodePacked(++opened, address(this)))) % 10; // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Spins {
    function byGas() external view returns (uint256) { return gasleft() % 7; } // <-- finding
    function byFee() external view returns (uint256) { return (block.basefee + tx.gasprice) % 5; } // <-- finding
    function byHand() external view returns (uint256) {
        uint256 mixed;
        assembly { mixed := prevrandao() }
        return mixed % 3; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.18;
contract Sale {
    uint256 public start = block.timestamp;
    mapping(bytes32 => bool) public orders;
    function day() external view returns (uint256) { return (block.timestamp - start) / 1 days; }
    function hour() external view returns (uint256) { return (block.timestamp / 1 hours) % 24; }
    function order(uint256 amount) external returns (bytes32 id) {
        id = keccak256(abi.encode(msg.sender, amount, block.timestamp));
        orders[id] = true;
    }
    function orderId() external view returns (uint256) { return uint256(keccak256(abi.encode(msg.sender, count))); }
    function bucket(uint256 value) external pure returns (uint256) { return uint256(keccak256(abi.encode(value))) % 16; } // <-- guard: function bucket(uint256 value) external view returns (uint256) { return uint256(keccak256(abi.encode(value, block.timestamp))) % 16; }
    uint256 public count;
    address public oracle = msg.sender;
    uint256 private word;
    function fill(uint256 value) external { require(msg.sender == oracle); word = value; }
    function roll(uint256 index) external view returns (uint256) { return uint256(keccak256(abi.encode(word, index))) % 6; }
    function rollAll() external view returns (uint256) { return uint256(keccak256(abi.encode(word))) % 6; }
    function week() external view returns (uint256) { return block.timestamp - (block.timestamp % 1 weeks); }
}
`,
  ],
  run(audited, report) {
    const { program } = audited;
    for (const { node, frame, callable } of knownHashes(audited)) {
      report({
        node,
        frame,
        severity: 'medium',
        message: `${callable.name} draws a number from \`${codeOf(program, node, 60)}\`, all of which is known before.`,
        note: 'what stands in storage is no secret',
      });
    }
    for (const callable of ownCallables(program)) {
      const statements = new Set<AstNode>();
      for (const { node, values } of draws(program, callable)) {
        const statement = statementOf(program, node);
        if (statements.has(statement)) continue;
        statements.add(statement);
        const names = [...new Set(values.map((value) => codeOf(program, value.node, 40)))].join(', ');
        report({
          node,
          // Time and block number alone also serve as schedules.
          ...(values.some(isChance) ? { confidence: 'high' } : { severity: 'medium' }),
          message: `${callable.name} draws a number from \`${names}\`, which everybody in the block knows.`,
          note: 'the number is predictable',
        });
      }
    }
  },
};

/** Numbers made of hashes of nothing but storage, the sender and counters: the next one can be computed by everybody. */
function knownHashes({ program, runs }: Audited) {
  const fed = slotsFedFromOutside(runs);
  return ownCallables(program).flatMap((callable) => {
    const context = callable.contract;
    if (!callable.body || !context) return [];
    const frame = entryFrame(program, callable, context);
    return descendants(callable.body, 'FunctionCall').flatMap((node) => {
      const [hash] = childrenOf(node, 'arguments');
      const isNumber =
        textOf(node, 'kind') === 'typeConversion' && /^uint/.test(typeOf(node)) && isHash(hash);
      if (!isNumber || !isChosenBy(program, callable, node)) return [];
      const parts = sourcesOf(hash, frame);
      const isUnknown = parts.some(
        (part) => isOutside(program, part) || fed.has(slotOf(part.node, part.frame)?.key ?? ''),
      );
      const isChanging = parts.some(
        (part) => slotOf(part.node, part.frame) || isSender(part.node, part.frame),
      );
      return isChanging && !isUnknown ? [{ node, frame, callable }] : [];
    });
  });
}

/** Parameters, answers of other contracts, and block values, which have their own message. */
function isOutside(program: Program, { node, frame }: Ref): boolean {
  if (frame.callable.parameters.some((parameter) => parameter.id === node['referencedDeclaration']))
    return true;
  if (/^t_magic_block/.test(typeIdOf(childOf(node, 'expression'))) || isNow(program, node)) return true;
  return (
    node.nodeType === 'FunctionCall' &&
    /^t_function_(external|blockhash)/.test(typeIdOf(childOf(node, 'expression')))
  );
}

/** Places that a random source may fill: written with what a caller or another contract says. */
function slotsFedFromOutside(runs: Audited['runs']): Set<string> {
  const writes = runs.entries.filter(({ role }) => role === 'entry').flatMap((run) => run.visits.writes);
  const outside = writes.filter(
    ({ value, frame }) =>
      value !== undefined && hasBits(taintOf(value, frame), from.parameter | from.external),
  );
  return new Set(outside.map(({ slot }) => slot.key));
}

function isHash(node: AstNode | undefined): boolean {
  const callee = node?.nodeType === 'FunctionCall' ? childOf(node, 'expression') : undefined;
  return /^t_function_(keccak256|sha3|sha256|ripemd160)/.test(typeIdOf(callee));
}

/** One of a few is chosen by it, here, or it is kept under a name that speaks of chance. */
function isChosenBy(program: Program, callable: Callable, node: AstNode): boolean {
  const parent = program.parent(node);
  const place = parent && (childOf(parent, 'leftHandSide') ?? slotsOf(parent, 'declarations')[0]);
  const named = `${callable.name} ${textOf(place, 'name')}`;
  if (/rand|seed|entropy|luck|dice|roll|draw|lotter|winner/i.test(named)) return true;
  if (textOf(parent, 'operator') === '%') return true;
  const id = place && (place.nodeType === 'VariableDeclaration' ? place.id : place['referencedDeclaration']);
  return descendants(callable.body ?? node, 'BinaryOperation').some(
    (each) =>
      textOf(each, 'operator') === '%' &&
      descendants(childOf(each, 'leftExpression') ?? each, 'Identifier').some(
        (name) => id !== undefined && name['referencedDeclaration'] === id,
      ),
  );
}

interface Draw {
  node: AstNode;
  values: BlockValue[];
}

function draws(program: Program, callable: Callable): Draw[] {
  if (!callable.body) return [];
  const found: Draw[] = [];
  const values = (node: AstNode | undefined) => (node ? blockValuesIn(program, callable, node) : []);
  const add = (node: AstNode, source: AstNode | undefined, enough: (list: BlockValue[]) => boolean) => {
    const list = values(source);
    if (list.length > 0 && enough(list) && !isIdentity(program, node)) found.push({ node, values: list });
  };
  for (const node of descendants(callable.body, 'BinaryOperation', 'IndexAccess')) {
    const left = childOf(node, 'leftExpression');
    if (textOf(node, 'operator') === '%') add(node, left, (list) => !isSchedule(node, list));
    if (['+', '-', '*', '/', '^', '&', '==', '<', '>'].includes(textOf(node, 'operator')))
      add(node, node, hasChance);
    // One byte of a hash: `hash[0]`.
    const base = childOf(node, 'baseExpression');
    if (/^bytes32$/.test(typeOf(base))) add(node, base, () => true);
  }
  for (const call of callsIn(program, callable)) {
    if (call.kind === 'conversion' && /^t_u?int/.test(typeIdOf(call.node))) {
      const argument = call.arguments[0];
      if (/^(bytes\d+|address)/.test(typeOf(argument))) add(call.node, argument, () => true);
    }
    if (/^t_function_(keccak256|sha3|sha256)/.test(typeIdOf(call.callee)))
      add(call.node, call.node, hasChance);
  }
  return found.sort((a, b) => start(a.node) - start(b.node));
}

/** Hashed into what something is called by: `subId = uint256(keccak256(abi.encode(blockhash(block.number - 1), nonce)))`. */
function isIdentity(program: Program, node: AstNode): boolean {
  const statement = statementOf(program, node);
  const assigned = childOf(statement, 'expression');
  const place = slotsOf(statement, 'declarations')[0] ?? (assigned && childOf(assigned, 'leftHandSide'));
  return /(^|_)id$|I[dD]$/.test(textOf(place, 'name'));
}

// Fields that nobody uses for anything but chance.
function isChance({ kind }: BlockValue): boolean {
  return kind === 'difficulty' || kind === 'coinbase' || kind === 'blockhash';
}

function hasChance(list: BlockValue[]): boolean {
  return list.some(isChance);
}

// `block.timestamp % 1 days` rounds to a period; `now % 6` draws.
function isSchedule(node: AstNode, list: BlockValue[]): boolean {
  if (!list.every((value) => value.kind === 'timestamp')) return false;
  const left = childOf(node, 'leftExpression');
  const hashed = left !== undefined && childrenOf(left, 'arguments').length > 0;
  const divisor = childOf(node, 'rightExpression');
  return (
    !hashed && divisor !== undefined && (isPeriod(divisor) || (left !== undefined && isWholePeriods(left)))
  );
}

function start(node: AstNode): number {
  return Number(node.src.split(':')[0]);
}
