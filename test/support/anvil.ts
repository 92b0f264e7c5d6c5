import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

export interface AnvilOptions {
  /** A free port when absent. */
  port?: number;
  /** More command line arguments, e.g. `['--no-mining']`. */
  args?: string[];
}

export interface Anvil {
  url: string;
  port: number;
  pid: number;
  /** Makes one JSON-RPC call. @throws Error with the method and the chain's words */
  rpc<Result = unknown>(method: string, params: readonly unknown[]): Promise<Result>;
  /** Kills the process and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a real local chain for a test, listening on 127.0.0.1. Its state is in memory and goes with it. */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const binary = createRequire(import.meta.url).resolve('@foundry-rs/anvil-linux-amd64/bin/anvil');
  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    String(options.port ?? 0),
    '--accounts',
    '1',
    '--threads',
    '1',
  ];
  const child = spawn(binary, [...args, ...(options.args ?? [])], { stdio: ['ignore', 'pipe', 'pipe'] });
  // A test process that dies in the middle must not leave a chain behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve())).finally(() =>
    process.removeListener('exit', kill),
  );
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /Listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found) resolve(Number(found));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`anvil ended with ${code}: ${said}`)));
  });
  // It prints every call: read on, or it stops when the pipe is full.
  child.stdout.removeAllListeners('data').resume();
  child.stderr.removeAllListeners('data').resume();
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ url, port },
    rpc: (method, params) => callChain(url, method, params),
    pid: child.pid ?? 0,
    async stop() {
      kill();
      await gone;
    },
  };
}

/** One JSON-RPC call to a chain of a test. @throws Error with the method and the chain's words */
export async function callChain<Result = unknown>(
  url: string,
  method: string,
  params: readonly unknown[],
): Promise<Result> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });
  const { result, error } = (await response.json()) as { result: Result; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}
