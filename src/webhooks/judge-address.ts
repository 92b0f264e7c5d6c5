import ipaddr from 'ipaddr.js';

/** Which addresses beside public ones may be called: none, all, or those of some ranges in CIDR form. */
export type PrivateAddresses = boolean | readonly string[];

/** What decides where a webhook may lead. */
export interface AddressRules {
  /** What the operator allows beside public addresses. */
  allowed: PrivateAddresses;
  /** Addresses of this machine's own interfaces: what listens there may trust whoever comes from here. */
  own: readonly string[];
}

type Address = ReturnType<typeof ipaddr.parse>;

/** Addresses of IPv6 that are given out (IANA): what lies outside is not routed, whatever is written in it. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/** Public by their numbers, but a cloud's inner service on each of its machines: Azure's WireServer. */
const cloudServices = ['168.63.129.16/32'];

/**
 * Says whether a request may go to an address that somebody else chose. Only unicast addresses of the public internet
 * may be called, else a webhook would be a way into the operator's network. An IPv4 address inside an IPv6 one counts
 * as what it is where the two are the same host (mapped), and is refused where a gateway would translate it (NAT64,
 * 6to4, Teredo). An address of this machine is refused even where it is a public one.
 *
 * @param text an IP address, as a resolver or `URL` gives it, without brackets
 * @returns null when it may be called, else the kind of address that it is, for people
 */
export function judgeAddress(text: string, { allowed, own }: AddressRules): string | null {
  if (allowed === true) return null;
  if (!ipaddr.isValid(text)) return 'not an address';
  // Resolvers write the deprecated IPv4-compatible addresses so, and the library takes them for mapped ones.
  if (/^::\d+\.\d+\.\d+\.\d+$/.test(text)) return 'unassigned';
  const address = ipaddr.process(text);
  if (allowed !== false && allowed.some((range) => isIn(address, range))) return null;
  const range = address.range();
  if (range !== 'unicast') return names[range] ?? range;
  if (cloudServices.some((service) => isIn(address, service))) return 'service of a cloud';
  if (own.some((other) => isSame(address, other))) return 'this machine';
  return address.kind() === 'ipv4' || address.match(globalUnicast) ? null : 'unassigned';
}

/** Reads a setting: `true`, `false`, or ranges in CIDR form separated by commas. @returns null when it is none of them */
export function parsePrivateAddresses(text: string): PrivateAddresses | null {
  if (text === 'true' || text === 'false') return text === 'true';
  const ranges = text.split(',').map((part) => part.trim());
  return ranges.every((range) => ipaddr.isValidCIDR(range)) ? ranges : null;
}

function isSame(address: Address, other: string): boolean {
  return ipaddr.isValid(other) && ipaddr.process(other).toNormalizedString() === address.toNormalizedString();
}

function isIn(address: Address, range: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(range);
  return network.kind() === address.kind() && address.match(network, bits);
}

/** In words where the library's own are not. */
const names: Record<string, string> = {
  linkLocal: 'link-local',
  carrierGradeNat: 'carrier-grade NAT',
  uniqueLocal: 'unique local',
  ipv4Mapped: 'IPv4-mapped',
  rfc6145: 'translated IPv4',
  rfc6052: 'NAT64',
};
