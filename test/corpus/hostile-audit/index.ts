import { assemblyOnly } from './assembly-only.ts';
import type { HostileAudit } from './case.ts';
import { circles } from './circles.ts';
import { deepNesting } from './deep-nesting.ts';
import { largeSources } from './large-sources.ts';
import { noContract } from './no-contract.ts';
import { oldSyntax } from './old-syntax.ts';
import { wideCode } from './wide-code.ts';

/** Every hostile case of the audit; `src/audit/hostile.test.ts` runs them all. */
export const hostileAudits: readonly HostileAudit[] = [
  assemblyOnly,
  circles,
  deepNesting,
  largeSources,
  noContract,
  oldSyntax,
  wideCode,
];
