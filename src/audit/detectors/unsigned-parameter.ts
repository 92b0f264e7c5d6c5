import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { isCompared } from '../ir/conditions.ts';
import { isSender, type Ref, resolve } from '../ir/frames.ts';
import { isNow } from '../ir/moments.ts';
import { codeOf } from '../ir/own.ts';
import type { EntryRun } from '../ir/runs.ts';
import { type Digest, digestOf, recoveriesOf, rootsOf } from '../ir/signatures.ts';
import { keyOf } from '../ir/storage.ts';

/** What is done is not all of what was signed. */
export const unsignedParameter: Detector = {
  id: 'unsigned-parameter',
  category: 'signature',
  severity: 'high',
  confidence: 'medium',
  title: 'A parameter is not part of what was signed',
  why: 'The signature covers some of what the function does, and another part of it, an amount or a receiver, comes from whoever brings the signature.',
  exploit:
    'Whoever has the signature, or sees it in the mempool, brings it with an amount or a receiver of their own.',
  fix: 'Put every parameter that decides something into the hash that is signed.',
  references: ['SWC-122', 'CWE-345', 'OWASP-SC04:2025', 'EEA-EthTrust: Verify Signatures'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Loans {
    address public immutable signer = msg.sender;
    mapping(bytes32 => bool) public used;
    mapping(address => uint256) public owed;
    function _digest(address who, uint256 id) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), who, id)); // <-- finding
    }
    function take(uint256 id, uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = _digest(msg.sender, id);
        require(!used[digest] && ecrecover(digest, v, r, s) == signer);
        used[digest] = true;
        owed[msg.sender] += amount;
        payable(msg.sender).transfer(amount);
    }
    function payOut(address to, uint256 amount, uint256 id, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), amount, id)); // <-- finding
        require(!used[digest] && ecrecover(digest, v, r, s) == signer);
        used[digest] = true;
        payable(to).transfer(amount);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transfer(address to, uint256 amount) external returns (bool); }
contract Grants {
    address public immutable signer = msg.sender;
    mapping(bytes32 => bool) public used;
    mapping(uint256 => address) public ownerOf;
    function _use(bytes32 digest, uint8 v, bytes32 r, bytes32 s) private {
        require(!used[digest] && ecrecover(digest, v, r, s) == signer);
        used[digest] = true;
    }
    function inTime(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        require(block.timestamp <= deadline);
        _use(keccak256(abi.encode(block.chainid, address(this), msg.sender, amount)), v, r, s); // <-- finding
        payable(msg.sender).transfer(amount);
    }
    function inTokens(IERC20 token, uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        _use(keccak256(abi.encode(block.chainid, address(this), "t", msg.sender, amount)), v, r, s); // <-- finding
        require(token.transfer(msg.sender, amount));
    }
    function item(uint256 id, uint256 nonce, uint8 v, bytes32 r, bytes32 s) external {
        _use(keccak256(abi.encode(block.chainid, address(this), "i", msg.sender, nonce)), v, r, s); // <-- finding
        ownerOf[id] = msg.sender;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transfer(address to, uint256 amount) external returns (bool); }
contract Grants {
    address public immutable signer = msg.sender;
    mapping(bytes32 => bool) public used;
    mapping(uint256 => address) public ownerOf;
    function take(IERC20 token, uint256 amount, uint256 id, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        require(block.timestamp <= deadline);
        bytes32 digest = keccak256(
            abi.encode(block.chainid, address(this), msg.sender, token, amount, id, deadline) // <-- guard: abi.encode(block.chainid, address(this), msg.sender, token, amount, id)
        );
        require(!used[digest] && ecrecover(digest, v, r, s) == signer);
        used[digest] = true;
        ownerOf[id] = msg.sender;
        require(token.transfer(msg.sender, amount));
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Loans {
    struct Order { address to; uint256 amount; uint256 id; }
    address public immutable signer = msg.sender;
    mapping(bytes32 => bool) public used;
    function take(uint256 id, uint256 amount, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, id, amount));
        require(!used[digest] && ecrecover(digest, v, r, s) == signer);
        used[digest] = true;
        payable(msg.sender).transfer(amount);
    }
    // The one who was named chooses where it goes, and takes no more than what was signed.
    function send(address to, uint256 part, uint256 most, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), msg.sender, most));
        require(!used[digest] && part <= most && ecrecover(digest, v, r, s) == signer);
        used[digest] = true;
        payable(to).transfer(part);
    }
    function fill(Order calldata order, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), order));
        require(!used[digest] && ecrecover(digest, v, r, s) == signer);
        used[digest] = true;
        payable(order.to).transfer(order.amount);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      const recoveries = recoveriesOf(run);
      const [recovery] = recoveries;
      if (!recovery || recoveries.length > 1 || runs.privileged(recovery.visit.state)) continue;
      const { visit } = recovery;
      const digest = digestOf(recovery.digest, visit.frame);
      const hashes = digest.hashes.filter(({ node }) => program.isOwn(node));
      if (digest.opaque || hashes.length === 0 || digest.parts.length === 0) continue;
      const signature = rootsOf(recovery.signature, visit.frame);
      const loose = decidedBy(run).find(
        ({ value, kind, visit: at }) =>
          !isCovered(value, digest, signature) &&
          !(kind === 'receiver' && (digest.sender || isSender(value.node, value.frame))) &&
          (kind === 'deadline' || !isCompared(value.node, value.frame, at.state)),
      );
      if (!loose) continue;
      const place = hashes.toSorted((a, b) => sizeOf(b.node) - sizeOf(a.node))[0];
      report({
        ...(place ?? { node: visit.node, frame: visit.frame }),
        ...(loose.kind === 'deadline' ? { severity: 'medium' as const } : {}),
        message: `What ${run.entry.name} takes as signed says nothing of \`${codeOf(program, loose.value.node, 40)}\`, the ${loose.kind}.`,
        steps: [{ node: loose.visit.node, frame: loose.visit.frame, note: 'and here it decides' }],
      });
    }
  },
};

interface Decided {
  value: Ref;
  kind: 'amount' | 'receiver' | 'token' | 'item' | 'deadline';
  visit: { node: AstNode; frame: Ref['frame']; state: EntryRun['visits']['calls'][number]['state'] };
}

/** Parameters that say how much of what goes to whom, and until when. */
function decidedBy({ visits }: EntryRun): Decided[] {
  const found: Decided[] = [];
  const add = (kind: Decided['kind'], node: AstNode | undefined, visit: Decided['visit']) => {
    for (const part of node ? digestOf(node, visit.frame).parts : [])
      if (isParameter(part)) found.push({ value: part, kind, visit });
  };
  for (const visit of visits.calls) {
    const { call } = visit;
    const name = textOf(call.callee, 'memberName') || textOf(call.callee, 'name');
    if (call.kind === 'transfer' || call.kind === 'send') {
      add('receiver', call.address, visit);
      add('amount', call.arguments[0], visit);
    } else if (call.kind === 'low-level' && call.value) {
      add('receiver', call.address, visit);
      add('amount', call.value, visit);
    } else if (/^_?(safe)?(transfer|mint)$/i.test(name) && call.kind !== 'conversion') {
      const [to, amount] = call.arguments.slice(-2);
      add('receiver', to, visit);
      add('amount', amount, visit);
      if (call.kind === 'external') add('token', call.address, visit);
      else if (call.arguments.length > 2) add('token', call.arguments[0], visit);
    }
    if (visit.node === visits.calls.at(-1)?.node) for (const until of deadlinesIn(visit)) found.push(until);
  }
  for (const visit of visits.writes) {
    // `ownerOf[id] = msg.sender`: which one it is.
    if (visit.value && isSender(visit.value, visit.frame) && visit.frame.program.isOwn(visit.node))
      for (const key of visit.slot.keys) add('item', key.node, { ...visit, frame: key.frame });
    if (
      visit.node['operator'] !== '+=' ||
      visit.slot.keys.length === 0 ||
      !visit.frame.program.isOwn(visit.node)
    )
      continue;
    const added = visit.node['rightHandSide'];
    if (typeof added === 'object' && added !== null) add('amount', added as AstNode, visit);
  }
  return found;
}

/** `block.timestamp <= deadline`, of a time that the entry point is given. */
function deadlinesIn(visit: Decided['visit']): Decided[] {
  return visit.state.conditions.flatMap(({ node, frame }) =>
    descendants(node, 'BinaryOperation').flatMap((item): Decided[] => {
      const sides = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
      if (!/^[<>]=?$/.test(textOf(item, 'operator'))) return [];
      const timed = sides.findIndex((side) => side && isNow(frame.program, resolve(side, frame).node));
      const other = timed < 0 ? undefined : sides[1 - timed];
      const value = other && resolve(other, frame);
      return value && isParameter(value)
        ? [{ value, kind: 'deadline', visit: { node: item, frame, state: visit.state } }]
        : [];
    }),
  );
}

/** A number or an address of the entry point itself, or a field of what it is given. */
function isParameter({ node, frame }: Ref): boolean {
  if (frame.parent || !/^(u?int|address|contract |bytes32)/.test(typeOf(node))) return false;
  const root =
    node.nodeType === 'MemberAccess' ? ((node['expression'] as AstNode | undefined) ?? node) : node;
  return frame.callable.parameters.some((one) => one.id === referenceOf(root));
}

function isCovered({ node, frame }: Ref, { keys }: Digest, signature: ReadonlySet<string>): boolean {
  const key = keyOf(node, frame);
  return keys.has(key) || keys.has(key.replace(/\.[^.]*$/, '')) || signature.has(key);
}

function sizeOf(node: AstNode): number {
  return childrenOf(childrenOf(node, 'arguments')[0] ?? node, 'arguments').length;
}
