import { z } from 'zod';
import { requestPipeline } from '../../../actions/request-pipeline.ts';
import { limits } from '../../../lib/limits.ts';
import { stageNames } from '../../../store/pipelines.ts';
import { endpoint } from '../../endpoint.ts';
import { defined } from '../../views/defined.ts';
import {
  compileOptionsSchema,
  compileRequestSchema,
  deployFields,
  gateFields,
  generateErrors,
  generateRequestSchema,
  sourceErrors,
  toolsField,
} from '../../views/sources.ts';
import { pipelineView } from '../../views/subjects.ts';

const stage = z.enum(stageNames);

export const createPipeline = endpoint({
  route: 'POST /api/v1/pipelines',
  summary: 'Run a range of generate → compile → audit → gate → deploy',
  description:
    'Give what the first stage needs: `generate` (a prompt or a template), `compile` (sources), or `buildId`. ' +
    'With `deploy` the run ends with a deployment, else with the audit; `stages` says it otherwise.',
  auth: 'deployments:write',
  body: z
    .strictObject({
      stages: z.strictObject({ from: stage, to: stage }).optional(),
      generate: generateRequestSchema.optional(),
      compile: compileRequestSchema.optional(),
      compileOptions: compileOptionsSchema.optional().describe('For a generated source.'),
      buildId: z.uuid().optional(),
      auditId: z.uuid().optional(),
      tools: toolsField.optional(),
      deploy: z.strictObject(deployFields).optional(),
      ...gateFields,
    })
    .meta({ id: 'PipelineRequest' }),
  bodyBytesMax: limits.sourceBodyBytesMax,
  reply: pipelineView,
  waitsFor: 'pipelines',
  errors: [
    'not-found',
    'pipeline-range-invalid',
    'unknown-network',
    'network-not-configured',
    'network-unsupported',
    'unknown-signer',
    'signer-needed',
    'build-not-usable',
    'audit-of-other-source',
    'tool-not-allowed',
    ...generateErrors,
    ...sourceErrors,
  ],
  async run({ platform, context }, { body }) {
    const { policy, acknowledgements, confirm, ...input } = defined(body);
    return requestPipeline(platform, context, {
      ...input,
      gate: { ...(policy ? { policy } : {}), acknowledgements, confirmed: confirm },
    });
  },
});
