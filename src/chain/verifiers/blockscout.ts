import { askJson, releaseOf, shorten, wordsOf } from '../verifier-replies.ts';
import type {
  Ask,
  VerificationRequest,
  VerifiedContract,
  VerifierAccess,
  VerifierAnswer,
  VerifierProtocol,
} from './types.ts';

/**
 * Blockscout's own API v2 (https://docs.blockscout.com/devs/verification/blockscout-smart-contract-verification-api). A
 * submission is answered before anything was compiled, and its outcome is told to browsers only: what others can read is
 * whether the contract is verified. It is looked at first, too: a contract that is not indexed yet cannot be handed in.
 */
export const blockscout: VerifierProtocol = {
  kind: 'blockscout',
  title: 'Blockscout',
  needsKey: false,
  silentOnFailure: true,
  async submit(ask, access, request) {
    const before = await readContract(ask, access, request);
    if (before.kind !== 'pending') return before;
    const url = `${contractUrl(access, request)}/verification/via/standard-input`;
    const asked = await askJson(ask, access, { method: 'POST', url, body: formOf(request) });
    if ('answer' in asked) return asked.answer;
    const { status, body } = asked.reply;
    const words = shorten(wordsOf(body) || `HTTP ${status}`, access);
    if (/already verified/i.test(words)) return { kind: 'verified', match: 'exact', words };
    if (/verification started/i.test(words)) return { kind: 'submitted', reference: 'started', words };
    if (/not a smart-contract/i.test(words)) return { kind: 'again', words };
    // Instances without the verification service, and those that are set to take no submissions.
    if (status === 403 || status === 404) return { kind: 'unavailable', final: true, words };
    if (status >= 400) return { kind: 'failed', words };
    return { kind: 'unavailable', final: false, words };
  },
  check: readContract,
};

function contractUrl({ apiUrl }: VerifierAccess, { address }: VerifiedContract): string {
  return `${apiUrl}/api/v2/smart-contracts/${address}`;
}

/** The licence stands in the sources; the form wants one of its own list, and `none` is the one that claims nothing. */
function formOf({ compiler, contract, constructorArguments, input }: VerificationRequest): FormData {
  const form = new FormData();
  form.set('compiler_version', `v${releaseOf(compiler)}`);
  form.set('contract_name', `${contract.file}:${contract.name}`);
  form.set('autodetect_constructor_args', 'false');
  form.set('constructor_args', constructorArguments.slice(2));
  form.set('license_type', 'none');
  form.set('files[0]', new Blob([JSON.stringify(input)], { type: 'application/json' }), 'input.json');
  return form;
}

async function readContract(
  ask: Ask,
  access: VerifierAccess,
  contract: VerifiedContract,
): Promise<VerifierAnswer> {
  const asked = await askJson(ask, access, { method: 'GET', url: contractUrl(access, contract) });
  if ('answer' in asked) return asked.answer;
  const { status, body } = asked.reply;
  if (status === 404) return { kind: 'again', words: shorten(wordsOf(body) || 'unknown contract', access) };
  if (status >= 300) {
    return { kind: 'unavailable', final: false, words: shorten(`HTTP ${status}: ${wordsOf(body)}`, access) };
  }
  if (body['is_verified'] !== true) return { kind: 'pending', words: 'not verified yet' };
  const match = body['is_partially_verified'] === true ? 'partial' : 'exact';
  return { kind: 'verified', match, words: 'is_verified' };
}
