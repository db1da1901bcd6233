/** The string formats that schemas can ask for (kube-openapi's strfmt, govalidator); a format that is not here is not enforced. */
import { isIPv4, isIPv6 } from 'node:net';
import { isDuration } from './duration.js';

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const HOSTNAME =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u;
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\u0080-\uffff]+";
const ADDRESS = `(?:${ATOM}(?:\\.${ATOM})*|"(?:[^"\\\\\r\n]|\\\\.)+")@(?:${ATOM}(?:\\.${ATOM})*|\\[[^\\]]*\\])`;
const EMAIL = new RegExp(`^\\s*(?:${ADDRESS}|[^<>@]*<${ADDRESS}>)\\s*$`);
const CHANNEL = '(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])';
const RGB = new RegExp(`^rgb\\(\\s*${CHANNEL}\\s*,\\s*${CHANNEL}\\s*,\\s*${CHANNEL}\\s*\\)$`);
const CREDIT_CARD =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|(222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11}|6[27][0-9]{14})$/;
const MAC =
  /^(?:([0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2})|[0-9a-f]{2}(?::[0-9a-f]{2}){7}|[0-9a-f]{2}(?:-[0-9a-f]{2}){7}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){3}|[0-9a-f]{2}(?::[0-9a-f]{2}){19}|[0-9a-f]{2}(?:-[0-9a-f]{2}){19}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){9})$/i;

const uuid = (version = '[0-9a-f]', variant = '[0-9a-f]') =>
  new RegExp(
    `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`,
    'i',
  );
const UUID = uuid();
const UUID3 = uuid('3');
const UUID4 = uuid('4', '[89ab]');
const UUID5 = uuid('5', '[89ab]');

function isDateTime(text: string): boolean {
  const parts = DATE_TIME.exec(text);
  return parts !== null && isDate(`${parts[1] ?? ''}-${parts[2] ?? ''}-${parts[3] ?? ''}`);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** As before Go 1.17, zeros may lead a number of an address. */
function withoutLeadingZeros(text: string): string {
  return text.replaceAll(/(?<=^|[.:])0+(?=\d+(?:\.|$))/g, '');
}

function isAddress(text: string): boolean {
  const plain = withoutLeadingZeros(text);
  return isIPv4(plain) || (isIPv6(plain) && !plain.includes('%'));
}

function isUri(text: string): boolean {
  if (
    /[\u0000-\u001f\u007f ]/.test(text.replace(/[?].*$/s, '')) ||
    /%(?![0-9A-Fa-f]{2})/.test(text)
  )
    return false;
  return text.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(text);
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const most = withoutLeadingZeros(address).includes(':') ? 128 : 32;
  return isAddress(address) && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

function isHostname(text: string): boolean {
  const labels = text.split('.');
  return HOSTNAME.test(text) && text.length <= 255 && labels.every(({ length }) => length <= 63);
}

function digitsOf(text: string): string {
  return text.replaceAll(/[\s-]+/g, '');
}

function isIsbn10(text: string): boolean {
  const digits = digitsOf(text);
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = Array.from(digits).reduce(
    (total, digit, index) => total + (index + 1) * (digit === 'X' ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = digitsOf(text);
  if (!/^\d{13}$/.test(digits)) return false;
  const sum = Array.from(digits).reduce(
    (total, digit, at) => total + (at % 2 === 0 ? 1 : 3) * Number(digit),
    0,
  );
  return sum % 10 === 0;
}

function isCreditCard(text: string): boolean {
  const digits = digitsOf(text);
  if (!CREDIT_CARD.test(digits)) return false;
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': isDateTime,
  datetime: isDateTime,
  date: isDate,
  byte: (text) => BASE64.test(text),
  ipv4: (text) => isAddress(text) && text.includes('.'),
  ipv6: (text) => isAddress(text) && text.includes(':'),
  cidr: isCidr,
  uri: isUri,
  email: (text) => EMAIL.test(text),
  hostname: isHostname,
  mac: (text) => MAC.test(text),
  uuid: (text) => UUID.test(text),
  uuid3: (text) => UUID3.test(text),
  uuid4: (text) => UUID4.test(text),
  uuid5: (text) => UUID5.test(text),
  duration: isDuration,
  creditcard: isCreditCard,
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text) && text.length === 11,
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) => RGB.test(text),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
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
