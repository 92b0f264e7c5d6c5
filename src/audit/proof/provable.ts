import type { GoalName } from './types.ts';

/** What shows the findings of a detector, by its id. Those of others cannot be shown by an execution. */
export const provable: Readonly<Record<string, readonly GoalName[]>> = {
  'arbitrary-call': ['taken', 'authority', 'foreign-code'],
  'arbitrary-ether-send': ['taken'],
  'arbitrary-transfer-from': ['taken'],
  'controlled-delegatecall': ['foreign-code'],
  'integer-overflow': ['wrapped'],
  'misnamed-constructor': ['authority'],
  'open-authority': ['authority'],
  'open-implementation': ['authority'],
  reentrancy: ['re-entered'],
  'strict-balance': ['blocked'],
  'tx-origin': ['lured'],
  'unprotected-selfdestruct': ['killed'],
  'unprotected-token-withdrawal': ['taken'],
  'unprotected-upgrade': ['foreign-code', 'authority'],
};
