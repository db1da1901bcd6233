import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { CATALOGUE, PdrError } from '../../src/support/errors.js';

const documented = new Map(
  readFileSync('docs/errors.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| PDR'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, code, says, remedy, retryable]) => [code, { says, remedy, retryable }] as const),
);

describe('the catalogue of errors', () => {
  test.each(Object.entries(CATALOGUE))('documents %s as the code has it', (code, entry) => {
    expect(documented.get(code)).toEqual({
      says: entry.says,
      remedy: entry.remedy,
      retryable: entry.retryable ? 'yes' : 'no',
    });
  });

  test('documents no code that does not exist', () => {
    expect(
      [...documented.keys()].filter((code) => code !== undefined && !(code in CATALOGUE)),
    ).toEqual([]);
  });

  test('keeps the cause of an error', () => {
    const cause = new Error('EACCES');
    const error = new PdrError('PDR1004', { subject: '/state', detail: 'EACCES', cause });
    expect(error).toMatchObject({
      message: '/state: the state directory cannot be used: EACCES',
      cause,
    });
  });
});
