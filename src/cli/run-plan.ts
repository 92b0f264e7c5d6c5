import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '../client/create-client.ts';
import type { ReplyOf } from '../client/route-types.ts';

/** Between two looks at a plan, in milliseconds: it has no events of its own, its deployments have. */
const pauseMs = 500;

/** Waits until a plan has ended on every chain. @returns the plan as it then is */
export async function runPlan(
  client: Client,
  id: string,
): Promise<ReplyOf<'GET /api/v1/deployment-plans/:id'>> {
  for (;;) {
    const plan = await client.call('GET /api/v1/deployment-plans/:id', { params: { id } });
    if (plan.state !== 'running') return plan;
    await wait(pauseMs);
  }
}
