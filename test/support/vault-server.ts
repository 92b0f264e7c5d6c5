import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Vault was asked. */
export interface VaultCall {
  method: string;
  path: string;
  token: string;
}

export interface VaultServer {
  url: string;
  /** The one that may do everything; a test may change it, as Vault does when it expires. */
  token: string;
  calls: VaultCall[];
  /** Versions by path, oldest first; null for one that was deleted. */
  secrets: Map<string, (Record<string, unknown> | null)[]>;
  /** Decides on a call in place of the service; undefined leaves it to the service. */
  intercept: ((call: VaultCall) => { status: number; body: string } | 'silence' | undefined) | null;
  stop(): Promise<void>;
}

/** Speaks the part of HashiCorp Vault's HTTP API that a key-value store of version 2 has, mounted at `secret`, and its transit engine. */
export async function startVaultServer(): Promise<VaultServer> {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { method = '', url = '', headers } = request;
    const call = { method, path: url, token: String(headers['x-vault-token'] ?? '') };
    vault.calls.push(call);
    const meddled = vault.intercept?.(call);
    if (meddled === 'silence') return;
    const { status, body } = meddled ?? answer(call, text);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });

  function answer({ method, path, token }: VaultCall, text: string): { status: number; body: string } {
    const reply = (status: number, body: object) => ({ status, body: JSON.stringify(body) });
    if (token !== vault.token) return reply(403, { errors: ['permission denied'] });
    const transit = /^\/v1\/transit\/(datakey\/plaintext|decrypt)\/([\w-]+)$/.exec(path);
    if (transit) return useTransit(String(transit[1]), String(transit[2]), text);
    const name = /^\/v1\/secret\/data\/(.+)$/.exec(path)?.[1];
    if (!name) return reply(404, { errors: [`no handler for route "${path}"`] });
    const versions = vault.secrets.get(name) ?? [];
    if (method === 'GET') {
      const newest = versions.at(-1);
      const metadata = { version: versions.length, destroyed: false };
      if (newest === undefined) return reply(404, { errors: [] });
      return reply(newest === null ? 404 : 200, { data: { data: newest, metadata } });
    }
    const { options, data } = JSON.parse(text) as {
      options?: { cas?: number };
      data: Record<string, unknown>;
    };
    if (options?.cas !== undefined && options.cas !== versions.length) {
      return reply(400, { errors: ['check-and-set parameter did not match the current version'] });
    }
    vault.secrets.set(name, [...versions, data]);
    return reply(200, { data: { version: versions.length + 1, destroyed: false } });
  }

  /** What was wrapped, by what came of it: nobody else can open that. */
  const wrapped = new Map<string, { name: string; plaintext: string }>();

  function useTransit(operation: string, name: string, text: string): { status: number; body: string } {
    const reply = (status: number, body: object) => ({ status, body: JSON.stringify(body) });
    if (operation !== 'decrypt') {
      const plaintext = randomBytes(32).toString('base64');
      const ciphertext = `vault:v1:${randomBytes(40).toString('base64')}`;
      wrapped.set(ciphertext, { name, plaintext });
      return reply(200, { data: { plaintext, ciphertext, key_version: 1 } });
    }
    const known = wrapped.get((JSON.parse(text) as { ciphertext: string }).ciphertext);
    if (known?.name !== name) return reply(400, { errors: ['cipher: message authentication failed'] });
    return reply(200, { data: { plaintext: known.plaintext } });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const vault: VaultServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: `hvs.${randomBytes(12).toString('hex')}`,
    calls: [],
    secrets: new Map(),
    intercept: null,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return vault;
}
