import { listSigners } from '../../../store/signers.ts';
import { endpoint } from '../../endpoint.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { signerView } from '../../views/subjects.ts';

export const listSignersRoute = endpoint({
  route: 'GET /api/v1/signers',
  summary: 'Your signers, newest first',
  auth: 'signers:read',
  query: pageQuery,
  reply: pageOf(signerView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listSigners(platform.store.read, actor.ownerId, query),
});
