import type { SubjectKind } from '../store/events.ts';
import type { LiveMessage } from './live-messages.ts';
import type { JsonSchema } from './openapi-schemas.ts';
import { readScopes } from './read-scopes.ts';

const errors = [
  'validation-failed',
  'credentials-missing',
  'ticket-invalid',
  'scope-missing',
  'not-found',
  'rate-limited',
  'too-many-sockets',
  'database-unavailable',
];

const seq = { type: 'integer', minimum: 0, description: 'Number of the last event that this message holds.' };

const messages: Record<LiveMessage['type'], JsonSchema> = {
  snapshot: message('snapshot', { seq, subject: { type: 'object' } }),
  event: message('event', {
    seq,
    event: {
      type: 'object',
      properties: {
        type: { type: 'string' },
        data: { type: 'object' },
        at: { type: 'string', format: 'date-time' },
      },
      required: ['type', 'data', 'at'],
    },
  }),
  heartbeat: message('heartbeat', {}),
  end: message('end', {}),
};

function message(type: string, properties: Record<string, JsonSchema>): JsonSchema {
  return {
    type: 'object',
    properties: { type: { const: type }, ...properties },
    required: ['type', ...Object.keys(properties)],
  };
}

const since = {
  name: 'since',
  in: 'query',
  required: false,
  description:
    'Send the events after this one. Without it a snapshot comes first, then what happens from there.',
  schema: { type: 'integer', minimum: 0 },
};

/** OpenAPI has no words for sockets; what can be said of them is said here. */
export function liveOperations(
  kind: SubjectKind,
  problemReplies: (codes: readonly string[]) => Record<string, JsonSchema>,
): { path: string; operation: JsonSchema }[] {
  const shared = { tags: [kind], security: [{ bearer: [] }, { ticket: [] }] };
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
  const name = kind.charAt(0).toUpperCase() + kind.slice(1);
  const content = { schema: { oneOf: Object.values(messages) } };
  const need = `Needs the scope \`${readScopes[kind]}\`, as reading does.`;
  return [
    {
      path: `/api/v1/${kind}/:id/updates`,
      operation: {
        ...shared,
        operationId: `get${name}ByIdUpdates`,
        summary: 'Follow by WebSocket',
        description:
          'Each message is one JSON text, as described under 101. After `end` the server closes with 1000; 1001 means that it stops: come back with `since`; 4401 that access has ended. With each heartbeat comes a ping; a peer that leaves two of them unanswered is cut off. Whatever the client sends ends the connection.' +
          `\n\n${need}`,
        parameters: [id, since],
        responses: {
          101: { description: 'Messages follow.', content: { 'application/json': content } },
          ...problemReplies([...errors, 'upgrade-needed']),
        },
      },
    },
    {
      path: `/api/v1/${kind}/:id/events`,
      operation: {
        ...shared,
        operationId: `get${name}ByIdEvents`,
        summary: 'Follow by server-sent events',
        description: `\`data\` of each event is one of the messages; a heartbeat comes as a comment.\n\n${need}`,
        parameters: [
          id,
          since,
          {
            name: 'Last-Event-ID',
            in: 'header',
            required: false,
            description: 'As `since`.',
            schema: { type: 'integer' },
          },
        ],
        responses: {
          200: { description: 'Events follow.', content: { 'text/event-stream': content } },
          204: { description: 'The subject is finished and everything was sent: do not come back.' },
          ...problemReplies(errors),
        },
      },
    },
  ];
}
