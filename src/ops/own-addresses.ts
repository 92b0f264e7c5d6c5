import { networkInterfaces } from 'node:os';

/** Every address of this machine's network interfaces as they are now: containers and laptops change them. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}
