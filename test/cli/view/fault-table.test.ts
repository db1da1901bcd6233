import { describe, expect, test } from '@jest/globals';
import type { FaultReport } from '../../../src/cli/platform/fault-switch.js';
import { faultTable } from '../../../src/cli/view/fault-table.js';

function aReport(overrides: Partial<FaultReport> = {}): FaultReport {
  const none = { outages: {}, partitions: [], paused: [], lagMs: {}, skewMs: {}, mishaps: [] };
  return { ...none, seed: 1, ...overrides };
}

describe('the table of faults', () => {
  test('says that there are none', () => {
    expect(faultTable(aReport())).toBe('no faults: every region is up, every link whole');
  });

  test.each([
    {
      sentence: 'a region that hangs',
      report: { outages: { 'us-east-1': 'hang' } },
      line: /^us-east-1 +down: calls are never answered +region up us-east-1/m,
    },
    {
      sentence: 'a lag',
      report: { lagMs: { 'us-east-1>us-west-2': 5000 } },
      line: /^us-east-1 > us-west-2 +replication takes 5000 ms +region lag us-east-1 us-west-2 50/m,
    },
    {
      sentence: 'a clock that is behind',
      report: { skewMs: { 'us-west-2': -1500 } },
      line: /^us-west-2 +clock is 1500 ms behind +region skew us-west-2 0/m,
    },
    {
      sentence: 'lost responses, with the seed',
      report: {
        mishaps: [
          { kind: 'loseResponse', region: 'us-east-1', service: 'dynamodb', probability: 0.1 },
        ],
      },
      line: /10 % of calls +region lose-responses us-east-1 --service dynamodb --off\s+seed 1$/,
    },
  ])('shows $sentence, and what ends it', ({ report, line }) => {
    expect(faultTable(aReport(report))).toMatch(line);
  });
});
