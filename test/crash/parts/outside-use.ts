import { armKill } from './arm-kill.ts';
import { deployBox, makeSigner, send, tryDeploy, untilDeployment, type World } from './deploy-world.ts';
import type { FaultyChain } from './faulty-chain.ts';
import type { KillPoint } from './kill-points.ts';

/** What became of a nonce that somebody else used; true throughout when all is as it should be. */
export interface OutsideUse {
  /** The deployment ended, and says why. */
  endedHonestly: boolean;
  /** Nothing more was taken for the signer on that chain. */
  froze: boolean;
  /** `POST /signers/{id}/reconcile`, the documented way out, let it sign again. */
  thawed: boolean;
}

const endMsMax = 45_000;

/**
 * Somebody else who has a signer's key uses a nonce that a deployment has taken, and whoever works on it is killed while
 * it finds out. A scene of its own with a signer of its own: it is the one case that needs a person.
 */
export async function useFromOutside(
  world: World,
  scene: { run: number; at: number; point: KillPoint },
): Promise<OutsideUse> {
  const { platform } = world;
  const { run, at, point } = scene;
  const chain = world.chains[at] as FaultyChain;
  const signer = await makeSigner(world, `shared ${run}`);
  await chain.rpc('evm_setAutomine', [false]);
  // What the platform sends never gets out: somebody else is faster.
  chain.forgetsAll = true;
  const deployment = await deployBox(world, at, signer.id);
  deployment.mayLoseNonce = true;
  const isOut = ({ status }: { status: string }) => status === 'broadcast';
  const out = await untilDeployment(world, deployment.id, { wanted: isOut, ms: endMsMax });
  const armed = await armKill(world, { chain, point, run });
  await transfer(chain, signer.address, out?.nonce ?? 0);
  chain.forgetsAll = false;
  await chain.rpc('evm_setAutomine', [true]);
  const isFailed = ({ status }: { status: string }) => status === 'failed';
  const failed = await untilDeployment(world, deployment.id, { wanted: isFailed, ms: endMsMax });
  await armed.disarm();

  const refused = await tryDeploy(world, at, signer.id);
  await platform.fleet.start();
  const thawed = await reconcile(world, signer.id);
  // It is owed like any other from now on, and counted in the end.
  if (thawed) await deployBox(world, at, signer.id);
  return {
    endedHonestly: failed?.error?.code === 'nonce-used-elsewhere',
    froze: refused.status === 409 && refused.body.code === 'signer-frozen',
    thawed,
  };
}

/** As whoever else has the key would. */
async function transfer(chain: FaultyChain, from: string, nonce: number): Promise<void> {
  await chain.rpc('anvil_impersonateAccount', [from]);
  const fees = { maxFeePerGas: '0x2540be400', maxPriorityFeePerGas: '0x0' };
  const to = `0x${'77'.repeat(20)}`;
  await chain.rpc('eth_sendTransaction', [
    { from, to, nonce: `0x${nonce.toString(16)}`, gas: '0x5208', ...fees },
  ]);
  await chain.rpc('anvil_mine', ['0x1']);
  await chain.rpc('anvil_stopImpersonatingAccount', [from]);
}

/** @returns whether the signer is frozen nowhere any more */
async function reconcile({ platform }: World, signer: string): Promise<boolean> {
  const { status, body } = await send<{ accounts: { frozenAfter: string | null; problem: unknown }[] }>(
    platform,
    `POST /api/v1/signers/${signer}/reconcile`,
  );
  if (status !== 200) return false;
  return body.accounts.every(({ frozenAfter, problem }) => frozenAfter === null && problem === null);
}
