import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { entryFrame, type Frame, resolve } from '../ir/frames.ts';
import { ownCallables } from '../ir/own.ts';

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
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const context = callable.contract;
      const open = callable.visibility === 'public' || callable.visibility === 'external';
      if (!callable.body || !context || !open || /^(view|pure)$/.test(callable.mutability)) continue;
      const arrays = callable.parameters.filter((one) => /\[\]/.test(typeOf(one)));
      if (arrays.length < 2) continue;
      const frame = entryFrame(program, callable, context);
      const ids = new Set(arrays.map(({ id }) => id));
      for (const loop of descendants(callable.body, 'ForStatement', 'WhileStatement')) {
        const condition = childOf(loop, 'condition');
        const body = childOf(loop, 'body');
        const measured = condition && measuredIn(condition, frame, ids);
        if (!condition || measured === undefined || !body) continue;
        const others = indexedIn(body, ids).filter((id) => id !== measured);
        const loose = others.filter((id) => !areCompared(callable.body as AstNode, id, measured, frame));
        if (loose.length === 0) continue;
        const nameOf = (id: number) =>
          textOf(
            arrays.find((one) => one.id === id),
            'name',
          );
        report({
          node: condition,
          frame,
          message: `${callable.name} goes over \`${nameOf(measured)}\` and takes from \`${loose.map(nameOf).join('`, `')}\`, whose length nobody compares.`,
        });
      }
    }
  },
};

function lengthOf(node: AstNode, frame: Frame): number | undefined {
  const at = resolve(node, frame).node;
  if (at.nodeType !== 'MemberAccess' || textOf(at, 'memberName') !== 'length') return undefined;
  return referenceOf(childOf(at, 'expression') ?? at);
}

function measuredIn(condition: AstNode, frame: Frame, ids: ReadonlySet<number>): number | undefined {
  for (const item of descendants(condition, 'MemberAccess', 'Identifier')) {
    const id = lengthOf(item, frame);
    if (id !== undefined && ids.has(id)) return id;
  }
  return undefined;
}

function indexedIn(body: AstNode, ids: ReadonlySet<number>): number[] {
  const bases = descendants(body, 'IndexAccess').flatMap((node) => childOf(node, 'baseExpression') ?? []);
  return [...new Set(bases.flatMap((base) => referenceOf(base) ?? []))].filter((id) => ids.has(id));
}

/** Both lengths stand in one comparison, or are handed to one function together. */
function areCompared(body: AstNode, a: number, b: number, frame: Frame): boolean {
  return descendants(body, 'BinaryOperation', 'FunctionCall').some((node) => {
    if (
      node.nodeType === 'BinaryOperation' &&
      !['==', '!=', '<', '>', '<=', '>='].includes(textOf(node, 'operator'))
    )
      return false;
    // Whatever is given both may well compare them.
    if (node.nodeType === 'FunctionCall') {
      const given = childrenOf(node, 'arguments').map(referenceOf);
      if (given.includes(a) && given.includes(b)) return true;
    }
    const lengths = descendants(node, 'MemberAccess', 'Identifier').map((item) => lengthOf(item, frame));
    return lengths.includes(a) && lengths.includes(b);
  });
}
