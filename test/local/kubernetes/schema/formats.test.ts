/** The string formats, as kube-apiserver 1.34 was seen to take and refuse them. */
import { describe, expect, test } from '@jest/globals';
import { hasFormat } from '../../../../src/local/kubernetes/schema/formats.js';

const UUID4 = '123e4567-e89b-42d3-a456-426614174000';

describe.each([
  {
    format: 'date-time',
    taken: ['2026-01-01T00:00:00.1+01:00', '2026-01-01t00:00:00z'],
    refused: ['2026-01-01', '2026-01-01T00:00:60Z', '2026-02-30T00:00:00Z'],
  },
  { format: 'date', taken: ['2026-01-01'], refused: ['2026-02-30', '26-01-01', '2026-1-1'] },
  {
    format: 'duration',
    taken: ['1h30m', '-1h', '+5s', '.5s', '0', '3 weeks', 'P1D', '1e3s'],
    refused: ['1', '', 'x'],
  },
  {
    format: 'ipv4',
    taken: ['1.2.3.4', '01.2.3.4', '::ffff:1.2.3.4'],
    refused: ['1.2.3', '::1', ''],
  },
  { format: 'ipv6', taken: ['::1', '::ffff:1.2.3.4'], refused: ['1.2.3.4', 'fe80::1%eth0', ''] },
  {
    format: 'cidr',
    taken: ['1.2.3.4/24', '01.2.3.0/24', '::/0'],
    refused: ['1.2.3.4', '1.2.3.0/33'],
  },
  {
    format: 'uuid4',
    taken: [UUID4],
    refused: [UUID4.replace('-a', '-7'), UUID4.replace('-4', '-1')],
  },
  { format: 'byte', taken: ['YWJj', 'YWI='], refused: ['', 'YWJj\n', '-_==', 'YW Jj'] },
  { format: 'email', taken: ['a@b', 'A <a@b.c>', '"a b"@c.d', 'a@b.c '], refused: ['a', ''] },
  {
    format: 'hostname',
    taken: ['a', 'localhost', 'a.example.com'],
    refused: ['a.b', '1.2.3.4', '-a', 'a_b', 'a'.repeat(64), ''],
  },
  {
    format: 'mac',
    taken: ['01:23:45:67:89:ab', '0123.4567.89ab', '01-23-45-67-89-ab-cd-ef'],
    refused: ['01:23', ''],
  },
  {
    format: 'uri',
    taken: ['http://a', '/a', 'urn:x:y', 'http:'],
    refused: ['a', '', 'http://a/%zz', '#frag'],
  },
  { format: 'rgbcolor', taken: ['rgb(1, 2, 255)'], refused: ['rgb(256,1,1)', 'rgba(1,2,3,4)'] },
  { format: 'isbn10', taken: ['0306406152'], refused: ['0306406153', '030640615X'] },
  { format: 'isbn13', taken: ['978-0306406157'], refused: ['9780306406158'] },
  { format: 'creditcard', taken: ['4111 1111 1111 1111'], refused: ['4111111111111112', 'x'] },
  { format: 'ssn', taken: ['123-45-6789'], refused: ['123456789'] },
  { format: 'bsonobjectid', taken: ['507f1f77bcf86cd799439011'], refused: ['x'] },
  { format: 'ip', taken: ['not enforced'], refused: [] },
])('$format', ({ format, taken, refused }) => {
  test(`takes ${taken.join(', ')}`, () => {
    expect(taken.filter((text) => !hasFormat(text, format))).toEqual([]);
  });

  test(`refuses ${refused.map((text) => JSON.stringify(text)).join(', ')}`, () => {
    expect(refused.filter((text) => hasFormat(text, format))).toEqual([]);
  });
});
