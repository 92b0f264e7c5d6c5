import { createPublicClient, type Hex, http } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { startEmbeddedChain } from '../../src/service/embedded-chain.ts';
import { makeDirectory, removeDirectory } from './server.ts';

const chainId = 31_337;
const gas = 2_000_000n;
const maxFeePerGas = 20_000_000_000n;
const inFlightMax = 64;
/** One that takes longer is lost, or was refused. */
const minedMsMax = 30_000;

/** How creations are sent: each mined before the next, or without waiting in between. */
export type Sending = 'one-by-one' | 'pipelined';

/**
 * Deploys `count` times with viem, local signing and our own count of nonces, on a fresh chain of the kind that the
 * platform brings along. Nothing is recorded, simulated, estimated or compared.
 * @returns deployments a second, from the first signature to the last receipt
 */
export async function bareDeployments(data: Hex, count: number, sending: Sending): Promise<number> {
  const directory = makeDirectory();
  const chain = await startEmbeddedChain({ dataDir: directory });
  try {
    const client = createPublicClient({ transport: http(chain.url), pollingInterval: 5 });
    const account = privateKeyToAccount(generatePrivateKey());
    await client.request({
      method: 'anvil_setBalance' as never,
      params: [account.address, '0x21e19e0c9bab2400000'] as never,
    });
    let nonce = 0;
    async function send(): Promise<Hex> {
      const serializedTransaction = await account.signTransaction({
        chainId,
        nonce: nonce++,
        type: 'eip1559',
        data,
        gas,
        maxFeePerGas,
        maxPriorityFeePerGas: 0n,
      });
      return client.sendRawTransaction({ serializedTransaction });
    }
    async function mined(hash: Hex): Promise<void> {
      const end = performance.now() + minedMsMax;
      // Asked at once and again in a moment: viem's own waiting begins with a pause.
      for (;;) {
        const receipt = await client.getTransactionReceipt({ hash }).catch(() => null);
        if (receipt?.status === 'success') return;
        if (receipt) throw new Error(`the benchmark's own contract was reverted: ${hash}`);
        if (performance.now() > end) throw new Error(`nobody mined the benchmark's own transaction ${hash}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    const deploy = async () => mined(await send());
    for (let at = 0; at < 5; at += 1) await deploy();
    const begin = performance.now();
    if (sending === 'one-by-one') {
      for (let at = 0; at < count; at += 1) await deploy();
    } else {
      const open = new Set<Promise<void>>();
      for (let at = 0; at < count; at += 1) {
        const one: Promise<void> = deploy().finally(() => open.delete(one));
        open.add(one);
        if (open.size >= inFlightMax) await Promise.race(open);
      }
      await Promise.all(open);
    }
    return count / ((performance.now() - begin) / 1000);
  } finally {
    await chain.stop();
    await removeDirectory(directory);
  }
}
