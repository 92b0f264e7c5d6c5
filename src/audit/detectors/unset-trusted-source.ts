import type { Detector } from '../detector.ts';
import { typeOf } from '../ir/ast.ts';
import { atomsOf, clausesOf, equalSides } from '../ir/conditions.ts';
import { type Ref, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import type { Callable } from '../ir/program.ts';
import type { EntryRun } from '../ir/runs.ts';
import { isZero, keyOf, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** For a chain that was never set up, the trusted sender is zero. */
export const unsetTrustedSource: Detector = {
  id: 'unset-trusted-source',
  category: 'cross-chain',
  severity: 'medium',
  confidence: 'medium',
  title: 'A source that was never set passes as zero',
  why: 'The message says which chain it comes from and who sent it, and the contract looks up whom it trusts on that chain. For a chain that nobody set up the answer is zero, and a sender of zero equals it.',
  exploit:
    'An attacker brings a message from a chain that is not in the table, with a sender of zero, and it is taken as trusted.',
  fix: 'Refuse a source that is not set: `require(trusted[chain] != 0 && trusted[chain] == sender)`.',
  references: ['SWC-123', 'CWE-1188', 'OWASP-SC01:2025', 'EEA-EthTrust: Validate Inputs'],
  losses: [
    {
      name: 'Nomad',
      year: 2022,
      usd: 190_000_000,
      what: 'The zero root was marked as trusted, so that every message without a proof passed.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Port {
    struct Packet { uint32 chain; bytes32 port; address to; uint256 amount; }
    address public relay = msg.sender;
    mapping(uint32 => bytes32) public trusted;
    mapping(address => uint256) public balanceOf;
    function trust(uint32 chain, bytes32 port) external { require(msg.sender == relay); trusted[chain] = port; }
    function onPacket(Packet calldata p) external {
        require(msg.sender == relay);
        bytes32 port = trusted[p.chain];
        if (p.port != port) revert(); // <-- finding
        balanceOf[p.to] += p.amount;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Port {
    struct Packet { uint32 chain; bytes32 port; address to; uint256 amount; }
    address public relay = msg.sender;
    mapping(uint32 => bytes32) public trusted;
    mapping(uint32 => bytes32) public codes;
    mapping(address => uint256) public balanceOf;
    function trust(uint32 chain, bytes32 port) external { require(msg.sender == relay); trusted[chain] = port; }
    function onPacket(Packet calldata p) external {
        require(msg.sender == relay);
        bytes32 port = trusted[p.chain];
        if (port == bytes32(0) || p.port != port) revert();
        balanceOf[p.to] += p.amount;
    }
    function receiveMessage(uint32 chain, bytes32 source, address to) external {
        require(msg.sender == relay && source != bytes32(0));
        require(trusted[chain] == source);
        balanceOf[to] += 1;
    }
    // No message: a number that users know.
    function open(uint32 id, bytes32 code) external { require(codes[id] == code); balanceOf[msg.sender] = 1; }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || !bringsMessages(run.entry)) continue;
      const effects = [...run.visits.writes, ...run.visits.calls];
      for (const atom of atomsOf(run)) {
        const sides = equalSides(atom);
        if (!sides) continue;
        const trusted = sides.find((side) => isTrusted(side));
        const claimed = sides.find((side) => side !== trusted);
        if (!trusted || !claimed || !isClaim(claimed) || asksForZero(run, [trusted, claimed])) continue;
        const matters = effects.some(({ state }) => clausesOf(state).some((clause) => clause.includes(atom)));
        if (!matters || !program.isOwn(atom.node)) continue;
        report({
          node: atom.node,
          frame: atom.frame,
          message: `\`${codeOf(program, atom.node, 60)}\` in ${run.entry.name} passes for a source that was never set.`,
        });
      }
    }
  },
};

/** By its name, or as a message's source is among what it takes. */
function bringsMessages({ name, parameters }: Callable): boolean {
  return (
    /receive|message|packet|handle|deliver|relay|bridge|inbound|arrive|remote|execute|process|land|finali[sz]e/i.test(
      name,
    ) && parameters.length > 0
  );
}

/** `trusted[chain]`: one word, under a key that the message brings. */
function isTrusted({ node, frame }: Ref): boolean {
  const at = resolve(node, frame);
  const slot = slotOf(at.node, at.frame);
  if (!slot || !/^(bytes32|address|bytes20|contract |uint256)/.test(typeOf(at.node))) return false;
  return (
    slot.keys.length > 0 && slot.keys.every((key) => hasBits(taintOf(key.node, key.frame), from.parameter))
  );
}

function isClaim({ node, frame }: Ref): boolean {
  const taint = taintOf(node, frame);
  return (
    hasBits(taint, from.parameter) && taint.variables.size === 0 && !hasBits(taint, from.hash | from.sender)
  );
}

function asksForZero(run: EntryRun, asked: readonly Ref[]): boolean {
  const keys = new Set(asked.map((one) => keyOf(one.node, one.frame)));
  return atomsOf(run).some((atom) => {
    const sides = equalSides(atom, false) ?? equalSides(atom, true);
    return (
      sides?.some((side) => isZero(side.node)) === true &&
      sides.some((side) => keys.has(keyOf(side.node, side.frame)))
    );
  });
}
