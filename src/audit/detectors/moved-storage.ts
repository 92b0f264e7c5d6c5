import type { Detector } from '../detector.ts';
import { childOf } from '../ir/ast.ts';
import { type PlacedVariable, placesOf, readsAs } from '../ir/layout.ts';
import type { Contract, Program } from '../ir/program.ts';
import { delegatingFallback, initialisersOf, isImplementation } from '../ir/proxies.ts';
import type { Runs } from '../ir/runs.ts';

/** A later version of an implementation looks for its variables in other slots than the earlier one wrote. */
export const movedStorage: Detector = {
  id: 'moved-storage',
  category: 'delegatecall-proxy',
  severity: 'high',
  confidence: 'medium',
  title: 'A new version reads storage that the old one wrote as something else',
  why: 'The proxy keeps its storage when its implementation is replaced. Variables are found by their place, so one that is put in, taken away, or of another type moves or changes all that stand behind it.',
  exploit:
    'After the upgrade the slot of the owner holds an amount or a flag. Whoever can write what now lies there sets what the contract trusts, or everybody’s balances are gone.',
  fix: 'Leave what there is where it is: new variables come last or out of a gap, and what is not needed any more stays declared.',
  references: ['SWC-124', 'CWE-787', 'OWASP-SC01:2025', 'EEA-EthTrust: Avoid Storage Collision'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract PoolV1 {
    address public owner;
    uint256 public total;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
contract PoolV2 {
    bool public paused; // <-- finding
    address public owner;
    uint256 public total;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Base { address public owner; uint256[49] private __gap; uint128 public fee; }
contract WiderBase { address public owner; uint256 public limit; uint256[49] private __gap; uint128 public fee; } // <-- finding
contract Till is Base {
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
contract TillV2 is WiderBase {
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
contract Book {
    struct Entry { address who; uint96 paid; }
    mapping(uint256 => Entry) public entries;
    address public owner;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
contract BookV2 {
    struct Entry { address who; uint64 since; uint96 paid; }
    mapping(uint256 => Entry) public entries; // <-- finding
    address public owner;
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract PoolV1 {
    address public owner;
    uint256 public total;
    uint256[10] private __gap;
    uint64 public since;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
contract PoolV2 {
    address public owner; // <-- guard: bool public open; address public owner;
    uint256 public totalDue;
    uint256 public limit;
    uint256[9] private __gap;
    uint64 public since;
    bool public paused;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
contract PoolV3 is PoolV2 { uint256 public more; }
contract Coin { uint256 public a; address public b; }
contract CoinV2 { address public b; uint256 public a; }
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IRates { function rate() external view returns (uint256); }
contract Book {
    enum State { None, Open }
    struct Entry { address who; uint96 paid; State state; }
    mapping(uint256 => Entry) public entries;
    address public rates;
    address public owner;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
contract BookV2 {
    enum State { None, Open, Closed }
    struct Entry { address who; uint96 paid; State state; uint64 since; } // <-- guard: struct Entry { address who; uint64 since; uint96 paid; State state; }
    mapping(uint256 => Entry) public entries;
    IRates public rates;
    address payable public owner;
}
`,
  ],
  run({ program, runs }, report) {
    const concrete = program.contracts.filter(
      (one) => one.own && one.kind === 'contract' && !one.abstract && !delegatingFallback(program, one),
    );
    const lines = new Map<string, Contract[]>();
    for (const contract of concrete) {
      const { stem } = versionOf(contract.name);
      lines.set(stem, [...(lines.get(stem) ?? []), contract]);
    }
    for (const versions of lines.values()) {
      if (versions.length < 2 || !versions.some((one) => isUpgraded(runs, one))) continue;
      versions.sort((a, b) => versionOf(a.name).version - versionOf(b.name).version);
      for (const [index, after] of versions.entries()) {
        const before = versions[index - 1];
        if (!before || versionOf(before.name).version === versionOf(after.name).version) continue;
        const moved = firstMoved(program, before, after);
        if (!moved) continue;
        const node = moved.now?.node ?? after.node;
        report({
          node: program.isOwn(node) ? node : after.node,
          message: `${after.name} takes the slot of \`${moved.was.name}\` of ${before.name} for ${moved.now ? `\`${moved.now.name}\`` : 'something else'}.`,
          steps: [{ node: moved.was.node, note: `what ${before.name} keeps there` }],
        });
      }
    }
  },
};

function isUpgraded(runs: Runs, contract: Contract): boolean {
  const isUups = contract.linearised.some(({ functions }) =>
    functions.some(({ name }) => /^(_authorizeUpgrade|upgradeTo(AndCall)?)$/.test(name)),
  );
  const isMarked = contract.linearised.some(({ name }) => /^Initializable/.test(name));
  // That its name has a number says nothing yet.
  const plain = { ...contract, name: versionOf(contract.name).stem };
  return isUups || isMarked || initialisersOf(runs, contract).length > 0 || isImplementation(plain);
}

/** `Vault`, `VaultV2`, `Vault_v3`, `Vault2`, `OldVault`, `VaultNew` */
function versionOf(name: string): { stem: string; version: number } {
  const numbered = /^(.*?)_?[vV]?(?:ersion)?(\d+)$/.exec(name);
  if (numbered?.[1]) return { stem: numbered[1].toLowerCase(), version: Number(numbered[2]) };
  const old = /^(?:Old|Legacy|Previous)([A-Z]\w*)$|^(\w+?)_?(?:Old|Legacy|Previous)$/.exec(name);
  if (old) return { stem: (old[1] ?? old[2] ?? '').toLowerCase(), version: 0 };
  const next = /^(?:New|Next|Upgraded)([A-Z]\w*)$|^(\w+?)_?(?:New|Next|Upgraded|Upgrade)$/.exec(name);
  if (next) return { stem: (next[1] ?? next[2] ?? '').toLowerCase(), version: 2 };
  return { stem: name.toLowerCase(), version: 1 };
}

function firstMoved(program: Program, before: Contract, after: Contract) {
  const later = placesOf(program, after);
  const at = new Map(later.map((variable) => [placeOf(variable), variable]));
  const names = new Set(later.map(({ name }) => name));
  for (const was of placesOf(program, before)) {
    if (/gap|reserved/i.test(was.name)) continue;
    const now = at.get(placeOf(was));
    if (!now) {
      // At the end it may go.
      if (names.has(was.name)) return { was, now: later.find(({ name }) => name === was.name) };
      continue;
    }
    const isRenamed = was.name !== now.name && names.has(was.name);
    if (isRenamed || !readsAs(program, childOf(was.node, 'typeName'), childOf(now.node, 'typeName')))
      return { was, now };
  }
  return undefined;
}

function placeOf({ slot, offset }: PlacedVariable): string {
  return `${slot}:${offset}`;
}
