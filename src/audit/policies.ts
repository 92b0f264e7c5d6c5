import type { Policy } from './types.ts';

/**
 * What blocks a deployment, by the kind of network. Findings of low confidence never block: they are hints to a
 * reader, and a gate that stops on guesses gets switched off.
 */
export const policies: Record<Policy['name'], Policy> = {
  local: {
    name: 'local',
    auditRequired: false,
    blockSeverities: [],
    blockConfidences: [],
    explicitConfirmation: false,
  },
  testnet: {
    name: 'testnet',
    auditRequired: true,
    blockSeverities: ['critical'],
    blockConfidences: ['high', 'medium'],
    explicitConfirmation: false,
  },
  mainnet: {
    name: 'mainnet',
    auditRequired: true,
    blockSeverities: ['critical', 'high'],
    blockConfidences: ['high', 'medium'],
    explicitConfirmation: true,
  },
};

const order: Policy['name'][] = ['local', 'testnet', 'mainnet'];

/** @returns the stricter of two policies: a request may ask for more than its network demands, never for less. */
export function stricterOf(a: Policy, b: Policy): Policy {
  return order.indexOf(b.name) > order.indexOf(a.name) ? b : a;
}
