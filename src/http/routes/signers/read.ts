import { getSigner } from '../../../store/signers.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { signerView } from '../../views/subjects.ts';

export const readSigner = endpoint({
  route: 'GET /api/v1/signers/:id',
  summary: 'A signer, without its key',
  auth: 'signers:read',
  params: idParams,
  reply: signerView,
  errors: ['not-found'],
  run: ({ platform, actor }, { params }) => getSigner(platform.store.read, actor.ownerId, params.id),
});
