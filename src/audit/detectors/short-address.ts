import type { Detector } from '../detector.ts';
import { descendants, referenceOf, typeOf } from '../ir/ast.ts';
import { modifiersOf } from '../ir/program.ts';
import type { EntryRun } from '../ir/runs.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';

/** Calldata that is too short is filled up with zeros by compilers before 0.5. */
export const shortAddress: Detector = {
  id: 'short-address',
  category: 'input-validation',
  severity: 'low',
  confidence: 'low',
  title: 'Calldata that is too short is taken as it is',
  why: 'Code of compilers before 0.5 reads zeros where calldata ends. An address that lost its last byte takes one from the amount behind it, and the amount is multiplied by 256.',
  exploit:
    'An attacker owns an address that ends in 00 and gives it to an exchange without the zeros. The exchange puts address and amount together without a check, and 256 times the amount is moved.',
  fix: 'Compile with Solidity 0.5 or later, which refuses such calldata, or check `msg.data.length` first; whoever builds calldata checks the length of addresses.',
  references: ['SWC-130', 'CWE-130', 'OWASP-SC04:2025', 'EEA-EthTrust: Validate Inputs'],
  bad: [
    `pragma solidity ^0.4.24;
contract Coin {
    mapping(address => uint) balances;
    function sendCoin(address to, uint amount) public returns (bool) { // <-- finding
        require(balances[msg.sender] >= amount);
        balances[msg.sender] -= amount;
        balances[to] += amount;
        return true;
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract Coin {
    mapping(address => uint) balances;
    modifier whole(uint words) {
        require(msg.data.length >= words * 32 + 4);
        _;
    }
    function sendCoin(address to, uint amount) public whole(2) returns (bool) {
        require(balances[msg.sender] >= amount);
        balances[msg.sender] -= amount;
        balances[to] += amount;
        return true;
    }
    function limitOf(address who, uint amount) public view returns (bool) { return balances[who] >= amount; }
}
`,
    `// no guard: the compiler refuses such calldata
pragma solidity ^0.5.0;
contract Coin {
    mapping(address => uint) balances;
    function sendCoin(address to, uint amount) public {
        require(balances[msg.sender] >= amount);
        balances[msg.sender] -= amount;
        balances[to] += amount;
    }
}
`,
  ],
  run({ program, runs }, report) {
    if (program.minor > 4) return;
    for (const run of runs.entries) {
      const { entry } = run;
      if (run.role !== 'entry' || !program.isOwn(entry.node) || !movesAmount(run)) continue;
      const [address, amount, ...others] = entry.parameters.map(typeOf);
      if (address !== 'address' || !/^uint/.test(amount ?? '') || others.length > 0) continue;
      const guards = modifiersOf(program, entry, run.context).map(({ modifier }) => modifier.body);
      const asks = [entry.body, ...guards].some((body) => body && readsDataLength(program.source.text(body)));
      if (asks) continue;
      report({
        node: entry.node,
        message: `${entry.name} takes an address and an amount from calldata of any length.`,
      });
    }
  },
};

/** The amount is added to what the address has. */
function movesAmount({ entry, visits }: EntryRun): boolean {
  const [to, amount] = entry.parameters;
  return visits.writes.some(
    ({ node, frame, slot, value }) =>
      slot.keys.some((key) =>
        descendants(key.node, 'Identifier').some((item) => to !== undefined && referenceOf(item) === to.id),
      ) &&
      hasBits(taintOf(value ?? node, frame), from.parameter) &&
      amount !== undefined,
  );
}

function readsDataLength(text: string): boolean {
  return /msg\s*\.\s*data\s*\.\s*length/.test(text);
}
