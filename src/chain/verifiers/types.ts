import type { Hex, NetworkVerifier } from '../types.ts';

/** Hands one HTTP request to a verifier. Rejects with an `AskFault` when no reply came. */
export type Ask = (request: AskRequest) => Promise<AskReply>;

export interface AskRequest {
  method: 'GET' | 'POST';
  /** May carry an API key: nobody repeats it. */
  url: string;
  /** Text is JSON; a form says itself how it is encoded. */
  body?: string | URLSearchParams | FormData;
}

export interface AskReply {
  status: number;
  text: string;
  /** The header as it came. */
  retryAfter: string | null;
}

/** Why no reply came, in words for people that hold no address. */
export class AskFault extends Error {
  override readonly name = 'AskFault';
}

/** Which contract it is about. */
export interface VerifiedContract {
  chainId: number;
  address: Hex;
}

/** What is to be verified, and with what. Plain JSON. */
export interface VerificationRequest extends VerifiedContract {
  /** The compiler input, standard JSON, as the compiler got it. */
  input: Record<string, unknown>;
  /** The compiler's long version, `0.8.37+commit.abcdef01`. */
  compiler: string;
  contract: { file: string; name: string };
  /** ABI-encoded; `0x` where there are none. */
  constructorArguments: Hex;
  /** The transaction that is the creation itself; null where another contract made it. */
  creationTransactionHash: Hex | null;
}

/** Where a verifier stands, and who asks. */
export interface VerifierAccess {
  apiUrl: string;
  apiKey: string | null;
}

/** How much of the code is vouched for: `exact` with its metadata hash, `partial` without. */
export type VerifiedMatch = 'exact' | 'partial';

/** What a verifier said. `words` are its own, shortened, with the key taken out. */
export type VerifierAnswer = { words: string } & (
  | { kind: 'verified'; match: VerifiedMatch | null }
  /** It works on it. `reference` names the submission when it is asked again. */
  | { kind: 'submitted'; reference: string }
  | { kind: 'pending' }
  /** It does not see the code yet, or has forgotten the submission: submit again, later. */
  | { kind: 'again' }
  /** Too many requests. */
  | { kind: 'busy'; retryAfterSeconds: number | null }
  | { kind: 'failed' }
  /** It could not be asked. `final`: it never will answer for this contract. */
  | { kind: 'unavailable'; final: boolean }
  | { kind: 'key-refused' }
);

/** A verifier's protocol: plain functions of the transport, so that nothing in here waits or remembers. */
export interface VerifierProtocol {
  kind: NetworkVerifier['kind'];
  title: string;
  /** Whether nothing can be asked without an API key. */
  needsKey: boolean;
  /** Whether it keeps silent about a submission that did not verify. */
  silentOnFailure: boolean;
  /** Hands the contract in, or says that it is verified already. Rejects with nothing but what `ask` was stopped with. */
  submit(ask: Ask, access: VerifierAccess, request: VerificationRequest): Promise<VerifierAnswer>;
  /** Asks what became of a submission. Rejects as `submit`. */
  check(
    ask: Ask,
    access: VerifierAccess,
    contract: VerifiedContract,
    reference: string,
  ): Promise<VerifierAnswer>;
}
