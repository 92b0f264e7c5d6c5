import { z } from 'zod';
import { attestDeployment } from '../../../actions/attest-deployment.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams } from '../../schemas.ts';

export const readProvenance = endpoint({
  route: 'GET /api/v1/deployments/:id/provenance',
  summary: 'A signed statement of where a confirmed contract came from',
  description:
    'An in-toto statement in a DSSE envelope, signed by a key of `/.well-known/jwks.json`: sources, compiler, audit, policy, signed bytes and block. `slipway provenance verify` checks it.',
  auth: readScopes.deployments,
  params: idParams,
  reply: z
    .object({
      payloadType: z.string(),
      payload: z.string().describe('Base64.'),
      signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
    })
    .meta({ id: 'ProvenanceEnvelope' }),
  errors: ['not-found', 'provenance-not-ready', 'stored-content-damaged'],
  run: ({ platform, context }, { params }) => attestDeployment(platform, context, params.id),
});
