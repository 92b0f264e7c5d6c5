import type { Client } from '../client/create-client.ts';
import { exitCodes, type Io } from './command.ts';
import { printDeployment } from './print-deployment.ts';
import { runJob } from './run-job.ts';

/** Waits for a deployment or a call to end and says how. @returns the exit code */
export async function runDeployment(
  io: Io,
  client: Client,
  { jobId, json }: { jobId: string; json: boolean },
): Promise<number> {
  const { state, error, result } = await runJob(io, client, jobId);
  const { deployment } = result;
  if (json) io.stdout.write(`${JSON.stringify({ jobId, state, deployment, error })}\n`);
  else {
    if (deployment) printDeployment(io, deployment);
    if (deployment?.status === 'awaiting_signature')
      io.stdout.write(
        `Sign it with your wallet: \`slipway deployments sign ${deployment.id}\` shows what, and takes the result.\n`,
      );
    if (error) io.stderr.write(`${error.code} ${error.message}\n${error.hint}\n`);
  }
  const signs = deployment?.status === 'awaiting_signature';
  return state === 'succeeded' || signs ? exitCodes.ok : exitCodes.failed;
}
