import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, slotsOf, textOf, typeOf } from '../ir/ast.ts';
import { callsIn, isInside, loops, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';

/** What is changed is a copy, and the copy is thrown away. */
export const lostCopy: Detector = {
  id: 'lost-copy',
  category: 'language-trap',
  severity: 'medium',
  confidence: 'high',
  title: 'A change is made to a copy only',
  why: 'A struct that is taken into `memory` is a copy of what is stored. Setting its members changes nothing that lasts, and this copy is not written back.',
  exploit: 'A withdrawal marks the copy as paid. The record stays as it is, and is paid again.',
  fix: 'Write `storage` in place of `memory`, or store the copy when all is set.',
  references: ['SWC-124', 'CWE-1164', 'OWASP-SC03:2025', 'EEA-EthTrust: No Effect-Free Code'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Loans {
    struct Loan { address who; uint256 amount; bool paid; }
    mapping(uint256 => Loan) public loans;
    function repay(uint256 id) external payable {
        Loan memory loan = loans[id];
        require(msg.value == loan.amount && !loan.paid);
        loan.paid = true; // <-- finding
    }
    function settle(uint256 id) external {
        Loan memory loan = loans[id];
        require(!loan.paid && loan.who == msg.sender);
        loan.paid = true; // <-- finding
        payable(msg.sender).transfer(loan.amount);
    }
    uint256[] public limits;
    function close(uint256 id) external { _mark(loans[id]); }
    function _mark(Loan memory loan) internal { loan.paid = true; } // <-- finding
    function lower() external {
        uint256[] memory copy = limits;
        copy[0] = 1; // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Loans {
    struct Loan { address who; uint256 amount; bool paid; }
    mapping(uint256 => Loan) public loans;
    event Changed(Loan loan);
    function repay(uint256 id) external payable {
        Loan storage loan = loans[id];
        loan.paid = true;
        Loan memory copy = loans[id];
        copy.amount = 0;
        loans[id] = copy;
        Loan memory shown = loans[id];
        shown.paid = false;
        emit Changed(shown);
    }
    function preview(uint256 id) external view returns (Loan memory loan) { loan = loans[id]; loan.amount += 1; }
    function sum(uint256 id) external view returns (uint256) {
        Loan memory loan = loans[id];
        loan.amount += 5;
        return loan.amount;
    }
}
`,
  ],
  run({ program }, report) {
    const given = givenStorage(program);
    for (const callable of ownCallables(program)) {
      if (!callable.body) continue;
      for (const statement of descendants(callable.body, 'VariableDeclarationStatement')) {
        const variable = slotsOf(statement, 'declarations')[0];
        const value = childOf(statement, 'initialValue');
        if (!variable || !value || textOf(variable, 'storageLocation') !== 'memory') continue;
        if (!/^(struct .*|.*\]) storage/.test(typeOf(value))) continue;
        const lost = lostWrites(program, callable, variable);
        for (const node of lost) {
          report({
            node,
            message: `${callable.name} sets a member of \`${textOf(variable, 'name')}\`, a copy that is used for nothing afterwards.`,
          });
        }
      }
      // A parameter in memory is a copy as well, when storage is handed over.
      for (const variable of callable.parameters) {
        if (textOf(variable, 'storageLocation') !== 'memory' || !/private|internal/.test(callable.visibility))
          continue;
        if (!/^struct/.test(typeOf(variable)) || !given.has(variable.id)) continue;
        for (const node of lostWrites(program, callable, variable)) {
          report({
            node,
            message: `${callable.name} sets a member of \`${textOf(variable, 'name')}\`, a copy of what is stored, which is thrown away.`,
          });
        }
      }
    }
  },
};

/** @returns the parameters for which some caller hands over a place in storage */
function givenStorage(program: Program): ReadonlySet<number> {
  const found = new Set<number>();
  for (const caller of ownCallables(program))
    for (const call of callsIn(program, caller)) {
      if (call.kind !== 'internal') continue;
      for (const [index, parameter] of call.target.parameters.entries())
        if (/ storage/.test(typeOf(call.arguments[index]))) found.add(parameter.id);
    }
  return found;
}

/** @returns writes to members of the copy after which nothing reads it; none where it is used as a whole */
function lostWrites(program: Program, { body }: Callable, variable: AstNode): AstNode[] {
  const uses = body
    ? descendants(body, 'Identifier').filter((node) => referenceOf(node) === variable.id)
    : [];
  const writes: AstNode[] = [];
  const lastRead = new Map<string, number>();
  for (const use of uses) {
    const member = program.parent(use);
    // As a whole: stored, emitted, returned or handed on.
    const isPart =
      member?.nodeType === 'MemberAccess' ||
      (member?.nodeType === 'IndexAccess' && childOf(member, 'baseExpression') === use);
    if (!member || !isPart) return [];
    const parent = program.parent(member);
    const isWrite = parent?.nodeType === 'Assignment' && childOf(parent, 'leftHandSide') === member;
    if (isWrite && parent) writes.push(parent);
    // What is only told in an event is not kept by it; nor is a member by reading another one.
    else if (!isInside(program, member, /^EmitStatement$/))
      lastRead.set(textOf(member, 'memberName'), startOf(member));
  }
  const isInLoop = writes.some((node) => isInside(program, node, loops));
  return isInLoop ? [] : writes.filter((node) => startOf(node) > (lastRead.get(memberOf(node)) ?? -1));
}

function memberOf(write: AstNode): string {
  return textOf(childOf(write, 'leftHandSide'), 'memberName');
}

function startOf({ src }: AstNode): number {
  return Number(src.split(':')[0]);
}
