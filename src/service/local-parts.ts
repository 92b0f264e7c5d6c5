import { AppError } from '../lib/app-error.ts';
import { type Config, hasEndpoints } from '../ops/config.ts';
import { bundledCompilers } from '../solidity/bundled-compilers.ts';
import { findEmbeddedPostgres } from '../store/embedded-postgres.ts';
import { findAnvil } from './embedded-chain-process.ts';

/** What this machine brings, whether a server runs or not. */
export function localParts(
  config: Config,
): { name: string; status: 'ok' | 'degraded' | 'down'; detail: string }[] {
  const major = Number(process.versions.node.split('.')[0]);
  return [
    {
      name: 'node',
      status: major >= 24 ? 'ok' : 'down',
      detail: `${process.version}${major >= 24 ? '' : '; 24 or later is needed'}`,
    },
    { name: 'data', status: 'ok', detail: config.dataDir },
    { name: 'postgresql', status: 'ok', detail: describeDatabase(config) },
    anvil(config.searchPath, hasEndpoints(config, 'local')),
    { name: 'network settings', status: 'ok', detail: describeNetworks(config) },
    {
      name: 'compilers',
      status: 'ok',
      detail: bundledCompilers.map((compiler) => compiler.version).join(', '),
    },
  ];
}

/** Names and numbers only: addresses may hold keys. */
function describeNetworks({ networks }: Config): string {
  const parts = Object.entries(networks).map(([name, { endpoints }]) =>
    endpoints.length === 0
      ? `${name} (no address)`
      : `${name} (${endpoints.length} ${endpoints.length === 1 ? 'address' : 'addresses'})`,
  );
  return parts.join(', ') || 'none';
}

function describeDatabase(config: { databaseUrl: string | null; dataDir: string }): string {
  if (config.databaseUrl) return 'DATABASE_URL';
  const running = findEmbeddedPostgres({ dataDir: config.dataDir });
  return running ? `embedded, running (process ${running.pid})` : 'embedded, not running';
}

function anvil(searchPath: string, replaced: boolean) {
  if (replaced) return { name: 'local chain', status: 'ok' as const, detail: 'from the settings' };
  try {
    findAnvil(searchPath);
    return { name: 'local chain', status: 'ok' as const, detail: 'embedded Anvil' };
  } catch (error) {
    const detail = error instanceof AppError ? `${error.message} ${error.hint}` : String(error);
    return { name: 'local chain', status: 'down' as const, detail };
  }
}
