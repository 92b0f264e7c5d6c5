import { z } from 'zod';
import { issueLiveTicket } from '../../../actions/issue-live-ticket.ts';
import { endpoint, reply } from '../../endpoint.ts';

export const createLiveTicketRoute = endpoint({
  route: 'POST /api/v1/live/tickets',
  summary: 'Get a ticket that opens one live connection within 30 seconds',
  description:
    'For browsers, which cannot set headers on a socket: add it as `?ticket=` to the address of the socket.',
  auth: 'user',
  reply: { 201: z.strictObject({ ticket: z.string(), expiresInSeconds: z.int() }) },
  errors: [],
  run: async ({ platform, context }) => reply(201, await issueLiveTicket(platform, context)),
});
