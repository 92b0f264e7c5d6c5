import { z } from 'zod';
import { storedErrorSchema, time } from '../schemas.ts';

const status = z.enum(['pending', 'verified', 'failed', 'unavailable', 'not_configured']);

export const verificationsView = z
  .object({
    deploymentId: z.uuid(),
    status: status.describe(
      '`verified` once one place says so, else `pending` while one is to come, else `failed`, `unavailable`, `not_configured`.',
    ),
    verifiers: z
      .array(
        z
          .object({
            id: z.uuid(),
            kind: z.enum(['sourcify', 'etherscan', 'blockscout']),
            apiUrl: z.string(),
            status: status.describe('`unavailable`: no verdict, which says nothing about the source.'),
            match: z
              .enum(['exact', 'partial'])
              .nullable()
              .describe(
                '`exact` with the metadata hash, `partial` without; null where the place does not say.',
              ),
            words: z.string().nullable().describe('What the place said last.'),
            error: storedErrorSchema.nullable(),
            submissions: z.number().int(),
            jobId: z.uuid().nullable(),
            requestedAt: time,
            updatedAt: time,
            completedAt: time.nullable(),
          })
          .meta({ id: 'Verification' }),
      )
      .describe('In the order in which they are asked; empty where nobody was asked.'),
  })
  .meta({ id: 'Verifications' });
