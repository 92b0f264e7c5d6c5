import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  goodKey,
  type ScriptedReply,
  startVerifierServer,
  type VerifierKind,
  type VerifierServer,
} from '../../../test/support/verifier-servers.ts';
import { makeAsk } from '../ask-verifier.ts';
import { verifierProtocols } from './index.ts';
import type { VerificationRequest, VerifierAnswer } from './types.ts';

/** Each protocol against a server that speaks it: what is asked, byte for byte, and what the answers are taken for. */
const address = '0x52908400098527886E0F7030069857D2E4169EE7';
const request: VerificationRequest = {
  chainId: 11155111,
  address,
  input: {
    language: 'Solidity',
    sources: { 'src/Box.sol': { content: 'contract Box { /* ü & = + */ }' } },
    settings: { optimizer: { enabled: true, runs: 200 } },
  },
  compiler: '0.8.37+commit.abcdef01.Emscripten.clang',
  contract: { file: 'src/Box.sol', name: 'Box' },
  constructorArguments: `0x${'2a'.padStart(64, '0')}`,
  creationTransactionHash: `0x${'ab'.repeat(32)}`,
};
const input = JSON.stringify(request.input);

let server: VerifierServer;
let timeoutMs = 2_000;
const ask: ReturnType<typeof makeAsk> = (wanted) =>
  makeAsk({ timeoutMs, signal: new AbortController().signal })(wanted);
afterEach(async () => {
  timeoutMs = 2_000;
  await server.close();
});

function client(kind: VerifierKind, apiKey: string | null = null) {
  const protocol = verifierProtocols[kind];
  const access = { apiUrl: server.apiUrl, apiKey };
  return {
    submit: (wanted = request) => protocol.submit(ask, access, wanted),
    check: (reference = 'guid-1') => protocol.check(ask, access, request, reference),
  };
}

const unsaid = { contentType: '', fields: {} };

describe('Sourcify', () => {
  beforeEach(async () => {
    server = await startVerifierServer('sourcify');
  });
  const id = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

  test('a submission is asked about until it matches', async () => {
    server.polls = 1;
    expect(await client('sourcify').submit()).toEqual({
      kind: 'submitted',
      reference: id,
      words: 'accepted',
    });
    expect(await client('sourcify').check(id)).toMatchObject({ kind: 'pending' });
    expect(await client('sourcify').check(id)).toMatchObject({ kind: 'verified', match: 'exact' });
    expect(server.requests).toEqual([
      {
        method: 'POST',
        path: `/v2/verify/11155111/${address}`,
        query: {},
        contentType: 'application/json',
        fields: {
          stdJsonInput: request.input,
          compilerVersion: '0.8.37+commit.abcdef01',
          contractIdentifier: 'src/Box.sol:Box',
          creationTransactionHash: request.creationTransactionHash,
        },
      },
      { method: 'GET', path: `/v2/verify/${id}`, query: {}, ...unsaid },
      { method: 'GET', path: `/v2/verify/${id}`, query: {}, ...unsaid },
    ]);
  });

  test('what another contract created is handed in without a transaction', async () => {
    await client('sourcify').submit({ ...request, creationTransactionHash: null });
    expect(server.requests[0]?.fields).not.toHaveProperty('creationTransactionHash');
  });

  test.each(['exact', 'partial'] as const)('what is verified already is read: %s', async (match) => {
    server.sees = 'verified';
    server.verdict = match;
    const answer = await client('sourcify').submit();
    expect(answer).toEqual({ kind: 'verified', match, words: 'already verified' });
    expect(server.requests[1]?.path).toBe(`/v2/contract/11155111/${address}`);
  });

  const job = (body: object) => ({ body: { isJobCompleted: true, verificationId: id, ...body } });
  const coded = (customCode: string) => ({ customCode, message: 'so it is', errorId: 'e' });
  test.each<[string, ScriptedReply, Partial<VerifierAnswer>]>([
    ['no match', job({ error: coded('no_match') }), { kind: 'failed', words: 'no_match: so it is' }],
    ['does not compile', job({ error: coded('compiler_error') }), { kind: 'failed' }],
    ['not deployed', job({ error: coded('contract_not_deployed') }), { kind: 'again' }],
    ['no bytecode', job({ error: coded('cannot_fetch_bytecode') }), { kind: 'again' }],
    ['a fault of its own', job({ error: coded('internal_error') }), { kind: 'again' }],
    ['a job it has forgotten', { status: 404, body: coded('job_not_found') }, { kind: 'again' }],
    ['partial', job({ contract: { match: 'match' } }), { kind: 'verified', match: 'partial' }],
    ['neither', job({ contract: { match: null } }), { kind: 'unavailable', final: false }],
  ])('the end of a submission: %s', async (_, reply, answer) => {
    server.next = [reply];
    expect(await client('sourcify').check(id)).toMatchObject(answer);
  });

  test.each<[string, ScriptedReply, Partial<VerifierAnswer>]>([
    [
      'unknown chain',
      { status: 404, body: coded('unsupported_chain') },
      { kind: 'unavailable', final: true },
    ],
    ['wrong parameter', { status: 400, body: coded('invalid_parameter') }, { kind: 'failed' }],
    [
      'handed in by somebody else just now',
      { status: 429, body: coded('duplicate_verification_request') },
      { kind: 'busy', retryAfterSeconds: null },
    ],
    [
      'too many requests',
      { status: 429, body: {}, headers: { 'retry-after': '17' } },
      { kind: 'busy', retryAfterSeconds: 17 },
    ],
    ['no reference', { status: 202, body: {} }, { kind: 'unavailable', final: false }],
  ])('a submission that is not taken: %s', async (_, reply, answer) => {
    server.next = [reply];
    expect(await client('sourcify').submit()).toMatchObject(answer);
  });
});

describe('Etherscan', () => {
  beforeEach(async () => {
    server = await startVerifierServer('etherscan');
  });
  const etherscan = () => client('etherscan', goodKey);
  const outputSelection = { '*': { '*': ['abi', 'evm.bytecode', 'evm.deployedBytecode', 'metadata'] } };

  test('a submission is asked about until it passes', async () => {
    server.polls = 1;
    expect(await etherscan().submit()).toEqual({ kind: 'submitted', reference: 'guid-1', words: 'accepted' });
    expect(await etherscan().check()).toEqual({ kind: 'pending', words: 'Pending in queue' });
    expect(await etherscan().check()).toEqual({ kind: 'verified', match: null, words: 'Pass - Verified' });
    const query = { chainid: '11155111', module: 'contract', apikey: goodKey };
    const check = { ...query, action: 'checkverifystatus', guid: 'guid-1' };
    const args = '2a'.padStart(64, '0');
    expect(server.requests).toEqual([
      {
        method: 'POST',
        path: '/v2/api',
        query: { ...query, action: 'verifysourcecode' },
        contentType: 'application/x-www-form-urlencoded',
        fields: {
          contractaddress: address,
          sourceCode: JSON.stringify({
            ...request.input,
            settings: { optimizer: { enabled: true, runs: 200 }, outputSelection },
          }),
          codeformat: 'solidity-standard-json-input',
          contractname: 'src/Box.sol:Box',
          compilerversion: 'v0.8.37+commit.abcdef01',
          constructorArguements: args,
          constructorArguments: args,
        },
      },
      { method: 'GET', path: '/v2/api', query: check, ...unsaid },
      { method: 'GET', path: '/v2/api', query: check, ...unsaid },
    ]);
  });

  test.each<[string, Partial<VerifierAnswer>]>([
    ['Contract source code already verified', { kind: 'verified', match: null }],
    [`Unable to locate ContractCode at ${address}`, { kind: 'again' }],
    ['Max calls per sec rate limit reached (3/sec)', { kind: 'busy' }],
    ['Max rate limit reached', { kind: 'busy' }],
    ['Daily limit of 200 source code submissions reached', { kind: 'busy' }],
    ['Invalid API Key (#err2)|GOODKEY1', { kind: 'key-refused' }],
    ['Missing/Invalid API Key', { kind: 'key-refused' }],
    ['Missing or unsupported chainid parameter (required for v2 api)', { kind: 'unavailable', final: true }],
    ['Free API access is not supported for this chain.', { kind: 'unavailable', final: true }],
    ['Query Timeout occured. Please select a smaller result dataset', { kind: 'unavailable', final: false }],
    ['Invalid constructor arguments provided', { kind: 'failed' }],
  ])('a submission that is not taken: %s', async (result, answer) => {
    server.next = [{ body: { status: '0', message: 'NOTOK', result } }];
    expect(await etherscan().submit()).toMatchObject({ ...answer, words: result });
  });

  test.each<[string, Partial<VerifierAnswer>]>([
    ['Pending in queue', { kind: 'pending' }],
    ['In progress', { kind: 'pending' }],
    ['Pass - Verified', { kind: 'verified' }],
    ['Already Verified', { kind: 'verified' }],
    ['Fail - Unable to verify', { kind: 'failed' }],
    ['Fail - Unable to verify. Compiled contract deployment bytecode does NOT match', { kind: 'failed' }],
    ['Max rate limit reached', { kind: 'busy' }],
    ['Unknown UID', { kind: 'again' }],
    ['Something nobody has seen before', { kind: 'unavailable', final: false }],
  ])('what became of it: %s', async (result, answer) => {
    server.next = [{ body: { status: '0', message: 'NOTOK', result } }];
    expect(await etherscan().check()).toMatchObject(answer);
  });

  test('its key stands in nothing that it says', async () => {
    server.next = [{ body: { status: '0', message: 'NOTOK', result: `Invalid API Key ${goodKey}` } }];
    expect(await etherscan().submit()).toEqual({ kind: 'key-refused', words: 'Invalid API Key [key]' });
    server.next = [{ status: 502, body: { message: `GET /v2/api?apikey=${goodKey}` } }];
    expect(JSON.stringify(await etherscan().submit())).not.toContain(goodKey);
    server.next = [null];
    expect(JSON.stringify(await etherscan().submit())).not.toContain(goodKey);
  });
});

describe('Blockscout', () => {
  beforeEach(async () => {
    server = await startVerifierServer('blockscout');
  });

  test('the contract is read, handed in, and read until it is verified', async () => {
    expect(await client('blockscout').submit()).toMatchObject({ kind: 'submitted' });
    server.polls = 1;
    expect(await client('blockscout').check()).toMatchObject({ kind: 'pending' });
    expect(await client('blockscout').check()).toMatchObject({ kind: 'verified', match: 'exact' });
    const path = `/api/v2/smart-contracts/${address}`;
    const read = { method: 'GET', path, query: {}, ...unsaid };
    expect(server.requests).toEqual([
      read,
      {
        method: 'POST',
        path: `${path}/verification/via/standard-input`,
        query: {},
        contentType: 'multipart/form-data',
        fields: {
          compiler_version: 'v0.8.37+commit.abcdef01',
          contract_name: 'src/Box.sol:Box',
          autodetect_constructor_args: 'false',
          constructor_args: '2a'.padStart(64, '0'),
          license_type: 'none',
          'files[0]': { name: 'input.json', type: 'application/json', text: input },
        },
      },
      read,
      read,
    ]);
  });

  test.each(['exact', 'partial'] as const)('what is verified already is not handed in: %s', async (match) => {
    server.sees = 'verified';
    server.verdict = match;
    expect(await client('blockscout').submit()).toMatchObject({ kind: 'verified', match });
    expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  test('a contract that is not indexed yet is waited for', async () => {
    server.sees = 'nothing';
    expect(await client('blockscout').submit()).toMatchObject({ kind: 'again', words: 'Not found' });
    expect(server.requests).toHaveLength(1);
  });

  test.each<[number, string, Partial<VerifierAnswer>]>([
    [200, 'Already verified', { kind: 'verified', match: 'exact' }],
    [404, 'Address is not a smart-contract', { kind: 'again' }],
    [404, 'Not found', { kind: 'unavailable', final: true }],
    [422, 'Invalid JSON', { kind: 'failed' }],
    [429, 'Too Many Requests', { kind: 'busy' }],
    [200, 'We have moved', { kind: 'unavailable', final: false }],
  ])('a submission that is not taken: %i %s', async (status, message, answer) => {
    server.next = [{ body: { is_verified: false } }, { status, body: { message } }];
    expect(await client('blockscout').submit()).toMatchObject({ ...answer, words: message });
  });
});

describe.each(['sourcify', 'etherscan', 'blockscout'] as const)('%s out of order', (kind) => {
  beforeEach(async () => {
    server = await startVerifierServer(kind);
  });
  test.each<[string, ScriptedReply | null]>([
    ['garbage', { body: '<html>hello' }],
    ['a list', { body: [] }],
    ['null', { body: 'null' }],
    ['nothing', { body: '' }],
    ['a fault', { status: 503, body: '<h1>503</h1>' }],
    ['a fault in JSON', { status: 500, body: { message: 'oops' } }],
    ['a redirect', { status: 302, body: '', headers: { location: 'http://127.0.0.1:9/' } }],
    ['a broken connection', null],
  ])('%s is no verdict', async (_, reply) => {
    for (const call of ['submit', 'check'] as const) {
      server.next = [reply];
      const answer = await client(kind, goodKey)[call]();
      expect(answer).toMatchObject({ kind: 'unavailable', final: false });
      expect(answer.words).not.toBe('');
    }
  });

  test('silence is none either, and a long answer is cut', async () => {
    server.next = [{ status: 500, body: { message: 'x'.repeat(10_000) } }];
    expect((await client(kind, goodKey).submit()).words).toHaveLength(500);
    timeoutMs = 50;
    server.next = ['silence'];
    expect(await client(kind, goodKey).submit()).toMatchObject({ kind: 'unavailable', final: false });
  });

  test('nobody listens', async () => {
    await server.close();
    expect(await client(kind, goodKey).submit()).toMatchObject({
      kind: 'unavailable',
      words: 'did not answer: ECONNREFUSED',
    });
    server = await startVerifierServer(kind);
  });
});
