import type { Hex, Network } from '../chain/types.ts';
import { AppError, type StoredError, toStoredError } from '../lib/app-error.ts';
import { findChain } from '../store/chains.ts';
import {
  findNonceAccounts,
  type NonceAccount,
  openBelow,
  raiseNonce,
  thawAccount,
} from '../store/nonce-accounts.ts';
import { getSigner } from '../store/signers.ts';
import { recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/** What a chain said of a signer, and what was made of it. Plain JSON. */
export interface ReconciledAccount {
  network: string;
  chainId: number;
  /** The chain's counts: mined, and with what waits in the nodes' pools; null when it did not answer. */
  chainNonce: number | null;
  pendingNonce: number | null;
  /** The nonce that the next transaction gets, before and after. */
  nextNonceBefore: number;
  nextNonceAfter: number;
  /** Why the signer was frozen there; null when it was not. */
  frozenBefore: string | null;
  frozenAfter: string | null;
  /** Deployments whose nonce is used up on the chain and that are not decided yet: `mined` by us, or by somebody else. */
  slots: { deploymentId: string; nonce: number; mined: boolean }[];
  /** Why the chain could not be compared. */
  problem: StoredError | null;
}

/**
 * Compares a signer with every chain that it was used on, takes over the nonces that the chain is ahead with, and lets
 * it sign again where nothing is undecided. It sends nothing.
 *
 * @throws AppError `not-found`
 */
export async function reconcileSigner(
  platform: Platform,
  context: ActionContext,
  id: string,
): Promise<{ signerId: string; address: Hex; accounts: ReconciledAccount[] }> {
  const { read } = platform.store;
  const signer = await getSigner(read, context.actor.ownerId, id);
  const accounts: ReconciledAccount[] = [];
  for (const account of await findNonceAccounts(read, { address: signer.address })) {
    const network = platform.chains.list().find(({ chainId }) => chainId === account.chainId);
    if (network) accounts.push(await reconcileAccount(platform, network, account));
  }
  await platform.store.transaction(async (tx) => {
    for (const { chainId, nextNonceAfter, frozenBefore, frozenAfter, problem } of accounts) {
      const chain = await findChain(tx.sql, chainId);
      if (problem || !chain) continue;
      const account = { chainId, epoch: chain.epoch, address: signer.address };
      await raiseNonce(tx, account, nextNonceAfter);
      if (frozenBefore !== null && frozenAfter === null) await thawAccount(tx, account);
    }
    await recordAudit(tx, context, {
      action: 'signer.reconciled',
      objectKind: 'signer',
      objectId: signer.id,
      data: {
        accounts: accounts.map(({ chainId, nextNonceBefore, nextNonceAfter, frozenBefore, frozenAfter }) => ({
          ...{ chainId, nextNonceBefore, nextNonceAfter },
          thawed: frozenBefore !== null && frozenAfter === null,
        })),
      },
    });
  });
  return { signerId: signer.id, address: signer.address, accounts };
}

async function reconcileAccount(
  platform: Platform,
  network: Network,
  account: NonceAccount,
): Promise<ReconciledAccount> {
  const { chainId, address, nextNonce, frozenReason } = account;
  const unknown: ReconciledAccount = {
    ...{ network: network.name, chainId, chainNonce: null, pendingNonce: null },
    ...{ nextNonceBefore: nextNonce, nextNonceAfter: nextNonce },
    ...{ frozenBefore: frozenReason, frozenAfter: frozenReason, slots: [], problem: null },
  };
  try {
    const chain = await platform.chains.connect(network.name);
    const [chainNonce, pendingNonce] = await Promise.all([
      chain.nonce(address, 'latest'),
      chain.nonce(address, 'pending'),
    ]);
    const slots: ReconciledAccount['slots'] = [];
    for (const { deploymentId, nonce, hashes } of await openBelow(platform.store.read, account, chainNonce)) {
      const receipts = await Promise.all(hashes.map((hash) => chain.receipt(hash, { everywhere: true })));
      slots.push({ deploymentId, nonce, mined: receipts.some((receipt) => receipt !== null) });
    }
    const undecided = slots.filter(({ mined }) => !mined).map(({ deploymentId }) => deploymentId);
    const frozenAfter =
      frozenReason !== null && undecided.length > 0
        ? `${frozenReason} Still open: ${undecided.join(', ')}.`
        : null;
    return {
      ...{ ...unknown, chainNonce, pendingNonce, slots },
      nextNonceAfter: Math.max(nextNonce, chainNonce, pendingNonce),
      frozenAfter,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...unknown, problem: toStoredError(error) };
  }
}
