/** The functions of CEL itself: operators, sizes, conversions, texts. */
import { compilePattern, PatternCache } from '../../schema/pattern.js';
import { Unsigned } from '../language/expression.js';
import type { Library } from '../language/overload.js';
import type { Timestamp } from '../language/value.js';
import {
  compare,
  Duration,
  EvaluationError,
  isSame,
  keyOf,
  KeyedList,
  membersOf,
  nameOfType,
  sizeOf,
  TypeValue,
} from '../language/value.js';
import {
  durationText,
  parseDuration,
  parseTimestamp,
  timestampText,
  timestampOf,
} from './times.js';

const LEAST_INT = -(2n ** 63n);
const MOST_INT = 2n ** 63n - 1n;
const MOST_UINT = 2n ** 64n - 1n;

export function addStandard(library: Library): void {
  addLogic(library);
  addArithmetic(library);
  addComparisons(library);
  addCollections(library);
  addConversions(library);
  addTexts(library);
}

function addLogic(library: Library): void {
  const notRun = () => {
    throw new EvaluationError('no such overload');
  };
  library
    .add('_?_:_(bool, A, A): A', notRun, 'conditional')
    .add('_&&_(bool, bool): bool', notRun, 'logical_and')
    .add('_||_(bool, bool): bool', notRun, 'logical_or')
    .add('@not_strictly_false(bool): bool', notRun)
    .add('!_(bool): bool', (value: boolean) => !value)
    .add('_==_(A, A): bool', isSame, 'equals')
    .add('_!=_(A, A): bool', (a: unknown, b: unknown) => !isSame(a, b), 'not_equals');
}

export function int(value: bigint): bigint {
  if (value < LEAST_INT || value > MOST_INT) throw new EvaluationError('integer overflow');
  return value;
}

export function uint(value: bigint): Unsigned {
  if (value < 0n || value > MOST_UINT) throw new EvaluationError('unsigned integer overflow');
  return new Unsigned(value);
}

function addArithmetic(library: Library): void {
  const numbers = (
    operator: string,
    whole: (a: bigint, b: bigint) => bigint,
    double?: (a: number, b: number) => number,
  ) => {
    library
      .add(`_${operator}_(int, int): int`, (a: bigint, b: bigint) => int(whole(a, b)))
      .add(`_${operator}_(uint, uint): uint`, (a: Unsigned, b: Unsigned) =>
        uint(whole(a.value, b.value)),
      );
    if (double !== undefined) library.add(`_${operator}_(double, double): double`, double);
  };
  library
    .add(
      '_+_(bytes, bytes): bytes',
      (a: Uint8Array, b: Uint8Array) => Buffer.concat([a, b]),
      'add_bytes',
    )
    .add('_+_(duration, duration): duration', (a: Duration, b: Duration) => sumOf(a, b, 1n))
    .add('_+_(duration, timestamp): timestamp', (a: Duration, b: Timestamp) => later(b, a, 1n))
    .add('_+_(timestamp, duration): timestamp', (a: Timestamp, b: Duration) => later(a, b, 1n))
    .add(
      '_+_(list<A>, list<A>): list<A>',
      (a: unknown[], b: unknown[]) => (a instanceof KeyedList ? a.merged(b) : [...a, ...b]),
      'add_list',
    )
    .add('_+_(string, string): string', (a: string, b: string) => a + b, 'add_string');
  numbers(
    '+',
    (a, b) => a + b,
    (a, b) => a + b,
  );
  library
    .add('_-_(duration, duration): duration', (a: Duration, b: Duration) => sumOf(a, b, -1n))
    .add('_-_(timestamp, duration): timestamp', (a: Timestamp, b: Duration) => later(a, b, -1n))
    .add(
      '_-_(timestamp, timestamp): duration',
      (a: Timestamp, b: Timestamp) => new Duration(int(a.nanoseconds - b.nanoseconds)),
    );
  numbers(
    '-',
    (a, b) => a - b,
    (a, b) => a - b,
  );
  numbers(
    '*',
    (a, b) => a * b,
    (a, b) => a * b,
  );
  numbers(
    '/',
    (a, b) => a / divisor(b, 'division by zero'),
    (a, b) => a / b,
  );
  numbers('%', (a, b) => a % divisor(b, 'modulus by zero'));
  library
    .add('-_(double): double', (value: number) => -value)
    .add('-_(int): int', (value: bigint) => int(-value));
}

function divisor(value: bigint, why: string): bigint {
  if (value === 0n) throw new EvaluationError(why);
  return value;
}

function sumOf(a: Duration, b: Duration, sign: bigint): Duration {
  return new Duration(int(a.nanoseconds + sign * b.nanoseconds));
}

function later(time: Timestamp, by: Duration, sign: bigint): Timestamp {
  return timestampOf(time.nanoseconds + sign * by.nanoseconds);
}

function addComparisons(library: Library): void {
  const orders: Readonly<Record<string, (order: number) => boolean>> = {
    '<': (order) => order < 0,
    '<=': (order) => order <= 0,
    '>': (order) => order > 0,
    '>=': (order) => order >= 0,
  };
  const numeric = ['int', 'uint', 'double'];
  for (const [operator, holds] of Object.entries(orders)) {
    const run = (a: unknown, b: unknown) => {
      const order = compare(a, b);
      return order !== undefined && holds(order);
    };
    const pairs = numeric.flatMap((a) => numeric.map((b) => `${a}, ${b}`));
    const alike = ['bool', 'string', 'bytes', 'timestamp', 'duration'].map((a) => `${a}, ${a}`);
    for (const pair of [...pairs, ...alike]) {
      const [type = ''] = pair.split(',');
      library.add(`_${operator}_(${pair}): bool`, run, `compare_${type}`);
    }
  }
}

function addCollections(library: Library): void {
  const notRun = () => {
    throw new EvaluationError('no such overload');
  };
  library
    .add('_[_](list<A>, int): A', notRun, 'index_list')
    .add('_[_](map<A, B>, A): B', notRun, 'index_map')
    .add('_[_](optional<list<V>>, int): optional<V>', notRun)
    .add('_[_](optional<map<K, V>>, K): optional<V>', notRun)
    .add(
      '@in(A, list<A>): bool',
      (item: unknown, list: unknown[]) => list.some((one) => isSame(one, item)),
      'in_list',
    )
    .add(
      '@in(A, map<A, B>): bool',
      (key: unknown, map: unknown) => membersOf(map)?.has(keyOf(key)) ?? false,
      'in_map',
    );
  for (const type of ['bytes', 'list<A>', 'map<A, B>', 'string']) {
    const size = (value: unknown) => BigInt(sizeOf(value));
    library.add(`size(${type}): int`, size).add(`${type}.size(): int`, size);
  }
}

function addConversions(library: Library): void {
  const same = <T>(value: T): T => value;
  library
    .add('type(A): type<A>', (value: unknown) => new TypeValue(nameOfType(value)))
    .add('dyn(A): dyn', same)
    .add('bool(bool): bool', same)
    .add('bool(string): bool', boolOf)
    .add('bytes(bytes): bytes', same)
    .add('bytes(string): bytes', (text: string) => Buffer.from(text), 'string_to_bytes')
    .add('double(double): double', same)
    .add('double(int): double', Number)
    .add('double(string): double', doubleOf)
    .add('double(uint): double', (value: Unsigned) => Number(value.value))
    .add('duration(duration): duration', same)
    .add('duration(int): duration', (value: bigint) => new Duration(value))
    .add('duration(string): duration', parseDuration)
    .add('int(int): int', same)
    .add('int(double): int', (value: number) => int(wholeOf(value, 'integer overflow')))
    .add('int(duration): int', (value: Duration) => value.nanoseconds)
    .add('int(string): int', (text: string) => int(integerOf(text, /^[+-]?\d+$/, 'int')))
    .add('int(timestamp): int', (value: Timestamp) =>
      floorDivide(value.nanoseconds, 1_000_000_000n),
    )
    .add('int(uint): int', (value: Unsigned) => int(value.value))
    .add('string(string): string', same)
    .add('string(bool): string', String)
    .add('string(bytes): string', textOfBytes, 'bytes_to_string')
    .add('string(double): string', doubleText)
    .add('string(duration): string', durationText)
    .add('string(int): string', String)
    .add('string(timestamp): string', timestampText)
    .add('string(uint): string', (value: Unsigned) => String(value.value))
    .add('timestamp(timestamp): timestamp', same)
    .add('timestamp(int): timestamp', (seconds: bigint) => timestampOf(seconds * 1_000_000_000n))
    .add('timestamp(string): timestamp', parseTimestamp)
    .add('uint(uint): uint', same)
    .add('uint(double): uint', (value: number) => uint(wholeOf(value, 'unsigned integer overflow')))
    .add('uint(int): uint', uint)
    .add('uint(string): uint', (text: string) => uint(integerOf(text, /^\d+$/, 'uint')));
}

function notConverted(type: string): EvaluationError {
  return new EvaluationError(`type conversion error from 'string' to '${type}'`);
}

function boolOf(text: string): boolean {
  if (['true', 'TRUE', 'True', 't', 'T', '1'].includes(text)) return true;
  if (['false', 'FALSE', 'False', 'f', 'F', '0'].includes(text)) return false;
  throw notConverted('bool');
}

function doubleOf(text: string): number {
  if (/^[+-]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  throw notConverted('double');
}

function integerOf(text: string, pattern: RegExp, type: 'int' | 'uint'): bigint {
  if (pattern.test(text)) return BigInt(text.replace(/^\+/, ''));
  throw notConverted(type);
}

function wholeOf(value: number, why: string): bigint {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw new EvaluationError(why);
  return BigInt(Math.trunc(value));
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EvaluationError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

/** As Go's %g writes it. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -4 || exponent >= 21)
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Object.is(value, -0) ? '-0' : String(value);
}

function addTexts(library: Library): void {
  const patterns = new PatternCache();
  const matches = (text: string, pattern: string) => {
    try {
      return patterns.get(pattern).find(text);
    } catch {
      throw new EvaluationError(patternFault(pattern));
    }
  };
  library
    .add(
      'string.contains(string): bool',
      (a: string, b: string) => a.includes(b),
      'contains_string',
    )
    .add(
      'string.endsWith(string): bool',
      (a: string, b: string) => a.endsWith(b),
      'ends_with_string',
    )
    .add(
      'string.startsWith(string): bool',
      (a: string, b: string) => a.startsWith(b),
      'starts_with_string',
    )
    .add('matches(string, string): bool', matches)
    .add('string.matches(string): bool', matches, 'matches_string');
}

/** In the words of Go's regexp. */
export function patternFault(pattern: string): string {
  try {
    compilePattern(pattern);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
