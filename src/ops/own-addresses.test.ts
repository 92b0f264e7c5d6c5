import { expect, test } from 'vitest';
import { ownAddresses } from './own-addresses.ts';

test('lists the addresses of all interfaces, without their prefix lengths', () => {
  const addresses = ownAddresses();
  expect(addresses).toContain('127.0.0.1');
  expect(addresses.join()).not.toContain('/');
});
