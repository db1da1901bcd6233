/** What a call costs when it is run: by the sizes of what it was given, in the units of the real server. */
import { nameOfType, ObjectValue, sizeOf } from './value.js';

/** For each character that is looked at. */
export const PER_CHARACTER = 0.1;
export const PER_PATTERN_CHARACTER = 0.25;

export class CostLimitError extends Error {
  override readonly name = 'CostLimitError';
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

export class Meter {
  #spent = 0;

  constructor(private readonly limit: number) {}

  get spent(): number {
    return this.#spent;
  }

  /** Throws CostLimitError when it becomes too much. */
  spend(cost: number): void {
    this.#spent += cost;
    if (this.#spent > this.limit) throw new CostLimitError();
  }
}

const scanned = (size: number, factor = PER_CHARACTER) => Math.ceil(size * factor);

/** `id` is that of the overload, empty where the checker left more than one. */
export function callCost(
  name: string,
  id: string,
  args: readonly unknown[],
  result: unknown,
): number {
  const [first, second] = args;
  const size = sizeOf(first);
  switch (name) {
    case 'isSorted':
    case 'sum':
    case 'max':
    case 'min':
    case 'indexOf':
    case 'lastIndexOf':
      return traversal(first);
    case 'url':
    case 'lowerAscii':
    case 'upperAscii':
    case 'substring':
    case 'trim':
    case 'cidr':
    case 'isIP':
    case 'isCIDR':
    case 'quantity':
    case 'isQuantity':
    case 'semver':
    case 'isSemver':
      return scanned(size);
    case 'replace':
    case 'split':
    case 'ip.isCanonical':
      return scanned(size * 2);
    case 'join':
      return scanned(sizeOf(result) * 2);
    case 'find':
    case 'findAll':
      return scanned(size + 1) * scanned(sizeOf(second), PER_PATTERN_CHARACTER);
    case 'ip':
      return id === 'cidr_ip' ? 1 : scanned(size);
    case 'containsIP':
      // The size of an address or of a network counts as one.
      return scanned(2 * size) + (id === 'cidr_contains_ip_string' ? scanned(sizeOf(second)) : 0);
    case 'containsCIDR':
      return (
        scanned(2 * size) +
        scanned(size) +
        1 +
        (id === 'cidr_contains_cidr_string' ? scanned(sizeOf(second)) : 0)
      );
    case 'validate':
      return (
        scanned(sizeOf(second) + 1) *
        scanned((first as { patternSize: number }).patternSize, PER_PATTERN_CHARACTER)
      );
    default:
      return overloadCost(id, first, second);
  }
}

function overloadCost(id: string, first: unknown, second: unknown): number {
  switch (id) {
    case 'starts_with_string':
    case 'ends_with_string':
    case 'string_to_bytes':
    case 'bytes_to_string':
    case 'strings_quote':
    case 'string_format':
      return scanned(sizeOf(first));
    case 'in_list':
      return sizeOf(second);
    case 'equals':
    case 'not_equals':
    case 'compare_string':
    case 'compare_bytes':
      return isOfLibrary(first) && id === 'equals'
        ? 1
        : scanned(Math.min(sizeOf(first), sizeOf(second)));
    case 'add_string':
    case 'add_bytes':
      return scanned(sizeOf(first) + sizeOf(second));
    case 'matches_string':
      return scanned(sizeOf(first) + 1) * scanned(sizeOf(second), PER_PATTERN_CHARACTER);
    case 'contains_string':
      return scanned(sizeOf(first)) * scanned(sizeOf(second));
    case 'sets_contains':
    case 'sets_intersects':
      return 1 + sizeOf(first) * sizeOf(second);
    case 'sets_equivalent':
      return 1 + sizeOf(first) * sizeOf(second) * 2;
    default:
      return 1;
  }
}

function isOfLibrary(value: unknown): boolean {
  return /^(net|kubernetes)\./.test(nameOfType(value));
}

function traversal(value: unknown): number {
  if (typeof value === 'string') return Math.floor(Buffer.byteLength(value) * PER_CHARACTER);
  if (value instanceof Uint8Array) return Math.floor(value.length * PER_CHARACTER);
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + traversal(one), 0);
  const members = value instanceof ObjectValue ? value.fields : value;
  if (members instanceof Map) {
    return [...members].reduce((sum, [key, member]) => sum + traversal(key) + traversal(member), 0);
  }
  return 1;
}
