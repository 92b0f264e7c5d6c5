import type { Detector } from '../detector.ts';

/** A function was meant to be the constructor, and anybody may call it. */
export const misnamedConstructor: Detector = {
  id: 'misnamed-constructor',
  category: 'access-control',
  severity: 'critical',
  confidence: 'high',
  title: 'The constructor is a function that anyone may call',
  why: 'Up to 0.4 the constructor is the function with the contract’s name. Spelled differently, or after the contract was renamed, it is a public function.',
  exploit: 'An attacker calls it and is the owner.',
  fix: 'Write `constructor() public { … }`.',
  references: ['SWC-118', 'CWE-665', 'OWASP-SC01:2025', 'EEA-EthTrust: Constructor Names'],
  bad: [
    `pragma solidity ^0.4.24;
contract Wallet {
    address owner;
    function wallet() public { // <-- finding
        owner = msg.sender;
    }
    function take() public { require(msg.sender == owner); msg.sender.transfer(address(this).balance); }
}
contract Missing {
    address owner;
    function Constructor() public { // <-- finding
        owner = msg.sender;
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Wallet {
    address owner;
    uint total;
    function Wallet() public { owner = msg.sender; }
    function wallets() public view returns (uint) { return total; }
}
contract Other { address owner; constructor() public { owner = msg.sender; } }
`,
  ],
  run({ program, runs }, report) {
    if (program.minor > 4) return;
    for (const { entry, context, role, visits } of runs.entries) {
      if (role !== 'entry' || entry.kind !== 'function' || entry.contract !== context) continue;
      if (!isMeant(entry.name, context.name)) continue;
      const sets = visits.writes.some(({ slot, state }) => slot.keys.length === 0 && !runs.privileged(state));
      if (!sets) continue;
      report({
        node: entry.node,
        message: `${entry.name} sets what a constructor of ${context.name} would, and anyone may call it.`,
      });
    }
  },
};

/** Spelled as the contract but for letter case, or as the keyword, or differing in one or two letters. */
function isMeant(name: string, contract: string): boolean {
  if (name === contract) return false;
  const [a, b] = [name.toLowerCase(), contract.toLowerCase()];
  if (a === b || a === 'constructor' || a === `_${b}` || a === 'init_constructor') return true;
  return /^[A-Z]/.test(name) && (b.includes(a) || a.includes(b) || distance(a, b) <= 2);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
