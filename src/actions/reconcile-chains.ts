import { AppError } from '../lib/app-error.ts';
import { enqueue } from '../queue/enqueue.ts';
import { deploymentsFromNonce, findChain, recordChain } from '../store/chains.ts';
import type { Tx } from '../store/db.ts';
import { lockWithoutJob } from '../store/deployment-states.ts';
import { openDeploymentsWithoutJob } from '../store/deployments.ts';
import { findNonceAccounts, raiseNonce } from '../store/nonce-accounts.ts';
import { fillGap } from './fill-gap.ts';
import type { Platform } from './platform.ts';
import { type Anchors, inReplacedBlocks } from './replaced-blocks.ts';

/**
 * Compares what we believe with what the chains say, and gives every deployment that needs it a job again:
 * - one that is open on its chain but that no job works on;
 * - one that holds a nonce which its chain has not used, though it was thought mined: the chain went back (a reorg,
 *   or a local chain that lost its last second), and the same bytes have to be sent again;
 * - one whose block is another one now (`replaced-blocks.ts`): other bytes of its nonce may be mined, or the same ones
 *   elsewhere.
 * Nonces that the chain is ahead with are taken over: a backup was restored, or the key was used elsewhere. A nonce that
 * nobody uses and that others of ours wait for is filled (`fill-gap.ts`).
 * A local chain that was made anew has another genesis: its old deployments are history and rest.
 *
 * @param options.anchors kept from one time to the next, so that only what is new is looked at
 * @param options.localOnly ask only local chains, which cost nothing and lose their last second; public ones have quotas
 * @returns how many deployments were taken up again
 */
export async function reconcileChains(
  platform: Platform,
  options: { localOnly?: boolean; anchors?: Anchors } = {},
): Promise<number> {
  const { anchors = new Map() } = options;
  const wanted = new Set(await openDeploymentsWithoutJob(platform.store.read));
  for (const network of platform.chains.list()) {
    if (options.localOnly && network.kind !== 'local') continue;
    try {
      for (const id of await lostOn(platform, network.name, anchors)) wanted.add(id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      platform.log.warn(
        { network: network.name, code: error.code },
        `chain not reconciled: ${error.message}`,
      );
    }
  }
  if (wanted.size === 0) return 0;
  return platform.store.transaction((tx) => takeUp(tx, [...wanted]));
}

async function lostOn(platform: Platform, networkName: string, anchors: Anchors): Promise<string[]> {
  const { read } = platform.store;
  const { chainId } = platform.chains.network(networkName);
  const known = await findChain(read, chainId);
  if (!known) return [];
  const chain = await platform.chains.connect(networkName);
  const genesisHash = await chain.genesisHash();
  if (genesisHash !== known.genesisHash) {
    await platform.store.transaction((tx) => recordChain(tx, chainId, genesisHash));
    anchors.delete(networkName);
    platform.log.warn(
      { network: networkName, chainId },
      'the chain was made anew: its old deployments are history',
    );
    return [];
  }
  const lost = await inReplacedBlocks(platform, chain, anchors);
  for (const account of await findNonceAccounts(read, { chainId })) {
    const used = await chain.nonce(account.address, 'latest');
    if (used > account.nextNonce) {
      await platform.store.transaction((tx) => raiseNonce(tx, account, used));
      const { address, nextNonce } = account;
      platform.log.warn({ network: networkName, address, nextNonce, used }, 'the chain knows more nonces');
    }
    if (used >= account.nextNonce) continue;
    await fillGap(platform, { chain, account, used });
    lost.push(...(await deploymentsFromNonce(read, { chainId, address: account.address, from: used })));
  }
  return lost;
}

/** Enqueues a deploy job for each deployment that has no open one; it belongs to the pipeline that the deployment does. */
async function takeUp(tx: Tx, ids: string[]): Promise<number> {
  const free = await lockWithoutJob(tx, ids);
  for (const deployment of free) {
    const { id } = deployment;
    await enqueue(tx, { ...deployment, kind: 'deploy', subjectId: id, requestId: `reconcile-${id}` });
  }
  return free.length;
}
