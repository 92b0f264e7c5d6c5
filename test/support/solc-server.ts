import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** A release that is on the official list and is not bundled. */
export const unbundled = '0.8.21';

/** A local server that offers one compiler as `binaries.soliditylang.org` does: `list.json` and the file beside it. */
export interface SolcServer {
  listUrl: string;
  /** Paths that were asked for, in order. */
  asked: string[];
  /** Answers with something else from now on; null for as before. */
  answer(instead: ((path: string) => { status: number; body: string | Uint8Array } | 'nothing') | null): void;
  stop(): Promise<void>;
}

export async function startSolcServer(): Promise<SolcServer> {
  const file = readFileSync(createRequire(import.meta.url).resolve('solc-unbundled/soljson.js'));
  const path = `soljson-v${unbundled}+commit.d9974bed.js`;
  const list = {
    builds: [
      {
        path,
        version: unbundled,
        build: 'commit.d9974bed',
        longVersion: `${unbundled}+commit.d9974bed`,
        keccak256: `0x${'0'.repeat(64)}`,
        sha256: `0x${createHash('sha256').update(file).digest('hex')}`,
        urls: [],
      },
    ],
    releases: { [unbundled]: path },
    latestRelease: unbundled,
  };
  const asked: string[] = [];
  let instead: Parameters<SolcServer['answer']>[0] = null;
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
    asked.push(name);
    const other = instead?.(name);
    if (other === 'nothing') return;
    if (other) response.writeHead(other.status).end(other.body);
    else if (name === 'list.json') response.end(JSON.stringify(list));
    else if (name === path) response.end(file);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    listUrl: `http://127.0.0.1:${port}/bin/list.json`,
    asked,
    answer(given) {
      instead = given;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
