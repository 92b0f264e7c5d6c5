import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Problem } from './config-settings.ts';

const url = z.string().refine((text) => {
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  return ['http:', 'https:', 'ws:', 'wss:'].includes(protocol);
}, 'an http(s) or ws(s) address');

const network = z.strictObject({
  /** Nodes to ask, best first. */
  rpcUrls: z.array(url).min(1),
  chainId: z.number().int().positive().optional(),
  title: z.string().min(1).max(100).optional(),
  kind: z.enum(['local', 'testnet', 'mainnet']).optional(),
  /** Blocks on top of a deployment's own before it counts as confirmed. */
  confirmations: z.number().int().min(0).max(1000).optional(),
  explorerUrl: url.optional(),
  currency: z.string().min(1).max(20).optional(),
});

/** What an operator may set about one network. What is left out comes from the built-in list. */
export type NetworkSettings = z.output<typeof network>;

const networkName = /^[a-z][a-z0-9-]{0,39}$/;
const all = z.record(z.string().regex(networkName), network);
const prefix = 'SLIPWAY_RPC_';

/**
 * Reads `SLIPWAY_NETWORKS` (JSON, or the path of a JSON file) and every `SLIPWAY_RPC_<NAME>` (URLs separated by
 * commas; `SLIPWAY_RPC_BASE_SEPOLIA` is the network `base-sepolia`). The latter win. RPC addresses often carry
 * keys, so no value is repeated in a problem.
 */
export function readNetworkSettings(
  env: Record<string, string | undefined>,
  cwd: string,
  problems: Problem[],
): Record<string, NetworkSettings> {
  const networks = readList(env['SLIPWAY_NETWORKS']?.trim() ?? '', cwd, problems);
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(prefix) || !text?.trim()) continue;
    const name = variable.slice(prefix.length).toLowerCase().replaceAll('_', '-');
    const rpcUrls = text.split(',').map((part) => part.trim());
    if (networkName.test(name) && z.array(url).safeParse(rpcUrls).success) {
      networks[name] = { ...networks[name], rpcUrls };
    } else {
      problems.push({ name: variable, expected: 'http(s) or ws(s) addresses separated by commas' });
    }
  }
  return networks;
}

function readList(text: string, cwd: string, problems: Problem[]): Record<string, NetworkSettings> {
  const name = 'SLIPWAY_NETWORKS';
  if (text === '') return {};
  const inline = text.startsWith('{');
  let json: unknown;
  try {
    json = JSON.parse(inline ? text : readFileSync(resolve(cwd, text), 'utf8'));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'not readable as JSON';
    problems.push({
      name,
      ...(inline ? {} : { given: text }),
      expected: `JSON like {"my-chain": {"rpcUrls": ["https://…"]}}, or a file with it; this is ${why}`,
    });
    return {};
  }
  const result = all.safeParse(json);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    problems.push({
      name: `${name} at /${issue.path.map(String).join('/')}`,
      expected: `another value: ${issue.message}`,
    });
  }
  return {};
}
