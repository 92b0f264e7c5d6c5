import { fail as account } from '../actions/account-errors.ts';
import { fail as actions } from '../actions/errors.ts';
import { fail as chain } from '../chain/errors.ts';
import { fail as deploy } from '../deploy/errors.ts';
import { fail as generate } from '../generate/errors.ts';
import type { ErrorEntry } from '../lib/app-error.ts';
import { fail as queue } from '../queue/errors.ts';
import { fail as solidity } from '../solidity/errors.ts';
import { fail as project } from '../solidity/project/errors.ts';
import { fail as store } from '../store/errors.ts';
import { fail as webhooks } from '../webhooks/errors.ts';
import { fail as http } from './errors.ts';

/** Every error that a caller of the API can meet, by its code; the rooms' catalogues put together. */
export const errorList: Readonly<Record<string, ErrorEntry>> = {
  ...http.entries,
  ...account.entries,
  ...actions.entries,
  ...store.entries,
  ...queue.entries,
  ...solidity.entries,
  ...project.entries,
  ...generate.entries,
  ...deploy.entries,
  ...chain.entries,
  ...webhooks.entries,
};
