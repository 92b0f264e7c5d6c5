import { z } from 'zod';
import { templates } from '../../../generate/templates/index.ts';
import { fail } from '../../../store/errors.ts';
import { endpoint } from '../../endpoint.ts';
import { describeTemplate, templateView } from './templates.ts';

export const readTemplate = endpoint({
  route: 'GET /api/v1/templates/:id',
  summary: 'One template with the JSON Schema of its options',
  auth: 'none',
  params: z.strictObject({ id: z.string().max(100) }),
  reply: templateView,
  errors: ['not-found'],
  async run(_call, { params }) {
    const template = templates.find((candidate) => candidate.id === params.id);
    if (!template) throw fail('not-found', { what: 'template', id: params.id });
    return describeTemplate(template);
  },
});
