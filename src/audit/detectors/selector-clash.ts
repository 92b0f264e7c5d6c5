import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { textOf, typeOf } from '../ir/ast.ts';
import type { Callable, Contract } from '../ir/program.ts';
import { delegatingFallback, standsBehind } from '../ir/proxies.ts';

/** The proxy answers what was meant for the code behind it. */
export const selectorClash: Detector = {
  id: 'selector-clash',
  category: 'delegatecall-proxy',
  severity: 'medium',
  confidence: 'medium',
  title: 'A function of the proxy hides one of the implementation',
  why: 'A call goes to the proxy’s own function where its four-byte selector fits, and only otherwise to the implementation. A function of the implementation with the same selector can never be reached, whatever its name is.',
  exploit:
    'Users call what they believe to be a function of the implementation, and the proxy’s own one runs: ownership of the wrong thing is given away, or an attacker picks a name whose selector is that of the upgrade.',
  fix: 'Leave the proxy without public functions, or let only the admin reach them (transparent proxy).',
  references: ['SWC-105', 'CWE-694', 'OWASP-SC01:2025', 'EEA-EthTrust: Function Selector Clashes'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Proxy {
    bytes32 private constant SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    function owner() external view returns (address) { return address(this); } // <-- finding
    function collate_propagate_storage(bytes16) external {} // <-- finding
    fallback() external payable {
        bytes32 slot = SLOT;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), sload(slot), 0, calldatasize(), 0, 0)
            if iszero(ok) { revert(0, 0) }
        }
    }
}
contract TokenLogic {
    address public owner;
    mapping(address => uint256) public balanceOf;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
    function burn(uint256 n) external { balanceOf[msg.sender] -= n; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Counter {
    uint256 public count;
    address public last;
    function step() external { count += 1; last = msg.sender; }
    function reset() external { require(msg.sender == last); count = 0; }
}
contract Front {
    address private immutable code;
    address private immutable keeper = msg.sender;
    constructor(address to) { code = to; }
    function reset() external { // <-- finding
        require(msg.sender == keeper);
        (bool ok, ) = code.delegatecall(abi.encodeCall(Counter.step, ()));
        require(ok);
    }
    fallback() external payable { (bool ok, ) = code.delegatecall(msg.data); require(ok); }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Proxy {
    bytes32 private constant SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    function proxyOwner() external view returns (address) { return address(this); } // <-- guard: function owner() external view returns (address) { return address(this); }
    fallback() external payable {
        bytes32 slot = SLOT;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), sload(slot), 0, calldatasize(), 0, 0)
            if iszero(ok) { revert(0, 0) }
        }
    }
}
contract TokenLogic {
    address public owner;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
`,
  ],
  run({ program, runs }, report) {
    const concrete = program.contracts.filter(
      ({ own, kind, abstract }) => own && kind === 'contract' && !abstract,
    );
    for (const proxy of concrete) {
      if (!delegatingFallback(program, proxy)) continue;
      for (const logic of concrete) {
        if (!standsBehind(runs, logic, proxy, program)) continue;
        const behind = new Map(answered(logic));
        for (const [selector, own] of answered(proxy)) {
          const hidden = behind.get(selector);
          if (!hidden || !program.isOwn(own.node) || isMirrored(own.node, hidden.node)) continue;
          const harmless = own.name === hidden.name && isReading(own.node) && isReading(hidden.node);
          report({
            node: own.node,
            ...(harmless ? { severity: 'low' as const } : {}),
            ...(own.name === hidden.name ? {} : { severity: 'high' as const }),
            message: `${own.name} of ${proxy.name} answers in place of ${hidden.name} of ${logic.name}: both have the selector ${selector}.`,
            steps: [{ node: hidden.node, note: 'cannot be reached through the proxy' }],
          });
        }
      }
    }
  },
};

/** The same variable in both: its getters answer the same. */
function isMirrored(a: AstNode, b: AstNode): boolean {
  if (a.nodeType !== 'VariableDeclaration' || b.nodeType !== 'VariableDeclaration') return false;
  return a === b || (textOf(a, 'name') === textOf(b, 'name') && typeOf(a) === typeOf(b));
}

function isReading(node: AstNode): boolean {
  return node.nodeType === 'VariableDeclaration' || /view|pure/.test(textOf(node, 'stateMutability'));
}

/** Selectors with what answers them: public functions, and public variables by their getters. */
function answered({ linearised }: Contract): [string, Pick<Callable, 'name' | 'node'>][] {
  return linearised.flatMap(({ functions, variables }) => {
    const own = functions
      .filter(({ kind, visibility }) => kind === 'function' && /public|external/.test(visibility))
      .map(({ name, node }) => ({ name, node }));
    const getters = variables.map((node) => ({ name: textOf(node, 'name'), node }));
    return [...own, ...getters].flatMap((item): [string, Pick<Callable, 'name' | 'node'>][] => {
      const selector = textOf(item.node, 'functionSelector');
      return selector === '' ? [] : [[`0x${selector}`, item]];
    });
  });
}
