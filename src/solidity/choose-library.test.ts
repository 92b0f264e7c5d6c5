import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '../lib/app-error.ts';
import { prepareCompile } from './prepare.ts';
import { startCompiler } from './start-compiler.ts';
import type { CompileRequest, Compiler } from './types.ts';

const oz = (path: string) => `import "@openzeppelin/contracts/${path}";`;
const up = (path: string) => `import "@openzeppelin/contracts-upgradeable/${path}";`;
const named = (names: string, path: string) => `import {${names}} from "@openzeppelin/contracts/${path}";`;

const ownable = oz('access/Ownable.sol');
const erc20 = oz('token/ERC20/ERC20.sol');
const ownableUp = up('access/OwnableUpgradeable.sol');
const token = (body: string) => `${erc20} contract T is ERC20 { constructor() ERC20("T", "T") {} ${body} }`;
const upgradeable = (body: string) =>
  `${ownableUp} contract T is OwnableUpgradeable { function setUp() public initializer { ${body} } }`;

/** What sources hold → the version that goes with them, and why. The newest is taken where nothing speaks for another. */
const corpus: [what: string, source: string, version: string, reason: string][] = [
  ['a path of 4', oz('security/Pausable.sol'), '4.9.6', '5.7.0 has no security/Pausable.sol'],
  [
    'ReentrancyGuard in security/',
    oz('security/ReentrancyGuard.sol'),
    '4.9.6',
    '5.7.0 has no security/ReentrancyGuard.sol',
  ],
  [
    'ReentrancyGuard in utils/',
    oz('utils/ReentrancyGuard.sol'),
    '5.7.0',
    '4.9.6 has no utils/ReentrancyGuard.sol',
  ],
  ['Counters', oz('utils/Counters.sol'), '4.9.6', '5.7.0 has no utils/Counters.sol'],
  ['SafeMath', oz('utils/math/SafeMath.sol'), '4.9.6', '5.7.0 has no utils/math/SafeMath.sol'],
  [
    'a draft of 4',
    oz('token/ERC20/extensions/draft-ERC20Permit.sol'),
    '4.9.6',
    '5.7.0 has no token/ERC20/extensions/draft-ERC20Permit.sol',
  ],
  [
    'the manager of 5',
    oz('access/manager/AccessManaged.sol'),
    '5.7.0',
    '4.9.6 has no access/manager/AccessManaged.sol',
  ],
  [
    'a name that 4 passes on',
    named('ERC721, Address', 'token/ERC721/ERC721.sol'),
    '4.9.6',
    'token/ERC721/ERC721.sol of 5.7.0 has no Address',
  ],
  [
    'a name of 5 in a file of both',
    named('ERC20, IERC20Errors', 'token/ERC20/ERC20.sol'),
    '5.7.0',
    'token/ERC20/ERC20.sol of 4.9.6 has no IERC20Errors',
  ],
  [
    'Ownable given its owner in the header',
    `${ownable} contract A is Ownable(msg.sender) {}`,
    '5.7.0',
    'in 4.9.6 the constructor of Ownable takes no argument',
  ],
  [
    'Ownable given its owner at the constructor',
    `${oz('access/Ownable2Step.sol')} contract A is Ownable2Step { constructor(address o) Ownable(o) {} }`,
    '5.7.0',
    'in 4.9.6 the constructor of Ownable takes no argument',
  ],
  [
    'Ownable without an owner',
    `${ownable} contract A is Ownable { constructor() {} }`,
    '4.9.6',
    'in 5.7.0 the constructor of Ownable takes 1 argument',
  ],
  [
    'Ownable without an owner, by way of a contract of the sources',
    `${ownable} abstract contract Base is Ownable {} contract A is Base {}`,
    '4.9.6',
    'in 5.7.0 the constructor of Ownable takes 1 argument',
  ],
  [
    'an owner given by the last contract only',
    `${ownable} abstract contract Base is Ownable {} contract A is Base { constructor() Ownable(msg.sender) {} }`,
    '5.7.0',
    'in 4.9.6 the constructor of Ownable takes no argument',
  ],
  [
    'a conversion to Ownable, which is no constructor argument',
    `${ownable} contract A { function f(address a) external view returns (address) { return Ownable(a).owner(); } }`,
    '5.7.0',
    'the newest bundled version',
  ],
  [
    'a hook of 4',
    token('function _beforeTokenTransfer(address a, address b, uint256 c) internal override {}'),
    '4.9.6',
    '5.7.0 has no _beforeTokenTransfer',
  ],
  [
    'a hook of 4 that forgot to override',
    token('function _afterTokenTransfer(address a, address b, uint256 c) internal {}'),
    '4.9.6',
    '5.7.0 has no _afterTokenTransfer',
  ],
  [
    'the hook of 5',
    token('function _update(address a, address b, uint256 c) internal override { super._update(a, b, c); }'),
    '5.7.0',
    '4.9.6 has no _update',
  ],
  [
    "an _update of the source's own",
    token('function _update(uint256 a) private { _update(a); }'),
    '5.7.0',
    'the newest bundled version',
  ],
  [
    'an override of what 5 holds fast',
    token('function _mint(address to, uint256 n) internal override { super._mint(to, n); }'),
    '4.9.6',
    '5.7.0 does not let _mint be overridden',
  ],
  [
    '_setupRole',
    `${oz('access/AccessControl.sol')} contract A is AccessControl { constructor() { _setupRole(0, msg.sender); } }`,
    '4.9.6',
    '5.7.0 has no _setupRole',
  ],
  [
    'increaseAllowance',
    `${erc20} contract A { function f(ERC20 t) external { t.increaseAllowance(msg.sender, 1); } }`,
    '4.9.6',
    '5.7.0 has no increaseAllowance',
  ],
  [
    'a message hash by ECDSA',
    `${oz('utils/cryptography/ECDSA.sol')} contract A { using ECDSA for bytes32;
      function f(bytes32 h) public pure returns (bytes32) { return h.toEthSignedMessageHash(); } }`,
    '4.9.6',
    '5.7.0 has no toEthSignedMessageHash',
  ],
  [
    'a custom error of 5',
    `${ownable} abstract contract A is Ownable { function f() public view { revert OwnableUnauthorizedAccount(msg.sender); } }`,
    '5.7.0',
    '4.9.6 has no OwnableUnauthorizedAccount',
  ],
  [
    'a custom error of the same name that the sources declare',
    `${ownable} error OwnableInvalidOwner(address a); abstract contract A is Ownable { function f() public pure { revert OwnableInvalidOwner(address(0)); } }`,
    '5.7.0',
    'the newest bundled version',
  ],
  [
    'names in comments and texts',
    token('/* _beforeTokenTransfer() */ string constant s = "_setupRole(1)"; // _exists()\n'),
    '5.7.0',
    'the newest bundled version',
  ],
  ['nothing that tells', token(''), '5.7.0', 'the newest bundled version'],
  [
    'pragmas that only 4 fits',
    `pragma solidity 0.8.17; ${token('')}`,
    '4.9.6',
    'the pragmas of 5.7.0 do not fit those of the sources',
  ],
  [
    'an initialiser with an owner',
    upgradeable('__Ownable_init(msg.sender);'),
    '5.7.0',
    'in 4.9.6 __Ownable_init takes no argument',
  ],
  [
    'an initialiser without an owner',
    upgradeable('__Ownable_init();'),
    '4.9.6',
    'in 5.7.0 __Ownable_init takes 1 argument',
  ],
  [
    'initialisers that early 5 had',
    upgradeable('__Ownable_init(msg.sender); __UUPSUpgradeable_init(); __ReentrancyGuard_init();'),
    '5.7.0',
    'in 4.9.6 __Ownable_init takes no argument',
  ],
  [
    'an upgradeable path of 4',
    up('security/PausableUpgradeable.sol'),
    '4.9.6',
    '5.7.0 has no security/PausableUpgradeable.sol',
  ],
  [
    'an upgradeable path of 5',
    up('utils/NoncesUpgradeable.sol'),
    '5.7.0',
    '4.9.6 has no utils/NoncesUpgradeable.sol',
  ],
  [
    'twins, one of which tells',
    `${ownableUp} ${oz('utils/ReentrancyGuard.sol')}`,
    '5.7.0',
    '4.9.6 has no utils/ReentrancyGuard.sol',
  ],
  [
    'twins, one of which tells the other way',
    `${ownableUp} ${oz('utils/Counters.sol')}`,
    '4.9.6',
    '5.7.0 has no utils/Counters.sol',
  ],
  [
    'a twin that is pinned',
    `import "@openzeppelin/contracts@4.9.6/utils/Counters.sol"; ${ownableUp}`,
    '4.9.6',
    '@openzeppelin/contracts is pinned to 4.9.6',
  ],
  [
    'a twin that is pinned, against one sign in the code',
    `import "@openzeppelin/contracts@4.9.6/utils/Counters.sol"; ${upgradeable('__Ownable_init(msg.sender);')}`,
    '4.9.6',
    '@openzeppelin/contracts is pinned to 4.9.6',
  ],
  [
    'paths of both: the one that lacks fewer',
    `${oz('security/Pausable.sol')} ${oz('security/ReentrancyGuard.sol')} ${ownable} contract A is Ownable(msg.sender) {}`,
    '4.9.6',
    '5.7.0 has no security/Pausable.sol',
  ],
];

/** Of these no version compiles as they stand; the one that is chosen says what is wrong. */
const broken = new Map([
  ['a hook of 4 that forgot to override', 'Overriding function is missing "override" specifier.'],
  ['initialisers that early 5 had', 'Undeclared identifier.'],
  [
    'a twin that is pinned, against one sign in the code',
    'Wrong argument count for function call: 1 arguments given but expected 0.',
  ],
  [
    'paths of both: the one that lacks fewer',
    'Wrong argument count for constructor call: 1 arguments given but expected 0',
  ],
]);

const used = (source: string, more: Partial<CompileRequest> = {}) =>
  prepareCompile({ sources: { 'A.sol': source }, ...more }).libraries;

describe('the version of OpenZeppelin', () => {
  test.each(corpus)('%s', (_, source, version, reason) => {
    const unpinned = used(source).filter(({ name }) => !name.slice(1).includes('@'));
    expect(unpinned.length).toBeGreaterThan(0);
    for (const use of unpinned) expect([use.version, use.reason]).toEqual([version, reason]);
  });

  describe('compiles with what was chosen', () => {
    let compiler: Compiler;
    beforeAll(async () => {
      compiler = await startCompiler();
    });
    afterAll(() => compiler.close());

    test.each(corpus)('%s', async (what, source) => {
      const outcome = await compiler.check(compiler.prepare({ sources: { 'A.sol': source } }));
      const [error] = outcome.diagnostics.filter(({ severity }) => severity === 'error');
      const expected = broken.get(what);
      if (expected === undefined) expect(error).toBeUndefined();
      else expect(error?.message).toContain(expected);
    });
  });

  test('a compiler that was asked for speaks like a pragma', () => {
    expect(used(token(''), { compiler: '0.8.9' })[0]).toMatchObject({
      version: '4.9.6',
      reason: 'the pragmas of 5.7.0 do not fit those of the sources',
    });
  });

  test('evidence is read in every file of the sources', () => {
    const sources = {
      'A.sol': `import "./B.sol"; ${token('')}`,
      'B.sol': `${ownable} contract B is Ownable { }`,
    };
    expect(prepareCompile({ sources }).libraries[0]?.version).toBe('4.9.6');
  });

  test('upgradeable 5 brings its twin of the same version, 4.9 needs none', () => {
    expect(
      used(upgradeable('__Ownable_init(msg.sender);')).map((use) => `${use.name} ${use.version}`),
    ).toEqual(['@openzeppelin/contracts-upgradeable 5.7.0', '@openzeppelin/contracts 5.7.0']);
    expect(used(upgradeable('__Ownable_init();'))).toHaveLength(1);
  });
});

describe('pins', () => {
  const pinned = (pin: string) => used(`import "@openzeppelin/contracts@${pin}/access/Ownable.sol";`)[0];

  test.each([
    ['4.9.6', '4.9.6'],
    ['4', '4.9.6'],
    ['^4.9.0', '4.9.6'],
    ['5', '5.7.0'],
    ['^5.0', '5.7.0'],
    ['5.x', '5.7.0'],
    ['latest', '5.7.0'],
  ])('@%s is %s', (pin, version) => {
    expect(pinned(pin)).toMatchObject({
      name: `@openzeppelin/contracts@${pin}`,
      version,
      reason: 'pinned by the import',
      licence: 'MIT',
    });
  });

  test.each(['4.2.0', '^3.0.0', '6', 'newest', '5.0.2'])('@%s is told what is bundled', (pin) => {
    expect(() => pinned(pin)).toThrow(
      `A.sol:1: @openzeppelin/contracts ${pin} is not bundled; bundled are 5.7.0, 4.9.6.`,
    );
  });

  test('a pinned twin that contradicts the imports without a version is refused, with what to do', () => {
    const source = `import "@openzeppelin/contracts-upgradeable@5/access/OwnableUpgradeable.sol"; ${oz('utils/Counters.sol')}`;
    let error: AppError | undefined;
    try {
      used(source);
    } catch (caught) {
      error = caught as AppError;
    }
    expect(error?.code).toBe('library-versions-disagree');
    expect(error?.message).toMatchInlineSnapshot(
      `"@openzeppelin/contracts-upgradeable@5/access/OwnableUpgradeable.sol needs @openzeppelin/contracts 5.7.0, but 4.9.6 was taken for the imports without a version: 5.7.0 has no utils/Counters.sol."`,
    );
    expect(error?.hint).toBe('Pin both to one version, or neither.');
  });
});
