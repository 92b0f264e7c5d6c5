import { z } from 'zod';
import { checkSources } from '../../../actions/check-sources.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint } from '../../endpoint.ts';
import { defined } from '../../views/defined.ts';
import { checkRequestSchema, sourceErrors } from '../../views/sources.ts';
import { diagnosticView, libraryUseView } from '../../views/subjects.ts';

export const check = endpoint({
  route: 'POST /api/v1/contracts/check',
  summary: 'Errors and warnings of sources as they are typed; nothing is stored',
  description:
    `For editors: send the sources when typing pauses. At most ${limits.checksInFlightMax} checks of yours are under ` +
    'way at a time; one more ends the oldest with `check-superseded`.',
  auth: 'contracts:read',
  body: checkRequestSchema,
  bodyBytesMax: limits.sourceBodyBytesMax,
  reply: z
    .object({
      ok: z.boolean().describe('Whether there is no error.'),
      compiler: z.string().describe('Long version of the compiler that was chosen.'),
      libraries: z.array(libraryUseView),
      diagnostics: z.array(diagnosticView),
    })
    .meta({ id: 'Check' }),
  errors: [
    ...sourceErrors,
    'check-superseded',
    'compiler-timeout',
    'compiler-memory',
    'compiler-crashed',
    'compiler-output-too-large',
    'compiler-unavailable',
    'compiler-download-failed',
  ],
  async run({ platform, context, gone }, { body }) {
    const outcome = await checkSources(platform, context, defined(body), { signal: gone() });
    const { ok, prepared, compilerLong, diagnostics } = outcome;
    return { ok, compiler: compilerLong, libraries: prepared.libraries, diagnostics };
  },
});
