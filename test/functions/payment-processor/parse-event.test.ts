import { describe, expect, test } from '@jest/globals';
import { parseEvent } from '../../../functions/payment-processor/parse-event.js';

const EVENT = { transaction_id: 'tx-1', amount: '42.50' };
const PAYMENT = { transactionId: 'tx-1', amount: '42.5', currency: 'USD' };

describe('an event', () => {
  test.each([
    { sentence: 'is a payment', event: EVENT, payment: {} },
    {
      sentence: 'names its currency',
      event: { ...EVENT, currency: 'EUR' },
      payment: { currency: 'EUR' },
    },
    {
      sentence: 'says when in Unix time',
      event: { ...EVENT, timestamp: 1760000000 },
      payment: { occurredAt: '1760000000' },
    },
    {
      sentence: 'says when in words',
      event: { ...EVENT, timestamp: '2026-01-31T12:00:00Z' },
      payment: { occurredAt: '2026-01-31T12:00:00Z' },
    },
    { sentence: 'carries more, which is left out', event: { ...EVENT, card: '4111' }, payment: {} },
    {
      sentence: 'comes by HTTP',
      event: { requestContext: {}, body: JSON.stringify(EVENT), isBase64Encoded: false },
      payment: {},
    },
    {
      sentence: 'comes by HTTP in base64',
      event: { body: Buffer.from(JSON.stringify(EVENT)).toString('base64'), isBase64Encoded: true },
      payment: {},
    },
    {
      sentence: 'has an id of 128 characters',
      event: { ...EVENT, transaction_id: 'x'.repeat(128) },
      payment: { transactionId: 'x'.repeat(128) },
    },
  ])('$sentence', ({ event, payment }) => {
    expect(parseEvent(event)).toEqual({ ...PAYMENT, ...payment });
  });

  test.each([
    { sentence: 'that is null', event: null, field: undefined },
    { sentence: 'that is a string', event: 'pay', field: undefined },
    { sentence: 'that is a list', event: [EVENT], field: undefined },
    { sentence: 'that is empty', event: {}, field: 'transaction_id' },
    { sentence: 'by HTTP without a body', event: { requestContext: {} }, field: 'body' },
    { sentence: 'by HTTP with a body of null', event: { body: null }, field: 'body' },
    {
      sentence: 'by HTTP with a body that is not JSON',
      event: { body: 'amount=1' },
      field: 'body',
    },
    { sentence: 'by HTTP with a body that is a list', event: { body: '[]' }, field: 'body' },
    {
      sentence: 'by HTTP with a bad payment',
      event: { body: '{"transaction_id":"tx-1"}' },
      field: 'amount',
    },
    {
      sentence: 'with a number as id',
      event: { ...EVENT, transaction_id: 1 },
      field: 'transaction_id',
    },
    {
      sentence: 'with an empty id',
      event: { ...EVENT, transaction_id: '' },
      field: 'transaction_id',
    },
    {
      sentence: 'with an id of 129 characters',
      event: { ...EVENT, transaction_id: 'x'.repeat(129) },
      field: 'transaction_id',
    },
    {
      sentence: 'with an id that climbs',
      event: { ...EVENT, transaction_id: '../config' },
      field: 'transaction_id',
    },
    {
      sentence: 'with an id that is the folder above',
      event: { ...EVENT, transaction_id: '..' },
      field: 'transaction_id',
    },
    {
      sentence: 'with an id that is a path',
      event: { ...EVENT, transaction_id: 'a/b' },
      field: 'transaction_id',
    },
    {
      sentence: 'with an id that is a path of Windows',
      event: { ...EVENT, transaction_id: 'a\\b' },
      field: 'transaction_id',
    },
    {
      sentence: 'with an id that hides a path',
      event: { ...EVENT, transaction_id: 'a%2F..%2Fb' },
      field: 'transaction_id',
    },
    {
      sentence: 'with an id that holds a null byte',
      event: { ...EVENT, transaction_id: 'a\0b' },
      field: 'transaction_id',
    },
    {
      sentence: 'with an id that ends in a line end',
      event: { ...EVENT, transaction_id: 'tx-1\n' },
      field: 'transaction_id',
    },
    {
      sentence: 'with an id in look-alike letters',
      event: { ...EVENT, transaction_id: 'tх-1' },
      field: 'transaction_id',
    },
    { sentence: 'without an amount', event: { transaction_id: 'tx-1' }, field: 'amount' },
    {
      sentence: 'with a currency in small letters',
      event: { ...EVENT, currency: 'usd' },
      field: 'currency',
    },
    { sentence: 'with a currency of null', event: { ...EVENT, currency: null }, field: 'currency' },
    {
      sentence: 'with a currency of four letters',
      event: { ...EVENT, currency: 'EURO' },
      field: 'currency',
    },
    { sentence: 'with a time below zero', event: { ...EVENT, timestamp: -1 }, field: 'timestamp' },
    {
      sentence: 'with a time beyond all time',
      event: { ...EVENT, timestamp: 1e300 },
      field: 'timestamp',
    },
    {
      sentence: 'with a time that is no number',
      event: { ...EVENT, timestamp: NaN },
      field: 'timestamp',
    },
    {
      sentence: 'with a time in loose words',
      event: { ...EVENT, timestamp: 'yesterday' },
      field: 'timestamp',
    },
    {
      sentence: 'with a month that does not exist',
      event: { ...EVENT, timestamp: '2026-13-01T00:00:00Z' },
      field: 'timestamp',
    },
  ])('$sentence is refused', ({ event, field }) => {
    expect(() => parseEvent(event)).toThrow(
      expect.objectContaining({ name: 'Refusal', statusCode: 400, field }),
    );
  });
});
