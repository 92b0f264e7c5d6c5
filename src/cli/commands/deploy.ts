import { type Command, Option } from 'commander';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { type DeployOptions, readArguments, readDeployOptions, withDeployment } from '../deploy-options.ts';
import { withJson, withServer } from '../options.ts';
import { printTable } from '../print-table.ts';
import { runDeployment } from '../run-deployment.ts';
import { runPlan } from '../run-plan.ts';

interface Options extends ConnectOptions, DeployOptions {
  contract?: string;
  audit?: string;
  networks?: string;
  proxy?: 'uups' | 'transparent' | 'beacon';
  initialize: string | false;
  initArgs?: string;
  proxyOwner?: string;
  json?: boolean;
}

/** `slipway deploy`: deploys a build that is on the server. */
export const deploy: CliCommand = {
  name: 'deploy',
  configure(command: Command, run) {
    withDeployment(withJson(withServer(command)))
      .description('deploy a build')
      .argument('<build>', 'id of a build')
      .option('--contract <name>', 'Name or file:Name; the one the build chose')
      .option('--audit <id>', "the audit that the gate looks at; the build's newest one")
      .option('--networks <names>', 'several networks, separated by commas: one address on all of them')
      .addOption(
        new Option('--proxy <kind>', 'put a proxy before it, and deploy both').choices([
          ...['uups', 'transparent', 'beacon'],
        ]),
      )
      .option('--initialize <function>', 'what the proxy calls when it is created', 'initialize')
      .option('--no-initialize', 'the proxy calls nothing')
      .option('--init-args <json>', "its arguments: '[…]' in order, or '{…}' by name")
      .option('--proxy-owner <address>', 'who may upgrade it; the signer')
      .action((buildId: string, options: Options) =>
        run((io) =>
          options.networks === undefined
            ? deployIt(io, buildId, options)
            : deployToMany(io, buildId, options),
        ),
      );
  },
};

async function deployIt(io: Io, buildId: string, options: Options): Promise<number> {
  const { deploy: where, gate } = readDeployOptions(options);
  if (!where) {
    io.stderr.write('--network is needed: where should it go?\n');
    return exitCodes.usage;
  }
  const client = connect(io, options);
  const body = {
    buildId,
    ...where,
    ...gate,
    ...(options.contract ? { contract: options.contract } : {}),
    ...(options.audit ? { auditId: options.audit } : {}),
    ...readProxy(options),
  };
  const job = await client.call('POST /api/v1/contracts/deploy', {
    body,
    idempotencyKey: crypto.randomUUID(),
  });
  return runDeployment(io, client, { jobId: job.id, json: options.json ?? false });
}

/** The proxy as the API wants it. */
function readProxy({ proxy, initialize, initArgs, proxyOwner }: Options) {
  if (proxy === undefined) return {};
  const args = initArgs === undefined ? {} : { args: readArguments('--init-args', initArgs) };
  return {
    proxy: {
      kind: proxy,
      initialize: initialize === false ? null : { function: initialize, ...args },
      ...(proxyOwner === undefined ? {} : { owner: proxyOwner }),
    },
  };
}

/** A plan: the same contract at one address on several chains. */
async function deployToMany(io: Io, buildId: string, options: Options): Promise<number> {
  const networks = (options.networks ?? '').split(',').map((name) => name.trim());
  const { deploy: where, gate } = readDeployOptions({ ...options, network: networks[0] ?? '' });
  const { network: _, ...fields } = where ?? { network: '' };
  const client = connect(io, options);
  const plan = await client.call('POST /api/v1/deployment-plans', {
    body: {
      ...{ buildId, networks, ...fields, ...gate },
      ...(options.contract ? { contract: options.contract } : {}),
      ...(options.audit ? { auditId: options.audit } : {}),
    },
    idempotencyKey: crypto.randomUUID(),
  });
  const done = await runPlan(client, plan.id);
  if (options.json) io.stdout.write(`${JSON.stringify(done)}\n`);
  else {
    io.stdout.write(`${done.address}  ${done.state}\n`);
    printTable(
      io,
      ['network', 'status', 'cost in wei', ''],
      done.deployments.map(({ network, status, source, costWei, error }) => [
        ...[network, source === 'existing' ? `${status}, stood there already` : status, costWei ?? '0'],
        error?.message ?? '',
      ]),
    );
  }
  return done.state === 'confirmed' || done.state === 'estimated' ? exitCodes.ok : exitCodes.failed;
}
