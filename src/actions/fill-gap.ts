import { custodyOf } from '../chain/signers/index.ts';
import type { ChainClient, Hex, UnsignedTransaction } from '../chain/types.ts';
import { appendAuditLog } from '../store/audit-log.ts';
import { insertTransaction } from '../store/deployments.ts';
import { findGap, type NonceAccount, noteGap, openFillers } from '../store/nonce-accounts.ts';
import { findKeyOfAddress } from '../store/signers.ts';
import { custodyParts } from './create-signer.ts';
import type { Platform } from './platform.ts';

/** What a plain transfer costs; more where a chain asks for more. */
const transferGas = 21_000n;

/**
 * A nonce that nobody uses keeps every later one from being mined: somebody else's transaction that the chain dropped
 * again, for instance. When it stays unused it is filled with an empty transaction of the address to itself, recorded
 * before it is sent like any other. Bytes that were recorded before are sent again, and offer more after a while.
 *
 * @param options.used the chain's own count of the address' transactions
 */
export async function fillGap(
  platform: Platform,
  options: { chain: ChainClient; account: NonceAccount; used: number },
): Promise<void> {
  const { chain, account, used } = options;
  const fillers = await openFillers(platform.store.read, account, used);
  for (const { raw } of fillers) await chain.send(raw);
  const gap = await findGap(platform.store.read, account, used);
  const seconds = await platform.store.transaction((tx) => noteGap(tx, account, gap));
  if (gap === null || seconds < patienceSeconds(chain)) return;
  // Somebody's transaction for it is under way.
  if ((await chain.nonce(account.address, 'pending')) > gap) return;
  const key = await findKeyOfAddress(platform.store.read, account.address);
  if (!key) return;
  const signer = custodyOf(key.kind).open(key.storedKey, custodyParts(platform));
  const transaction = await emptyTransaction(chain, account.address, gap);
  const raw = await platform.store.transaction(async (tx) => {
    const signed = await signer.signTransaction(transaction);
    const { chainId, epoch, address } = account;
    const bytes = { chainId, epoch, address, nonce: gap, deploymentId: null, kind: 'fill' as const };
    insertTransaction(tx, { ...bytes, ...signed, costMax: costOf(transaction) });
    await appendAuditLog(tx, {
      ownerId: key.ownerId,
      actor: { userId: key.createdBy, via: { kind: 'system', id: 'reconcile' } },
      requestId: `gap-${chainId}-${gap}`,
      action: 'signer.used',
      objectKind: 'signer',
      objectId: key.id,
      data: { chainId, nonce: gap, hash: signed.hash, kind: 'fill' },
    });
    return signed.raw;
  });
  platform.log.warn(
    { network: chain.network.name, address: account.address, nonce: gap },
    'nonce gap filled',
  );
  await chain.send(raw);
}

/** How long a nonce may be unused before it counts as a gap. */
function patienceSeconds({ network }: ChainClient): number {
  return network.kind === 'local' ? 2 : Math.max(60, 10 * network.blockSeconds);
}

/** @returns wei that it costs at most */
function costOf(transaction: UnsignedTransaction): bigint {
  const { gas, value } = transaction;
  return gas * (transaction.type === 'legacy' ? transaction.gasPrice : transaction.maxFeePerGas) + value;
}

async function emptyTransaction(
  chain: ChainClient,
  address: Hex,
  nonce: number,
): Promise<UnsignedTransaction> {
  const [fees, estimate] = await Promise.all([
    chain.fees('fast'),
    chain.estimateGas({ from: address, to: address, data: '0x' }),
  ]);
  const gas = estimate.kind === 'ok' && estimate.gas > transferGas ? (estimate.gas * 12n) / 10n : transferGas;
  const { chainId } = chain.network;
  const common = { chainId, nonce, to: address, value: 0n, data: '0x' as const, gas };
  if (fees.type === 'legacy') return { ...common, type: 'legacy', gasPrice: fees.gasPrice };
  const { maxFeePerGas, maxPriorityFeePerGas } = fees;
  return { ...common, type: 'eip1559', maxFeePerGas, maxPriorityFeePerGas };
}
