import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it arrived: the form's fields, or the JSON body, and files as their text. */
export interface AskedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  contentType: string;
  fields: Record<string, unknown>;
}

export interface ScriptedReply {
  status?: number;
  /** JSON, or text as it is. */
  body: unknown;
  headers?: Record<string, string>;
}

/** A place of verification on this machine that speaks a real protocol. */
export interface VerifierServer {
  /** Where its API stands. */
  apiUrl: string;
  requests: AskedRequest[];
  /** What it answers next in place of its protocol, in order; `null` breaks the connection off. */
  next: (ScriptedReply | 'silence' | null)[];
  /** How it sees the contract: not at all, as code, or as verified. */
  sees: 'nothing' | 'code' | 'verified';
  /** How often a submission is still being worked on when it is asked about. */
  polls: number;
  /** How a submission ends. */
  verdict: 'exact' | 'partial' | 'mismatch';
  close(): Promise<void>;
}

export type VerifierKind = 'sourcify' | 'etherscan' | 'blockscout';

/** The key that the Etherscan server takes. */
export const goodKey = 'GOODKEY123';

/** Starts one on a free port. It refuses what the documents of the real one do not allow. */
export async function startVerifierServer(kind: VerifierKind): Promise<VerifierServer> {
  const protocol = protocols[kind];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://verifier.test');
    const contentType = request.headers['content-type'] ?? '';
    const asked: AskedRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      contentType: contentType.split(';')[0] ?? '',
      fields: await readFields(await buffer(request), contentType),
    };
    verifier.requests.push(asked);
    const scripted = verifier.next.shift();
    if (scripted === null) request.socket.destroy();
    else if (scripted !== 'silence') send(response, scripted ?? protocol(verifier, asked));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const verifier: VerifierServer = {
    apiUrl: kind === 'etherscan' ? `${base}/v2/api` : base,
    requests: [],
    next: [],
    sees: 'code',
    polls: 0,
    verdict: 'exact',
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return verifier;
}

function send(response: ServerResponse, { status = 200, body, headers = {} }: ScriptedReply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function readFields(body: Buffer, contentType: string): Promise<Record<string, unknown>> {
  if (body.length === 0) return {};
  if (contentType.startsWith('application/json')) return JSON.parse(body.toString('utf8'));
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  const entries = [...form].map(async ([name, value]) => [
    name,
    typeof value === 'string' ? value : { name: value.name, type: value.type, text: await value.text() },
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

type Protocol = (verifier: VerifierServer, asked: AskedRequest) => ScriptedReply;

const verificationId = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

const protocols: Record<VerifierKind, Protocol> = {
  sourcify(verifier, { method, path, fields }) {
    const refuse = (status: number, customCode: string) => ({
      status,
      body: { customCode, message: `refused: ${customCode}`, errorId: 'e1' },
    });
    const shown = () => ({
      match: verifier.verdict === 'exact' ? 'exact_match' : 'match',
      creationMatch: 'exact_match',
      runtimeMatch: 'exact_match',
      chainId: '1',
      address: '0x00',
    });
    if (method === 'POST' && /^\/v2\/verify\/\d+\/0x[0-9a-fA-F]{40}$/.test(path)) {
      const needed = ['stdJsonInput', 'compilerVersion', 'contractIdentifier'];
      if (needed.some((name) => !(name in fields))) return refuse(400, 'invalid_parameter');
      if (verifier.sees === 'verified') return refuse(409, 'already_verified');
      return { status: 202, body: { verificationId } };
    }
    if (path === `/v2/verify/${verificationId}`) {
      if (verifier.polls-- > 0) return { body: { isJobCompleted: false, verificationId } };
      const job = { isJobCompleted: true, verificationId };
      const error = (customCode: string) => ({
        body: { ...job, contract: { match: null }, error: { customCode, message: 'no', errorId: 'e2' } },
      });
      if (verifier.sees === 'nothing') return error('contract_not_deployed');
      if (verifier.verdict === 'mismatch') return error('no_match');
      verifier.sees = 'verified';
      return { body: { ...job, contract: shown() } };
    }
    if (path.startsWith('/v2/verify/')) return refuse(404, 'job_not_found');
    if (path.startsWith('/v2/contract/')) {
      return verifier.sees === 'verified' ? { body: shown() } : { status: 404, body: { match: null } };
    }
    return refuse(404, 'route_not_found');
  },

  etherscan(verifier, { method, path, query, fields }) {
    const say = (status: '0' | '1', result: string) => ({
      body: { status, message: status === '1' ? 'OK' : 'NOTOK', result },
    });
    if (path !== '/v2/api' || query['module'] !== 'contract')
      return say('0', 'Error! Missing Or invalid Module');
    if (!query['chainid']) return say('0', 'Missing or unsupported chainid parameter (required for v2 api)');
    if (query['apikey'] !== goodKey) return say('0', 'Invalid API Key (#err2)');
    if (query['action'] === 'checkverifystatus') {
      if (query['guid'] !== 'guid-1') return say('0', 'Unknown UID');
      if (verifier.polls-- > 0) return say('0', 'Pending in queue');
      if (verifier.verdict === 'mismatch') return say('0', 'Fail - Unable to verify');
      verifier.sees = 'verified';
      return say('1', 'Pass - Verified');
    }
    if (method !== 'POST' || query['action'] !== 'verifysourcecode') return say('0', 'Error! Missing action');
    if (verifier.sees === 'verified') return say('0', 'Contract source code already verified');
    if (verifier.sees === 'nothing') {
      return say('0', `Unable to locate ContractCode at ${fields['contractaddress']}`);
    }
    if (!/^v\d+\.\d+\.\d+\+commit\.[0-9a-f]{8}$/.test(String(fields['compilerversion']))) {
      return say('0', 'Invalid Compiler Version');
    }
    return say('1', 'guid-1');
  },

  blockscout(verifier, { method, path, fields }) {
    if (!/^\/api\/v2\/smart-contracts\/0x[0-9a-fA-F]{40}/.test(path)) {
      return { status: 404, body: { message: 'Not found' } };
    }
    if (verifier.sees === 'nothing') return { status: 404, body: { message: 'Not found' } };
    if (method === 'POST') {
      const file = fields['files[0]'] as { text?: string } | undefined;
      if (!path.endsWith('/verification/via/standard-input') || !file?.text || !fields['compiler_version']) {
        return { status: 422, body: { message: 'Unprocessable' } };
      }
      if (verifier.verdict !== 'mismatch') verifier.sees = 'verified';
      return { body: { message: 'Smart-contract verification started' } };
    }
    const partial = verifier.verdict === 'partial';
    if (verifier.sees !== 'verified' || verifier.polls-- > 0) {
      return { body: { is_verified: false, deployed_bytecode: '0x00' } };
    }
    return { body: { is_verified: true, is_partially_verified: partial, is_fully_verified: !partial } };
  },
};
