/** The options of a request: dryRun, fieldManager, fieldValidation, force, and what a list or watch is limited to. */
import { badRequest, invalidOptions, notSupported } from '../http/status-error.js';
import type { Call } from './call.js';

export interface WriteOptions {
  readonly isDryRun: boolean;
  /** Who the changed fields belong to: `fieldManager`, or the client's name. */
  readonly fieldManager: string;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
}

const FIELD_VALIDATIONS = ['Ignore', 'Strict', 'Warn'] as const;

/** Throws Invalid. `kind` is what the real server calls the options, as in CreateOptions. */
export function readWriteOptions({ query, userAgent }: Call, kind: string): WriteOptions {
  const validation = query.get('fieldValidation') ?? '';
  if (validation !== '' && !(FIELD_VALIDATIONS as readonly string[]).includes(validation)) {
    throw invalidOptions(
      kind,
      notSupported('fieldValidation', validation, ['', ...FIELD_VALIDATIONS]),
    );
  }
  const fieldManager = query.get('fieldManager') ?? '';
  if (fieldManager.length > 128) {
    throw invalidOptions(kind, {
      type: 'TooLong',
      field: 'fieldManager',
      detail: 'may not be more than 128 bytes',
    });
  }
  const unprintable = fieldManager.search(/\p{C}/u);
  if (unprintable >= 0) {
    const code = fieldManager.codePointAt(unprintable) ?? 0;
    throw invalidOptions(kind, {
      type: 'Invalid',
      field: 'fieldManager',
      value: fieldManager,
      detail: `invalid character U+${code.toString(16).toUpperCase().padStart(4, '0')} (at position ${unprintable})`,
    });
  }
  return {
    isDryRun: isDryRun(query.getAll('dryRun'), kind),
    fieldManager: fieldManager === '' ? managerOfUserAgent(userAgent) : fieldManager,
    fieldValidation: validation === '' ? 'Warn' : (validation as WriteOptions['fieldValidation']),
  };
}

export function isDryRun(values: readonly string[], kind: string): boolean {
  const unknown = values.filter((value) => value !== 'All' && value !== '');
  if (unknown.length > 0) throw invalidOptions(kind, notSupported('dryRun', values, ['All']));
  return values.includes('All');
}

/** Who a client is that does not say so. */
export function managerOfUserAgent(userAgent: string): string {
  return (userAgent.split('/')[0] ?? '').slice(0, 128) || 'unknown';
}

export function readBoolean(query: URLSearchParams, key: string): boolean {
  const value = query.get(key);
  if (value === null) return false;
  return !['false', '0', ''].includes(value.toLowerCase());
}

/** A whole number of a query, or undefined. Throws 400. */
export function readInteger(query: URLSearchParams, key: string): number | undefined {
  const value = query.get(key);
  if (value === null) return undefined;
  const refusal = (why: string) =>
    badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: ${why}`);
  if (!/^[+-]?\d+$/.test(value)) throw refusal('invalid syntax');
  if (BigInt.asIntN(64, BigInt(value)) !== BigInt(value)) throw refusal('value out of range');
  return Number(value);
}
