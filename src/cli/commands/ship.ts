import type { Command } from 'commander';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { type DeployOptions, readDeployOptions, withDeployment } from '../deploy-options.ts';
import { fail } from '../errors.ts';
import { followPipeline } from '../follow-pipeline.ts';
import { parseJsonOption, withJson, withServer } from '../options.ts';
import { readSources } from '../read-sources.ts';
import { printShipReport, shipReport } from '../ship-report.ts';

interface ShipOptions extends ConnectOptions, DeployOptions {
  prompt?: string;
  template?: string;
  options?: string;
  contract?: string;
  compiler?: string;
  json?: boolean;
}

/** `slipway ship`: the whole way, from a prompt or a file to a proven deployment. */
export const ship: CliCommand = {
  name: 'ship',
  configure(command: Command, run) {
    withDeployment(withJson(withServer(command)))
      .description('generate or compile, audit, gate and deploy in one go')
      .argument('[path]', 'a .sol file or a folder of them')
      .option('--prompt <text>', 'say in plain English what to build')
      .option('--template <id>', 'a template to build from')
      .option('--options <json>', "the template's options")
      .option('--contract <name>', 'which contract of the sources')
      .option('--compiler <version>', 'exact version or range')
      .action((path: string | undefined, options: ShipOptions) => run((io) => shipIt(io, path, options)));
  },
};

async function shipIt(io: Io, path: string | undefined, options: ShipOptions): Promise<number> {
  const body = request(io, path, options);
  const client = connect(io, options);
  const pipeline = await client.call('POST /api/v1/pipelines', { body, idempotencyKey: crypto.randomUUID() });
  await followPipeline(io, client, pipeline.id);
  const report = shipReport(await client.call('GET /api/v1/pipelines/:id', { params: { id: pipeline.id } }));
  if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  else printShipReport(io, report);
  return report.state === 'succeeded' ? exitCodes.ok : exitCodes.failed;
}

/** What is asked of `POST /pipelines`. @throws AppError `nothing-to-ship`, and those of the options */
function request(io: Io, path: string | undefined, options: ShipOptions) {
  const { deploy, gate } = readDeployOptions(options);
  const compiler = options.compiler ? { compiler: options.compiler } : {};
  const common = { ...(deploy ? { deploy } : {}), ...gate };
  if (path) {
    const contract = options.contract ? { contract: options.contract } : {};
    // Where it lies on this machine is nobody else's.
    const { root: _, ...sources } = readSources(io.cwd, path);
    return { ...common, compile: { ...sources, ...contract, ...compiler } };
  }
  if (!options.prompt && !options.template) throw fail('nothing-to-ship');
  const generate = {
    ...(options.prompt !== undefined ? { prompt: options.prompt } : {}),
    ...(options.template ? { template: options.template } : {}),
    ...(options.options
      ? {
          options: parseJsonOption('--options', options.options, `'{"name": "GameCoin"}'`) as Record<
            string,
            unknown
          >,
        }
      : {}),
  };
  return { ...common, generate, ...(options.compiler ? { compileOptions: compiler } : {}) };
}
