import type { AstNode } from '../../solidity/types.ts';
import type { Detector } from '../detector.ts';
import { callOf, variablesIn } from '../ir/assembly.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { blamed } from '../ir/blame.ts';
import type { Call } from '../ir/calls.ts';
import { type Atom, asksSender, bypassedLookUp, isVouchedFor } from '../ir/conditions.ts';
import { isSetUpOnce } from '../ir/filling.ts';
import { type Frame, isThis, outermost, resolve } from '../ir/frames.ts';
import { mentions } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import type { Contract, Program } from '../ir/program.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import { movesOf } from '../ir/token-moves.ts';
import type { CallVisit } from '../ir/visits.ts';

/** The caller says whom the contract calls, and with what. */
export const arbitraryCall: Detector = {
  id: 'arbitrary-call',
  category: 'arbitrary-call',
  severity: 'high',
  confidence: 'medium',
  title: 'Anyone can have the contract call anything',
  why: 'Target and data of a low-level call come from the caller, so that the caller acts with the rights of this contract: its tokens, its roles elsewhere, and the approvals that users gave to it.',
  exploit:
    'Users have approved this contract for their tokens. An attacker passes the token as target and the data of transferFrom(victim, attacker, amount), and the tokens are gone.',
  fix: 'Let only a privileged account choose targets, or keep a list of targets and function selectors that are allowed, and never one of a token that users approve.',
  references: ['SWC-107', 'CWE-829', 'OWASP-SC06:2025', 'EEA-EthTrust: Verify External Call Targets'],
  losses: [
    {
      name: 'Poly Network',
      year: 2021,
      usd: 611_000_000,
      what: 'A message from another chain could name target and function, and named the one that sets the keepers.',
    },
    {
      name: 'Li.Fi',
      year: 2022,
      usd: 600_000,
      what: "A call with the caller's data went to tokens that users had approved.",
    },
    {
      name: 'Dexible',
      year: 2023,
      usd: 2_000_000,
      what: 'The router called whatever the caller named, tokens included that users had approved.',
    },
  ],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IToken {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
// The target is fixed, and is the very token that people put in here.
contract Depot {
    IToken public immutable token;
    mapping(address => uint256) public stored;
    constructor(IToken token_) { token = token_; }
    function store(uint256 amount) external {
        stored[msg.sender] += amount;
        require(token.transferFrom(msg.sender, address(this), amount));
    }
    function ask(bytes calldata question) external {
        (bool ok, ) = address(token).call(question); // <-- finding
        require(ok);
    }
}
`,
    `pragma solidity ^0.4.24;
// One of two ways to the same line is guarded: the other is at fault.
contract Till {
    address public owner = msg.sender;
    uint256 public rounds;
    function () public payable {}
    function admin(address to, bytes data) public { require(msg.sender == owner); go(to, data); }
    function relay(address to, bytes data) public {
        rounds++;
        go(to, data); // <-- finding
    }
    function go(address to, bytes data) internal { require(to.call(data)); }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Machine {
    uint256 public rounds;
    function run(address to, bytes memory data) external {
        bool ok;
        assembly { ok := call(gas(), to, 0, add(data, 32), mload(data), 0, 0) } // <-- finding
        require(ok);
        rounds++;
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Router {
    event Ran(address target, bytes answer);
    function run(address target, bytes calldata data) external payable returns (bytes memory) {
        return forward(target, data, msg.value);
    }
    function forward(address target, bytes memory data, uint256 value) internal returns (bytes memory) {
        (bool ok, bytes memory answer) = target.call{value: value}(data); // <-- finding
        require(ok, "failed");
        emit Ran(target, answer);
        return answer;
    }
}
`,
    `pragma solidity ^0.4.24;
contract Relay {
    function relay(address target, bytes data) public {
        require(target != address(0));
        require(target.call(data)); // <-- finding
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
// The list is there, and does not hold: an alternative that anything meets, an answer that nobody looks at,
// a selector of the caller's choice.
contract Errands {
    address public owner = msg.sender;
    mapping(address => bool) public members;
    mapping(address => bool) public allowed;
    function allow(address target, bool yes) external { require(msg.sender == owner); allowed[target] = yes; }
    function admit(address who) external { require(msg.sender == owner); members[who] = true; }
    function run(address target, bytes calldata data) external {
        require(members[msg.sender]);
        _check(target);
        (bool ok, ) = target.call(data); // <-- finding
        require(ok);
    }
    function _check(address target) private view {
        bool known = allowed[target] || target.code.length > 0;
        if (!known) revert();
    }
    function poke(address target, bytes4 what, uint256 amount) external {
        _isAllowed(target);
        (bool ok, ) = target.call(abi.encodeWithSelector(what, amount)); // <-- finding
        require(ok);
    }
    function _isAllowed(address target) private view returns (bool) { return allowed[target]; }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IInbox { function proven(bytes32 id, bytes32[] calldata path) external view returns (bool); }
contract Relay {
    IInbox public immutable inbox;
    address public owner = msg.sender;
    mapping(bytes32 => bool) public delivered;
    mapping(address => bool) public endpoints;
    constructor(IInbox at) { inbox = at; }
    function setEndpoint(address at, bool open) external { require(msg.sender == owner); endpoints[at] = open; }
    function deliver(address target, bytes calldata data, bytes32[] calldata path) external {
        bytes32 id = keccak256(abi.encode(target, data));
        require(!delivered[id] && inbox.proven(id, path));
        delivered[id] = true;
        (bool ok, ) = target.call(data); // <-- finding
        require(ok);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IToken {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
// What the token is asked is only the owner's to say, and so is what the assembly sends.
contract Depot {
    IToken public immutable token;
    address public immutable owner = msg.sender;
    mapping(address => uint256) public stored;
    constructor(IToken token_) { token = token_; }
    function store(uint256 amount) external {
        stored[msg.sender] += amount;
        require(token.transferFrom(msg.sender, address(this), amount));
    }
    function ask(bytes calldata question) external {
        require(msg.sender == owner, "owner");
        (bool ok, ) = address(token).call(question);
        require(ok);
    }
    function raw(address to, bytes memory data) external {
        require(msg.sender == owner, "owner");
        bool ok;
        assembly { ok := call(gas(), to, 0, add(data, 32), mload(data), 0, 0) }
        require(ok);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
interface IInbox { function proven(bytes32 id, bytes32[] calldata path) external view returns (bool); }
contract Relay {
    IInbox public immutable inbox;
    address public owner = msg.sender;
    address public router;
    mapping(bytes32 => bool) public delivered;
    mapping(address => bool) public endpoints;
    constructor(IInbox at, address router_) { inbox = at; router = router_; }
    function setEndpoint(address at, bool open) external { require(msg.sender == owner); endpoints[at] = open; }
    function deliver(address target, bytes calldata data, bytes32[] calldata path) external {
        bytes32 id = keccak256(abi.encode(target, data));
        require(!delivered[id] && inbox.proven(id, path));
        if (!_known(target)) revert();
        delivered[id] = true;
        (bool ok, ) = target.call(data);
        require(ok);
    }
    function _known(address target) internal view returns (bool) {
        bool listed = endpoints[target];
        return listed && target != address(this);
    }
    function swap(address target, bytes calldata data) external {
        require(target == router || endpoints[target], "not a market");
        (bool ok, ) = target.call(data);
        require(ok);
    }
    function ping(address target, uint256 amount) external {
        (bool ok, ) = target.call(abi.encodeWithSignature("ping(uint256)", amount));
        require(ok);
    }
}
`,
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Router {
    address public owner = msg.sender;
    mapping(address => bool) public allowed;
    mapping(address => uint256) public owed;
    function allow(address target, bool yes) external { require(msg.sender == owner); allowed[target] = yes; }
    function run(address target, bytes calldata data) external {
        require(allowed[target], "not allowed");
        (bool ok, ) = target.call(data);
        require(ok);
    }
    function execute(address target, bytes calldata data) external {
        require(msg.sender == owner);
        (bool ok, ) = target.call(data);
        require(ok);
    }
    function withdraw() external {
        uint256 amount = owed[msg.sender];
        owed[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
    }
    function multicall(bytes[] calldata data) external {
        for (uint256 i; i < data.length; i++) {
            (bool ok, ) = address(this).call(data[i]);
            require(ok);
        }
    }
}
`,
  ],
  run({ program, runs }, report) {
    const tokens = tokensOf(runs);
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      for (const visit of [...run.visits.calls, ...inAssembly(run)]) {
        const { call, frame, node } = visit;
        const open = openCall(program, runs, run, visit, tokens);
        if (!open) continue;
        const { data, weak } = open;
        const shown = codeOf(program, data, 40);
        const what = isToken(visit, tokens)
          ? `a token that it holds, with \`${shown}\`, chosen by whoever calls`
          : `\`${addressShown(program, call)}\` with \`${shown}\`, both chosen by whoever calls`;
        report({
          ...blamed(runs, { node, frame }, (other) => isWell(program, runs, other, tokens)),
          message: `${run.entry.name} calls ${what}.`,
          note: 'the call is the caller’s to choose',
          ...(weak ? { steps: [{ ...weak, note: 'this lets any target pass, listed or not' }] } : {}),
        });
      }
    }
  },
};

/** What a call is given where a stranger chooses it; undefined for a call that is well. */
function openCall(
  program: Program,
  runs: Runs,
  run: EntryRun,
  visit: CallVisit,
  tokens: ReadonlySet<string>,
): { data: AstNode; weak: Atom | undefined } | undefined {
  const { call, frame, state } = visit;
  if (call.kind !== 'low-level' || (call.method !== 'call' && call.method !== 'callcode')) return undefined;
  if (isThis(call.address, frame)) return undefined;
  const target = taintOf(call.address, frame);
  const [data] = call.arguments;
  if (!data || !hasBits(taintOf(data, frame), from.parameter) || isBuiltHere(data, frame)) return undefined;
  if (isToken(visit, tokens)) return runs.authorised(state) ? undefined : { data, weak: undefined };
  if (!hasBits(target, from.parameter) || target.variables.size > 0) return undefined;
  const weak = bypassedLookUp(call.address, frame, state);
  if (!weak && (runs.authorised(state) || isSetUpOnce(state, runs))) return undefined;
  if (isVouchedFor(call.address, frame, state)) return undefined;
  if (!weak && isAgreed(state) && !forgottenList(program, run)) return undefined;
  return { data, weak };
}

/** The same line, reached from another entry point that asks who calls, or with a target that is not the caller's. */
function isWell(program: Program, runs: Runs, visit: CallVisit, tokens: ReadonlySet<string>): boolean {
  const entry = outermost(visit.frame).callable;
  const run = runs.entries.find(
    (each) => each.entry === entry && each.context === visit.frame.context && each.role === 'entry',
  );
  return run !== undefined && !run.signed && openCall(program, runs, run, visit, tokens) === undefined;
}

/** `call` of assembly, with the bytes of a Solidity variable that the block names. */
function inAssembly({ visits }: EntryRun): CallVisit[] {
  return visits.assembly.flatMap(({ node, frame, state, operation }) => {
    const call = callOf(node, operation);
    // Who writes calls by hand also asks who calls by hand.
    if (!call || asksSender(state) || asksInAssembly(frame)) return [];
    const data = variablesIn(node).find(
      (id) => id !== operation.operand && /^bytes( |$)/.test(typeOf(frame.program.node(id))),
    );
    const variable = data === undefined ? undefined : frame.program.node(data);
    if (data === undefined || !variable) return [];
    const named: AstNode = {
      id: -1,
      nodeType: 'Identifier',
      src: textOf(variable, 'nameLocation') || variable.src,
      name: textOf(variable, 'name'),
      referencedDeclaration: data,
      typeDescriptions: variable['typeDescriptions'],
    };
    return [{ node, frame, state, call: { ...call, arguments: [named] } }];
  });
}

/** A block of assembly on the way reads who calls. */
function asksInAssembly(frame: Frame): boolean {
  for (let at: Frame | undefined = frame; at; at = at.parent) {
    const { callable, program } = at;
    const modifiers = childrenOf(callable.node, 'modifiers').flatMap((one) => {
      const name = childOf(one, 'modifierName');
      return program.callable(referenceOf(name ?? one) ?? -1) ?? [];
    });
    const bodies = [callable, ...modifiers].flatMap(({ body }) => body ?? []);
    const blocks = bodies.flatMap((body) => descendants(body, 'InlineAssembly'));
    if (blocks.some((block) => /\bcaller\b/.test(program.source.text(block)))) return true;
  }
  return false;
}

function addressShown(program: Program, call: Call): string {
  if (!('address' in call)) return '';
  return call.address.id < 0 ? textOf(call.address, 'name') : codeOf(program, call.address, 40);
}

/** Variables that keep a token of which this contract sends some: whoever has it called takes them all. */
function tokensOf(runs: Runs): ReadonlySet<string> {
  const found = new Set<string>();
  for (const run of runs.entries)
    for (const { token, visit, kind } of movesOf(run))
      if (token && (kind === 'push' || kind === 'pull')) {
        const key = variableKey(token, visit.frame);
        if (key !== undefined) found.add(key);
      }
  return found;
}

function isToken({ call, frame }: CallVisit, tokens: ReadonlySet<string>): boolean {
  const key = 'address' in call ? variableKey(call.address, frame) : undefined;
  return key !== undefined && tokens.has(key);
}

/** A state variable, immutable ones too. */
function variableKey(node: AstNode, frame: Frame): string | undefined {
  const at = resolve(node, frame);
  const id = at.node.nodeType === 'Identifier' ? referenceOf(at.node) : undefined;
  return id !== undefined && frame.program.stateVariable(id) ? String(id) : undefined;
}

/** A hash of what was asked for is known already: it was proposed, scheduled or signed before. */
function isAgreed({ conditions }: State): boolean {
  return conditions.some(({ node, frame }) => {
    if (isLock(node, frame)) return false;
    if (hasBits(taintOf(node, frame), from.hash) || looksUpHash(node, frame)) return true;
    // A check inside of a function that was given the hash, or what is kept under it.
    for (let at = frame; at.parent && at.via; at = at.parent) {
      const { parent } = at;
      const given = childrenOf(at.via, 'arguments');
      if (given.some((each) => hasBits(taintOf(each, parent), from.hash | from.keyed))) return true;
    }
    return false;
  });
}

/** Something is kept under a hash of what was asked for: `readyAt[id] <= block.timestamp`. */
function looksUpHash(node: AstNode, frame: Frame): boolean {
  return mentions(node, frame, (item, at) => {
    const index = item.nodeType === 'IndexAccess' ? childOf(item, 'indexExpression') : undefined;
    return index !== undefined && hasBits(taintOf(index, at), from.hash);
  });
}

/** A condition of nothing but the contract's own state, such as a lock kept under a hash, agrees to nothing. */
function isLock(node: AstNode, frame: Frame): boolean {
  return !hasBits(taintOf(node, frame), from.parameter | from.sender | from.keyed | from.external);
}

/** Somebody keeps a list of accounts that may be called, and nothing ever looks at it. */
function forgottenList(program: Program, { context }: EntryRun): boolean {
  return context.linearised.some(
    ({ own, variables }) =>
      own &&
      variables.some(
        (variable) =>
          /^mapping\(address => bool\)/.test(typeOf(variable)) && !isRead(program, context, variable.id),
      ),
  );
}

function isRead(program: Program, { linearised }: Contract, id: number): boolean {
  return linearised.some(({ node }) =>
    descendants(node, 'IndexAccess').some((access) => {
      if (referenceOf(childOf(access, 'baseExpression') ?? access) !== id) return false;
      const parent = program.parent(access);
      return parent?.nodeType !== 'Assignment' || childOf(parent, 'leftHandSide') !== access;
    }),
  );
}

/** The function that is called stands in the code: only its arguments are chosen. */
function isBuiltHere(data: AstNode, frame: Frame): boolean {
  const at = resolve(data, frame);
  const name = textOf(childOf(at.node, 'expression'), 'memberName');
  if (!/^encode(WithSelector|WithSignature|Call)$/.test(name)) return false;
  const [which] = childrenOf(at.node, 'arguments');
  if (!which || name === 'encodeCall' || textOf(which, 'memberName') === 'selector') return true;
  return !hasBits(taintOf(which, at.frame), from.parameter);
}
