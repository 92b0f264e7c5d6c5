import { createPublicClient, type Hex, http, type PublicClient } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { startEmbeddedChain } from '../../src/service/embedded-chain.ts';
import { makeDirectory, removeDirectory } from './server.ts';

const gas = 2_000_000n;
const maxFeePerGas = 20_000_000_000n;
/** One that takes longer is lost, or was refused. */
const minedMsMax = 120_000;
/** The same on a chain that mines at once. */
const minedAtOnceMsMax = 5_000;
const attemptsMax = 5;
const warmUps = 5;

/** How many creations are under way at a time: one is mined before the next is sent, or nobody waits in between. */
export type InFlight = 1 | 64 | 'all';

/**
 * Deploys `count` times with viem, local signing and our own count of nonces, on a fresh chain of the kind that the
 * platform brings along. Nothing is recorded, simulated, estimated or compared. Anvil keeps one of some 20,000
 * transactions for ever (`src/deploy/steps/send.ts`); the bare loop has no answer to that and begins anew.
 * @returns deployments a second, from the first signature to the last receipt
 */
export async function bareDeployments(data: Hex, count: number, inFlight: InFlight): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deployOnFreshChain(data, count, inFlight);
    } catch (error) {
      if (!(error instanceof NeverMined) || attempt >= attemptsMax) throw error;
      console.error(`${error.message}; the bare loop begins anew`);
    }
  }
}

/** What a node took and did not mine. */
class NeverMined extends Error {}

async function deployOnFreshChain(data: Hex, count: number, inFlight: InFlight): Promise<number> {
  const directory = makeDirectory();
  const chain = await startEmbeddedChain({ dataDir: directory });
  try {
    const { url } = chain;
    const patience = { pollMs: 1, minedMsMax: minedAtOnceMsMax };
    return count / (await deployBare({ url, data, count, inFlight, warmUps, ...patience }));
  } finally {
    await chain.stop();
    await removeDirectory(directory);
  }
}

/**
 * The same on a chain that runs already.
 * @param options.pollMs pause between looks for a receipt
 * @returns seconds from the first signature to the last receipt
 */
export async function deployBare(options: {
  url: string;
  data: Hex;
  count: number;
  inFlight: InFlight;
  warmUps: number;
  pollMs: number;
  minedMsMax?: number;
}): Promise<number> {
  const { url, data, count, inFlight } = options;
  const client = createPublicClient({ transport: http(url) });
  const chainId = await client.getChainId();
  const account = privateKeyToAccount(generatePrivateKey());
  await client.request({
    method: 'anvil_setBalance' as never,
    params: [account.address, '0x21e19e0c9bab2400000'] as never,
  });
  let nonce = 0;
  async function deploy(): Promise<void> {
    const serializedTransaction = await account.signTransaction({
      ...{ chainId, nonce: nonce++, type: 'eip1559', data, gas, maxFeePerGas, maxPriorityFeePerGas: 0n },
    });
    await untilMined(client, await client.sendRawTransaction({ serializedTransaction }), options);
  }
  for (let at = 0; at < options.warmUps; at += 1) await deploy();
  const begin = performance.now();
  const open = new Set<Promise<void>>();
  for (let at = 0; at < count; at += 1) {
    const one: Promise<void> = deploy().finally(() => open.delete(one));
    open.add(one);
    if (inFlight !== 'all' && open.size >= inFlight) await Promise.race(open);
  }
  await Promise.all(open);
  return (performance.now() - begin) / 1000;
}

/** Asked at once and again in a moment: viem's own waiting begins with a pause. */
async function untilMined(
  client: PublicClient,
  hash: Hex,
  { pollMs, minedMsMax: mostMs = minedMsMax }: { pollMs: number; minedMsMax?: number },
): Promise<void> {
  const end = performance.now() + mostMs;
  for (;;) {
    const receipt = await client.getTransactionReceipt({ hash }).catch(() => null);
    if (receipt?.status === 'success') return;
    if (receipt) throw new Error(`the benchmark's own contract was reverted: ${hash}`);
    if (performance.now() > end) throw new NeverMined(`nobody mined the benchmark's own transaction ${hash}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
