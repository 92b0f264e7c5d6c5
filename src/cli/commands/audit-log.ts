import type { Command } from 'commander';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { withJson, withServer } from '../options.ts';
import { printTable } from '../print-table.ts';

type Options = ConnectOptions & { json?: boolean; action?: string; object?: string; limit?: string };

/** `slipway audit-log`: who did what, to which object, and why. */
export const auditLog: CliCommand = {
  name: 'audit-log',
  configure(command: Command, run) {
    withJson(withServer(command))
      .description('show who did what')
      .option('--action <name>', 'only these, such as finding.acknowledged')
      .option('--object <id>', 'only about this object')
      .option('--limit <number>', 'how many', '25')
      .action((options: Options) => run((io) => list(io, options)));
  },
};

async function list(io: Io, options: Options): Promise<number> {
  const { action, object } = options;
  const page = await connect(io, options).call('GET /api/v1/audit-log', {
    query: {
      limit: Number(options.limit),
      ...(action ? { action } : {}),
      ...(object ? { objectId: object } : {}),
    },
  });
  if (options.json) io.stdout.write(`${JSON.stringify(page)}\n`);
  else {
    const rows = page.items.map((line) => [
      line.at,
      line.action,
      String(line.actor['userId'] ?? ''),
      `${line.objectKind ?? ''} ${line.objectId ?? ''}`.trim(),
      String(line.data['reason'] ?? ''),
    ]);
    printTable(io, ['at', 'action', 'who', 'object', 'reason'], rows);
  }
  return exitCodes.ok;
}
