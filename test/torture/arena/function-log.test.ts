import { describe, expect, test } from '@jest/globals';
import { answersIn } from '../../../torture/arena/function-log.js';

const start = 'START RequestId: one Version: $LATEST';
const report = 'REPORT RequestId: one\tDuration: 12.00 ms\tMax Memory Used: 90 MB';
const thrown = '2026-01-31T12:00:00.000Z\tone\tERROR\tInvoke Error \t{"errorType":"Error"}';
const refused = (statusCode: number) =>
  JSON.stringify({ message: 'payment refused', requestId: 'one', statusCode, reason: 'used' });

interface Row {
  readonly sentence: string;
  readonly messages: readonly string[];
  readonly outcome?: string;
}

describe('what a log says came of an event', () => {
  test.each<Row>([
    {
      sentence: 'taken, where a run ended well',
      messages: [start, report],
      outcome: 'acknowledged',
    },
    {
      sentence: 'taken, whatever a handler says that swallowed an error',
      messages: [start, '{"message":"payment failed","requestId":"one"}', report],
      outcome: 'acknowledged',
    },
    {
      sentence: 'a conflict, where it was refused so',
      messages: [start, refused(409), report],
      outcome: 'conflict',
    },
    {
      sentence: 'refused, where it was bad',
      messages: [start, refused(400), report],
      outcome: 'refused',
    },
    { sentence: 'nothing yet, while it runs', messages: [start, refused(409)] },
    { sentence: 'nothing yet, where it threw', messages: [start, thrown, report] },
    {
      sentence: 'nothing yet, where its process was ended',
      messages: [start, `${report}\tStatus: error\tError Type: Runtime.ExitError`],
    },
    {
      sentence: 'taken, where a later try ended well',
      messages: [start, thrown, report, start, report],
      outcome: 'acknowledged',
    },
  ])('$sentence', ({ messages, outcome }) => {
    const answers = answersIn(messages.map((message) => ({ stream: 's', message })));
    expect(answers.get('one')?.outcome).toBe(outcome);
  });

  test('is told of each sandbox by its own lines', () => {
    const lines = [
      { stream: 's', message: start },
      { stream: 's', message: thrown },
      { stream: 't', message: start },
      { stream: 't', message: report },
    ];
    expect(answersIn(lines).get('one')?.outcome).toBe('acknowledged');
  });
});
