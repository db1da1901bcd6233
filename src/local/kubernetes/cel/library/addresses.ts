/** IP addresses and networks, as Go's netip reads and writes them. */
import { isIPv4, isIPv6 } from 'node:net';
import type { Library } from '../language/overload.js';
import { EvaluationError, type ForeignValue } from '../language/value.js';

export class Address implements ForeignValue {
  readonly foreignType = 'net.IP';

  constructor(
    readonly family: 4 | 6,
    readonly bits: bigint,
  ) {}

  /** Throws an EvaluationError. */
  static parse(text: string): Address {
    const fault = addressFault(text);
    if (fault !== undefined)
      throw new EvaluationError(
        `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): ${fault}`,
      );
    if (text.includes('%'))
      throw new EvaluationError(
        `IP address ${JSON.stringify(text)} with zone value is not allowed`,
      );
    const address = readAddress(text);
    if (address.isMapped)
      throw new EvaluationError(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
    return address;
  }

  get size(): number {
    return this.family === 4 ? 32 : 128;
  }

  get isMapped(): boolean {
    return this.family === 6 && this.bits >> 32n === 0xffffn;
  }

  equals(other: Address): boolean {
    return this.family === other.family && this.bits === other.bits;
  }

  /** The first so many bits, the rest zero. */
  masked(length: number): Address {
    const rest = BigInt(this.size - length);
    return new Address(this.family, (this.bits >> rest) << rest);
  }

  isWithin(network: bigint, length: number): boolean {
    return this.bits >> BigInt(this.size - length) === network;
  }

  toString(): string {
    if (this.family === 4) {
      return [24n, 16n, 8n, 0n].map((by) => (this.bits >> by) & 0xffn).join('.');
    }
    const groups = Array.from({ length: 8 }, (_, index) =>
      Number((this.bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
    );
    return compressed(groups);
  }
}

/** The first of the longest runs of zeros, two at least, is written `::`. */
function compressed(groups: readonly string[]): string {
  let best = { start: 0, length: 1 };
  groups.forEach((_, start) => {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  });
  if (best.length < 2) return groups.join(':');
  const before = groups.slice(0, best.start).join(':');
  return `${before}::${groups.slice(best.start + best.length).join(':')}`;
}

function addressFault(text: string): string | undefined {
  const [address = '', zone] = text.split('%');
  if (isIPv4(address) && zone === undefined) return undefined;
  if (isIPv6(address) && zone !== '') return undefined;
  if (!/[.:]/.test(text)) return 'unable to parse IP';
  const separator = /[.:%]/.exec(text)?.[0];
  if (separator === '.') return ipv4Fault(text);
  if (separator === '%') return 'missing IPv6 address';
  return ipv6Fault(address, zone);
}

function ipv4Fault(text: string): string {
  const fields = text.split('.');
  for (const field of fields) {
    if (field === '') return `IPv4 field must have at least one digit`;
    const wrong = /\D/.exec(field);
    if (wrong !== null) return 'unexpected character';
    if (field.length > 1 && field.startsWith('0')) return 'IPv4 field has octet with leading zero';
    if (Number(field) > 255) return 'IPv4 field has value >255';
  }
  return fields.length > 4 ? 'IPv4 address too long' : 'IPv4 address too short';
}

function ipv6Fault(address: string, zone: string | undefined): string {
  if (zone === '') return 'zone must be a non-empty string';
  const wrong = /[^0-9a-fA-F:.]/.exec(address);
  if (wrong !== null)
    return `unexpected character (at ${JSON.stringify(address.slice(wrong.index))})`;
  if (/[0-9a-fA-F]{5}/.test(address)) return 'IPv6 field has value >=2^16';
  if (/::.*::/.test(address)) return 'multiple :: in address';
  return address.endsWith(':')
    ? 'colon must be followed by more characters'
    : 'address string too short';
}

function readAddress(text: string): Address {
  if (isIPv4(text)) return new Address(4, readIPv4(text));
  const [head = '', tail] = text.split('::');
  const before = readGroups(head);
  if (tail === undefined) return new Address(6, joined(before));
  const after = readGroups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return new Address(6, joined([...before, ...zeros, ...after]));
}

function readIPv4(text: string): bigint {
  return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function readGroups(text: string): bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const last = readIPv4(group);
    return [last >> 16n, last & 0xffffn];
  });
}

function joined(groups: readonly bigint[]): bigint {
  return groups.reduce((sum, group) => (sum << 16n) | group, 0n);
}

export class Network implements ForeignValue {
  readonly foreignType = 'net.CIDR';

  constructor(
    readonly address: Address,
    readonly length: number,
  ) {}

  /** Throws an EvaluationError. */
  static parse(text: string): Network {
    const fail = (why: string): never => {
      throw new EvaluationError(
        `network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): ${why}`,
      );
    };
    const slash = text.lastIndexOf('/');
    if (slash === -1) fail("no '/'");
    const head = text.slice(0, slash);
    const fault = addressFault(head);
    if (fault !== undefined) fail(`ParseAddr(${JSON.stringify(head)}): ${fault}`);
    if (head.includes('%')) fail('IPv6 zones cannot be present in a prefix');
    const address = readAddress(head);
    const bits = text.slice(slash + 1);
    if (!/^(0|[1-9]\d*)$/.test(bits)) fail(`bad bits after slash: ${JSON.stringify(bits)}`);
    if (Number(bits) > address.size) fail('prefix length out of range');
    if (address.isMapped)
      throw new EvaluationError(
        `network address parse error during conversion from string: IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`,
      );
    return new Network(address, Number(bits));
  }

  equals(other: Network): boolean {
    return this.length === other.length && this.address.equals(other.address);
  }

  contains({ family, bits, size }: Address, length = size): boolean {
    if (family !== this.address.family || length < this.length) return false;
    const by = BigInt(size - this.length);
    return bits >> by === this.address.bits >> by;
  }

  toString(): string {
    return `${this.address.toString()}/${this.length}`;
  }
}

export function addAddresses(library: Library): void {
  const isReadable = (parse: (text: string) => unknown) => (text: string) => {
    try {
      parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const within = (network4: readonly [bigint, number], network6: readonly [bigint, number]) => {
    return (address: Address) => address.isWithin(...(address.family === 4 ? network4 : network6));
  };
  const isMulticast = within([0xen, 4], [0xffn, 8]);
  const isLoopback = within([127n, 8], [1n, 128]);
  const isLinkLocal = within([0xa9fen, 16], [0x3fan, 10]);
  const isUnspecified = ({ bits }: Address) => bits === 0n;
  const isBroadcast = ({ family, bits }: Address) => family === 4 && bits === 0xffff_ffffn;
  library
    .add('ip(string): IP', (text: string) => Address.parse(text), 'string_to_ip')
    .add(
      'isIP(string): bool',
      isReadable((text) => Address.parse(text)),
    )
    .add('ip.isCanonical(string): bool', (text: string) => Address.parse(text).toString() === text)
    .add('string(IP): string', String)
    .add('IP.family(): int', ({ family }: Address) => BigInt(family))
    .add('IP.isUnspecified(): bool', isUnspecified)
    .add('IP.isLoopback(): bool', isLoopback)
    .add(
      'IP.isLinkLocalMulticast(): bool',
      (address: Address) =>
        isMulticast(address) &&
        (address.family === 4
          ? address.isWithin(0xe00000n, 24)
          : ((address.bits >> 112n) & 0xfn) === 2n),
    )
    .add('IP.isLinkLocalUnicast(): bool', isLinkLocal)
    .add(
      'IP.isGlobalUnicast(): bool',
      (address: Address) =>
        ![isMulticast, isLoopback, isLinkLocal, isUnspecified, isBroadcast].some((is) =>
          is(address),
        ),
    );
  addNetworks(library, isReadable);
}

/** The real server takes what it cannot read here for a value of the wrong type. */
function unlessUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new EvaluationError('no such overload');
  }
}

function addNetworks(
  library: Library,
  isReadable: (parse: (text: string) => unknown) => (text: string) => boolean,
): void {
  library
    .add('cidr(string): CIDR', (text: string) => Network.parse(text))
    .add(
      'isCIDR(string): bool',
      isReadable((text) => Network.parse(text)),
    )
    .add(
      'CIDR.containsIP(string): bool',
      (network: Network, text: string) =>
        network.contains(unlessUnreadable(() => Address.parse(text))),
      'cidr_contains_ip_string',
    )
    .add('CIDR.containsIP(IP): bool', (network: Network, address: Address) =>
      network.contains(address),
    )
    .add(
      'CIDR.containsCIDR(string): bool',
      (network: Network, text: string) => {
        const { address, length } = unlessUnreadable(() => Network.parse(text));
        return network.contains(address, length);
      },
      'cidr_contains_cidr_string',
    )
    .add('CIDR.containsCIDR(CIDR): bool', (network: Network, { address, length }: Network) =>
      network.contains(address, length),
    )
    .add('CIDR.ip(): IP', ({ address }: Network) => address, 'cidr_ip')
    .add('CIDR.prefixLength(): int', ({ length }: Network) => BigInt(length))
    .add(
      'CIDR.masked(): CIDR',
      ({ address, length }: Network) => new Network(address.masked(length), length),
    )
    .add('string(CIDR): string', String);
}
