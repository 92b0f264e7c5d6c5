import { z } from 'zod';
import { templates } from '../../../generate/templates/index.ts';
import { endpoint } from '../../endpoint.ts';

/** What `GET /templates` and `GET /templates/{id}` show of a template. */
export const templateView = z
  .strictObject({
    id: z.string(),
    version: z.string(),
    title: z.string(),
    description: z.string(),
    options: z.record(z.string(), z.unknown()).describe('JSON Schema of the options.'),
  })
  .meta({ id: 'Template' });

export const listTemplates = endpoint({
  route: 'GET /api/v1/templates',
  summary: 'The contract templates with the JSON Schema of their options',
  auth: 'none',
  reply: z.strictObject({ items: z.array(templateView) }),
  errors: [],
  run: async () => ({ items: templates.map(describeTemplate) }),
});

/** @returns a template as the API shows it */
export function describeTemplate(template: (typeof templates)[number]): z.input<typeof templateView> {
  const { id, version, title, description } = template;
  return { id, version, title, description, options: z.toJSONSchema(template.options, { io: 'input' }) };
}
