import { z } from 'zod';
import { detectors } from '../../../audit/detectors/index.ts';
import { fail } from '../../../store/errors.ts';
import { endpoint } from '../../endpoint.ts';
import { describeDetector, detectorView } from './detectors.ts';

export const readDetector = endpoint({
  route: 'GET /api/v1/detectors/:id',
  summary: 'One detector: what it finds, why it matters, how to fix it',
  auth: 'none',
  params: z.strictObject({ id: z.string().max(100) }),
  reply: detectorView,
  errors: ['not-found'],
  async run(_call, { params }) {
    const detector = detectors.find((candidate) => candidate.id === params.id);
    if (!detector) throw fail('not-found', { what: 'detector', id: params.id });
    return describeDetector(detector);
  },
});
