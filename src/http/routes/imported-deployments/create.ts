import { z } from 'zod';
import { importDeployments } from '../../../actions/import-deployments.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint, reply } from '../../endpoint.ts';

export const importDeploymentsRoute = endpoint({
  route: 'POST /api/v1/imported-deployments',
  summary: 'Keep what Foundry or Hardhat Ignition deployed, as history',
  description:
    'By what the tool wrote down: `broadcast/…/run-latest.json` or `ignition/deployments/…/journal.jsonl`. No chain is asked; what is known stays as it is.',
  auth: 'deployments:write',
  body: z
    .strictObject({ record: z.string().min(2).max(limits.importedRecordCharactersMax) })
    .meta({ id: 'DeploymentImport' }),
  bodyBytesMax: limits.sourceBodyBytesMax,
  reply: {
    201: z
      .object({ format: z.string(), found: z.number(), added: z.number() })
      .meta({ id: 'DeploymentImportResult' }),
  },
  errors: ['history-unknown', 'history-too-long'],
  run: async ({ platform, context }, { body }) =>
    reply(201, await importDeployments(platform, context, body.record)),
});
