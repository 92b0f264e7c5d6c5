import type { Platform } from '../actions/platform.ts';
import type { JobKind } from '../queue/kinds.ts';
import type { JobHandler } from '../queue/worker.ts';
import { audit } from './audit.ts';
import { compile } from './compile.ts';
import { deploy } from './deploy.ts';
import { generate } from './generate.ts';
import { verify } from './verify.ts';
import { webhook } from './webhook.ts';

/** LIST of handlers, one a kind: a kind without one does not type-check. */
const factories: Record<JobKind, (platform: Platform) => JobHandler> = {
  audit,
  compile,
  deploy,
  generate,
  verify,
  webhook,
};

/** @param kinds those that this process works on; all when absent */
export function jobHandlers(
  platform: Platform,
  kinds?: readonly JobKind[],
): Partial<Record<JobKind, JobHandler>> {
  const wanted = kinds ?? (Object.keys(factories) as JobKind[]);
  return Object.fromEntries(wanted.map((kind) => [kind, factories[kind](platform)]));
}
