import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';
import type { NetworkChange } from '../chain/describe-network.ts';
import { limits } from '../lib/limits.ts';
import { checkNetworks } from './check-networks.ts';
import type { Problem } from './config-settings.ts';
import {
  type NetworkEntry,
  networkList,
  networkMap,
  networkNamePattern,
  parseRpcVariable,
} from './network-schema.ts';

/** A node of a network. The URL may hold a key: it goes to the chain client and nowhere else. */
export interface RpcEndpoint {
  url: string;
  /** What the node bears; no limit when absent. */
  requestsPerSecond?: number | undefined;
}

/** What an operator set of one network. What is left out comes from the built-in list. */
export interface NetworkSettings {
  change: NetworkChange;
  /** Nodes to ask, best first. Empty: the network is described but cannot be reached from here. */
  endpoints: readonly RpcEndpoint[];
}

/** What one place says of one network. `at` names the place for a message. */
export interface NetworkSource {
  name: string;
  entry: NetworkEntry;
  /** The setting that it came by. */
  origin: string;
  at(field?: keyof NetworkEntry | 'name'): string;
}

type Environment = Record<string, string | undefined>;
const prefix = 'SLIPWAY_RPC_';

/**
 * Reads, from the weakest to the strongest: the file of `SLIPWAY_NETWORKS_FILE` (a list), `SLIPWAY_NETWORKS` (JSON by
 * name, or the path of a file with it), and every `SLIPWAY_RPC_<NAME>` (`SLIPWAY_RPC_BASE_SEPOLIA` is the network
 * `base-sepolia`). RPC addresses often carry keys, so no value is repeated in a problem.
 */
export function readNetworkSettings(
  env: Environment,
  cwd: string,
  problems: Problem[],
): Record<string, NetworkSettings> {
  const sources = [
    ...readListFile(env['SLIPWAY_NETWORKS_FILE']?.trim() ?? '', cwd, problems),
    ...readMap(env['SLIPWAY_NETWORKS']?.trim() ?? '', cwd, problems),
    ...readVariables(env, problems),
  ];
  problems.push(...checkNetworks(sources));
  const merged = new Map<string, NetworkEntry>();
  for (const { name, entry } of sources) merged.set(name, { ...merged.get(name), ...entry });
  return Object.fromEntries([...merged].map(([name, entry]) => [name, settingsOf(entry)]));
}

function settingsOf(entry: NetworkEntry): NetworkSettings {
  const { rpcUrls = [], requestsPerSecond, ...change } = entry;
  return {
    change,
    endpoints: rpcUrls.map((endpoint) => ({
      ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
      ...endpoint,
    })),
  };
}

function readListFile(path: string, cwd: string, problems: Problem[]): NetworkSource[] {
  if (path === '') return [];
  const json = parseJson(
    () => readFile(resolve(cwd, path)),
    (why) =>
      problems.push({
        name: 'SLIPWAY_NETWORKS_FILE',
        given: path,
        expected: `a file with a list of networks like [{"name": "my-chain", "chainId": 1234, "rpcUrls": ["https://…"]}]; ${why}`,
      }),
  );
  if (json === undefined) return [];
  const list = check(networkList, json, path, problems) ?? [];
  return list.map(({ name, ...entry }, index) => ({
    name,
    entry,
    origin: 'SLIPWAY_NETWORKS_FILE',
    at: (field) => `${path} at /${index}${field ? `/${field}` : ''}`,
  }));
}

function readMap(text: string, cwd: string, problems: Problem[]): NetworkSource[] {
  if (text === '') return [];
  const inline = text.startsWith('{');
  const json = parseJson(
    () => (inline ? text : readFile(resolve(cwd, text))),
    (why) =>
      problems.push({
        name: 'SLIPWAY_NETWORKS',
        ...(inline ? {} : { given: text }),
        expected: `JSON like {"my-chain": {"rpcUrls": ["https://…"]}}, or a file with it; ${why}`,
      }),
  );
  if (json === undefined) return [];
  const place = 'SLIPWAY_NETWORKS';
  return Object.entries(check(networkMap, json, place, problems) ?? {}).map(([name, entry]) => ({
    name,
    entry,
    origin: place,
    at: (field) => `${place} at /${name}${field ? `/${field}` : ''}`,
  }));
}

function readVariables(env: Environment, problems: Problem[]): NetworkSource[] {
  return Object.entries(env).flatMap(([variable, text]) => {
    if (!variable.startsWith(prefix) || !text?.trim()) return [];
    const name = variable.slice(prefix.length).toLowerCase().replaceAll('_', '-');
    const rpcUrls = networkNamePattern.test(name) ? parseRpcVariable(text) : null;
    if (rpcUrls) return [{ name, entry: { rpcUrls }, origin: prefix, at: () => variable }];
    problems.push({
      name: variable,
      expected: `at most ${limits.rpcUrlsMax} http(s) addresses separated by commas, each with its limit behind it if it has one (\`https://… 25/s\`)`,
    });
    return [];
  });
}

/** @throws Error in words for people, when the file is too large, or is none */
function readFile(path: string): string {
  if (statSync(path).size > limits.networksFileBytesMax) throw new Error('too large');
  return readFileSync(path, 'utf8');
}

/** @returns undefined when `read` failed or it is no JSON; the reason was told. Its words quote nothing of the text. */
function parseJson(read: () => string, tell: (why: string) => void): unknown {
  try {
    return JSON.parse(read());
  } catch (error) {
    tell(`this is ${reasonOf(error as NodeJS.ErrnoException)}`);
    return undefined;
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'no such file';
  if (error.code !== undefined) return `not readable (${error.code})`;
  return error.message === 'too large' ? `over ${limits.networksFileBytesMax} bytes` : 'not readable as JSON';
}

function check<T>(schema: z.ZodType<T>, json: unknown, place: string, problems: Problem[]): T | null {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    problems.push({
      name: issue.path.length === 0 ? place : `${place} at /${issue.path.map(String).join('/')}`,
      expected: `another value: ${issue.message}`,
    });
  }
  return null;
}
