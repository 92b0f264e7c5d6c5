import type { Command } from 'commander';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { type DeployOptions, readDeployOptions, withDeployment } from '../deploy-options.ts';
import { withJson, withServer } from '../options.ts';
import { printDeployment } from '../print-deployment.ts';
import { runJob } from '../run-job.ts';

interface Options extends ConnectOptions, DeployOptions {
  contract?: string;
  audit?: string;
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
      .action((buildId: string, options: Options) => run((io) => deployIt(io, buildId, options)));
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
  };
  const job = await client.call('POST /api/v1/contracts/deploy', {
    body,
    idempotencyKey: crypto.randomUUID(),
  });
  const done = await runJob(io, client, job.id);
  const { deployment } = done.result;
  if (options.json)
    io.stdout.write(
      `${JSON.stringify({ jobId: job.id, state: done.state, deployment, error: done.error })}\n`,
    );
  else {
    if (deployment) printDeployment(io, deployment);
    if (done.error) io.stderr.write(`${done.error.code} ${done.error.message}\n${done.error.hint}\n`);
  }
  return done.state === 'succeeded' ? exitCodes.ok : exitCodes.failed;
}
