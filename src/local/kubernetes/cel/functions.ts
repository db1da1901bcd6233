/**
 * The functions that Kubernetes adds to CEL: its list, string, regex, URL, IP, quantity and set libraries.
 *
 * `cel/environment.ts` registers them. Strings count in code points, as CEL's do.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { PatternCache } from '../schema/pattern.js';
import { charactersOf } from '../schema/text.js';
import { isSameValue } from './same-value.js';
import { Quantity } from './quantity.js';
import { formatString } from './format-string.js';

/**
 * What `matches` is called here: cel-js runs its own on JavaScript's expressions, which a hostile pattern can stall for
 * good; RE2 it cannot. As many letters, so that positions in compile errors stay true.
 */
const MATCHES = 're2find';
const LITERAL_OR_MATCHES =
  /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\bmatches(?=\s*\()/g;

/** A rule with `matches` replaced wherever it is called; texts in it are left alone. */
export function withLinearMatches(rule: string): string {
  return rule.replaceAll(LITERAL_OR_MATCHES, (_found, literal?: string) => literal ?? MATCHES);
}

type Comparable = bigint | number | string | boolean | Date;

export function registerKubernetesFunctions(env: Environment): void {
  registerListFunctions(env);
  registerStringFunctions(env);
  registerQuantityFunctions(env);
  registerNetworkFunctions(env);
  registerSetFunctions(env);
}

// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- CEL tells namespaces of functions apart by their class
class Sets {}

function registerSetFunctions(env: Environment): void {
  env.registerType('kubernetes.Sets', { ctor: Sets, fields: {} });
  env.registerConstant('sets', 'kubernetes.Sets', new Sets());
  const has = (list: unknown[], item: unknown) => list.some((one) => isSameValue(one, item));
  const containsAll = (a: unknown[], b: unknown[]) => b.every((item) => has(a, item));
  env.registerFunction(
    'kubernetes.Sets.contains(list, list): bool',
    (_sets: Sets, a: unknown[], b: unknown[]) => containsAll(a, b),
  );
  env.registerFunction(
    'kubernetes.Sets.equivalent(list, list): bool',
    (_sets: Sets, a: unknown[], b: unknown[]) => containsAll(a, b) && containsAll(b, a),
  );
  env.registerFunction(
    'kubernetes.Sets.intersects(list, list): bool',
    (_sets: Sets, a: unknown[], b: unknown[]) => b.some((item) => has(a, item)),
  );
}

function registerListFunctions(env: Environment): void {
  env.registerFunction('list.isSorted(): bool', (list: Comparable[]) =>
    list.slice(1).every((item, index) => (list[index] ?? item) <= item),
  );
  env.registerFunction('list.sum(): dyn', (list: (bigint | number)[]) => {
    if (list.every((item) => typeof item === 'bigint')) return list.reduce((a, b) => a + b, 0n);
    return list.reduce((a, b) => Number(a) + Number(b), 0);
  });
  env.registerFunction('list.min(): dyn', (list: Comparable[]) => {
    if (list.length === 0) throw new Error('min called on empty list');
    return list.reduce((a, b) => (b < a ? b : a));
  });
  env.registerFunction('list.max(): dyn', (list: Comparable[]) => {
    if (list.length === 0) throw new Error('max called on empty list');
    return list.reduce((a, b) => (b > a ? b : a));
  });
  env.registerFunction('list.indexOf(dyn): int', (list: unknown[], item: unknown) =>
    BigInt(list.findIndex((one) => isSameValue(one, item))),
  );
  env.registerFunction('list.lastIndexOf(dyn): int', (list: unknown[], item: unknown) =>
    BigInt(list.findLastIndex((one) => isSameValue(one, item))),
  );
}

function registerStringFunctions(env: Environment): void {
  const patterns = new PatternCache();
  const matches = (text: string, pattern: string) => patterns.get(pattern).find(text);
  env.registerFunction(`string.${MATCHES}(string): bool`, matches);
  env.registerFunction(`${MATCHES}(string, string): bool`, matches);
  env.registerFunction('string.charAt(int): string', (text: string, at: bigint) => {
    const characters = charactersOf(text);
    if (at < 0n || at > characters.length) throw new Error(`index out of range: ${at}`);
    return characters[Number(at)] ?? '';
  });
  env.registerFunction(
    'string.replace(string, string): string',
    (text: string, from: string, to: string) => text.replaceAll(from, () => to),
  );
  env.registerFunction(
    'string.replace(string, string, int): string',
    (text: string, from: string, to: string, count: bigint) => {
      const parts = text.split(from);
      const most = count < 0n ? parts.length - 1 : Math.min(Number(count), parts.length - 1);
      return (
        parts.slice(0, most + 1).join(to) +
        parts
          .slice(most + 1)
          .map((part) => from + part)
          .join('')
      );
    },
  );
  env.registerFunction('string.format(list): string', formatString);
  env.registerFunction('string.find(string): string', (text: string, pattern: string) => {
    const matcher = RE2JS.compile(pattern).matcher(text);
    return matcher.find() ? (matcher.group() ?? '') : '';
  });
  env.registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
    findAll(text, pattern, Infinity),
  );
  env.registerFunction(
    'string.findAll(string, int): list<string>',
    (text: string, pattern: string, most: bigint) =>
      findAll(text, pattern, most < 0n ? Infinity : Number(most)),
  );
}

function findAll(text: string, pattern: string, most: number): string[] {
  const matcher = RE2JS.compile(pattern).matcher(text);
  const found: string[] = [];
  while (found.length < most && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

function registerQuantityFunctions(env: Environment): void {
  env.registerType('kubernetes.Quantity', { ctor: Quantity, fields: {} });
  env.registerFunction('quantity(string): kubernetes.Quantity', (text: string) =>
    Quantity.parse(text),
  );
  env.registerFunction('isQuantity(string): bool', (text: string) => Quantity.isQuantity(text));
  const compare = (name: string, holds: (order: number) => boolean) =>
    env.registerFunction(
      `kubernetes.Quantity.${name}(kubernetes.Quantity): bool`,
      (a: Quantity, b: Quantity) => holds(a.compareTo(b)),
    );
  compare('isGreaterThan', (order) => order > 0);
  compare('isLessThan', (order) => order < 0);
  env.registerFunction(
    'kubernetes.Quantity.compareTo(kubernetes.Quantity): int',
    (a: Quantity, b: Quantity) => BigInt(a.compareTo(b)),
  );
  env.registerFunction('kubernetes.Quantity.asInteger(): int', (a: Quantity) => a.asInteger());
  env.registerFunction('kubernetes.Quantity.isInteger(): bool', (a: Quantity) => a.isInteger());
  env.registerFunction('kubernetes.Quantity.sign(): int', (a: Quantity) => BigInt(a.sign()));
  env.registerOperator(
    'kubernetes.Quantity == kubernetes.Quantity',
    (a: Quantity, b: Quantity) => a.compareTo(b) === 0,
  );
}

function registerNetworkFunctions(env: Environment): void {
  env.registerFunction(
    'isURL(string): bool',
    (text: string) => text.startsWith('/') || URL.canParse(text),
  );
  env.registerType('kubernetes.URL', { ctor: URL, fields: {} });
  env.registerFunction('url(string): kubernetes.URL', (text: string) => new URL(text));
  env.registerFunction('kubernetes.URL.getScheme(): string', (url: URL) =>
    url.protocol.replace(/:$/, ''),
  );
  env.registerFunction('kubernetes.URL.getHost(): string', (url: URL) => url.host);
  env.registerFunction('kubernetes.URL.getHostname(): string', (url: URL) =>
    url.hostname.replaceAll(/[[\]]/g, ''),
  );
  env.registerFunction('kubernetes.URL.getPort(): string', (url: URL) => url.port);
  env.registerFunction('kubernetes.URL.getEscapedPath(): string', (url: URL) => url.pathname);
  env.registerFunction('isIP(string): bool', (text: string) => isIPv4(text) || isIPv6(text));
  env.registerFunction('isCIDR(string): bool', (text: string) => {
    const [address = '', bits = ''] = text.split('/');
    if (!/^\d+$/.test(bits)) return false;
    return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
  });
}
