/**
 * Solidity literal of a text: quotes and backslashes escaped, `unicode"…"` when it leaves printable ASCII.
 * The text must be free of control characters (see `printableText`), so no other escape is needed.
 */
export function stringLiteral(text: string): string {
  const escaped = text.replace(/["\\]/g, (character) => `\\${character}`);
  return /^[\x20-\x7e]*$/.test(text) ? `"${escaped}"` : `unicode"${escaped}"`;
}

/** Names that an import, a base contract or one of its events already has. */
const taken = new Set(
  (
    'Ownable Ownable2Step AccessControl Pausable Context Nonces Votes EIP712 Strings Bytes Math Time Checkpoints ' +
    'SafeCast SignedMath ShortStrings ShortString StorageSlot ECDSA Panic MessageHashUtils Checkpoint208 ' +
    'Transfer Approval ApprovalForAll Paused Unpaused OwnershipTransferred RoleGranted RoleRevoked RoleAdminChanged ' +
    'DelegateChanged DelegateVotesChanged EIP712DomainChanged BatchMetadataUpdate MetadataUpdate ' +
    'ValueChanged ValueRemoved EnforcedPause ExpectedPause InvalidAccountNonce MaxSupplyReached InitialOwnerIsZero'
  ).split(' '),
);

/**
 * A contract identifier made from a free name, in CapWords. A leading capital keeps it clear of every
 * Solidity keyword and function name; names of imported contracts get the kind appended.
 *
 * @param kind a word that names the contract when the name holds no usable letter, e.g. `Token`
 */
export function contractIdentifier(name: string, kind: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const words = plain.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (!/[A-Za-z]/.test(joined)) return kind + joined;
  const identifier = /^[0-9]/.test(joined) ? kind + joined : joined;
  return taken.has(identifier) || /^I?(ERC|EIP)\d/.test(identifier) ? identifier + kind : identifier;
}
