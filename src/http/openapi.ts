import { z } from 'zod';
import { limits } from '../lib/limits.ts';
import type { SubjectKind } from '../store/events.ts';
import type { Endpoint, ErasedDefinition } from './endpoint.ts';
import { type Binary, creates, isBinary, splitRoute } from './endpoint.ts';
import { errorList } from './error-list.ts';
import { liveOperations } from './openapi-live.ts';
import { createSchemaPrinter, type JsonSchema, type SchemaPrinter } from './openapi-schemas.ts';
import { serviceOperations } from './openapi-service.ts';
import { problemSchema } from './problem-schema.ts';
import { readScopes } from './read-scopes.ts';

/** Codes that any route may answer with, beside its own. */
const commonErrors = [
  'malformed-json',
  'validation-failed',
  'rate-limited',
  'internal-error',
  'database-unavailable',
];
const signedInErrors = [
  'credentials-missing',
  'credentials-malformed',
  'token-expired',
  'token-signature-invalid',
  'token-claims-invalid',
  'session-revoked',
  'api-key-invalid',
  'api-key-expired',
  'api-key-revoked',
  'account-deactivated',
  'scope-missing',
];
const bodyErrors = ['unsupported-media-type', 'body-too-large'];
/** A route that makes a job is refused while the queue of the owner, or of the service, is full. */
const queueErrors = ['owner-queue-full', 'service-queue-full'];
const idempotencyErrors = ['idempotency-in-progress', 'idempotency-key-reused'];

/** Describes the whole API as OpenAPI 3.1, from the very schemas that check its requests. */
export function buildOpenApi(options: { routes: readonly Endpoint[]; version: string }): JsonSchema {
  const printer = createSchemaPrinter();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const add = (method: string, path: string, operation: JsonSchema) => {
    const template = path.replace(/:([a-zA-Z]+)/g, '{$1}');
    paths[template] = { ...paths[template], [method.toLowerCase()]: operation };
  };
  printer.print(problemSchema, 'output');
  for (const { definition } of options.routes) {
    const { method, path } = splitRoute(definition.route);
    add(method, path, operation(definition, printer));
  }
  for (const kind of Object.keys(readScopes) as SubjectKind[]) {
    for (const live of liveOperations(kind, problemReplies)) add('GET', live.path, live.operation);
  }
  for (const { path, operation } of serviceOperations) add('GET', path, operation);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slipway',
      version: options.version,
      summary: 'Smart contracts from an idea to a proven deployment.',
      description: overview,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token of a session, or an API key (`slip_…`).',
        },
        ticket: {
          type: 'apiKey',
          in: 'query',
          name: 'ticket',
          description: 'A single-use ticket, for live connections.',
        },
      },
      schemas: Object.fromEntries(Object.entries(printer.components).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

const overview = [
  'Errors are `application/problem+json` (RFC 9457) with a stable `code`, a `hint`, and one entry in `errors` for each field that is wrong. Every code is explained at [/docs/errors](/docs/errors).',
  'Lists are paged by cursor: follow `Link: rel="next"`, or give `nextCursor` back as `cursor`.',
  `A POST that creates may carry an \`Idempotency-Key\`: the same key and body do the work once and get the very bytes of the first reply again. A key is kept for ${limits.idempotencyKeyHours} hours, and one that deployed as long as the deployment; it belongs to the account and the route.`,
  `A route that starts a job answers 202 with its address, or, with \`Prefer: wait=N\` (at most ${limits.waitSecondsMax} s), 200 with the finished job.`,
].join('\n\n');

function operation(definition: ErasedDefinition, printer: SchemaPrinter): JsonSchema {
  const { method, path } = splitRoute(definition.route);
  const signedIn = definition.auth !== 'none';
  const need = signedIn && definition.auth !== 'user' ? `Needs the scope \`${definition.auth}\`.` : '';
  const description = [definition.description, need].filter(Boolean).join('\n\n');
  return {
    operationId: operationId(method, path),
    tags: [path.split('/')[3] ?? 'service'],
    summary: definition.summary,
    ...(description ? { description } : {}),
    security: signedIn ? [{ bearer: [] }] : [],
    parameters: [
      ...parameters(definition.params, 'path', printer),
      ...parameters(definition.query, 'query', printer),
      ...headerParameters(definition),
    ],
    ...(definition.body ? { requestBody: requestBody(definition, printer) } : {}),
    responses: { ...replies(definition, printer), ...problemReplies(errorCodes(definition)) },
  };
}

/** `POST /api/v1/jobs/:id/cancel` is `postJobsByIdCancel`. */
function operationId(method: string, path: string): string {
  const words = path.replace('/api/v1/', '').split(/[/-]/);
  const name = words
    .map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : capital(word)))
    .join('');
  return method.toLowerCase() + name;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function parameters(
  schema: z.ZodType | undefined,
  where: 'path' | 'query',
  printer: SchemaPrinter,
): JsonSchema[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = printer.print(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
}

function headerParameters(definition: ErasedDefinition): JsonSchema[] {
  const list: JsonSchema[] = [];
  if (creates(definition)) {
    list.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description:
        'Makes a repeat of this request safe: the same key and body do the work once, and every repeat gets the very ' +
        'reply of the first. A repeat that comes while the first still runs waits for it, and after ' +
        `${limits.idempotencyWaitSeconds} s gets 409 with \`Retry-After\`; another body gets 422. Visible ASCII.`,
      schema: {
        type: 'string',
        minLength: 1,
        maxLength: limits.idempotencyKeyCharactersMax,
        pattern: '^[\\x21-\\x7e]+$',
      },
    });
  }
  if (definition.conditional) {
    const description =
      '`ETag` of the version that the caller has: when it is still the same, the reply is 304.';
    list.push({
      name: 'If-None-Match',
      in: 'header',
      required: false,
      description,
      schema: { type: 'string' },
    });
  }
  if (definition.waitsFor) {
    const description = `\`wait=N\`: reply with the finished subject if it ends within N seconds (at most ${limits.waitSecondsMax}).`;
    list.push({ name: 'Prefer', in: 'header', required: false, description, schema: { type: 'string' } });
  }
  return list;
}

function requestBody(definition: ErasedDefinition, printer: SchemaPrinter): JsonSchema {
  const schema = definition.body as z.ZodType;
  return {
    required: !schema.safeParse(undefined).success,
    content: { 'application/json': { schema: printer.print(schema, 'input') } },
  };
}

function replies(definition: ErasedDefinition, printer: SchemaPrinter): Record<string, JsonSchema> {
  if (!definition.conditional) return successes(definition, printer, {});
  const etag = { ETag: { description: 'Names this version.', schema: { type: 'string' } } };
  return {
    ...successes(definition, printer, etag),
    304: { description: 'The caller has this version already.', headers: etag },
  };
}

function successes(
  definition: ErasedDefinition,
  printer: SchemaPrinter,
  headers: JsonSchema,
): Record<string, JsonSchema> {
  const { reply } = definition;
  const requestId = { 'X-Request-Id': { schema: { type: 'string' } }, ...headers };
  if (!(reply instanceof z.ZodType)) {
    return Object.fromEntries(
      Object.entries(reply).map(([status, schema]) => [
        status,
        schema
          ? {
              description: 'Done.',
              headers: requestId,
              content: contentOf(schema, printer),
            }
          : { description: 'Done; there is no body.', headers: requestId },
      ]),
    );
  }
  const content = { 'application/json': { schema: printer.print(reply, 'output') } };
  if (!definition.waitsFor) return { 200: { description: 'Done.', headers: requestId, content } };
  const location = { Location: { description: 'Where to ask how it goes.', schema: { type: 'string' } } };
  return {
    200: { description: 'Finished within the time that `Prefer` gave.', headers: requestId, content },
    202: {
      description: 'Accepted; a worker goes on with it.',
      headers: { ...requestId, ...location },
      content,
    },
  };
}

function contentOf(schema: z.ZodType | Binary, printer: SchemaPrinter): JsonSchema {
  return isBinary(schema)
    ? Object.fromEntries(
        schema.contentTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
      )
    : { 'application/json': { schema: printer.print(schema, 'output') } };
}

function errorCodes(definition: ErasedDefinition): string[] {
  const signedIn = definition.auth !== 'none';
  return [
    ...commonErrors,
    ...(signedIn ? signedInErrors : []),
    ...(definition.body ? bodyErrors : []),
    ...(creates(definition) ? idempotencyErrors : []),
    ...(definition.waitsFor || definition.makesJobs ? queueErrors : []),
    ...definition.errors,
  ];
}

/** One reply for each status, with the codes that it may carry. */
function problemReplies(codes: readonly string[]): Record<string, JsonSchema> {
  const byStatus = Map.groupBy(new Set(codes), (code) => errorList[code]?.status ?? 500);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${errorList[code]?.title ?? ''}`).join('\n\n'),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
