import { z } from 'zod';
import { listWaivers } from '../../../store/waivers.ts';
import { endpoint } from '../../endpoint.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { waiverView } from '../../views/findings.ts';

export const listWaiversRoute = endpoint({
  route: 'GET /api/v1/waivers',
  summary: 'Findings that were accepted, with who, why and until when; those that ended too',
  auth: 'contracts:read',
  query: pageQuery.extend({ fingerprint: z.string().max(100).optional() }),
  reply: pageOf(waiverView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listWaivers(platform.store.read, actor.ownerId, query),
});
