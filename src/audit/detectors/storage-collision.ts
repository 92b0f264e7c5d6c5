import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, unwrap } from '../ir/ast.ts';
import type { Call } from '../ir/calls.ts';
import { codeOf } from '../ir/own.ts';
import type { Callable, Contract, Program } from '../ir/program.ts';
import { delegatingFallback, differences, isSame, layoutOf, standsBehind } from '../ir/proxies.ts';

/** Two contracts take the same slot for different things. */
export const storageCollision: Detector = {
  id: 'storage-collision',
  category: 'delegatecall-proxy',
  severity: 'high',
  confidence: 'medium',
  title: 'Code that is delegated to uses the storage differently',
  why: 'delegatecall runs the other contract’s code on this contract’s slots, counted from zero in the order of declaration. Where the two declare different variables, one overwrites the other.',
  exploit:
    'An attacker calls a function of the implementation that writes its first variable, and with it replaces the owner or the implementation’s address in the proxy.',
  fix: 'Keep what belongs to the proxy in slots by hash (ERC-1967, ERC-7201), or let both inherit one contract that declares all variables.',
  references: ['SWC-124', 'CWE-787', 'OWASP-SC01:2025', 'EEA-EthTrust: Avoid Storage Collision'],
  losses: [
    {
      name: 'Audius',
      year: 2022,
      usd: 6_000_000,
      what: 'A variable of the proxy lay where the implementation keeps whether it is initialised.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Proxy {
    address public implementation; // <-- finding
    address public admin;
    constructor(address first) { implementation = first; admin = msg.sender; }
    fallback() external payable {
        address to = implementation;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), to, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) }
        }
    }
}
contract Logic {
    address public owner;
    uint256 public total;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
`,
    `pragma solidity ^0.4.24;
contract Times {
    uint time;
    function setTime(uint to) public { time = to; }
}
contract Diary {
    address owner;
    address times;
    uint time;
    constructor(address t) public { owner = msg.sender; times = t; }
    function set(uint to) public {
        require(times.delegatecall(bytes4(keccak256("setTime(uint256)")), to)); // <-- finding
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Slots { address internal implementation; address internal admin; }
contract Proxy is Slots {
    constructor(address first) { implementation = first; admin = msg.sender; }
    fallback() external payable {
        (bool ok, ) = implementation.delegatecall(msg.data);
        require(ok);
    }
}
contract Logic is Slots { // <-- guard: contract Logic {
    address public owner;
    function initialize(address who) external { require(owner == address(0)); owner = who; }
}
contract Hashed {
    bytes32 private constant SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    fallback() external payable {
        bytes32 slot = SLOT;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), sload(slot), 0, calldatasize(), 0, 0)
            if iszero(ok) { revert(0, 0) }
        }
    }
}
contract Starter {
    address immutable logic;
    constructor(address to) { logic = to; (bool ok, ) = to.delegatecall(abi.encodeWithSignature("initialize(address)", msg.sender)); require(ok); }
    fallback() external payable { (bool ok, ) = logic.delegatecall(msg.data); require(ok); }
}
contract Times { address a; address b; uint256 time; function setTime(uint256 to) external { time = to; } }
contract Diary {
    address owner;
    address times;
    uint256 time;
    function set(uint256 to) external { (bool ok, ) = times.delegatecall(abi.encodeWithSignature("setTime(uint256)", to)); require(ok); }
}
`,
  ],
  run({ program, runs }, report) {
    const concrete = program.contracts.filter(
      ({ own, kind, abstract }) => own && kind === 'contract' && !abstract,
    );
    const told = new Set<string>();
    for (const proxy of concrete) {
      if (!delegatingFallback(program, proxy)) continue;
      for (const logic of concrete.filter((other) => standsBehind(runs, other, proxy, program))) {
        const different = differences(layoutOf(proxy), layoutOf(logic)).find(({ b }) =>
          isUsed(logic, b.node),
        );
        if (!different) continue;
        told.add(`${proxy.node.id} ${logic.node.id}`);
        report({
          node: different.a.node,
          message: `\`${different.a.name}\` of ${proxy.name} and \`${different.b.name}\` of ${logic.name} lie in the same slot.`,
          steps: [{ node: different.b.node, note: `what ${logic.name} takes the slot for` }],
        });
      }
    }
    for (const run of runs.entries) {
      for (const { call, node, frame } of run.visits.calls) {
        if (call.kind !== 'low-level' || !/^(delegatecall|callcode)$/.test(call.method)) continue;
        for (const { callable, contract } of calledIn(program, call, run.context)) {
          const clash = clashOf(program, callable, contract, run.context);
          if (!clash || told.has(`${run.context.node.id} ${contract.node.id}`)) continue;
          report({
            node,
            frame,
            message: `\`${codeOf(program, node, 40)}\` lets ${contract.name} write \`${clash.theirs}\` where ${run.context.name} keeps \`${clash.ours}\`.`,
            steps: [{ node: callable.node, note: 'what runs on this storage' }],
          });
        }
      }
    }
  },
};

/** What nothing reads or writes only keeps a place free. */
function isUsed({ linearised }: Contract, variable: AstNode): boolean {
  if (textOf(variable, 'visibility') === 'public') return true;
  return linearised.some(({ functions, modifiers }) =>
    [...functions, ...modifiers].some(
      ({ body }) => body && descendants(body, 'Identifier').some((node) => referenceOf(node) === variable.id),
    ),
  );
}

/** Functions of other contracts that the data of a delegatecall names. */
function calledIn(
  program: Program,
  call: Call,
  context: Contract,
): { callable: Callable; contract: Contract }[] {
  const text = call.arguments.map((argument) => program.source.text(argument)).join(' ');
  const named =
    /"(\w+)\(/.exec(text)?.[1] ??
    /\.(\w+)\.selector/.exec(text)?.[1] ??
    /encodeCall\(\s*\w+\.(\w+)/.exec(text)?.[1];
  if (named === undefined) return [];
  return program.contracts
    .filter(({ own, kind }) => own && kind === 'contract')
    .filter((contract) => contract !== context && !context.linearised.includes(contract))
    .flatMap((contract) =>
      contract.functions
        .filter(({ name, body }) => name === named && body)
        .map((callable) => ({ callable, contract })),
    );
}

function clashOf(program: Program, { body }: Callable, theirs: Contract, ours: Contract) {
  const [left, right] = [layoutOf(theirs), layoutOf(ours)];
  const written = new Set(
    (body ? descendants(body, 'Assignment', 'UnaryOperation') : []).flatMap((node) => {
      const place = childOf(node, node.nodeType === 'Assignment' ? 'leftHandSide' : 'subExpression');
      const id = place && baseOf(place);
      return id !== undefined && program.stateVariable(id) ? [id] : [];
    }),
  );
  for (const [index, variable] of left.entries()) {
    const other = right[index];
    if (!other || !written.has(variable.node.id) || isSame(variable, other)) continue;
    return { theirs: variable.name, ours: other.name };
  }
  return undefined;
}

function baseOf(place: AstNode): number | undefined {
  const at = unwrap(place);
  if (at.nodeType === 'Identifier') return referenceOf(at);
  const inner = childOf(at, 'baseExpression') ?? childOf(at, 'expression');
  return inner && textOf(inner, 'nodeType') !== 'FunctionCall' && childrenOf(inner, 'arguments').length === 0
    ? baseOf(inner)
    : undefined;
}
