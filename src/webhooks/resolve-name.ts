import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** Finds all addresses of a name, until the signal says that nobody wants them any more. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<LookupAddress[]>;

/** How long one name server is waited for before the next one is asked, in milliseconds. */
const serverMs = 2_000;

/**
 * Makes a resolver for names that strangers chose. The system's own (getaddrinfo) keeps one of the four threads on which
 * a process does all its look-ups and file access until the server of the name has answered: a few names whose servers
 * never do would stop everything. This one waits on sockets and gives up after its time. The hosts file comes first, as
 * it does in the system's, and `localhost` needs no server; search domains are not applied.
 *
 * @param options.timeoutMs for everything together
 * @param options.servers name servers instead of the machine's, `address:port`
 * @returns what throws Node's DNS errors (ENOTFOUND, ETIMEOUT …)
 */
export function createResolve(options: {
  timeoutMs: number;
  servers?: readonly string[];
  hostsFile?: string;
}): Resolve {
  const { timeoutMs, servers, hostsFile = systemHostsFile } = options;
  return async (host, signal) => {
    const name = host.toLowerCase().replace(/\.$/, '');
    const listed = await readHosts(hostsFile, name);
    if (listed.length > 0) return listed.map(toAddress);
    if (isOwnName(name)) return ['127.0.0.1', '::1'].map(toAddress);
    return ask(name, { signal, timeoutMs, servers });
  };
}

/** Names of this machine by definition (RFC 6761, section 6.3). */
export function isOwnName(host: string): boolean {
  return /(^|\.)localhost\.?$/i.test(host);
}

async function ask(
  name: string,
  options: { signal: AbortSignal; timeoutMs: number; servers: readonly string[] | undefined },
): Promise<LookupAddress[]> {
  const { signal, timeoutMs, servers } = options;
  signal.throwIfAborted();
  const resolver = new Resolver({ timeout: Math.min(serverMs, timeoutMs), tries: 1 });
  if (servers) resolver.setServers(servers);
  const stop = () => resolver.cancel();
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found.map(toAddress);
    const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    // Most names have addresses of one kind only: that there are none of the other says the least.
    throw errors.find((error) => error.code !== 'ENODATA') ?? errors[0];
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

const systemHostsFile =
  process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';

/** Read anew each time, as the system does: containers change it. One that cannot be read lists nothing. */
async function readHosts(file: string, name: string): Promise<string[]> {
  const text = (await readFile(file, 'utf8').catch(() => '')).toLowerCase();
  // Block lists have a hundred thousand lines, most of them about other names.
  if (!text.includes(name)) return [];
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return isIP(address) !== 0 && names.includes(name) ? [address] : [];
  });
}

function toAddress(address: string): LookupAddress {
  return { address, family: isIP(address) };
}
