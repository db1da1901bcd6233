/** The string transform: any value in, a string out. */
import { createHash } from 'node:crypto';
import type { RE2JS } from 're2js';
import { sprintf } from '../go/format.js';
import { marshal } from '../go/json.js';
import { type GoValue, isList } from '../go/value.js';
import type { StringTransform } from './input.js';
import { compileRegexp } from './regexp.js';

const asText = (value: GoValue): string => sprintf('%v', value);

export function transformString(transform: StringTransform, value: GoValue): string {
  const { type, fmt, convert, trim, regexp, join, replace } = transform;
  const set = <T>(settings: T | undefined, name: string): T => {
    if (settings !== undefined) return settings;
    throw new Error(`string transform of type ${type} ${name} is not set`);
  };
  switch (type) {
    case 'Format':
      return sprintf(set(fmt, 'fmt'), value);
    case 'Convert':
      return convertString(set(convert, 'convert'), value);
    case 'TrimPrefix':
      return trimPrefix(asText(value), set(trim, 'trim'));
    case 'TrimSuffix':
      return trimSuffix(asText(value), set(trim, 'trim'));
    case 'Regexp':
      return matchRegexp(set(regexp, 'regexp'), asText(value));
    case 'Join':
      return joinList(value, set(join, 'join').separator);
    case 'Replace': {
      const { search, replace: replacement } = set(replace, 'replace');
      return replaceAll(asText(value), search, replacement);
    }
    default:
      throw new Error(`type ${type} is not supported for string transform type`);
  }
}

function convertString(conversion: string, value: GoValue): string {
  switch (conversion) {
    case 'ToUpper':
      return eachRune(asText(value), (char) => char.toUpperCase());
    case 'ToLower':
      return eachRune(asText(value), (char) => (char === 'İ' ? 'i' : char.toLowerCase()));
    case 'ToJson':
      return marshal(value);
    case 'ToBase64':
      return Buffer.from(asText(value)).toString('base64');
    case 'FromBase64':
      return decodeBase64(asText(value));
    case 'ToSha1':
      return createHash('sha1').update(bytesToHash(value)).digest('hex');
    case 'ToSha256':
      return createHash('sha256').update(bytesToHash(value)).digest('hex');
    case 'ToSha512':
      return createHash('sha512').update(bytesToHash(value)).digest('hex');
    case 'ToAdler32':
      return String(adler32(Buffer.from(bytesToHash(value))));
    default:
      throw new Error(`type ${conversion} is not supported for string convert`);
  }
}

/** Go maps each character to one other; where JavaScript would make several of one (ß to SS), it stays. */
const eachRune = (text: string, change: (char: string) => string): string =>
  Array.from(text, (char) => {
    const changed = change(char);
    return Array.from(changed).length === 1 ? changed : char;
  }).join('');

/** A string is hashed as it is, anything else as its JSON. */
const bytesToHash = (value: GoValue): string =>
  typeof value === 'string' ? value : marshal(value);

function decodeBase64(text: string): string {
  const compact = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)) {
    throw new Error('string is not valid base64');
  }
  return textOf(Buffer.from(compact, 'base64'));
}

/** Go's reading of bytes as UTF-8: every byte that belongs to no character becomes U+FFFD, where a decoder may take several. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString();
  if (!text.includes('\ufffd')) return text;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let out = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    try {
      out += decoder.decode(bytes.subarray(at, at + length));
      at += length;
    } catch {
      out += '\ufffd';
      at += 1;
    }
  }
  return out;
}

function adler32(bytes: Uint8Array): number {
  const modulus = 65521;
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % modulus;
    high = (high + low) % modulus;
  }
  return high * 65536 + low;
}

const trimPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

const trimSuffix = (text: string, suffix: string): string =>
  suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;

function matchRegexp(regexp: NonNullable<StringTransform['regexp']>, text: string): string {
  const pattern = compileRegexp(regexp.match, 'could not compile regexp');
  if (regexp.replace !== undefined) return replaceMatches(pattern, text, regexp.replace);
  const group = Number(regexp.group ?? 0n);
  const matcher = pattern.matcher(text);
  if (!matcher.find() || group < 0 || group > matcher.groupCount()) {
    throw new Error(
      `regexp ${JSON.stringify(regexp.match)} had no matches for group ${String(group)}`,
    );
  }
  return matcher.group(group) ?? '';
}

/** Go's `ReplaceAllString`: `$1`, `${1}` and `$name` stand for groups, `$$` for a dollar sign. */
function replaceMatches(pattern: RE2JS, text: string, template: string): string {
  const names = pattern.namedGroups() as Readonly<Record<string, number>>;
  const matcher = pattern.matcher(text);
  let out = '';
  let from = 0;
  while (matcher.find()) {
    const group = (name: string): string => {
      const index = /^[0-9]+$/.test(name) ? Number(name) : (names[name] ?? -1);
      return index >= 0 && index <= matcher.groupCount() ? (matcher.group(index) ?? '') : '';
    };
    out += text.slice(from, matcher.start());
    out += template.replace(
      /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu,
      (_, bare: string | undefined, braced: string | undefined) => {
        const name = bare ?? braced;
        return name === undefined ? '$' : group(name);
      },
    );
    from = matcher.end();
  }
  return out + text.slice(from);
}

function joinList(value: GoValue, separator: string): string {
  if (!isList(value)) throw new Error('could not parse input array');
  return value.map(asText).join(separator);
}

const replaceAll = (text: string, search: string, replacement: string): string =>
  text.replaceAll(search, () => replacement);
