import type { SubjectKind } from '../store/events.ts';

/**
 * The scope that seeing a subject takes, be it read, listed or followed: following shows nothing that reading does not.
 * A job shows whole sources, so that whoever may read those may read it.
 */
export const readScopes = {
  jobs: 'contracts:read',
  pipelines: 'contracts:read',
  deployments: 'deployments:read',
} as const satisfies Record<SubjectKind, string>;
