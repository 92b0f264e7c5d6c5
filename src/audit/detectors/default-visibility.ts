import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { callsIn } from '../ir/own.ts';
import { isSenders } from '../ir/places.ts';
import type { Callable, Program } from '../ir/program.ts';

/** Nobody wrote who may call it, so anybody may. */
export const defaultVisibility: Detector = {
  id: 'default-visibility',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: 'A function is public because nothing else was said',
  why: 'Up to 0.4 a function without a visibility is public. What was meant as a helper can be called by anybody, past the checks of the functions that use it.',
  exploit: 'An attacker calls the helper directly, which pays or sets what its callers check before.',
  fix: 'Say who may call it: `internal` or `private` for helpers, `public` or `external` where it is meant.',
  references: ['SWC-100', 'CWE-710', 'OWASP-SC01:2025', 'EEA-EthTrust: Declare Visibility'],
  losses: [
    {
      name: 'Parity multisig wallets',
      year: 2017,
      usd: 30_000_000,
      what: 'The function that sets the owners had no visibility and so was public.',
    },
  ],
  bad: [
    `pragma solidity ^0.4.24;
contract Game {
    address owner;
    mapping(address => uint) won;
    constructor() public { owner = msg.sender; }
    function end(address winner) public { require(msg.sender == owner); pay(winner); }
    function pay(address winner) { // <-- finding
        won[winner] += 1 ether;
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Game {
    address owner;
    mapping(address => uint) won;
    constructor() { owner = msg.sender; }
    function () payable { won[msg.sender] += msg.value; }
    function enter() payable { won[msg.sender] += msg.value; }
    function pay(address winner) { require(msg.sender == owner); won[winner] += 1 ether; }
    function read(address who) constant returns (uint) { return won[who]; }
    function add() public { won[msg.sender] = 1; }
}
`,
  ],
  run({ program, runs }, report) {
    if (program.minor > 4) return;
    for (const { entry, role, visits } of runs.entries) {
      if (role !== 'entry' || entry.kind !== 'function' || !entry.body || !entry.own) continue;
      if (saysWho(program, entry.node)) continue;
      const changes = [
        ...visits.writes.filter(({ slot }) => slot.base > 0),
        ...visits.calls.filter(({ call }) =>
          ['transfer', 'send', 'low-level', 'external', 'selfdestruct'].includes(call.kind),
        ),
      ];
      if (!changes.some(({ state }) => !runs.authorised(state))) continue;
      if (entry.mutability === 'payable') continue; // What takes ether is meant for everybody.
      // What works on the caller's own record, as those of a token do.
      const isForCallers = visits.writes.some(({ slot }) => isSenders(slot));
      report({
        node: entry.node,
        ...(isHelper(program, entry) || (isForgotten(program, entry) && !isForCallers)
          ? {}
          : { severity: 'low' as const }),
        message: `${entry.name} changes what is stored, and anyone may call it, as no visibility is written.`,
      });
    }
  },
};

/** Others call it, or its name says that they are to. */
function isHelper(program: Program, { name, node }: Callable): boolean {
  if (name.startsWith('_')) return true;
  return program.contracts.some((contract) =>
    contract.functions.some((callable) =>
      callsIn(program, callable).some((call) => call.kind === 'internal' && call.target.node === node),
    ),
  );
}

/** Most functions of the contract say who may call them: this one was to say it too. */
function isForgotten(program: Program, { contract }: Callable): boolean {
  const functions = contract?.functions.filter(({ kind }) => kind === 'function') ?? [];
  const written = functions.filter(({ node }) => saysWho(program, node));
  return written.length * 2 >= functions.length;
}

function saysWho(program: Program, node: AstNode): boolean {
  const text = program.source.text(node);
  const [header = ''] = text.split('{');
  return /\b(public|external|internal|private)\b/.test(header);
}
