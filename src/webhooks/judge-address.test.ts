import { expect, test } from 'vitest';
import { judgeAddress, type PrivateAddresses, parsePrivateAddresses } from './judge-address.ts';

const judge = (address: string, allowed: PrivateAddresses) => judgeAddress(address, { allowed, own: [] });

test.each([
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['10.255.255.255', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['169.254.169.254', 'link-local'],
  ['100.64.0.1', 'carrier-grade NAT'],
  ['100.127.255.255', 'carrier-grade NAT'],
  ['192.0.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['198.19.255.255', 'reserved'],
  ['198.51.100.7', 'reserved'],
  ['203.0.113.9', 'reserved'],
  ['192.88.99.1', 'reserved'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:a9fe:a9fe', 'link-local'],
  ['::127.0.0.1', 'unassigned'],
  ['::a00:1', 'unassigned'],
  ['::8.8.8.8', 'unassigned'],
  ['::808:808', 'unassigned'],
  ['64:ff9b::7f00:1', 'NAT64'],
  ['64:ff9b::808:808', 'NAT64'],
  ['64:ff9b:1::a00:1', 'NAT64'],
  ['::ffff:0:7f00:1', 'translated IPv4'],
  ['2002:7f00:1::', '6to4'],
  ['2001::1', 'teredo'],
  ['fc00::1', 'unique local'],
  ['fd12:3456::1', 'unique local'],
  ['fd00:ec2::254', 'unique local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['fec0::1', 'deprecatedSiteLocal'],
  ['ff02::1', 'multicast'],
  ['100::1', 'discard'],
  ['2001:db8::1', 'reserved'],
  ['3fff::1', 'reserved'],
  ['5f00::1', 'segmentRouting'],
  ['4000::1', 'unassigned'],
  ['168.63.129.16', 'service of a cloud'],
  ['::ffff:168.63.129.16', 'service of a cloud'],
  ['example.org', 'not an address'],
  ['', 'not an address'],
])('%s is %s and may not be called', (address, range) => {
  expect(judge(address, false)).toBe(range);
  expect(judge(address, ['198.41.0.0/24'])).toBe(range);
});

test.each([
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '168.63.129.15',
  '168.63.129.17',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '2606:4700:4700::1111',
  '2a00:1450:4001::200e',
])('%s may be called', (address) => {
  expect(judge(address, false)).toBe(null);
});

test('an operator can allow ranges, or everything', () => {
  const ranges = ['127.0.0.0/8', 'fd00::/8', '64:ff9b::/96'];
  expect(judge('127.0.0.1', ranges)).toBe(null);
  expect(judge('::ffff:127.0.0.1', ranges)).toBe(null);
  expect(judge('fd00::1', ranges)).toBe(null);
  expect(judge('64:ff9b::808:808', ranges)).toBe(null);
  expect(judge('128.0.0.1', ranges)).toBe(null);
  expect(judge('::1', ranges)).toBe('loopback');
  expect(judge('10.0.0.1', ranges)).toBe('private');
  expect(judge('fc00::1', ranges)).toBe('unique local');
  expect(judge('169.254.169.254', true)).toBe(null);
});

test('an address of this machine is refused though it is a public one, unless the operator allows it', () => {
  const own = ['8.8.4.4', '2a00:1450:4001::1', 'fe80::1%eth0', 'nonsense'];
  for (const address of ['8.8.4.4', '::ffff:8.8.4.4', '2a00:1450:4001:0:0::1']) {
    expect(judgeAddress(address, { allowed: false, own })).toBe('this machine');
    expect(judgeAddress(address, { allowed: ['8.8.4.0/24', '2a00:1450:4001::1/128'], own })).toBe(null);
  }
  expect(judgeAddress('8.8.4.5', { allowed: false, own })).toBe(null);
});

test('the setting is a word or ranges', () => {
  expect(parsePrivateAddresses('true')).toBe(true);
  expect(parsePrivateAddresses('false')).toBe(false);
  expect(parsePrivateAddresses('10.0.0.0/8, fd00::/8')).toEqual(['10.0.0.0/8', 'fd00::/8']);
  for (const wrong of [
    'yes',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/8,',
    'example.org/8',
    '10.0.0.0/8 fd00::/8',
  ]) {
    expect(parsePrivateAddresses(wrong), wrong).toBe(null);
  }
});
