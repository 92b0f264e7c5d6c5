import { z } from 'zod';
import { detectors } from '../../../audit/detectors/index.ts';
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
  const { run: _run, ...facts } = detector;
  return facts;
}
