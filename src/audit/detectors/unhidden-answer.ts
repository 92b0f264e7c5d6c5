import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, textOf, typeIdOf } from '../ir/ast.ts';
import { classifyCall } from '../ir/calls.ts';
import { looksUpCommitment } from '../ir/commitments.ts';
import { clausesOf } from '../ir/conditions.ts';
import type { Frame, Ref } from '../ir/frames.ts';
import { mentionsSender } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import { isGiven, isSenders } from '../ir/places.ts';
import { isPutUpBefore, rewardsOf } from '../ir/rewards.ts';
import { isMadeOf, sourcesOf } from '../ir/sources.ts';
import type { Condition } from '../ir/state.ts';
import { isZero, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** The answer to a riddle travels in the open to whoever is quicker. */
export const unhiddenAnswer: Detector = {
  id: 'unhidden-answer',
  category: 'front-running',
  severity: 'medium',
  confidence: 'high',
  title: 'Whoever sees the answer can send it first',
  why: 'The caller is rewarded for a secret that fits a hash, or for a solution that passes a check, and it stands in the transaction. Everybody who watches the mempool can copy it; nothing binds it to who found it.',
  exploit:
    'A bot sees the transaction with the answer, sends the same answer with a higher fee, and is paid in place of the finder.',
  fix: 'Let the finder first commit to `keccak256(answer, salt, msg.sender)` and reveal it some blocks later; pay only who committed.',
  references: ['SWC-114', 'CWE-362', 'OWASP-SC07:2025', 'EEA-EthTrust: Protect Against Front-Running'],
  bad: [
    `pragma solidity ^0.4.24;
contract Riddle {
    bytes32 constant public hash = 0xb5b5b97fafd9855eec9b41f74dfb6c38f5951141f9a3ecd7f44d5479b630ee0a;
    constructor() public payable {}
    function solve(string solution) public {
        require(hash == sha3(solution)); // <-- finding
        msg.sender.transfer(1000 ether);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Hunt {
    struct Prize { bytes32 lock; uint256 amount; address finder; }
    mapping(uint256 => Prize) public prizes;
    mapping(address => uint256) public won;
    function hide(uint256 id, bytes32 lock) external payable {
        require(prizes[id].lock == 0);
        prizes[id] = Prize(lock, msg.value, address(0));
    }
    function find(uint256 id, string calldata word) external {
        Prize storage prize = prizes[id];
        if (!_fits(word, prize.lock)) revert();
        prize.finder = msg.sender;
        won[msg.sender] += prize.amount;
    }
    function _fits(string calldata word, bytes32 lock) private pure returns (bool) {
        return keccak256(bytes(word)) == lock; // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Noted {
    bytes32 public immutable lock;
    mapping(address => bytes32) public commits;
    bool public solved;
    constructor(bytes32 given) payable { lock = given; }
    function commit(bytes32 hidden) external { commits[msg.sender] = hidden; }
    function reveal(string calldata word) external {
        if (commits[msg.sender] == 0) revert();
        require(!solved && keccak256(bytes(word)) == lock); // <-- finding
        solved = true;
        payable(msg.sender).transfer(1 ether);
    }
}
`,
    `pragma solidity ^0.4.26;
contract Factors {
    uint public product = 15485863 * 32452843;
    uint public prize;
    address public finder;
    function fund() public payable { prize += msg.value; }
    function split(uint a, uint b) public {
        require(a > 1 && b > 1 && a * b == product); // <-- finding
        finder = msg.sender;
        uint won = prize;
        prize = 0;
        msg.sender.transfer(won);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IVerifier { function verifyProof(bytes calldata proof, uint256[1] calldata input) external view returns (bool); }
contract Bounty {
    IVerifier public immutable verifier;
    bool public paid;
    constructor(IVerifier given) payable { verifier = given; }
    function claim(bytes calldata proof) external {
        require(!paid);
        if (!verifier.verifyProof(proof, [uint256(7)])) revert(); // <-- finding
        paid = true;
        payable(msg.sender).transfer(1 ether);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IVerifier { function verifyProof(bytes calldata proof, uint256[1] calldata input) external view returns (bool); }
contract Bounty {
    IVerifier public immutable verifier;
    bytes32 public immutable lock;
    bool public paid;
    mapping(address => uint256) public bought;
    mapping(bytes32 => uint256) public hiddenAt;
    constructor(IVerifier given, bytes32 hash) payable { verifier = given; lock = hash; }
    function claim(bytes calldata proof) external {
        require(!paid && verifier.verifyProof(proof, [uint256(uint160(msg.sender))]));
        paid = true;
        payable(msg.sender).transfer(1 ether);
    }
    function buy(uint256 packs, uint256 size) external payable {
        require(packs * size == 12);
        bought[msg.sender] += packs;
    }
    function hide(bytes32 seal) external { require(hiddenAt[seal] == 0); hiddenAt[seal] = block.number; }
    function sealOf(address who, string memory word, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(who, word, salt));
    }
    function show(string calldata word, bytes32 salt) external {
        uint256 at = hiddenAt[sealOf(msg.sender, word, salt)]; // <-- guard: uint256 at = hiddenAt[keccak256(abi.encode(word, salt))];
        require(at != 0 && block.number > at + 20);
        require(!paid && keccak256(bytes(word)) == lock);
        paid = true;
        payable(msg.sender).transfer(1 ether);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Riddle {
    bytes32 public immutable lock;
    address payable public receiver;
    bytes32 public root;
    mapping(address => bytes32) public commits;
    mapping(address => uint256) public since;
    mapping(address => bool) public paid;
    constructor(bytes32 given, address payable who) payable { lock = given; receiver = who; }
    function commit(bytes32 hidden) external { commits[msg.sender] = hidden; since[msg.sender] = block.number; }
    function reveal(string calldata word, bytes32 salt) external {
        require(commits[msg.sender] == keccak256(abi.encode(word, salt, msg.sender)) && block.number > since[msg.sender] + 5);
        require(keccak256(bytes(word)) == lock);
        payable(msg.sender).transfer(1 ether);
    }
    function open(bytes32 secret) external {
        require(sha256(abi.encode(secret)) == lock);
        receiver.transfer(1 ether);
    }
    function claim(bytes32 other, uint256 amount) external {
        require(keccak256(abi.encode(other, keccak256(abi.encode(msg.sender, amount)))) == root && !paid[msg.sender]);
        paid[msg.sender] = true;
        payable(msg.sender).transfer(amount);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const { frame, state, node, amount } of rewardsOf(run)) {
        if (runs.authorised(state)) continue;
        const checks = state.conditions.flatMap((condition) => equalitiesIn(condition));
        // An earlier commitment of the sender is asked for as well.
        if (checks.some((check) => isCommitment(check)) || state.conditions.some(looksUpCommitment)) continue;
        const isPrize = amount !== undefined && isPutUpBefore(amount, frame);
        const answers = checks.filter((check) => isAnswer(check) || (isPrize && isComputed(check)));
        const proven = isPrize ? state.conditions.flatMap((condition) => verificationsIn(condition)) : [];
        for (const check of [...answers, ...proven]) {
          report({
            node: check.node,
            frame: check.frame,
            message: `${run.entry.name} rewards whoever first sends what fits \`${codeOf(program, check.node, 60)}\`.`,
            steps: [{ node, frame, note: 'the sender is rewarded, whoever it is' }],
          });
        }
      }
    }
  },
};

/** `a * b == product`: what the caller brings is multiplied, or put to the power, until it fits. */
function isComputed(check: Ref): boolean {
  const sides = sidesOf(check);
  if (!sides) return false;
  return [sides, [sides[1], sides[0]] as const].some(([computed, expected]) => {
    const parts = sourcesOf(computed, check.frame);
    const isProduct = parts.some((part) => /^(\*|\*\*|%|\^)$/.test(textOf(part.node, 'operator')));
    if (!isProduct || !parts.some((part) => isGiven(part.node, part.frame))) return false;
    if (hasBits(taintOf(computed, check.frame), from.sender | from.value | from.time | from.block))
      return false;
    return (
      !sourcesOf(expected, check.frame).some((part) => isGiven(part.node, part.frame)) && !isZero(expected)
    );
  });
}

/** Another contract is asked whether a proof or solution is right, and not told who brings it. */
function verificationsIn({ node, frame, truth }: Condition): Ref[] {
  return clausesOf({ conditions: [{ node, frame, truth }] }).flatMap((clause) => {
    const [only] = clause;
    if (!only?.truth || clause.length > 1 || only.node.nodeType !== 'FunctionCall') return [];
    const call = classifyCall(only.frame.program, only.node);
    if (call.kind !== 'external' || !/verif|proof|solution|solve|correct|answer/i.test(call.name)) return [];
    const isBrought = call.arguments.some((each) =>
      isMadeOf(each, only.frame, (part) => isGiven(part.node, part.frame)),
    );
    const isTold = call.arguments.some((each) => mentionsSender(each, only.frame));
    return isBrought && !isTold ? [{ node: only.node, frame: only.frame }] : [];
  });
}

/** Comparisons for equality in a condition, and in what the internal functions return that it calls. */
function equalitiesIn({ node, frame }: Ref): Ref[] {
  const direct = descendants(node, 'BinaryOperation').map((each) => ({ node: each, frame }));
  const called = descendants(node, 'FunctionCall').flatMap((call) => sourcesOf(call, frame));
  return [...direct, ...called].filter(({ node: each }) => /^[!=]=$/.test(textOf(each, 'operator')));
}

function sidesOf({ node }: Ref): [AstNode, AstNode] | undefined {
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  return left && right ? [left, right] : undefined;
}

function isAnswer(check: Ref): boolean {
  const sides = sidesOf(check);
  if (!sides) return false;
  return [sides, [sides[1], sides[0]] as const].some(([hashed, expected]) => {
    const hash = sourcesOf(hashed, check.frame).find((part) => isHash(part.node));
    if (!hash || !isMadeOf(hash.node, hash.frame, (part) => isGiven(part.node, part.frame))) return false;
    if (hasBits(taintOf(hash.node, hash.frame), from.sender)) return false;
    const known = sourcesOf(expected, check.frame);
    if (known.some((part) => isHash(part.node) || isGiven(part.node, part.frame))) return false;
    return !isOfSender(expected, check.frame);
  });
}

function isCommitment(check: Ref): boolean {
  const sides = sidesOf(check);
  // That something was committed to says nothing of what it was.
  if (!sides || sides.some((side) => isZero(side))) return false;
  return sides.some((side) => isOfSender(side, check.frame) || isHashOfSender(side, check.frame));
}

function isHashOfSender(node: AstNode, frame: Frame): boolean {
  const taint = taintOf(node, frame);
  return hasBits(taint, from.hash) && hasBits(taint, from.sender);
}

function isOfSender(node: AstNode, frame: Frame): boolean {
  return isMadeOf(node, frame, (part) => {
    const slot = slotOf(part.node, part.frame);
    return slot !== undefined && /^bytes/.test(typeName(part.node)) && isSenders(slot);
  });
}

function typeName(node: AstNode): string {
  return typeIdOf(node).replace(/^t_/, '');
}

function isHash(node: AstNode): boolean {
  const callee = node.nodeType === 'FunctionCall' ? childOf(node, 'expression') : undefined;
  return (
    /^t_function_(keccak256|sha3|sha256|ripemd160)/.test(typeIdOf(callee)) &&
    childrenOf(node, 'arguments').length > 0
  );
}
