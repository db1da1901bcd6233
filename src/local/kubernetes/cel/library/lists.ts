/**
 * Functions of lists, sets, optional values and maps being made.
 *
 * CEL's own library of lists (`sort`, `flatten`, `slice`, …) is not among them: a server of 1.34 refuses it in what is
 * newly written, so that one of 1.33 could still read it.
 */
import type { Library } from '../language/overload.js';
import { compare, Duration, EvaluationError, isSame, OptionalValue } from '../language/value.js';
import { Unsigned } from '../language/expression.js';
import { int, uint } from './standard.js';

const COMPARABLE = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];

type List = readonly unknown[];

export function addLists(library: Library): void {
  addOrdered(library);
  addSums(library);
  library
    .add('list<A>.indexOf(A): int', (list: List, item: unknown) =>
      BigInt(list.findIndex((one) => isSame(one, item))),
    )
    .add('list<A>.lastIndexOf(A): int', (list: List, item: unknown) =>
      BigInt(list.findLastIndex((one) => isSame(one, item))),
    )
    .add('list<V>.first(): optional<V>', (list: List) => new OptionalValue(list[0]))
    .add('list<V>.last(): optional<V>', (list: List) => new OptionalValue(list.at(-1)));
}

function addOrdered(library: Library): void {
  for (const type of COMPARABLE) {
    library
      .add(`list<${type}>.isSorted(): bool`, (list: List) =>
        list.every((item, index) => index === 0 || (compare(list[index - 1], item) ?? 0) <= 0),
      )
      .add(`list<${type}>.max(): ${type}`, (list: List) => extreme(list, 'max', 1))
      .add(`list<${type}>.min(): ${type}`, (list: List) => extreme(list, 'min', -1));
  }
}

function extreme(list: List, name: string, sign: 1 | -1): unknown {
  if (list.length === 0) throw new EvaluationError(`${name} called on empty list`);
  return list.reduce((best, item) => ((compare(item, best) ?? 0) * sign > 0 ? item : best));
}

function addSums(library: Library): void {
  library
    .add('list<int>.sum(): int', (list: bigint[]) => list.reduce((a, b) => int(a + b), 0n))
    .add('list<uint>.sum(): uint', (list: Unsigned[]) =>
      list.reduce((a, b) => uint(a.value + b.value), new Unsigned(0n)),
    )
    .add('list<double>.sum(): double', (list: number[]) => list.reduce((a, b) => a + b, 0))
    .add(
      'list<duration>.sum(): duration',
      (list: Duration[]) => new Duration(list.reduce((a, b) => int(a + b.nanoseconds), 0n)),
    );
}

export function addSets(library: Library): void {
  const contains = (list: List, others: List) =>
    others.every((item) => list.some((one) => isSame(one, item)));
  library
    .add('sets.contains(list<T>, list<T>): bool', contains, 'sets_contains')
    .add(
      'sets.equivalent(list<T>, list<T>): bool',
      (a: List, b: List) => contains(a, b) && contains(b, a),
      'sets_equivalent',
    )
    .add(
      'sets.intersects(list<T>, list<T>): bool',
      (a: List, b: List) => a.some((item) => b.some((one) => isSame(one, item))),
      'sets_intersects',
    );
}

export function addOptionals(library: Library): void {
  const notRun = () => {
    throw new EvaluationError('no such overload');
  };
  const unwrap = (list: readonly OptionalValue[]) =>
    list.filter(({ isPresent }) => isPresent).map(({ value }) => value);
  library
    .add('optional.of(V): optional<V>', (value: unknown) => new OptionalValue(value))
    .add('optional.ofNonZeroValue(V): optional<V>', (value: unknown) =>
      isZero(value) ? new OptionalValue() : new OptionalValue(value),
    )
    .add('optional.none(): optional<V>', () => new OptionalValue())
    .add('optional<V>.value(): V', (optional: OptionalValue) => {
      if (!optional.isPresent) throw new EvaluationError('optional.none() dereference');
      return optional.value;
    })
    .add('optional<V>.hasValue(): bool', ({ isPresent }: OptionalValue) => isPresent)
    .add('optional<V>.or(optional<V>): optional<V>', notRun)
    .add('optional<V>.orValue(V): V', notRun)
    .add('_?._(dyn, string): optional<V>', notRun)
    .add('_[?_](list<V>, int): optional<V>', notRun)
    .add('_[?_](optional<list<V>>, int): optional<V>', notRun)
    .add('_[?_](map<K, V>, K): optional<V>', notRun)
    .add('_[?_](optional<map<K, V>>, K): optional<V>', notRun)
    .add('optional.unwrap(list<optional<V>>): list<V>', unwrap)
    .add('list<optional<V>>.unwrapOpt(): list<V>', unwrap);
}

function isZero(value: unknown): boolean {
  if (value === null || value === false || value === '' || value === 0n || value === 0) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof Duration) return value.nanoseconds === 0n;
  return value instanceof Unsigned && value.value === 0n;
}

/** What `transformMap` and `transformMapEntry` are made of. */
export function addMaps(library: Library): void {
  type Members = ReadonlyMap<unknown, unknown>;
  const insert = (map: Members, key: unknown, value: unknown) => {
    if (map.has(key)) throw new EvaluationError(`insert failed: key ${String(key)} already exists`);
    return new Map(map).set(key, value);
  };
  library
    .add('cel.@mapInsert(map<K, V>, K, V): map<K, V>', insert)
    .add('cel.@mapInsert(map<K, V>, map<K, V>): map<K, V>', (map: Members, others: Members) =>
      [...others].reduce<Members>((made, [key, value]) => insert(made, key, value), map),
    );
}
