import { z } from 'zod';
import { eventTypes } from '../../../webhooks/events.ts';
import { storedErrorSchema, time } from '../../schemas.ts';

/** A type of event, or all of them. */
export const wantedEvent = z.enum(['*', ...eventTypes]);

export const webhookSchema = z
  .strictObject({
    id: z.uuid(),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    createdAt: time,
    disabledAt: time.nullable().describe('Set when the receiver answered 410.'),
    disabledReason: z.string().nullable(),
  })
  .meta({ id: 'Webhook' });

export const deliverySchema = z
  .strictObject({
    id: z.uuid().describe('The `webhook-id` of every attempt.'),
    webhookId: z.uuid(),
    type: z.string(),
    status: z.enum(['pending', 'succeeded', 'failed']),
    payload: z.record(z.string(), z.unknown()).describe('What is sent, as JSON.'),
    attempts: z
      .array(
        z.strictObject({
          at: time,
          status: z.number().nullable().describe('HTTP status, or null without a reply.'),
          error: z.string().nullable(),
          milliseconds: z.number(),
          reply: z.string().nullable().describe('The beginning of the reply.'),
        }),
      )
      .describe('The last ones, oldest first.'),
    error: storedErrorSchema.nullable(),
    nextAttemptAt: time.nullable(),
    createdAt: time,
    completedAt: time.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
