import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { deployBare } from './chain.ts';
import { checkConfirmed, requestDeployment, settled, startDeployPlatform } from './deploy-platform.ts';
import { atOnce } from './drive.ts';

const blockSeconds = 2;
const chainId = 51_004;
const network = 'blocks';
const callers = 16;
/** As a careful bare loop asks: it would load the chain more than its blocks do. */
const pollMs = 500;

/** A chain with room for some forty ERC-20 in a block, as a public one has. */
function startChain(): Promise<Anvil> {
  const words = ['--chain-id', String(chainId), '--block-time', String(blockSeconds)];
  return startAnvil({ args: [...words, '--gas-limit', '30000000'] });
}

/**
 * All requests at once on a chain with a block every two seconds, beside a bare loop that has all of them under way.
 *
 * @returns seconds until all are mined: confirmed, in the platform's case
 */
export async function measureBlocks(count: number): Promise<{ platform: number; bare: number }> {
  const chain = await startChain();
  const platform = await startDeployPlatform({
    [network]: { chainId, kind: 'local', confirmations: 1, blockSeconds, rpcUrls: [chain.url] },
  });
  let seconds: number;
  try {
    const begin = performance.now();
    await atOnce(callers, count, () => requestDeployment(platform, { network }));
    await settled(platform);
    seconds = (performance.now() - begin) / 1000;
    await checkConfirmed(platform, count);
  } finally {
    await platform.stop();
    await chain.stop();
  }
  const other = await startChain();
  try {
    const { creation: data } = platform;
    const bare = await deployBare({ url: other.url, data, count, inFlight: 'all', warmUps: 0, pollMs });
    return { platform: seconds, bare };
  } finally {
    await other.stop();
  }
}
