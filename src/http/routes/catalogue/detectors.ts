import { z } from 'zod';
import { detectors } from '../../../audit/detectors/index.ts';
import { teach } from '../../../audit/teach.ts';
import { endpoint } from '../../endpoint.ts';

/** What `GET /detectors` shows: the whole explanation, with the examples that the tests run. */
export const detectorView = z
  .object({
    id: z.string(),
    category: z.string().describe('The class of faults that it belongs to.'),
    severity: z.string(),
    confidence: z.string(),
    title: z.string(),
    why: z.string(),
    exploit: z.string(),
    fix: z.string(),
    references: z.array(z.string()),
    bad: z.array(z.string()).describe('Whole sources; a finding is expected on each line marked so.'),
    good: z.array(z.string()).describe('Whole sources without a finding.'),
    losses: z
      .array(
        z.object({
          name: z.string(),
          year: z.number(),
          usd: z.number().nullable().describe('At the time, roughly; null where no figure is certain.'),
          what: z.string(),
        }),
      )
      .describe('Public incidents that it brought about.'),
    steps: z.array(z.string()).describe('How it is used, step by step.'),
    example: z
      .object({ source: z.string(), lines: z.array(z.number()).describe('At fault, from 1.') })
      .describe('The `bad` example that `patch` mends.'),
    patch: z
      .string()
      .describe('From the example to the nearest `good` one: lines that begin with a blank, `-` or `+`.'),
  })
  .meta({ id: 'Detector' });

export const listDetectors = endpoint({
  route: 'GET /api/v1/detectors',
  summary: 'The faults that the built-in analyser looks for, each explained',
  auth: 'none',
  reply: z.strictObject({ items: z.array(detectorView) }),
  errors: [],
  run: async () => ({ items: detectors.map(describeDetector) }),
});

/** @returns a detector without its code */
export function describeDetector(detector: (typeof detectors)[number]): z.input<typeof detectorView> {
  return teach(detector);
}
