/** What a live connection sends: JSON texts on a socket, `data:` of server-sent events. */
export type LiveMessage =
  /** The subject as it is; the events that follow come after `seq`. */
  | { type: 'snapshot'; seq: number; subject: unknown }
  | { type: 'event'; seq: number; event: { type: string; data: Record<string, unknown>; at: string } }
  /** Says that the connection lives, every 20 seconds. */
  | { type: 'heartbeat' }
  /** The subject is finished and everything was sent: there is no point in coming back. */
  | { type: 'end' };

/** Why the server closed a socket. 1000–1015 are of RFC 6455, the others ours. */
export const closeCodes = {
  ended: 1000,
  stopping: 1001,
  notListening: 1008,
  unwell: 1011,
  accessEnded: 4401,
} as const;
