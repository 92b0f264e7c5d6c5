/** Everything that a webhook can be told. A type is a subject and what became of it. */
export const eventTypes = [
  'job.succeeded',
  'job.failed',
  'job.cancelled',
  'pipeline.succeeded',
  'pipeline.failed',
  'pipeline.blocked',
  'pipeline.cancelled',
  'deployment.signed',
  'deployment.broadcast',
  'deployment.mined',
  'deployment.confirmed',
  'deployment.unconfirmed',
  'deployment.reverted',
  'deployment.failed',
  'deployment.cancelled',
] as const;

export type EventType = (typeof eventTypes)[number];

/** Something that happened, before it is known who wants to hear of it. */
export interface WebhookEvent {
  type: EventType;
  /** Small facts about the subject, its `id` and `state` among them: no sources and no secrets. */
  data: { id: string; state: string } & Record<string, unknown>;
}

const known: ReadonlySet<string> = new Set(eventTypes);

/** @returns true for the name of an event that webhooks are told of */
export function isEventType(name: string): name is EventType {
  return known.has(name);
}
