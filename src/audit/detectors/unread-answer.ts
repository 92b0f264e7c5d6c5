import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { descendants, slotsOf } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import { callsIn, ownCallables } from '../ir/own.ts';
import type { Callable, Program } from '../ir/program.ts';
import { isSuccessUsed } from '../ir/results.ts';

/** A token is called by its selector, and what it answers is thrown away. */
export const unreadAnswer: Detector = {
  id: 'unread-answer',
  category: 'unchecked-result',
  severity: 'medium',
  confidence: 'medium',
  title: 'A token’s answer to a low-level transfer is not read',
  why: 'That the call did not revert is not what the token says. A token that answers false in place of reverting, and an address without code, both make the call succeed.',
  exploit:
    'The caller pays with a token that answers false. The call counts as success, and the deposit is credited though nothing moved.',
  fix: 'Take SafeERC20, or look at both: `require(ok && (data.length == 0 || abi.decode(data, (bool))))`, and that the token has code.',
  references: ['SWC-104', 'CWE-252', 'OWASP-SC06:2025', 'EEA-EthTrust: Check External Calls Return'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IERC20 { function transferFrom(address a, address b, uint256 n) external returns (bool); }
contract Desk {
    address public token;
    mapping(address => uint256) public paid;
    function pay(uint256 n) external {
        (bool ok, ) = token.call(abi.encodeWithSignature("transferFrom(address,address,uint256)", msg.sender, address(this), n)); // <-- finding
        require(ok);
        paid[msg.sender] += n;
    }
    function again(uint256 n) external {
        (bool ok, ) = token.call(abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), n))); // <-- finding
        require(ok);
        paid[msg.sender] += n;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Desk {
    address public token;
    function pay(uint256 n) external {
        (bool ok, bytes memory data) = token.call(abi.encodeWithSelector(0x23b872dd, msg.sender, address(this), n));
        require(ok && (data.length == 0 || abi.decode(data, (bool))));
    }
    function note(address to) external { (bool ok, ) = to.call(abi.encodeWithSignature("note()")); require(ok); }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const call of callsIn(program, callable)) {
        if (call.kind !== 'low-level' || call.method !== 'call' || !isTransfer(program, call)) continue;
        if (!isSuccessUsed(program, call.node) || isAnswerRead(program, callable, call.node)) continue;
        report({ node: call.node, message: `${callable.name} does not read what the token answers.` });
      }
    }
  },
};

const transfer =
  /0xa9059cbb|0x23b872dd|"(transfer|transferFrom)\(|\.transfer(From)?\.selector|encodeCall\(\s*\w+\.transfer(From)?\b/;

function isTransfer(program: Program, { arguments: given }: Call): boolean {
  return given.some((argument) => transfer.test(program.source.text(argument)));
}

function isAnswerRead(program: Program, { body }: Callable, call: AstNode): boolean {
  const statement = program.parent(call);
  if (!body || statement?.nodeType !== 'VariableDeclarationStatement') return true;
  const answer = slotsOf(statement, 'declarations')[1];
  return (
    answer !== undefined &&
    descendants(body, 'Identifier').some((node) => node['referencedDeclaration'] === answer.id)
  );
}
