import { askJson, asObject, releaseOf, shorten, wordsOf } from '../verifier-replies.ts';
import type {
  Ask,
  VerificationRequest,
  VerifiedContract,
  VerifierAccess,
  VerifierAnswer,
  VerifierProtocol,
} from './types.ts';

/**
 * Etherscan's API v2 (https://docs.etherscan.io/contract-verification/verify-with-api): one address and one key for all
 * of its chains. Every reply is HTTP 200 with `status` and a sentence in `result`; what happened is told by the sentence.
 */
export const etherscan: VerifierProtocol = {
  kind: 'etherscan',
  title: 'Etherscan',
  needsKey: true,
  silentOnFailure: false,
  async submit(ask, access, request) {
    const { address, input, compiler, contract, constructorArguments } = request;
    const args = constructorArguments.slice(2);
    const body = new URLSearchParams({
      contractaddress: address,
      sourceCode: JSON.stringify(withOutput(input)),
      codeformat: 'solidity-standard-json-input',
      contractname: `${contract.file}:${contract.name}`,
      compilerversion: `v${releaseOf(compiler)}`,
      // The name that the API has always had; its documentation has come to spell it rightly, so both are sent.
      constructorArguements: args,
      constructorArguments: args,
    });
    const asked = await askResult(ask, access, request, { action: 'verifysourcecode' }, body);
    if ('answer' in asked) return asked.answer;
    const { ok, result } = asked;
    if (ok) return { kind: 'submitted', reference: result, words: 'accepted' };
    return fromSentence(result) ?? { kind: 'failed', words: result };
  },
  async check(ask, access, contract, reference) {
    const asked = await askResult(ask, access, contract, { action: 'checkverifystatus', guid: reference });
    if ('answer' in asked) return asked.answer;
    const { result } = asked;
    // What is no verdict leaves the question open.
    return fromSentence(result) ?? { kind: 'unavailable', final: false, words: result };
  },
};

/** It takes the input as it is, and a compiler that is not told what to print prints no bytecode. */
function withOutput(input: VerificationRequest['input']): unknown {
  const outputSelection = { '*': { '*': ['abi', 'evm.bytecode', 'evm.deployedBytecode', 'metadata'] } };
  return { ...input, settings: { ...asObject(input['settings']), outputSelection } };
}

async function askResult(
  ask: Ask,
  access: VerifierAccess,
  { chainId }: VerifiedContract,
  what: Record<string, string>,
  body?: URLSearchParams,
): Promise<{ ok: boolean; result: string } | { answer: VerifierAnswer }> {
  const query = new URLSearchParams({
    chainid: String(chainId),
    module: 'contract',
    ...what,
    apikey: access.apiKey ?? '',
  });
  const asked = await askJson(ask, access, {
    method: body ? 'POST' : 'GET',
    url: `${access.apiUrl}?${query}`,
    ...(body ? { body } : {}),
  });
  if ('answer' in asked) return asked;
  const { status, body: reply } = asked.reply;
  const result = reply['result'];
  if (typeof result !== 'string' || result === '' || status >= 400) {
    const words = shorten(`HTTP ${status}: ${wordsOf(reply) || 'an unknown reply'}`, access);
    return { answer: { kind: 'unavailable', final: false, words } };
  }
  return { ok: reply['status'] === '1', result: shorten(result, access) };
}

/** Its sentences, in the order in which they are looked for. */
const sentences: readonly (readonly [RegExp, (words: string) => VerifierAnswer])[] = [
  [/already verified/i, (words) => ({ kind: 'verified', match: null, words })],
  [/^pass\b/i, (words) => ({ kind: 'verified', match: null, words })],
  [/pending in queue|in progress/i, (words) => ({ kind: 'pending', words })],
  [
    /rate limit|max calls per sec|daily limit/i,
    (words) => ({ kind: 'busy', retryAfterSeconds: null, words }),
  ],
  [/unable to locate contractcode|unknown uid/i, (words) => ({ kind: 'again', words })],
  [/api ?key/i, (words) => ({ kind: 'key-refused', words })],
  [
    /unsupported chain|not supported for this chain|chainid/i,
    (words) => ({ kind: 'unavailable', final: true, words }),
  ],
  [
    /time-?out|too busy|try again|temporar|maintenance|unexpected error/i,
    (words) => ({ kind: 'unavailable', final: false, words }),
  ],
  [/^fail\b/i, (words) => ({ kind: 'failed', words })],
];

/** @returns null for a sentence that is not known */
function fromSentence(words: string): VerifierAnswer | null {
  return sentences.find(([pattern]) => pattern.test(words))?.[1](words) ?? null;
}
