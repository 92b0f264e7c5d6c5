import { z } from 'zod';
import { AppError } from '../../lib/app-error.ts';
import { inField } from '../../lib/inside-field.ts';
import { limits } from '../../lib/limits.ts';
import { readProjectArchive } from '../../solidity/project/read-project.ts';
import { readStandardJson } from '../../solidity/project/read-standard-json.ts';
import type { CompileRequest } from '../../solidity/types.ts';
import { defined } from './defined.ts';
import { compileRequestSchema } from './sources.ts';

const inputs = ['sources', 'standardJson', 'archive'] as const;

/** Fields that mean something with some inputs only. */
const onlyWith: Record<string, readonly (typeof inputs)[number][]> = {
  settings: ['sources', 'archive'],
  profile: ['archive'],
  tests: ['archive'],
};

/** What `POST /contracts/compile` takes: one of three forms of input, and what is wanted of it. */
export const compileBodySchema = z
  .strictObject({
    ...compileRequestSchema.shape,
    sources: compileRequestSchema.shape.sources.optional(),
    standardJson: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Standard JSON input, as the Solidity documentation has it; the output selection is ours.'),
    archive: z
      .string()
      .max(Math.ceil(limits.archiveBytesMax / 3) * 4 + 4)
      .refine(isBase64, 'has to be base64 text')
      .optional()
      .describe('A zip, tar or tar.gz of a Hardhat or Foundry project, as base64.'),
    profile: z.string().max(100).optional().describe('A profile of the project in `archive`.'),
    tests: z.boolean().optional().describe('Tests and scripts of the project in `archive` too.'),
  })
  .check(({ value, issues }) => {
    const given = inputs.filter((name) => value[name] !== undefined);
    if (given.length !== 1) {
      const message =
        given.length === 0
          ? 'one of sources, standardJson and archive is needed'
          : `only one of sources, standardJson and archive is taken, not ${given.join(' and ')}`;
      issues.push({ code: 'custom', path: [given[1] ?? 'sources'], message, input: value });
      return;
    }
    for (const [field, allowed] of Object.entries(onlyWith)) {
      const [input = 'sources'] = given;
      if (value[field as keyof typeof value] === undefined || allowed.includes(input)) continue;
      issues.push({ code: 'custom', path: [field], message: `is not taken with ${input}`, input: value });
    }
  })
  .meta({ id: 'CompileBody' });

/**
 * Turns the body into the one form that a build is made of, so that nothing else has to be stored of it.
 *
 * @throws AppError of `readProjectArchive` and `readStandardJson`, with a pointer into the body
 */
export async function toCompileRequest(body: z.output<typeof compileBodySchema>): Promise<CompileRequest> {
  const { archive, standardJson, sources, profile, tests, ...wanted } = defined(body);
  if (archive !== undefined) {
    const options = { ...wanted, ...(profile ? { profile } : {}), ...(tests ? { tests } : {}) };
    const bytes = Buffer.from(archive, 'base64');
    return pointingAt('/archive', async () => (await readProjectArchive(bytes, options)).request);
  }
  if (standardJson === undefined) return { ...wanted, sources: sources ?? {} };
  return inField('/standardJson', () => ({ ...readStandardJson(standardJson), ...wanted }));
}

/** Lines as `base64` wraps them are taken too. */
function isBase64(text: string): boolean {
  const body = text.trimEnd();
  const padding = body.indexOf('=');
  const isPadded = padding < 0 || ['=', '=='].includes(body.slice(padding));
  return body !== '' && isPadded && !/[^A-Za-z0-9+/=\r\n]/.test(body);
}

/** Makes an error point at the field that it comes from, beside the place inside of it. */
async function pointingAt<Result>(pointer: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, status, title, message, hint, retryable, place, data } = error;
    throw new AppError(
      code,
      { status, title, message, hint, retryable },
      {},
      {
        cause: error,
        place: { ...place, pointer },
        issues: [{ pointer, code, message }],
        ...(data ? { data } : {}),
      },
    );
  }
}
