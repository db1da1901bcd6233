/** XML as the query protocol writes it. */
import type { OutputValue } from './protocol.js';

/** One element: structures as elements, lists as `<member>`, maps as `<entry>`. `undefined` writes nothing. */
export function writeXml(name: string, value: OutputValue): string {
  return value === undefined ? '' : `<${name}>${writeContent(value)}</${name}>`;
}

function writeContent(value: Exclude<OutputValue, undefined>): string {
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (isMap(value)) {
    return [...value]
      .map(([key, entry]) => `<entry>${writeXml('key', key)}${writeXml('value', entry)}</entry>`)
      .join('');
  }
  if (isList(value)) return value.map((entry) => writeXml('member', entry)).join('');
  return Object.entries(value)
    .map(([name, member]) => writeXml(name, member))
    .join('');
}

function isMap(value: OutputValue): value is ReadonlyMap<string, string> {
  return value instanceof Map;
}

function isList(value: OutputValue): value is readonly OutputValue[] {
  return Array.isArray(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

function escape(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
}
