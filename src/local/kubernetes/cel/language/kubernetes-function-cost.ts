/** What a call of a function that Kubernetes adds to CEL can cost at most, and how large its result can be. */
import { PER_CHARACTER, PER_PATTERN_CHARACTER } from './call-cost.js';
import { present } from './expression.js';
import type { Overload } from './overload.js';
import { CALL, sizeFromSchema, type CallEstimate, type MaxSizeAt, type Part } from './part.js';
import {
  exactly,
  plus,
  product,
  replacedSize,
  scanned,
  times,
  UNKNOWN,
  type Size,
} from './size.js';
import { first, isExactly } from './type.js';

/** So long the longest pattern of a named format is taken to be. */
const FORMAT_PATTERN = 128;
const FORMAT_SIZE = 64;

export class KubernetesFunctionCost {
  constructor(private readonly maxSizeAt: MaxSizeAt) {}

  /** Of the call itself, without its arguments; undefined for a function of CEL's own. */
  estimate(
    { name, id }: Overload,
    target: Part | undefined,
    args: readonly Part[],
  ): CallEstimate | undefined {
    const [one] = args;
    const size = (part: Part | undefined) => (part === undefined ? UNKNOWN : this.#known(part));
    const pairs = () => times(size(one).most, size(args[1]).most);
    switch (name) {
      case 'sets.contains':
      case 'sets.intersects':
        return { cost: pairs() + CALL };
      case 'sets.equivalent':
        return { cost: 2 * pairs() + CALL };
      case 'isSorted':
      case 'sum':
      case 'max':
      case 'min':
      case 'indexOf':
      case 'lastIndexOf':
        return { cost: this.#traversal(present(target)) };
      case 'url':
        return { cost: scanned(size(one).most), size: size(one) };
      case 'lowerAscii':
      case 'upperAscii':
      case 'substring':
      case 'trim':
        return { cost: scanned(size(target).most), size: size(target) };
      case 'replace':
        return {
          cost: scanned(size(target).most, 2 * PER_CHARACTER),
          size: replacedSize(size(target), size(one), size(args[1])),
        };
      case 'split':
        return {
          cost: scanned(size(target).most, 2 * PER_CHARACTER),
          size: { least: 0, most: wholeOf(args[1], size(target).most) },
        };
      case 'join': {
        const joined = this.#joinedSize(present(target), one);
        return { cost: scanned(joined.most), size: joined };
      }
      case 'find':
      case 'findAll': {
        const { most } = size(target);
        const pattern = scanned(size(one).most, PER_PATTERN_CHARACTER);
        return { cost: times(scanned(most + 1), pattern), size: { least: 0, most } };
      }
      case 'cidr':
      case 'isIP':
      case 'isCIDR':
      case 'quantity':
      case 'isQuantity':
      case 'semver':
      case 'isSemver':
        return { cost: scanned(size(one).most) };
      case 'ip':
        return { cost: id === 'cidr_ip' ? 1 : scanned(size(one).most) };
      case 'ip.isCanonical':
        return { cost: scanned(size(one).most, 2 * PER_CHARACTER) };
      // An address has 16 bytes at most.
      case 'containsIP':
        return {
          cost: scanned(32) + (id === 'cidr_contains_ip_string' ? scanned(size(one).most) : 0),
        };
      case 'containsCIDR':
        return {
          cost:
            scanned(32) +
            scanned(16) +
            1 +
            (id === 'cidr_contains_cidr_string' ? scanned(size(one).most) : 0),
        };
      case 'validate':
        return {
          cost: scanned(scanned(size(one).most), FORMAT_PATTERN * PER_PATTERN_CHARACTER),
        };
      case '_==_':
        return comparedLibraryValues(one, args[1]);
      default:
        return undefined;
    }
  }

  #traversal(target: Part): number {
    const size = this.#known(target).most;
    if (target.type.parameters.length === 0) return scanned(size);
    const item = first(target.type);
    if (!['string', 'bytes'].includes(item.kind)) return size;
    return times(size, 1 + scanned(this.#itemSize(target).most));
  }

  #itemSize({ path }: Part): Size {
    return (
      sizeFromSchema(path === undefined ? undefined : [...path, '@items'], this.maxSizeAt) ??
      UNKNOWN
    );
  }

  #joinedSize(target: Part, separator: Part | undefined): Size {
    const list = this.#known(target);
    const items =
      target.type.parameters.length === 0 ? exactly(0) : product(list, this.#itemSize(target));
    if (separator === undefined) return items;
    const between = { least: Math.max(0, list.least - 1), most: Math.max(0, list.most - 1) };
    return plus(items, product(this.#known(separator), between));
  }

  /** By the schema where nothing else is known. */
  #known(part: Part): Size {
    return part.size ?? sizeFromSchema(part.path, this.maxSizeAt) ?? UNKNOWN;
  }
}

function wholeOf(part: Part | undefined, otherwise: number): number {
  const expression = part?.expression;
  if (expression?.kind !== 'literal' || typeof expression.value !== 'bigint') return otherwise;
  return Math.max(0, Number(expression.value));
}

function comparedLibraryValues(a: Part | undefined, b: Part | undefined): CallEstimate | undefined {
  if (a === undefined || b === undefined || a.type.kind !== 'opaque') return undefined;
  if (!isExactly(a.type, b.type)) return undefined;
  switch (a.type.name) {
    case 'net.IP':
    case 'net.CIDR':
    case 'kubernetes.Quantity':
    case 'kubernetes.Semver':
      return { cost: 1 };
    case 'kubernetes.NamedFormat':
      return { cost: scanned(FORMAT_SIZE) };
    case 'kubernetes.URL':
      return { cost: scanned(b.size?.most ?? 1) };
    default:
      return undefined;
  }
}
