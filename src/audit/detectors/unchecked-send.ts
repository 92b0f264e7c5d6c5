import type { Detector } from '../detector.ts';
import { callsIn, codeOf, ownCallables } from '../ir/own.ts';
import { isSuccessUsed } from '../ir/results.ts';

/** `send` whose failure goes unnoticed. */
export const uncheckedSend: Detector = {
  id: 'unchecked-send',
  category: 'unchecked-result',
  severity: 'medium',
  confidence: 'high',
  title: 'The result of send is ignored',
  why: 'send forwards 2,300 gas and returns false when the receiver needs more or reverts. Code that does not look at the result believes that the ether left.',
  exploit:
    'The receiver is a contract whose fallback costs more than 2,300 gas, or the call stack was filled beforehand. The debt is cleared although nothing was paid, and the ether stays for whoever comes next.',
  fix: 'Check the result and undo the bookkeeping when it is false, or let receivers withdraw for themselves: `(bool ok, ) = to.call{value: amount}(""); require(ok);` after the state has been updated.',
  references: ['SWC-104', 'CWE-252', 'OWASP-SC06:2025', 'EEA-EthTrust: Check External Calls Return'],
  losses: [
    {
      name: 'King of the Ether Throne',
      year: 2016,
      usd: null,
      what: 'Payments that failed were not noticed and stayed in the contract.',
    },
  ],
  bad: [
    `pragma solidity ^0.4.24;
contract King {
    address king;
    uint price;
    function claim() public payable {
        require(msg.value > price);
        king.send(price); // <-- finding
        king = msg.sender;
        price = msg.value;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Payer {
    mapping(address => uint256) public due;
    function pay(address payable to) external {
        uint256 amount = due[to];
        due[to] = 0;
        bool sent = to.send(amount); // <-- finding
    }
}
`,
  ],
  good: [
    `pragma solidity ^0.4.24;
contract King {
    address king;
    uint price;
    mapping(address => uint) owed;
    function claim() public payable {
        require(msg.value > price);
        if (!king.send(price)) owed[king] += price;
        king = msg.sender;
        price = msg.value;
    }
    function refund() public {
        uint amount = owed[msg.sender];
        owed[msg.sender] = 0;
        require(msg.sender.send(amount));
    }
}
`,
  ],
  run({ program }, report) {
    for (const callable of ownCallables(program)) {
      for (const call of callsIn(program, callable)) {
        if (call.kind !== 'send' || isSuccessUsed(program, call.node)) continue;
        const target = codeOf(program, call.address, 40);
        report({
          node: call.node,
          message: `Nothing looks at whether the send to \`${target}\` in ${callable.name} worked.`,
        });
      }
    }
  },
};
