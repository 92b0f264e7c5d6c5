import type { AstNode } from '../../solidity/types.ts';
import type { Audited, Detector, Report } from '../detector.ts';
import { descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import { type Atom, clausesOf, equalSides, isFree } from '../ir/conditions.ts';
import { type Frame, isMagic, isSender, resolve } from '../ir/frames.ts';
import { mentionsSender } from '../ir/mentions.ts';
import { codeOf } from '../ir/own.ts';
import { type Callable, modifiersOf } from '../ir/program.ts';
import type { EntryRun, Runs } from '../ir/runs.ts';
import type { State } from '../ir/state.ts';
import { isZero, slotOf } from '../ir/storage.ts';
import { from, hasBits, taintOf } from '../ir/taint.ts';
import type { WriteVisit } from '../ir/visits.ts';

/** A guard that stops nobody, or those who were to pass. */
export const hollowGuard: Detector = {
  id: 'hollow-guard',
  category: 'access-control',
  severity: 'high',
  confidence: 'medium',
  title: 'A guard that does not keep strangers out',
  why: 'It stands where the sender is to be asked for, and lets anybody pass: it asks nothing, drops the answer, asks something else, asks for an account that the caller names, or refuses the very accounts that it is for.',
  exploit: 'Anybody calls the functions behind the guard.',
  fix: 'Compare the sender with who may, and revert where they differ: `require(msg.sender == owner); _;`.',
  references: ['SWC-105', 'CWE-863', 'OWASP-SC01:2025', 'EEA-EthTrust: Protect Privileged Functions'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Desk {
    event Denied(address who);
    address public owner = msg.sender;
    uint256 public price;
    mapping(address => bool) public clerks;
    constructor() { clerks[msg.sender] = true; }
    modifier onlyOwner() { // <-- finding
        if (msg.sender != owner) emit Denied(msg.sender);
        _;
    }
    modifier onlyHead() { // <-- finding
        require(owner != address(0));
        _;
    }
    modifier onlyRobot() { // <-- finding
        require(msg.sender.code.length > 0);
        _;
    }
    modifier onlyStaff() { // <-- finding
        require(msg.sender != owner);
        _;
    }
    modifier onlyAuthor() { _; } // <-- finding
    function a(uint256 to) external onlyOwner { price = to; }
    function b(uint256 to) external onlyHead { price = to; }
    function c(uint256 to) external onlyRobot { price = to; }
    function d(uint256 to) external onlyStaff { price = to; }
    function e(uint256 to) external onlyAuthor { price = to; }
    function f(uint256 to) external { require(msg.sender == owner); price = to; }
    function g(uint256 to) external { require(clerks[msg.sender]); price = to; }
    function h(uint256 to) external {
        if (clerks[msg.sender]) revert(); // <-- finding
        price = to;
    }
    function i(address clerk, uint256 to) external {
        require(clerks[clerk]); // <-- finding
        price = to;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Desk {
    address public owner = msg.sender;
    address public deputy;
    uint256 public price;
    uint256 public bid;
    address public leader;
    mapping(address => bool) public clerks;
    mapping(address => uint256) public wages;
    constructor() { clerks[msg.sender] = true; }
    modifier onlyOwner() { require(msg.sender == owner); _; } // <-- guard: modifier onlyOwner() { _; }
    modifier onlyOpen() { require(price > 0); _; }
    function set(uint256 to) external onlyOwner onlyOpen { price = to; }
    // Who sells may not bid.
    function lead(uint256 amount) external { require(msg.sender != owner && amount > bid); bid = amount; leader = msg.sender; }
    function join() external { require(!clerks[msg.sender]); clerks[msg.sender] = true; }
    function pay(address clerk) external { require(clerks[clerk]); wages[clerk] += 1; }
    function use(uint256 to) external { require(clerks[msg.sender]); price = to; }
    function act(uint256 to) external { if (msg.sender != owner) { require(msg.sender == deputy); } price = to; }
}
`,
  ],
  run({ program, runs }, report) {
    const asked = askedPlaces(runs);
    for (const run of runs.entries) {
      if (run.role !== 'entry' || run.signed) continue;
      const states = effectsOf(run).map(({ state }) => state);
      for (const { modifier } of modifiersOf(program, run.entry, run.context)) {
        if (!modifier.own || states.length === 0 || !isMeantForSender(modifier, run, runs)) continue;
        if (!states.every((state) => letsAllPass(state, modifier))) continue;
        report({
          node: modifier.node,
          message: `${modifier.name}, in front of ${run.entry.name}, keeps nobody out.`,
        });
      }
      wrongWay({ program, runs }, run, asked, report);
    }
  },
};

function effectsOf({ visits }: EntryRun) {
  const kinds = ['transfer', 'send', 'selfdestruct', 'low-level', 'external'];
  return [...visits.writes, ...visits.calls.filter(({ call }) => kinds.includes(call.kind))];
}

/** Named as a guard of the sender, and there is nothing but an account in it, or nothing at all. */
function isMeantForSender({ name, body }: Callable, { context }: EntryRun, runs: Runs): boolean {
  if (!body || !/^_?(only|auth|restrict)/i.test(name)) return false;
  const parts = descendants(body, 'Identifier', 'MemberAccess', 'FunctionCall', 'InlineAssembly');
  if (parts.length === 0) return true;
  if (parts.some((part) => part.nodeType === 'InlineAssembly')) return false;
  return parts.some((part) => {
    if (isMagic(part, 'msg', 'sender')) return true;
    const variable = context.linearised
      .flatMap(({ variables }) => variables)
      .find((each) => each.id === referenceOf(part));
    return variable !== undefined && /^address/.test(typeOf(variable)) && isAsked(variable, runs);
  });
}

// An account that some function compares with the sender, or that has the name of one who may.
function isAsked(variable: AstNode, runs: Runs): boolean {
  const isRole = /owner|admin|govern|operator|manager|minter|keeper|author/i.test(textOf(variable, 'name'));
  return isRole || askedPlaces(runs).has(String(variable.id));
}

const places = new WeakMap<Runs, ReadonlySet<string>>();

/** Places by which the sender is let in somewhere. */
function askedPlaces(runs: Runs): ReadonlySet<string> {
  let found = places.get(runs);
  if (!found) {
    const auth = runs.entries.flatMap(({ visits }) =>
      [...visits.writes, ...visits.calls].flatMap(({ state }) => state.auth),
    );
    found = new Set(auth.flatMap(({ place, holder }) => (place !== undefined && !holder ? [place] : [])));
    places.set(runs, found);
  }
  return found;
}

function isWithin(frame: Frame, modifier: Callable): boolean {
  for (let at: Frame | undefined = frame; at; at = at.parent) if (at.callable === modifier) return true;
  return false;
}

/** Nothing that the modifier asks is about who the sender is. */
function letsAllPass(state: State, modifier: Callable): boolean {
  if (state.auth.length > 0) return false;
  const clauses = clausesOf(state).filter((clause) => clause.some(({ frame }) => isWithin(frame, modifier)));
  // A guard that somebody may switch off is one: what the caller says is no switch.
  return clauses.every(
    (clause) =>
      clause.every(isNoGuard) ||
      clause.some(
        (atom) =>
          isNoGuard(atom) && (isFree(atom) || isFixedAtom(atom) || mentionsSender(atom.node, atom.frame)),
      ),
  );
}

function isFixedAtom({ node, frame }: Atom): boolean {
  const taint = taintOf(node, frame);
  return taint.variables.size === 0 && !hasBits(taint, from.external);
}

function isNoGuard(atom: Atom): boolean {
  if (!mentionsSender(atom.node, atom.frame)) return true;
  const taint = taintOf(atom.node, atom.frame);
  if (taint.variables.size === 0 && !hasBits(taint, from.external | from.hash | from.parameter)) return true;
  return refusedPlace(atom, false) !== undefined;
}

/** The place that names those who are refused: `msg.sender != owner`, `!clerks[msg.sender]`. */
function refusedPlace(atom: Atom, keyed: boolean): string | undefined {
  const sides = equalSides(atom, false);
  if (sides) {
    if (!sides.some(({ node, frame }) => isSender(node, frame))) return undefined;
    const other = sides.find(({ node, frame }) => !isSender(node, frame));
    const at = other && resolve(other.node, other.frame);
    return at && !isZero(at.node) ? slotOf(at.node, at.frame)?.key : undefined;
  }
  if (!keyed || atom.truth || atom.node.nodeType === 'BinaryOperation') return undefined;
  const slot = slotOf(atom.node, atom.frame);
  return slot?.keys.some((key) => isSender(key.node, key.frame)) ? slot.key : undefined;
}

/** Those who may elsewhere are refused here, or the list is asked about an account that the caller names and nothing else does. */
function wrongWay(
  { program, runs }: Audited,
  run: EntryRun,
  asked: ReadonlySet<string>,
  report: Report,
): void {
  if (run.entry.mutability === 'payable' || run.visits.writes.some(isPersonal)) return;
  for (const { state, slot, value, frame } of run.visits.writes) {
    if (slot.keys.length > 0 || slot.base <= 0 || state.auth.length > 0 || runs.once(state)) continue;
    for (const clause of clausesOf(state)) {
      const [atom] = clause;
      if (!atom || clause.length > 1 || !program.isOwn(atom.node) || atom.frame.callable.kind === 'modifier')
        continue;
      const place = refusedPlace(atom, true) ?? namedPlace(run, atom);
      if (
        place === undefined ||
        !asked.has(place) ||
        !(hasBits(taintOf(value, frame), from.parameter) || setsSetting(run, runs))
      )
        continue;
      report({
        node: atom.node,
        frame: atom.frame,
        message: `\`${codeOf(program, atom.node, 60)}\` in ${run.entry.name} does not ask for those who may.`,
      });
    }
  }
}

/** It changes what other functions change only for somebody privileged. */
function setsSetting(run: EntryRun, runs: Runs): boolean {
  const set = new Set(run.visits.writes.map(({ slot }) => slot.key));
  return runs.entries.some(
    (other) =>
      other !== run &&
      other.role === 'entry' &&
      other.visits.writes.some(
        ({ slot, state }) => set.has(slot.key) && state.auth.some(({ holder }) => !holder),
      ),
  );
}

function isPersonal({ slot, value, frame }: WriteVisit): boolean {
  const isMade = (node: AstNode | undefined, at: Frame) => node !== undefined && mentionsSender(node, at);
  return isMade(value, frame) || slot.keys.some((key) => isMade(key.node, key.frame));
}

/** `clerks[clerk]`, where `clerk` is a parameter that nothing else looks at. */
function namedPlace({ entry }: EntryRun, { node, frame, truth }: Atom): string | undefined {
  const slot = truth && node.nodeType !== 'BinaryOperation' ? slotOf(node, frame) : undefined;
  const key = slot?.keys.at(-1);
  if (!slot || !key) return undefined;
  const at = resolve(key.node, key.frame);
  const id = referenceOf(at.node);
  if (at.frame.parent || !entry.parameters.some((parameter) => parameter.id === id)) return undefined;
  const uses = descendants(entry.node, 'Identifier').filter((each) => referenceOf(each) === id);
  return uses.length === 1 && /^address/.test(typeOf(at.node)) ? slot.key : undefined;
}
