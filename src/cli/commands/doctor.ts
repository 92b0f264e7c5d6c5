import type { Command } from 'commander';
import pc from 'picocolors';
import { readConfig } from '../../ops/config.ts';
import { localParts } from '../../service/local-parts.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';

import { withJson, withServer } from '../options.ts';

/** `slipway doctor`: which part is which, and whether it is well. */
export const doctor: CliCommand = {
  name: 'doctor',
  configure(command: Command, run) {
    withJson(withServer(command))
      .description('say which parts there are and whether they are well')
      .action((options: ConnectOptions & { json?: boolean }) => run((io) => examine(io, options)));
  },
};

interface Line {
  name: string;
  status: 'ok' | 'degraded' | 'down';
  detail: string;
}

async function examine(io: Io, options: ConnectOptions & { json?: boolean }): Promise<number> {
  const lines: Line[] = [...localParts(readConfig(io.env, io.cwd)), ...(await serverParts(io, options))];
  const well = lines.every((line) => line.status !== 'down');
  if (options.json) io.stdout.write(`${JSON.stringify({ well, parts: lines })}\n`);
  else {
    const width = Math.max(...lines.map((line) => line.name.length));
    for (const { name, status, detail } of lines) {
      const mark = status === 'ok' ? pc.green('✔') : status === 'degraded' ? pc.yellow('!') : pc.red('✘');
      io.stdout.write(`${mark} ${name.padEnd(width)}  ${detail}\n`);
    }
  }
  return well ? exitCodes.ok : exitCodes.failed;
}

async function serverParts(io: Io, options: ConnectOptions): Promise<Line[]> {
  try {
    const client = connect(io, options);
    const health = await client.call('GET /health');
    return [
      { name: 'server', status: 'ok', detail: client.url },
      ...health.parts.map(({ name, status, detail }) => ({ name, status, detail })),
    ];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ name: 'server', status: 'down', detail: message }];
  }
}
