import type { Command } from 'commander';
import pc from 'picocolors';
import { hasProgram } from '../../audit/run-tools.ts';
import { tools } from '../../audit/tools/index.ts';
import { openAnalysers } from '../../ops/analysers.ts';
import { type Config, readConfig } from '../../ops/config.ts';
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
  const config = readConfig(io.env, io.cwd);
  const lines = [
    ...localParts(config),
    ...(await Promise.all([analysers(config), serverParts(io, options)])).flat(),
  ];
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

/** The analysers that audits can ask beside ours. One that is not there is nothing to worry about. */
async function analysers(config: Config): Promise<Line[]> {
  const machine = openAnalysers(config);
  const lines = tools.map(async (tool): Promise<Line> => {
    const { name } = tool;
    if (!hasProgram(tool)) return { name, status: 'ok', detail: 'comes with the compilers' };
    const located = await machine.locate(tool);
    if (located.ok) return { name, status: 'ok', detail: `${located.version} at ${located.path}` };
    if (located.status === 'unavailable') return { name, status: 'ok', detail: 'not installed' };
    return { name, status: 'degraded', detail: located.message };
  });
  return Promise.all(lines);
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
