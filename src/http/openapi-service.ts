import type { JsonSchema } from './openapi-schemas.ts';

const json = (description: string, schema: JsonSchema = { type: 'object' }) => ({
  description,
  content: { 'application/json': { schema } },
});
const status = { type: 'string', enum: ['ok', 'degraded', 'down'] };

const healthSchema = {
  type: 'object',
  required: ['status', 'parts'],
  properties: {
    status,
    parts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'essential', 'status', 'detail', 'milliseconds'],
        properties: {
          name: { type: 'string' },
          essential: { type: 'boolean' },
          status,
          detail: { type: 'string' },
          milliseconds: { type: 'integer' },
        },
      },
    },
  },
};

/** The addresses for operators and other services. */
export const serviceOperations: { path: string; operation: JsonSchema }[] = [
  service('/healthz', 'Is the process alive?', { 200: json('It is.') }),
  service('/readyz', 'Can it serve?', {
    200: json('It can.'),
    503: json('An essential part is down, or it stops.'),
  }),
  service('/health', 'How is each part?', { 200: json('Each part: ok, degraded or down.', healthSchema) }),
  service('/metrics', 'Numbers for Prometheus', {
    200: {
      description: 'Text exposition format.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
  }),
  service('/openapi.json', 'This document', { 200: json('OpenAPI 3.1.') }),
  service('/.well-known/jwks.json', 'Public keys of access tokens', {
    200: json('A JSON Web Key Set (RFC 7517).'),
  }),
];

function service(path: string, summary: string, responses: Record<number, JsonSchema>) {
  const words = path.split(/[^a-z]+/).filter(Boolean);
  const operationId = `get${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
  return { path, operation: { operationId, tags: ['service'], summary, security: [], responses } };
}
