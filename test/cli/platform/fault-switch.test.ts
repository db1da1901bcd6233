import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { switchFaults } from '../../../src/cli/platform/fault-switch.js';
import { writeRunFile } from '../../../src/cli/platform/run-file.js';
import { anAws, type AnAws } from '../../local/aws/an-aws.js';

describe('the switch of faults', () => {
  let aws: AnAws;

  beforeAll(async () => {
    aws = await anAws();
    await writeRunFile(aws.stateDir, { pid: process.pid, awsUrl: aws.url });
  });
  afterAll(() => aws.stop());

  test('finds the platform by its state directory, and answers what is on then', async () => {
    await switchFaults(aws.stateDir, { action: 'takeDown', region: 'us-east-1', manner: 'hang' });
    expect(aws.faults.report().outages).toEqual({ 'us-east-1': 'hang' });
    await switchFaults(aws.stateDir, { action: 'healAll' });
    await expect(switchFaults(aws.stateDir)).resolves.toEqual(aws.faults.report());
  });

  test('tells why a wish cannot be fulfilled', async () => {
    const wish = { action: 'inject', kind: 'crash', region: 'us-east-1', service: 's3' };
    await expect(switchFaults(aws.stateDir, wish)).rejects.toMatchObject({
      code: 'PDR1006',
      message: expect.stringContaining('crash can strike lambda'),
    });
  });

  test('says so where nothing runs', async () => {
    await expect(switchFaults(`${aws.stateDir}/elsewhere`)).rejects.toMatchObject({
      code: 'PDR1012',
    });
  });
});
