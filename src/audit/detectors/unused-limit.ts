import type { Detector } from '../detector.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from '../ir/ast.ts';
import type { Callable, Contract, Program } from '../ir/program.ts';

/** A limit is written down and never looked at. */
export const unusedLimit: Detector = {
  id: 'unused-limit',
  category: 'input-validation',
  severity: 'medium',
  confidence: 'medium',
  title: 'A limit that nothing keeps to',
  why: 'The contract names a least or a most, tells users of it, and never compares anything with it. What the limit was to keep out comes in.',
  exploit:
    'A caller passes a value beyond the limit: a lock of no time for the bonus of a long one, a fee above the maximum, more pieces than there were to be.',
  fix: 'Compare the parameter with the limit where it comes in, or remove the limit.',
  references: ['SWC-123', 'CWE-1284', 'OWASP-SC04:2025', 'EEA-EthTrust: Validate Inputs'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Stakes {
    uint256 public constant SHORTEST = 30 days;
    uint256 public constant LONGEST = 360 days;
    uint256 public constant MAX_FEE = 500;
    address public owner = msg.sender;
    uint256 public feeBps;
    mapping(address => uint256) public until;
    function stake(uint256 time) external { // <-- finding
        require(time <= LONGEST);
        until[msg.sender] = block.timestamp + time;
    }
    function setFee(uint256 value) external { // <-- finding
        require(msg.sender == owner);
        feeBps = value;
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Stakes {
    uint256 public constant SHORTEST = 30 days;
    uint256 public constant LONGEST = 360 days;
    uint256 public constant MAX_SUPPLY = 100;
    uint256 public constant VERSION = 1;
    uint256 private maxStake = 5;
    mapping(address => uint256) public until;
    function _check(uint256 time) private pure { if (time < SHORTEST || time > LONGEST) revert(); }
    function stake(uint256 time) external { _check(time); until[msg.sender] = time; require(time < _most()); }
    function _most() internal view returns (uint256) { return maxStake; }
    function supplyLeft(uint256 minted) external pure returns (uint256) { return MAX_SUPPLY - minted; }
}
`,
  ],
  run({ program }, report) {
    const read = readsOf(program);
    for (const contract of program.contracts) {
      if (!contract.own || contract.kind === 'interface') continue;
      for (const variable of contract.variables) {
        const name = textOf(variable, 'name');
        const limit = limitOf(name);
        if (!limit || !/^u?int/.test(typeOf(variable)) || read.has(variable.id)) continue;
        const place = placeOf(program, contract, limit, read);
        report({
          node: place?.node ?? variable,
          ...(place ? {} : { severity: 'low' as const, confidence: 'low' as const }),
          message: place
            ? `${place.name} takes a value that nothing compares with \`${name}\`.`
            : `Nothing is ever compared with \`${name}\`.`,
          steps: place ? [{ node: variable, note: 'the limit stands here' }] : [],
        });
      }
    }
  },
};

const words: Record<string, string> = {
  min: 'max',
  minimum: 'maximum',
  shortest: 'longest',
  lowest: 'highest',
  smallest: 'largest',
  least: 'most',
  floor: 'ceiling',
  earliest: 'latest',
  lower: 'upper',
};
const opposites = new Map(Object.entries(words).flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));

interface Limit {
  word: string;
  /** The rest of the name, in lower case: `MAX_FEE_BPS` gives fee and bps. */
  stem: string[];
}

function limitOf(name: string): Limit | undefined {
  const parts = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_')
    .filter((part) => part !== '');
  const word = parts.find((part) => opposites.has(part) || part === 'limit' || part === 'cap');
  return word === undefined ? undefined : { word, stem: parts.filter((part) => part !== word) };
}

/** Everything that is read anywhere: not only assigned. */
function readsOf(program: Program): ReadonlySet<number> {
  const found = new Set<number>();
  for (const root of Object.values(program.unit.asts)) {
    for (const node of descendants(root, 'Identifier', 'MemberAccess', 'InlineAssembly')) {
      if (node.nodeType === 'InlineAssembly') {
        for (const [, id] of JSON.stringify(node['externalReferences'] ?? '').matchAll(
          /"declaration":(\d+)/g,
        ))
          found.add(Number(id));
        continue;
      }
      const id = referenceOf(node);
      const parent = program.parent(node);
      const isSet = parent?.nodeType === 'Assignment' && childOf(parent, 'leftHandSide') === node;
      if (id !== undefined && !isSet) found.add(id);
    }
  }
  return found;
}

/** The function that keeps to the opposite limit, or that takes or sets what the limit is named after. */
function placeOf(
  program: Program,
  contract: Contract,
  { word, stem }: Limit,
  read: ReadonlySet<number>,
): Callable | undefined {
  const opposite = opposites.get(word);
  const twin = contract.linearised
    .flatMap(({ variables }) => variables)
    .find((variable) => {
      const other = limitOf(textOf(variable, 'name'));
      return other?.word === opposite && other?.stem.join() === stem.join() && read.has(variable.id);
    });
  const open = contract.functions.filter(
    ({ body, visibility, mutability }) =>
      body && /^(public|external)$/.test(visibility) && !/^(view|pure)$/.test(mutability),
  );
  const beside = twin && open.find((callable) => compares(callable, twin.id));
  return beside ?? open.find((callable) => stem.length > 0 && isAbout(program, callable, stem));
}

/** One of the function's own numbers is compared with the limit. */
function compares({ body, node, parameters }: Callable, limit: number): boolean {
  const numbers = new Set(parameters.filter((one) => /^u?int/.test(typeOf(one))).map(({ id }) => id));
  return descendants(body ?? node, 'BinaryOperation').some((item) => {
    if (!/^[<>]=?$/.test(textOf(item, 'operator'))) return false;
    const ids = descendants(item, 'Identifier').map((name) => referenceOf(name) ?? -1);
    return ids.includes(limit) && ids.some((id) => numbers.has(id));
  });
}

function isAbout(program: Program, { body, parameters }: Callable, stem: readonly string[]): boolean {
  const fits = (name: string) => stem.some((part) => part.length > 2 && name.toLowerCase().includes(part));
  const numbers = parameters.filter((one) => /^u?int/.test(typeOf(one)));
  if (numbers.some((one) => fits(textOf(one, 'name')))) return true;
  if (numbers.length === 0 || !body) return false;
  return descendants(body, 'Assignment').some((node) => {
    const left = childOf(node, 'leftHandSide');
    const variable = left && program.stateVariable(referenceOf(left) ?? -1);
    return variable !== undefined && fits(textOf(variable, 'name'));
  });
}
