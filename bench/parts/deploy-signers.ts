import { startAnvil } from '../../test/support/anvil.ts';
import { startDelayingProxy } from './delaying-proxy.ts';
import { checkConfirmed, requestDeployment, settled, startDeployPlatform } from './deploy-platform.ts';

const delayMs = 5;
const signersMax = 4;
const network = 'far';

/**
 * Signers that each deploy one contract after the other by way of a node that takes 5 ms more for each call: what one
 * signer waits for must not hold up another.
 *
 * @param each how many deployments each signer makes
 * @returns deployments a second by one signer, and by four at once
 */
export async function measureSigners(each: number): Promise<{ one: number; four: number }> {
  const chain = await startAnvil({ args: ['--chain-id', '51003'] });
  const proxy = await startDelayingProxy(chain.url, delayMs);
  const platform = await startDeployPlatform({
    [network]: { chainId: 51_003, kind: 'local', confirmations: 1, blockSeconds: 1, rpcUrls: [proxy.url] },
  });
  try {
    const signers: string[] = [];
    for (let at = 1; at <= signersMax; at += 1) {
      const made = (await platform.api('POST', '/api/v1/signers', { name: `signer ${at}` })) as {
        id: string;
      };
      signers.push(made.id);
    }
    const run = async (count: number): Promise<number> => {
      const begin = performance.now();
      await Promise.all(
        signers.slice(0, count).map(async (signer) => {
          for (let at = 0; at < each; at += 1) await requestDeployment(platform, { network, signer }, 60);
        }),
      );
      return (count * each) / ((performance.now() - begin) / 1000);
    };
    await run(signersMax);
    const [one, four] = [await run(1), await run(signersMax)];
    await settled(platform);
    await checkConfirmed(platform, (2 * signersMax + 1) * each);
    return { one, four };
  } finally {
    await platform.stop();
    await proxy.stop();
    await chain.stop();
  }
}
