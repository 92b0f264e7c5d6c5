import type { CliCommand } from '../command.ts';
import { audit } from './audit.ts';
import { auditLog } from './audit-log.ts';
import { builds } from './builds.ts';
import { call } from './call.ts';
import { compile } from './compile.ts';
import { deploy } from './deploy.ts';
import { deployments } from './deployments.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { findings } from './findings.ts';
import { generate } from './generate.ts';
import { jobs } from './jobs.ts';
import { login } from './login.ts';
import { migrateCommand } from './migrate.ts';
import { networks } from './networks.ts';
import { provenance } from './provenance.ts';
import { send } from './send.ts';
import { serve } from './serve.ts';
import { ship } from './ship.ts';
import { signers } from './signers.ts';
import { upgrade } from './upgrade.ts';
import { worker } from './worker.ts';

/** Every command, in the order of the help page. */
export const commands: readonly CliCommand[] = [
  ship,
  generate,
  compile,
  audit,
  explain,
  findings,
  builds,
  deploy,
  upgrade,
  deployments,
  call,
  send,
  provenance,
  signers,
  networks,
  jobs,
  auditLog,
  serve,
  worker,
  migrateCommand,
  doctor,
  login,
];
