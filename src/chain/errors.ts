import { catalogue } from '../lib/app-error.ts';

/** What can go wrong on the way to a chain. */
export const fail = catalogue({
  'unknown-network': {
    status: 422,
    title: 'Unknown network',
    message: 'There is no network {network}. This installation reaches: {networks}.',
    hint: 'See `GET /api/v1/networks`; operators add networks with SLIPWAY_NETWORKS_FILE.',
  },
  'network-unsupported': {
    status: 422,
    title: 'Network not supported',
    message: 'Slipway does not deploy to {network}. {reason}',
    hint: 'Choose another network; this installation reaches: {networks}.',
  },
  'network-not-configured': {
    status: 422,
    title: 'Network not configured',
    message: 'Slipway knows the network {network}, but has no RPC address for it.',
    hint: 'Set {variable} to the address of a node and start the server again.',
  },
  'chain-unreachable': {
    status: 503,
    title: 'Chain unreachable',
    message: 'No RPC endpoint of {network} answered {method}: {reason}',
    hint: 'Check that the RPC URLs of {network} are right and that the nodes are up. Nothing was lost: the work goes on as soon as one answers.',
    retryable: true,
  },
  'wrong-chain': {
    status: 502,
    title: 'Wrong chain',
    message: 'The endpoint {endpoint} serves chain {actual}, but {network} is chain {expected}',
    hint: 'Correct the RPC URL of {network} in the configuration. Nothing was sent to this endpoint.',
  },
  'rpc-error': {
    status: 502,
    title: 'RPC error',
    message: 'A node of {network} refused {method}: {reason}',
    hint: 'The node understood the request and said no. If the words above blame the node (not synced, method off, pruned), use another endpoint of {network}.',
    retryable: true,
  },
  'rpc-reply-malformed': {
    status: 502,
    title: 'Malformed RPC reply',
    message: 'A node of {network} answered {method} with something that is no {expected}',
    hint: 'The endpoint is no Ethereum JSON-RPC server, or a proxy in front of it changes replies. Try its URL by hand.',
    retryable: true,
  },
  'verifier-not-configured': {
    status: 422,
    title: 'Verifier not configured',
    message: '{verifier} wants an API key, and this installation has none.',
    hint: 'Set SLIPWAY_ETHERSCAN_API_KEY and ask for the verification again.',
  },
  'verifier-key-refused': {
    status: 422,
    title: 'API key refused',
    message: '{verifier} refused the API key of this installation: {words}',
    hint: 'Set SLIPWAY_ETHERSCAN_API_KEY to a key that is valid and ask for the verification again.',
  },
  'verification-failed': {
    status: 422,
    title: 'Source not verified',
    message: '{verifier} could not verify the source: {words}',
    hint: 'What was sent is the exact compiler input of the build. Ask again if the place has come to know the compiler since.',
  },
  'verifier-unavailable': {
    status: 503,
    title: 'No verdict',
    message: '{verifier} gave no verdict: {words}',
    hint: 'This says nothing about the source. Ask for the verification again later.',
    retryable: true,
  },
  'signing-key-locked': {
    status: 500,
    title: 'Signing key locked',
    message:
      'The key of signer {address} was sealed under key-encryption key {expected}, and {given} was given',
    hint: 'Start the service with the key-encryption key {expected}, or rotate the keys while both are known.',
  },
  'signing-key-damaged': {
    status: 500,
    title: 'Signing key damaged',
    message:
      'The sealed key of signer {address} does not open: it was altered, moved from another signer, or the key-encryption key {kek} has other bytes',
    hint: 'Restore the signer row and the key-encryption key from the same backup. The platform signs nothing with this signer until it opens.',
  },
  'custody-not-configured': {
    status: 422,
    title: 'Custody not configured',
    message: 'This installation has no {custody}',
    hint: 'The operator sets {setting} and restarts the server; docs/signers.md says what else it needs.',
  },
  'signer-address-needed': {
    status: 422,
    title: 'Address needed',
    message: 'A signer whose key stays in a wallet of your own is known by its address',
    hint: 'Give `address`, the account in the wallet that is to sign.',
  },
  'signs-elsewhere': {
    status: 409,
    title: 'Signs elsewhere',
    message: 'The key of {address} is in a wallet of its owner, so nothing can be signed here',
    hint: 'Sign in the wallet and give what it made to `POST /api/v1/deployments/{id}/signature`.',
  },
  'private-key-invalid': {
    status: 422,
    title: 'Private key invalid',
    message: 'This number is no private key: it is zero, or not below the order of secp256k1',
    hint: 'Give the 32 bytes of the key as 64 hexadecimal digits, as wallets export them.',
  },
  'vault-key-missing': {
    status: 409,
    title: 'Key not in Vault',
    message: 'Vault has no key at {path}',
    hint: 'Restore the version that was deleted there (`vault kv undelete`), or use another signer.',
  },
  'vault-key-exists': {
    status: 409,
    title: 'Vault refuses the key',
    message:
      'Vault did not take a new key at {path}: there is one, or the mount is no key-value store of version 2',
    hint: 'Check SLIPWAY_VAULT_MOUNT: `vault secrets list -detailed` shows version 2 as `map[version:2]`.',
  },
  'vault-key-wrong': {
    status: 502,
    title: 'Other key in Vault',
    message: 'What Vault has at {path} is not the key of {address}',
    hint: 'Nothing was signed. Somebody has written there: go back to the version that the signer was made with.',
  },
  'vault-denied': {
    status: 502,
    title: 'Vault refuses',
    message: 'Vault does not let this server use {path}',
    hint: 'The token needs `create` and `read` on `<mount>/data/slipway/*`, and must not have expired; see docs/signers.md.',
  },
  'vault-unavailable': {
    status: 503,
    title: 'Vault unavailable',
    message: 'Vault gave no answer that can be used: {reason}',
    hint: 'Nothing was signed. It is tried again; when it stays so, check that Vault is reachable and unsealed.',
    retryable: true,
  },
  'kms-key-needed': {
    status: 422,
    title: 'KMS key needed',
    message: 'A signer of the kind aws-kms is made for a key that is in KMS already, and none was named',
    hint: 'Give keyId: the ARN, id or alias of a key with the spec ECC_SECG_P256K1 and the usage SIGN_VERIFY.',
  },
  'kms-key-not-found': {
    status: 422,
    title: 'KMS key not found',
    message: 'AWS KMS knows no key {key}: {reason}',
    hint: 'Check id and region: `aws kms describe-key --key-id {key}`.',
  },
  'kms-key-unsuitable': {
    status: 422,
    title: 'KMS key unsuitable',
    message: 'The KMS key {key} cannot sign for Ethereum: {spec}, {usage}',
    hint: 'Make one with `aws kms create-key --key-spec ECC_SECG_P256K1 --key-usage SIGN_VERIFY`.',
  },
  'kms-key-not-admitted': {
    status: 403,
    title: 'KMS key not admitted',
    message: 'The KMS key {key} does not say that it is for the owner {owner}',
    hint: 'Whoever administers the key runs `aws kms tag-resource --key-id {key} --tags TagKey=slipway:owner,TagValue={owner}`.',
  },
  'kms-key-disabled': {
    status: 409,
    title: 'KMS key disabled',
    message: 'The KMS key {key} cannot be used now: {reason}',
    hint: 'Enable it with `aws kms enable-key --key-id {key}`, or use another signer.',
  },
  'kms-denied': {
    status: 502,
    title: 'KMS refuses',
    message: 'AWS KMS does not let this server use the key {key}: {reason}',
    hint: 'The server’s role needs kms:GetPublicKey, kms:ListResourceTags and kms:Sign for the key; see docs/signers.md.',
  },
  'kms-unavailable': {
    status: 503,
    title: 'KMS unavailable',
    message: 'AWS KMS gave no answer that can be used: {reason}',
    hint: 'Nothing was signed. It is tried again; when it stays so, check the network and the quotas of the account.',
    retryable: true,
  },
  'kms-signature-wrong': {
    status: 502,
    title: 'KMS signature wrong',
    message: 'What AWS KMS signed with {key} is no signature of {address}',
    hint: 'Nothing was sent. Check that the endpoint is really KMS, and that the key was not replaced behind its id.',
  },
});
