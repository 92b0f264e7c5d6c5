import { askJson, asObject, type JsonReply, releaseOf, shorten, wordsOf } from '../verifier-replies.ts';
import type {
  Ask,
  VerifiedContract,
  VerifiedMatch,
  VerifierAccess,
  VerifierAnswer,
  VerifierProtocol,
} from './types.ts';

/**
 * Sourcify's API v2 (https://docs.sourcify.dev/docs/api/, https://sourcify.dev/server/api-docs): a submission becomes a
 * job that is asked about; standard JSON is the one way in. Its server sets the output selection itself. No key.
 */
export const sourcify: VerifierProtocol = {
  kind: 'sourcify',
  title: 'Sourcify',
  needsKey: false,
  silentOnFailure: false,
  async submit(ask, access, request) {
    const { chainId, address, input, compiler, contract, creationTransactionHash } = request;
    const asked = await askJson(ask, access, {
      method: 'POST',
      url: `${access.apiUrl}/v2/verify/${chainId}/${address}`,
      body: JSON.stringify({
        stdJsonInput: input,
        compilerVersion: releaseOf(compiler),
        contractIdentifier: `${contract.file}:${contract.name}`,
        ...(creationTransactionHash ? { creationTransactionHash } : {}),
      }),
    });
    if ('answer' in asked) return asked.answer;
    const { status, body } = asked.reply;
    const reference = body['verificationId'];
    if (status < 300 && typeof reference === 'string' && reference !== '') {
      return { kind: 'submitted', reference, words: 'accepted' };
    }
    if (status === 409) return readContract(ask, access, request);
    return refusal(asked.reply, access);
  },
  async check(ask, access, contract, reference) {
    const url = `${access.apiUrl}/v2/verify/${encodeURIComponent(reference)}`;
    const asked = await askJson(ask, access, { method: 'GET', url });
    if ('answer' in asked) return asked.answer;
    const { status, body } = asked.reply;
    // Jobs are not kept for ever.
    if (status === 404) return { kind: 'again', words: shorten(wordsOf(body) || 'unknown job', access) };
    if (status >= 300) return refusal(asked.reply, access);
    if (body['isJobCompleted'] === false) return { kind: 'pending', words: 'being verified' };
    const error = asObject(body['error']);
    if (error?.['customCode'] === 'already_verified') return readContract(ask, access, contract);
    if (error) return fromCode(error, access);
    return fromContract(asObject(body['contract']), access);
  },
};

/** Another submission was first: the contract itself says how well it matches. */
async function readContract(
  ask: Ask,
  access: VerifierAccess,
  { chainId, address }: VerifiedContract,
): Promise<VerifierAnswer> {
  const url = `${access.apiUrl}/v2/contract/${chainId}/${address}`;
  const asked = await askJson(ask, access, { method: 'GET', url });
  if ('answer' in asked) return asked.answer;
  const answer = fromContract(asked.reply.body, access);
  return answer.kind === 'verified' ? { ...answer, words: 'already verified' } : answer;
}

function fromContract(contract: Record<string, unknown> | null, access: VerifierAccess): VerifierAnswer {
  const match = toMatch(contract?.['match']);
  if (match) return { kind: 'verified', match, words: String(contract?.['match']) };
  return { kind: 'unavailable', final: false, words: shorten('neither a match nor an error', access) };
}

function toMatch(match: unknown): VerifiedMatch | null {
  if (match === 'exact_match') return 'exact';
  return match === 'match' ? 'partial' : null;
}

/** Codes of trouble that may be over later; every other one is about the contract or the request. */
const notSeenYet = new Set(['contract_not_deployed', 'cannot_fetch_bytecode', 'internal_error']);

function fromCode(body: Record<string, unknown>, access: VerifierAccess): VerifierAnswer {
  const code = String(body['customCode'] ?? '');
  const words = shorten([code, wordsOf(body)].filter(Boolean).join(': '), access);
  if (notSeenYet.has(code)) return { kind: 'again', words };
  if (code === 'unsupported_chain') return { kind: 'unavailable', final: true, words };
  return { kind: 'failed', words };
}

/** A 4xx without one of its codes is not Sourcify speaking. */
function refusal({ status, body }: JsonReply, access: VerifierAccess): VerifierAnswer {
  if (typeof body['customCode'] === 'string') return fromCode(body, access);
  const words = shorten(`HTTP ${status}: ${wordsOf(body) || 'an unknown reply'}`, access);
  return { kind: 'unavailable', final: false, words };
}
