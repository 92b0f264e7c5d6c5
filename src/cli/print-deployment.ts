import pc from 'picocolors';
import type { Io } from './command.ts';

/** The part of a deployment that people want to see. */
export interface DeploymentView {
  id: string;
  status: string;
  network: string;
  chainId: number;
  address: string | null;
  transactionHash: string | null;
  blockNumber: number | null;
  gasUsed: string | null;
  costWei: string | null;
  codeMatches: boolean | null;
  call: {
    to: string;
    function: string;
    events: {
      list: { address: string; event: string | null; args: Record<string, unknown> }[];
      leftOut: number;
    } | null;
  } | null;
  warnings: string[];
  estimate?: unknown;
}

/** Says where a contract stands, or what a call did, and how we know. */
export function printDeployment(io: Io, deployment: DeploymentView): void {
  const say = (text: string) => io.stdout.write(`${text}\n`);
  const { status, network, address, transactionHash, blockNumber, gasUsed, codeMatches } = deployment;
  const colour = status === 'confirmed' ? pc.green : pc.yellow;
  const { call } = deployment;
  const what = call ? `${call.function} of ${call.to}` : 'Deployed';
  say(`${pc.bold(what)}  ${colour(status)} on ${network}`);
  if (address) say(`  address      ${address}`);
  if (transactionHash) say(`  transaction  ${transactionHash}`);
  if (blockNumber !== null) say(`  block        ${blockNumber}, gas used ${gasUsed ?? '?'}`);
  if (codeMatches !== null)
    say(`  code         ${codeMatches ? 'equals the build' : pc.red('differs from the build')}`);
  for (const { address: by, event, args } of call?.events?.list ?? []) {
    const place = by === call?.to ? '' : ` of ${by}`;
    say(
      `  event        ${event === null ? 'of an unknown kind' : `${event} ${JSON.stringify(args)}`}${place}`,
    );
  }
  if (call?.events?.leftOut) say(`  event        and ${call.events.leftOut} more`);
  for (const warning of deployment.warnings) say(pc.yellow(`  note         ${warning}`));
}
