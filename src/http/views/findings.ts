import { z } from 'zod';
import { time } from '../schemas.ts';
import { auditView, findingView, severityView } from './subjects.ts';

export const storedFindingView = findingView
  .extend({ id: z.uuid(), auditId: z.uuid() })
  .meta({ id: 'StoredFinding' });

const fixedView = z.object({
  fingerprint: z.string(),
  detector: z.string(),
  severity: severityView,
  message: z.string(),
  contract: z.string().optional(),
  function: z.string().optional(),
  location: z.object({ file: z.string(), line: z.number(), excerpt: z.string() }),
});

export const comparedAuditView = auditView
  .extend({
    comparison: z
      .object({
        with: z.string(),
        new: z.array(z.string()).describe('Fingerprints.'),
        unchanged: z.array(z.string()),
        fixed: z.array(fixedView).nullable().describe('Null where a part was not looked at.'),
      })
      .optional(),
  })
  .meta({ id: 'ComparedAudit' });

export const waiverView = z
  .object({
    id: z.uuid(),
    projectId: z.uuid(),
    fingerprint: z.string(),
    detector: z.string(),
    severity: severityView.describe('When it was waived. A finding that has become worse is not covered.'),
    file: z.string(),
    line: z.number(),
    reason: z.string(),
    createdBy: z.string().describe('Id of the user.'),
    createdAt: time,
    expiresAt: time.nullable(),
    removedAt: time.nullable(),
    active: z.boolean().describe('Whether it counts at the moment.'),
  })
  .meta({ id: 'Waiver' });
