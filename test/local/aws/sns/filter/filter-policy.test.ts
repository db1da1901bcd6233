/** Which messages a filter policy accepts, and which policies SNS does not take. The examples are of the SNS developer guide. */
import { describe, expect, test } from '@jest/globals';
import { accepts } from '../../../../../src/local/aws/sns/filter/accepts.js';
import {
  readFilterPolicy,
  storedFilterPolicy,
  type FilterScope,
} from '../../../../../src/local/aws/sns/filter/filter-policy.js';
import type { MessageAttribute } from '../../../../../src/local/aws/sns/message.js';

const text = (Value: string): MessageAttribute => ({ Type: 'String', Value });
const list = (...values: unknown[]) => ({ Type: 'String.Array', Value: JSON.stringify(values) });
const number = (Value: string) => ({ Type: 'Number', Value });

const aMessage = (attributes: Record<string, MessageAttribute>, body = '') => ({
  id: 'm',
  subject: undefined,
  texts: { default: body },
  attributes,
  sentAtMs: 0,
});

function takes(policy: object, attributes: Record<string, MessageAttribute>): boolean {
  const read = storedFilterPolicy(JSON.stringify(policy), 'MessageAttributes');
  return accepts(read, 'MessageAttributes', aMessage(attributes), 'sqs');
}

describe('a policy on attributes', () => {
  test.each([
    { sentence: 'a value itself', match: 'rugby', fit: [text('rugby')], not: [text('Rugby')] },
    {
      sentence: 'one value of a list',
      match: 'rugby',
      fit: [list('golf', 'rugby')],
      not: [list()],
    },
    { sentence: 'a number', match: 100, fit: [number('100.0')], not: [text('100'), number('101')] },
    { sentence: 'a boolean of a list', match: true, fit: [list(true)], not: [text('true')] },
    { sentence: 'null of a list', match: null, fit: [list(null)], not: [text('null')] },
    {
      sentence: 'a prefix',
      match: { prefix: 'bas' },
      fit: [text('baseball')],
      not: [text('abas')],
    },
    {
      sentence: 'a suffix',
      match: { suffix: 'ball' },
      fit: [text('baseball')],
      not: [text('balls')],
    },
    {
      sentence: 'a value in any case',
      match: { 'equals-ignore-case': 'tennis' },
      fit: [text('TENNIS'), text('Tennis')],
      not: [text('tennis ')],
    },
    {
      sentence: 'anything but a value',
      match: { 'anything-but': 'rugby' },
      fit: [text('tennis'), list('rugby', 'tennis')],
      not: [text('rugby'), list('rugby')],
    },
    {
      sentence: 'anything but some values',
      match: { 'anything-but': ['rugby', 5] },
      fit: [text('tennis'), number('6')],
      not: [text('rugby'), number('5')],
    },
    {
      sentence: 'anything but a prefix',
      match: { 'anything-but': { prefix: 'order-' } },
      fit: [text('data-entry')],
      not: [text('order-cancelled')],
    },
    {
      sentence: 'a number that is equal',
      match: { numeric: ['=', 301.5] },
      fit: [number('301.5')],
      not: [number('301.4'), text('301.5')],
    },
    {
      sentence: 'a number in a range',
      match: { numeric: ['>', 0, '<=', 150] },
      fit: [number('1'), number('150')],
      not: [number('0'), number('150.1')],
    },
    {
      sentence: 'an address in a network',
      match: { cidr: '10.0.0.0/24' },
      fit: [text('10.0.0.255')],
      not: [text('10.1.1.0'), text('no address')],
    },
    {
      sentence: 'an address in a network of the sixth version',
      match: { cidr: '2001:db8::/32' },
      fit: [text('2001:db8::1')],
      not: [text('2001:db9::1')],
    },
    { sentence: 'that it is there', match: { exists: true }, fit: [text('x')], not: [undefined] },
    {
      sentence: 'that it is not there',
      match: { exists: false },
      fit: [undefined],
      not: [text('x')],
    },
    {
      sentence: 'any one of several matches',
      match: 'golf',
      or: { prefix: 'r' },
      fit: [text('golf'), text('rugby')],
      not: [text('tennis'), undefined, { Type: 'Binary', Value: 'golf' }],
    },
  ])('asks for $sentence', ({ match, or, fit, not }) => {
    const policy = { sport: or === undefined ? [match] : [match, or] };
    const isTaken = (attribute: MessageAttribute | undefined) =>
      takes(policy, { other: text('x'), ...(attribute && { sport: attribute }) });
    expect(fit.map(isTaken)).toEqual(fit.map(() => true));
    expect(not.map(isTaken)).toEqual(not.map(() => false));
  });

  test('asks for all of its names, and of $or for one', () => {
    const policy = {
      store: ['example_corp'],
      $or: [{ event: ['order_placed'] }, { price: [{ numeric: ['>', 100] }] }],
    };
    const store = text('example_corp');
    expect(takes(policy, { store, event: text('order_placed') })).toBe(true);
    expect(takes(policy, { store, price: number('101') })).toBe(true);
    expect(takes(policy, { store, event: text('other') })).toBe(false);
    expect(takes(policy, { event: text('order_placed') })).toBe(false);
  });
});

describe('a policy on the body', () => {
  test.each([
    { sentence: 'a name within a name', body: { a: { b: 'x' } }, isTaken: true },
    {
      sentence: 'a name within any of a list',
      body: { a: [{ b: 'y' }, { b: 'x' }] },
      isTaken: true,
    },
    { sentence: 'another value', body: { a: { b: 'y' } }, isTaken: false },
    { sentence: 'nothing within the name', body: { a: 'x' }, isTaken: false },
    { sentence: 'no JSON', body: 'plain', isTaken: false },
    { sentence: 'a list', body: [{ a: { b: 'x' } }], isTaken: false },
  ])('looks into the JSON: $sentence', ({ body, isTaken }) => {
    const policy = storedFilterPolicy('{"a":{"b":["x"]}}', 'MessageBody');
    const written = typeof body === 'string' ? body : JSON.stringify(body);
    expect(accepts(policy, 'MessageBody', aMessage({}, written), 'sqs')).toBe(isTaken);
  });
});

describe('SNS does not take a policy', () => {
  const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, ['x']]));
  const thirteen = Array.from({ length: 13 }, (_, i) => `v${i}`);
  test.each([
    { policy: '{', why: 'failed to parse JSON.' },
    { policy: six, why: 'Filter policy can not have more than 5 keys' },
    { policy: { a: thirteen, b: thirteen }, why: 'Filter policy is too complex' },
    { policy: { a: 'x' }, why: '"a" must be an object or an array' },
    { policy: { a: [] }, why: 'Empty arrays are not allowed' },
    {
      policy: { a: { b: ['x'] } },
      why: 'Filter policy scope MessageAttributes does not support nested filter policy',
    },
    { policy: { a: [['x']] }, why: 'Match value must be String, number, true, false, or null' },
    { policy: { a: [{ like: 'x' }] }, why: 'Unrecognized match type like' },
    {
      policy: { a: [{ prefix: 'x', suffix: 'y' }] },
      why: 'Only one key allowed in match expression',
    },
    { policy: { a: [{ prefix: 1 }] }, why: 'prefix match pattern must be a string' },
    {
      policy: { a: [{ exists: 'yes' }] },
      why: 'exists match pattern must be either true or false.',
    },
    {
      policy: { a: [{ 'anything-but': [] }] },
      why: 'Value of anything-but must be an array or single string/number value.',
    },
    { policy: { a: [{ numeric: [] }] }, why: 'Invalid member in numeric match: ]' },
    { policy: { a: [{ numeric: ['<>', 1] }] }, why: 'Unrecognized numeric range operator: <>' },
    { policy: { a: [{ numeric: ['<', '1'] }] }, why: 'Value of < must be numeric' },
    {
      policy: { a: [{ numeric: ['<', 1, '>', 0] }] },
      why: 'Too many elements in numeric expression',
    },
    { policy: { a: [{ numeric: ['>', 1, '>', 2] }] }, why: 'Bad numeric range operator: >' },
    { policy: { a: [{ numeric: ['>', 2, '<', 2] }] }, why: 'Bottom must be less than top' },
    { policy: { a: [{ cidr: '10.0.0.0' }] }, why: "Malformed CIDR, one '/' required" },
  ])('because $why', ({ policy, why }) => {
    const written = typeof policy === 'string' ? policy : JSON.stringify(policy);
    const scope: FilterScope = 'MessageAttributes';
    const read = () =>
      readFilterPolicy(written, scope, (reason) => {
        throw new Error(reason);
      });
    expect(read).toThrow(new Error(why));
  });
});
