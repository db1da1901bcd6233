/** Rules on objects: what they may cost, what they say, and what they let through because it was there before. */
import { describe, expect, test } from '@jest/globals';
import { Rules } from '../../../../src/local/kubernetes/cel/rules.js';
import type { Schema, ValidationRule } from '../../../../src/local/kubernetes/schema/schema.js';

const LONG_LIST = Array.from({ length: 1000 }, (_, index) => index);

function specOf(rules: readonly ValidationRule[], properties: Record<string, Schema>): Schema {
  const spec: Schema = { type: 'object', properties, 'x-kubernetes-validations': rules };
  return { type: 'object', properties: { spec } };
}

function check(schema: Schema, spec: unknown, old?: unknown) {
  const warnings: string[] = [];
  // What a rule could cost at most is reported when it is compiled, and is not what is looked at here.
  const rules = Rules.compile(schema, '', () => undefined);
  const errors = rules.check({ spec }, old === undefined ? undefined : { spec: old }, (warning) =>
    warnings.push(warning),
  );
  return { errors: errors.map(({ field, detail }) => `${field ?? ''}: ${detail ?? ''}`), warnings };
}

const numbers: Record<string, Schema> = {
  list: { type: 'array', items: { type: 'integer' } },
  size: { type: 'integer' },
};

describe('the cost of rules', () => {
  test('a rule that runs on for too long is stopped, and no rule is run after it', () => {
    const rule = 'self.list.all(x, self.list.all(y, x + y >= 0))';
    const { errors } = check(specOf([{ rule }, { rule: 'false' }], numbers), { list: LONG_LIST });
    expect(errors).toEqual([
      `spec: 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`,
    ]);
  });

  test('rules that together cost too much are stopped', () => {
    const rule = 'self.list.all(x, x in self.list)';
    const rules = Array.from({ length: 12 }, () => ({ rule }));
    const list = LONG_LIST.slice(0, 980);
    const { errors } = check(specOf(rules, numbers), { list });
    expect(errors).toEqual([
      'spec: validation failed due to running out of cost budget, no further validation rules will be run',
    ]);
  });

  test('a message that costs too much is not worked out', () => {
    const messageExpression = 'self.list.all(x, self.list.all(y, x + y >= 0)) ? "a" : "b"';
    const { errors } = check(specOf([{ rule: 'false', messageExpression }], numbers), {
      list: LONG_LIST,
    });
    expect(errors).toEqual([
      `spec: no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(messageExpression)}`,
    ]);
  });
});

describe('a value that breaks a rule', () => {
  const broken = specOf([], {
    ...numbers,
    inner: {
      type: 'object',
      properties: numbers,
      'x-kubernetes-validations': [{ rule: 'self.size > 5', message: 'too small' }],
    },
  });

  test('is refused where it is new', () => {
    expect(check(broken, { inner: { size: 1 } }).errors).toEqual(['spec.inner: too small']);
  });

  test('is only warned of where it did not change', () => {
    const before = { inner: { size: 1 }, size: 1 };
    expect(check(broken, { ...before, size: 2 }, before)).toEqual({
      errors: [],
      warnings: ['spec.inner: Invalid value: "object": too small'],
    });
  });

  test('is refused where a rule compares it with what it was', () => {
    const schema = specOf([{ rule: 'self.size > oldSelf.size' }], numbers);
    const { errors } = check(schema, { size: 1 }, { size: 1 });
    expect(errors).toEqual(['spec: failed rule: self.size > oldSelf.size']);
  });
});

test('a null is as good as nothing to a rule', () => {
  const schema = specOf([{ rule: '!has(self.size)' }], {
    size: { type: 'integer', nullable: true },
  });
  expect(check(schema, { size: null }).errors).toEqual([]);
});

test('values of the wrong type are told of in the words of the real server', () => {
  const schema = specOf([{ rule: 'self.size > 5' }], {
    size: { 'x-kubernetes-int-or-string': true },
  });
  expect(check(schema, { size: 'x' }).errors).toEqual([
    "spec: 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.size > 5",
  ]);
});
