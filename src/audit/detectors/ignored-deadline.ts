import type { Detector } from '../detector.ts';
import { descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { ownCallables } from '../ir/own.ts';

/** A deadline that the caller gives is not looked at. */
export const ignoredDeadline: Detector = {
  id: 'ignored-deadline',
  category: 'front-running',
  severity: 'medium',
  confidence: 'high',
  title: 'A deadline or limit of the caller is ignored',
  why: 'The function takes a deadline, or a least or greatest amount, and never reads it. Callers believe to be protected and are not.',
  exploit:
    'A transaction waits in the mempool until its price has become bad for the sender, and is mined then; or a searcher trades around it as if no limit had been given.',
  fix: 'Compare the parameter and revert beyond it, or take it out of the signature.',
  references: ['SWC-114', 'CWE-670', 'OWASP-SC07:2025', 'EEA-EthTrust: Protect Against Front-Running'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Desk {
    mapping(address => uint256) public credit;
    uint256 public rate = 3;
    function buy(uint256 minOut, uint256 deadline) external payable { // <-- finding
        uint256 out = msg.value * rate;
        require(out >= minOut);
        credit[msg.sender] += out;
    }
    function sell(uint256 amount, uint256 amountOutMin) external { // <-- finding
        credit[msg.sender] -= amount;
        payable(msg.sender).transfer(amount / rate);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
abstract contract Base {
    modifier before(uint256 deadline) { require(block.timestamp <= deadline); _; }
    function hook(uint256 amount, uint256 deadline) public virtual {}
    function quote(uint256 amount, uint256) external virtual returns (uint256) { return amount; }
}
contract Desk is Base {
    mapping(address => uint256) public credit;
    function buy(uint256 deadline) external payable before(deadline) { credit[msg.sender] += msg.value; }
    function refuse(uint256 minOut) external pure { revert("closed"); }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      const statements = callable.body?.['statements'];
      if (!callable.body || !/^(public|external)$/.test(callable.visibility) || !Array.isArray(statements))
        continue;
      if (/^(view|pure)$/.test(callable.mutability) || statements.length === 0) continue;
      const uses = new Set(
        descendants(callable.node, 'Identifier', 'YulIdentifier').flatMap((node) => [
          referenceOf(node),
          textOf(node, 'name'),
        ]),
      );
      const ignored = callable.parameters.find(
        (parameter) =>
          /^uint/.test(typeOf(parameter)) &&
          isLimit(textOf(parameter, 'name')) &&
          !uses.has(parameter.id) &&
          !descendants(callable.node, 'InlineAssembly').some((node) =>
            program.source.text(node).includes(textOf(parameter, 'name')),
          ),
      );
      if (!ignored) continue;
      report({
        node: ignored,
        message: `${callable.name} never looks at \`${textOf(ignored, 'name')}\`.`,
      });
    }
  },
};

function isLimit(name: string): boolean {
  return /deadline|expir|validUntil|min(imum)?_?(out|amount|shares|received|return|tokens)|(out|amount|shares|received|return)_?min(imum)?|max_?(in|cost|price|slippage)|slippage/i.test(
    name,
  );
}
