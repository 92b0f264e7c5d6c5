import type { Detector } from '../detector.ts';
import { ownPlace } from '../findings.ts';
import { isTrusted, shownAddress } from '../ir/control.ts';
import { codeOf } from '../ir/own.ts';
import { nameOfPlace, unsettledIn } from '../ir/reentry.ts';

/** A token tells its receiver before the books are right. */
export const tokenHookReentrancy: Detector = {
  id: 'token-hook-reentrancy',
  category: 'reentrancy',
  severity: 'medium',
  confidence: 'medium',
  title: 'The receiver of a token is told before the state is settled',
  why: 'ERC-721 and ERC-1155 with `safe…`, ERC-777, ERC-677 and ERC-1363 call the receiver in the middle of the transfer. However well the token is known, the receiver’s code runs before this function has finished.',
  exploit:
    'An attacker receives the token with a contract whose onERC721Received or onERC1155Received calls the function again. It still sees the old count and gives once more.',
  fix: 'Change the state before the transfer, or put nonReentrant on every function that shares this state.',
  references: ['SWC-107', 'CWE-841', 'OWASP-SC05:2025', 'EEA-EthTrust: Use Check-Effects-Interaction'],
  losses: [
    {
      name: 'Lendf.Me',
      year: 2020,
      usd: 25_000_000,
      what: 'The hook of an ERC-777 token let the attacker withdraw in the middle of a deposit.',
    },
    {
      name: 'Cream Finance',
      year: 2021,
      usd: 18_800_000,
      what: 'The hook of the AMP token let the attacker borrow twice on one collateral.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC1155 { function safeTransferFrom(address a, address b, uint256 id, uint256 n, bytes calldata d) external; }
interface IERC721 { function safeTransferFrom(address a, address b, uint256 id) external; }
contract Shelf {
    struct Lot { address owner; uint256 id; uint256 left; }
    IERC1155 public immutable goods;
    IERC721 public immutable pieces;
    mapping(uint256 => Lot) public lots;
    mapping(uint256 => address) public keeperOf;
    constructor(IERC1155 a, IERC721 b) { goods = a; pieces = b; }
    function takeBack(uint256 lot, uint256 units) external {
        Lot memory copy = lots[lot];
        require(msg.sender == copy.owner && units <= copy.left);
        goods.safeTransferFrom(address(this), copy.owner, copy.id, units, ""); // <-- finding
        copy.left -= units;
        lots[lot] = copy;
    }
    function give(uint256 id) external {
        require(keeperOf[id] == msg.sender);
        _send(id);
        delete keeperOf[id];
    }
    function _send(uint256 id) internal { pieces.safeTransferFrom(address(this), msg.sender, id); } // <-- finding
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC721 { function safeTransferFrom(address a, address b, uint256 id) external; function transferFrom(address a, address b, uint256 id) external; }
contract Shelf {
    IERC721 public immutable pieces;
    mapping(uint256 => address) public keeperOf;
    uint256 private busy = 1;
    modifier alone() { require(busy == 1); busy = 2; _; busy = 1; }
    constructor(IERC721 given) { pieces = given; }
    function put(uint256 id) external {
        require(keeperOf[id] == address(0));
        pieces.safeTransferFrom(msg.sender, address(this), id);
        keeperOf[id] = msg.sender;
    }
    function give(uint256 id) external {
        require(keeperOf[id] == msg.sender);
        delete keeperOf[id];
        pieces.safeTransferFrom(address(this), msg.sender, id);
    }
    function alone_(uint256 id) external alone {
        require(keeperOf[id] == msg.sender);
        pieces.safeTransferFrom(address(this), msg.sender, id);
        delete keeperOf[id];
    }
    function plain(uint256 id) external {
        require(keeperOf[id] == msg.sender);
        pieces.transferFrom(address(this), msg.sender, id);
        delete keeperOf[id];
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role === 'constructor') continue;
      for (const { write, pending, guest, stale, rechecked } of unsettledIn(runs, run)) {
        const { call, frame, before } = pending;
        if (guest?.how !== 'hook' || !stale || before.locks.size > 0) continue;
        if (isTrusted(before, program, runs)) continue;
        const place = ownPlace(program, write.node, write.frame);
        if (!place || place === ownPlace(program, call.node, frame)) continue;
        const name = nameOfPlace(program, write);
        report({
          node: call.node,
          frame,
          ...(rechecked ? { severity: 'low' as const, confidence: 'low' as const } : {}),
          message: `${run.entry.name} lets \`${shownAddress(program, guest.address)}\` run code in \`${codeOf(program, call.callee, 40)}\` before \`${name}\` is updated.`,
          note: 'the receiver of the token is called',
          steps: [{ node: write.node, frame: write.frame, note: `\`${name}\` is updated only now` }],
        });
      }
    }
  },
};
