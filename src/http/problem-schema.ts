import { z } from 'zod';

const fieldSchema = z.object({
  pointer: z
    .string()
    .describe('RFC 6901 pointer into the body; `/query/…`, `/path/…` and `/headers/…` for the rest.'),
  code: z.string(),
  message: z.string(),
});

const placeSchema = z.object({
  file: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
  pointer: z.string().optional(),
  excerpt: z.string().optional(),
});

/** Every error of the API (RFC 9457), for OpenAPI; `Problem` of problem.ts is the same for the code. */
export const problemSchema = z
  .object({
    type: z.string().describe('Address of the page that explains the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe('Stable, for programs.'),
    hint: z.string().describe('What to do about it.'),
    retryable: z.boolean().describe('True when the same request may succeed later.'),
    requestId: z.string(),
    errors: z.array(fieldSchema).optional().describe('One for each field that is wrong.'),
    place: placeSchema.optional().describe('Where in the input the error lies.'),
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem' });
