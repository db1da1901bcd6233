/** The string formats that schemas can ask for (kube-openapi's strfmt); a format that is not here is not enforced. */
import { isIP, isIPv4, isIPv6 } from 'node:net';

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const HOSTNAME =
  /^(?=.{1,253}$)([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
const DURATION =
  /^(\d+(\.\d+)?\s*(ns|nano(s|seconds?)?|us|µs|micro(s|seconds?)?|ms|milli(s|seconds?)?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\s*)+$/i;

export function isDateTime(text: string): boolean {
  const parts = DATE_TIME.exec(text);
  return parts !== null && isDate(`${parts[1] ?? ''}-${parts[2] ?? ''}-${parts[3] ?? ''}`);
}

export function isBase64(text: string): boolean {
  return BASE64.test(text.replaceAll(/[\r\n]/g, ''));
}

/** Where in the text Go's decoder of base64, which takes no notice of line breaks, finds a fault. */
export function base64FaultAt(text: string): number | undefined {
  const characters = Array.from(text.matchAll(/[^\r\n]/g), ({ 0: shown, index }) => ({
    shown,
    index,
  }));
  let held = 0;
  for (const [at, { shown, index }] of characters.entries()) {
    if (/[A-Za-z0-9+/]/.test(shown)) {
      held = (held + 1) % 4;
      continue;
    }
    if (shown !== '=' || held < 2) return index;
    const second = characters[at + 1];
    if (held === 3) return second?.index;
    if (second?.shown !== '=') return second === undefined ? text.length : second.index - 1;
    return characters[at + 2]?.index;
  }
  return held === 0 ? undefined : text.length - held;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function isUri(text: string): boolean {
  if (text.startsWith('/')) return !/\s/.test(text);
  return URL.canParse(text);
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 &&
    more.length === 0 &&
    /^\d{1,3}$/.test(bits) &&
    Number(bits) <= (family === 4 ? 32 : 128)
  );
}

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': isDateTime,
  datetime: isDateTime,
  date: isDate,
  byte: isBase64,
  ipv4: isIPv4,
  ipv6: isIPv6,
  ip: (text) => isIP(text) !== 0,
  cidr: isCidr,
  uri: isUri,
  email: (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  hostname: (text) => HOSTNAME.test(text),
  mac: (text) => /^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4}[0-9a-f]{2}$/i.test(text),
  uuid: (text) => UUID.test(text),
  uuid3: (text) => UUID.test(text) && text.replaceAll('-', '')[12] === '3',
  uuid4: (text) => UUID.test(text) && text.replaceAll('-', '')[12] === '4',
  uuid5: (text) => UUID.test(text) && text.replaceAll('-', '')[12] === '5',
  duration: (text) => DURATION.test(text),
  creditcard: (text) => /^[\d -]{13,23}$/.test(text),
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) => /^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$/.test(text),
  isbn: (text) => /^(97[89])?\d{9}[\dXx]$/.test(text.replaceAll(/[- ]/g, '')),
  isbn10: (text) => /^\d{9}[\dXx]$/.test(text.replaceAll(/[- ]/g, '')),
  isbn13: (text) => /^97[89]\d{10}$/.test(text.replaceAll(/[- ]/g, '')),
  'k8s-short-name': (text) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text),
  'k8s-long-name': (text) =>
    text.length <= 253 &&
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
};

/** Formats of text that a CustomResourceDefinition may name without being warned, dashes aside; these two are no more than named. */
const RECOGNIZED = new Set(
  [...Object.keys(FORMATS), 'bsonobjectid', 'password'].map((name) => name.replaceAll('-', '')),
);

export function isRecognizedFormat(format: string): boolean {
  return RECOGNIZED.has(format.replaceAll('-', ''));
}

/** Whether the text has the format; true for a format that is not known. */
export function hasFormat(text: string, format: string): boolean {
  return FORMATS[format]?.(text) ?? true;
}
