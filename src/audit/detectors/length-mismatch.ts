import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import { atomsOf } from '../ir/conditions.ts';
import { type Frame, inEntry, resolve } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { type EntryRun, framesOf } from '../ir/runs.ts';
import { keyOf } from '../ir/storage.ts';

/** Two lists of the caller go together, and nobody asks whether they are equally long. */
export const lengthMismatch: Detector = {
  id: 'length-mismatch',
  category: 'input-validation',
  severity: 'medium',
  confidence: 'medium',
  title: 'Lists that belong together may differ in length',
  why: 'A loop goes over one list and takes what belongs to it from another. Where that one is longer its rest is silently left out; where it is shorter the transaction fails late, or reads what is not there.',
  exploit:
    'The caller sends more amounts than receivers: the amounts are added up or paid for, and not all are handed out.',
  fix: 'Begin with `require(a.length == b.length)`, or take one list of structs.',
  references: ['SWC-123', 'CWE-1284', 'OWASP-SC04:2025', 'EEA-EthTrust: Validate Inputs'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Drop {
    mapping(address => uint256) public owed;
    function share(address[] calldata whom, uint256[] calldata amounts) external {
        for (uint256 i = 0; i < whom.length; i++) { // <-- finding
            owed[whom[i]] += amounts[i];
        }
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bonus {
    struct Season { address[] pickers; uint256[] amounts; }
    mapping(address => uint256) public owed;
    uint256 public total;
    function book(address[] calldata pickers, uint256[] calldata amounts) external {
        require(pickers.length > 0 && pickers.length < 200);
        total += _book(pickers, amounts); // <-- finding
    }
    function _book(address[] calldata pickers, uint256[] calldata amounts) private returns (uint256 sum) {
        for (uint256 i = 0; i < amounts.length; i++) sum += amounts[i];
        for (uint256 i = 0; i < pickers.length; i++) owed[pickers[i]] += amounts[i];
    }
    function season(Season calldata all) external {
        for (uint256 i = 0; i < all.pickers.length; i++) owed[all.pickers[i]] += all.amounts[i]; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Drop {
    mapping(address => uint256) public owed;
    function share(address[] calldata whom, uint256[] calldata amounts) external {
        if (whom.length != amounts.length) revert();
        for (uint256 i = 0; i < whom.length; i++) owed[whom[i]] += amounts[i];
    }
    function counted(address[] calldata whom, uint256[] calldata amounts) external {
        uint256 count = whom.length;
        require(count == amounts.length, "lengths");
        for (uint256 i = 0; i < count; i++) owed[whom[i]] += amounts[i];
    }
    function checked(address[] calldata whom, uint256[] calldata amounts) external {
        _same(whom.length, amounts.length);
        for (uint256 i = 0; i < whom.length; i++) owed[whom[i]] += amounts[i];
    }
    function _same(uint256 a, uint256 b) private pure { require(a == b); }
    modifier paired(uint256 a, uint256 b) { require(a == b); _; }
    function guarded(address[] calldata whom, uint256[] calldata amounts) external paired(whom.length, amounts.length) {
        _all(whom, amounts);
    }
    function _all(address[] calldata whom, uint256[] calldata amounts) private {
        for (uint256 i = 0; i < whom.length; i++) owed[whom[i]] += amounts[i];
    }
}
`,
  ],
  run({ runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      for (const frame of framesOf(run)) {
        const { body, kind } = frame.callable;
        for (const loop of body && kind !== 'modifier'
          ? descendants(body, 'ForStatement', 'WhileStatement')
          : []) {
          const condition = childOf(loop, 'condition');
          const measured = condition && measuredIn(condition, frame);
          const inside = childOf(loop, 'body');
          if (!condition || !measured || !inside) continue;
          const others = indexedIn(inside, frame).filter(({ key }) => key !== measured.key);
          const loose = others.filter(({ key }) => !areCompared(run, key, measured.key));
          if (loose.length === 0) continue;
          // The entry point has the lists from its caller: where a helper goes over them, it is the one to compare.
          const at = inEntry({ node: condition, frame });
          report({
            ...at,
            message: `${run.entry.name} goes over \`${measured.name}\` and takes from \`${loose.map(({ name }) => name).join('`, `')}\`, whose length nobody compares.`,
            steps:
              at.node === condition ? [] : [{ node: condition, frame, note: 'the list is gone over here' }],
          });
        }
      }
    }
  },
};

interface List {
  key: string;
  name: string;
}

/** A list that the caller brought: a parameter, or a field of one. */
function listOf(node: AstNode, frame: Frame): List | undefined {
  const at = resolve(node, frame);
  if (!/\[\]( |$)/.test(typeOf(at.node)) || /storage/.test(typeOf(at.node))) return undefined;
  const root =
    at.node.nodeType === 'MemberAccess' ? resolve(childOf(at.node, 'expression') ?? node, at.frame) : at;
  const id = root.node.nodeType === 'Identifier' ? referenceOf(root.node) : undefined;
  const isGiven = !root.frame.parent && root.frame.callable.parameters.some((one) => one.id === id);
  return isGiven ? { key: keyOf(at.node, at.frame), name: codeOf(frame.program, at.node, 40) } : undefined;
}

function lengthOf(node: AstNode, frame: Frame): List | undefined {
  const at = resolve(node, frame);
  if (at.node.nodeType !== 'MemberAccess' || textOf(at.node, 'memberName') !== 'length') return undefined;
  const list = childOf(at.node, 'expression');
  return list && listOf(list, at.frame);
}

function measuredIn(condition: AstNode, frame: Frame): List | undefined {
  for (const item of descendants(condition, 'MemberAccess', 'Identifier')) {
    const list = lengthOf(item, frame);
    if (list) return list;
  }
  return undefined;
}

function indexedIn(body: AstNode, frame: Frame): List[] {
  const lists = descendants(body, 'IndexAccess').flatMap((node) => {
    const base = childOf(node, 'baseExpression');
    return (base && listOf(base, frame)) ?? [];
  });
  return lists.filter((list, index) => lists.findIndex(({ key }) => key === list.key) === index);
}

/** Another contract, or a function that only answers: one that is given both may well compare them, or hash them together. */
function isJudge(call: Call): boolean {
  if (call.kind === 'external') return true;
  return call.kind === 'internal' && /^(view|pure)$/.test(call.target.mutability);
}

/** Both lengths stand in one condition of the run, or one function is given both or refuses what it is given. */
function areCompared(run: EntryRun, a: string, b: string): boolean {
  const isBoth = (found: readonly (string | undefined)[]) => found.includes(a) && found.includes(b);
  const compared = atomsOf(run).some(({ node, frame }) => {
    const lengths = descendants(node, 'MemberAccess', 'Identifier').map((item) => lengthOf(item, frame)?.key);
    const given = descendants(node, 'Identifier').map((item) => listOf(item, frame)?.key);
    return isBoth(lengths) || isBoth(given);
  });
  return (
    compared ||
    run.visits.calls.some(
      ({ call, frame }) => isJudge(call) && isBoth(call.arguments.map((given) => listOf(given, frame)?.key)),
    )
  );
}
