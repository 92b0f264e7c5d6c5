import type { RpcError } from './rpc.ts';
import type { SendOutcome } from './types.ts';

type Kind = Exclude<SendOutcome['kind'], 'accepted'>;

/**
 * What nodes say when they do not take a transaction, most telling first. Codes are of no use: one client's -32000 is
 * another's -32603 around it, so only words decide. `send-errors.json` holds the messages these were made from, and where each stands.
 * What no pattern knows is `unknown`: maybe sent.
 */
const patterns: readonly (readonly [Kind, RegExp])[] = [
  // The node ran the transaction and reports how it ended (Hardhat): it is mined or in the pool.
  ['unknown', /reverted with|vm exception while processing|execution reverted/],
  [
    'already-known',
    /already known|alreadyknown|known transaction|already imported|already in (the )?(mempool|txpool|pool|cache)|already exists( in|$)|already been (added|submitted|broadcast)|same hash was already|duplicate transaction|tx already|transaction already (in|exists|known)|existing tx with same hash/,
  ],
  [
    'nonce-too-low',
    /nonce (is )?too low|nonce_too_low|oldnonce|nonce (has )?already been used|nonce already used|below sender account nonce|nonce .*less than .*(account|current|state) nonce|invalid transaction nonce: .*too low|nonce expired|nonce_expired/,
  ],
  // Nonce gaps: some nodes refuse to queue. It passes when the transaction before arrives.
  [
    'unknown',
    /nonce (is )?too high|nonce_too_high|noncegap|nonce gap|nonce too distant|exceeds.*future nonce/,
  ],
  [
    'insufficient-funds',
    /insufficient ?funds|insufficient ?balance|insufficient maxfeepergas for sender balance|enough funds|enough balance|upfront cost exceeds|exceeds account balance|upfront_cost_exceeds_balance|exceeds (the )?balance|lack of funds|overdraws from account/,
  ],
  [
    'underpriced',
    /underpriced|fee ?too ?low|gas ?price to replace|replace existing tx|feecap .*below|gasprice .*too low|gas ?price (is )?too low|gas price below|price below (the )?(configured )?min|less than (the )?block base ?fee|lower than (the )?(block )?base ?fee|below (the )?(current )?base ?fee|tip cap .*(below|too low|minimum)|gas tip cap|priority fee .*(below|lower than|too low)|below (the )?minimum|replacementnotallowed|replacement not allowed|bump.*(needed|required)|feetoolowtocompete|gas_price_too_low|max ?fee ?per ?gas .*(less than|lower than|below|too low)/,
  ],
  [
    'rejected',
    /intrinsic ?gas|intrinsic_gas|insufficient gas for floor|gas uint64 overflow|cost overflow|negative value|nonce has max value|exceeds (the )?(block )?gas ?limit|exceeds .*gas limit|gas limit (is )?(too high|exceeded)|gaslimitexceeded|gas limit too low|transaction gas limit|invalid (sender|signature|chain ?id|transaction v|signer)|wrong chain ?id|chain ?id mismatch|incorrect chain ?id|invalidtxchainid|initcode size|max_init_code_size|init ?code.*(exceed|too large|limit)|gas limit is greater than|greater than the allowed max|oversized data|rlptoolong|(input data|transaction) too large|exceeds max(imum)? (transaction )?size|tx(type| type|_type)? ?(is )?not supported|type not supported|invalid transaction type|transaction type is not activated|typed transaction too short|unsupported (transaction|tx) type|replay-protected|incompatible eip-155|chain ?id (is required|not supported)|rlp: |failed to decode (signed )?transaction|invalid rlp|exceeds the configured cap|fee cap exceeded|max priority fee per gas (higher than|exceeds) max fee|tip (is )?(above|higher than|greater than) fee|sender not an eoa|recover sender|account not authorized|transaction data is empty|malformed transaction|could not decode/,
  ],
];

/**
 * Decides what a node's error means for a raw transaction that was handed to it. The words may stand in the message,
 * in `data` or in a message that a gateway wrapped in -32603.
 *
 * @returns `unknown` whenever the words do not prove anything: the bytes may have been sent on
 */
export function classifySendError(error: RpcError): Kind {
  const text = words(error).toLowerCase();
  for (const [kind, pattern] of patterns) if (pattern.test(text)) return kind;
  return 'unknown';
}

/** Everything readable in the error, nested objects included. */
function words(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  if (depth > 5 || typeof value !== 'object' || value === null) return '';
  return Object.values(value)
    .map((part) => words(part, depth + 1))
    .join(' ');
}
