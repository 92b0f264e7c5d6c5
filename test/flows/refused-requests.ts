import { newId } from '../../src/lib/ids.ts';
import { limits } from '../../src/lib/limits.ts';

/** A request that nothing can be made of, and what the reply to it has to say. */
export type RefusedRequest = [
  name: string,
  /** Below `/api/v1/`; sent with POST. */
  path: string,
  /** JSON, or a text that is sent as it is. */
  body: (buildId: string) => unknown,
  status: number,
  code: string,
  /** Pointers of `errors`, or a `place`. */
  where: { errors?: string[]; place?: object },
];

const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';

/** One file, whose first line is the third. */
export const sources = (text: string) => ({ sources: { 'A.sol': header + text } });

/** The build that requests to deploy are about. */
export const shop = 'contract Shop { constructor(uint256 price, address owner, bool open) payable { } }';
const shopArguments = [1, '0x0000000000000000000000000000000000000001', true];

/** A deployment that would succeed. */
export const deployShop = (buildId: string) => ({
  buildId,
  network: 'local',
  constructorArgs: shopArguments,
});

const unknownId = newId();
const at = (...pointers: string[]) => ({ errors: pointers });
const field = (pointer: string) => ({ place: { pointer } });
const importLine = { place: { file: 'A.sol', line: 3, column: 9 } };

/** Each is refused before a row is written. */
export const refusedRequests: RefusedRequest[] = [
  [
    'malformed JSON',
    'contracts/compile',
    () => '{"sources": {"A.sol": "x",}}',
    400,
    'malformed-json',
    { place: { line: 1, column: 27 } },
  ],
  [
    'JSON cut short',
    'pipelines',
    () => '{\n "deploy": {',
    400,
    'malformed-json',
    { place: { line: 2, column: 13 } },
  ],
  ['no body', 'contracts/compile', () => '', 422, 'validation-failed', at('')],
  ['a list for an object', 'contracts/compile', () => [], 422, 'validation-failed', at('')],
  [
    'unknown fields',
    'pipelines',
    () => ({ generate: { prompt: 'x', colour: 1 }, deploy: { network: 'local', gas: 1 } }),
    422,
    'validation-failed',
    at('/generate/colour', '/deploy/gas'),
  ],
  [
    'wrong types',
    'contracts/compile',
    () => ({ sources: { 'A.sol': 5 }, settings: { optimizer: { runs: 'x' } } }),
    422,
    'validation-failed',
    at('/sources/A.sol', '/settings/optimizer/runs'),
  ],
  ['no sources', 'contracts/compile', () => ({ sources: {} }), 422, 'validation-failed', at('/sources')],
  [
    'sources over the limit',
    'contracts/compile',
    () => sources('/'.repeat(limits.sourcesBytesMax + 1)),
    422,
    'validation-failed',
    at('/sources'),
  ],
  [
    'a body over the limit',
    'contracts/compile',
    () => sources('/'.repeat(limits.sourceBodyBytesMax)),
    413,
    'body-too-large',
    {},
  ],
  [
    'a 2 MB prompt',
    'contracts/generate',
    () => ({ prompt: 'x'.repeat(2_000_000) }),
    413,
    'body-too-large',
    {},
  ],
  [
    'a 1 MB prompt',
    'contracts/generate',
    () => ({ prompt: 'token '.repeat(174_000) }),
    413,
    'prompt-too-long',
    field('/prompt'),
  ],
  ['an empty prompt', 'contracts/generate', () => ({ prompt: '' }), 400, 'prompt-empty', field('/prompt')],
  [
    'a prompt without words',
    'pipelines',
    () => ({ generate: { prompt: ' … !!' } }),
    400,
    'prompt-empty',
    field('/generate/prompt'),
  ],
  [
    'a prompt that no template fits',
    'pipelines',
    () => ({ generate: { prompt: 'a recipe for pancakes' } }),
    422,
    'prompt-no-template',
    field('/generate/prompt'),
  ],
  [
    'an unknown template',
    'contracts/generate',
    () => ({ template: 'erc2' }),
    404,
    'template-unknown',
    field('/template'),
  ],
  [
    'bad template options',
    'pipelines',
    () => ({ generate: { template: 'erc20', options: { name: '', nope: 1 } } }),
    422,
    'template-options-invalid',
    at('/generate/options/name', '/generate/options/nope'),
  ],
  [
    'a missing import',
    'contracts/compile',
    () => sources('import "./Nope.sol";'),
    422,
    'import-not-found',
    importLine,
  ],
  [
    'a mistyped library',
    'pipelines',
    () => ({ compile: sources('import "@openzeppelin/contracts/token/ERC20/ERC2.sol";') }),
    422,
    'import-not-found',
    importLine,
  ],
  [
    'an import that climbs out',
    'contracts/compile',
    () => sources('import "../../etc/passwd";'),
    422,
    'import-invalid',
    importLine,
  ],
  [
    'an absolute import',
    'contracts/compile',
    () => sources('import "/etc/passwd";'),
    422,
    'import-invalid',
    importLine,
  ],
  [
    'an import of a URL',
    'contracts/compile',
    () => sources('import "https://example.org/A.sol";'),
    422,
    'import-invalid',
    importLine,
  ],
  [
    'an import of a file URL',
    'contracts/audit',
    () => sources('import "file:///etc/passwd";'),
    422,
    'import-invalid',
    importLine,
  ],
  [
    'a source path that climbs out',
    'pipelines',
    () => ({ compile: { sources: { '../A.sol': 'contract A {}' } } }),
    422,
    'source-path-invalid',
    field('/compile/sources/..~1A.sol'),
  ],
  [
    'a pragma that nothing satisfies',
    'contracts/compile',
    () => ({ sources: { 'A.sol': 'pragma solidity ^0.3.0;' } }),
    422,
    'pragma-unsatisfied',
    { place: { file: 'A.sol', line: 1, column: 17 } },
  ],
  [
    'a compiler that is not there',
    'contracts/compile',
    () => ({ ...sources('contract A {}'), compiler: '9.9.9' }),
    422,
    'compiler-not-bundled',
    {},
  ],
  [
    'too few arguments',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), constructorArgs: [1] }),
    422,
    'constructor-arguments-invalid',
    at('/constructorArgs/1', '/constructorArgs/2'),
  ],
  [
    'too many arguments',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), constructorArgs: [...shopArguments, 2] }),
    422,
    'constructor-arguments-invalid',
    at('/constructorArgs/3'),
  ],
  [
    'mistyped arguments',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), constructorArgs: ['ten', '0x12', 'yes'] }),
    422,
    'constructor-arguments-invalid',
    at('/constructorArgs/0', '/constructorArgs/1', '/constructorArgs/2'),
  ],
  [
    'misnamed arguments',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), constructorArgs: { price: 1, owner: shopArguments[1], opne: true } }),
    422,
    'constructor-arguments-invalid',
    at('/constructorArgs/opne', '/constructorArgs/open'),
  ],
  [
    'a contract that the build lacks',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), contract: 'Shed' }),
    422,
    'contract-not-in-build',
    field('/contract'),
  ],
  [
    'an unknown network',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), network: 'nowhere' }),
    422,
    'unknown-network',
    field('/network'),
  ],
  [
    'an unknown network in a pipeline',
    'pipelines',
    () => ({ compile: sources(shop), deploy: { network: 'nowhere' } }),
    422,
    'unknown-network',
    field('/deploy/network'),
  ],
  [
    'a network without an address',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), network: 'sepolia' }),
    422,
    'network-not-configured',
    field('/network'),
  ],
  [
    'an unknown signer',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), signer: 'nobody' }),
    422,
    'unknown-signer',
    field('/signer'),
  ],
  [
    'an unknown signer in a pipeline',
    'pipelines',
    () => ({ compile: sources(shop), deploy: { network: 'local', signer: unknownId } }),
    422,
    'unknown-signer',
    field('/deploy/signer'),
  ],
  [
    'an unknown build',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), buildId: unknownId }),
    404,
    'not-found',
    {},
  ],
  [
    'an unknown audit',
    'contracts/deploy',
    (id) => ({ ...deployShop(id), auditId: unknownId }),
    404,
    'not-found',
    {},
  ],
  [
    'stages the wrong way round',
    'pipelines',
    (id) => ({ stages: { from: 'audit', to: 'compile' }, buildId: id }),
    422,
    'pipeline-range-invalid',
    field('/stages'),
  ],
];
