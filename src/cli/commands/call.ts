import type { Command } from 'commander';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { parseJsonOption, withJson, withServer } from '../options.ts';

type Options = ConnectOptions & { json?: boolean; args?: string; block?: string; from?: string };

/** `slipway call`: reads from a deployed contract. */
export const call: CliCommand = {
  name: 'call',
  configure(command: Command, run) {
    withJson(withServer(command))
      .description('read from a deployed contract')
      .argument('<deployment>', 'id of a deployment')
      .argument('<function>', "name, or signature: 'balanceOf(address)'")
      .option('--args <json>', "arguments: '[…]' in order, or '{…}' by name")
      .option('--block <number>', 'as it was at this block')
      .option('--from <address>', 'who seems to call')
      .action((id: string, name: string, options: Options) => run((io) => callIt(io, id, name, options)));
  },
};

async function callIt(io: Io, id: string, name: string, options: Options): Promise<number> {
  const { args, block, from } = options;
  const result = await connect(io, options).call('POST /api/v1/deployments/:id/call', {
    params: { id },
    body: {
      function: name,
      ...(args ? { args: parseJsonOption('--args', args, `'["0xabc…"]'`) as unknown[] } : {}),
      ...(block ? { block: Number(block) } : {}),
      ...(from ? { from } : {}),
    },
  });
  if (options.json) io.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    for (const [at, value] of Object.entries(result.result)) {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      io.stdout.write(/^\d+$/.test(at) ? `${text}\n` : `${at}  ${text}\n`);
    }
    if (!result.readsOnly) io.stderr.write(`${result.function} would change something; nothing was sent.\n`);
  }
  return exitCodes.ok;
}
