/** The portal of the local platform in a real Chromium, the whole way that a person goes. Skipped where there is none. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { parse } from 'yaml';
import { outputOf, startedPlatform, type APlatform } from '../builders/a-platform.js';
import { TEMPLATE_COUNT } from '../builders/templates.js';
import {
  aBrowser,
  axeFindings,
  describeInBrowser,
  look,
  lookAtTop,
  openPage,
} from './a-browser.js';

describeInBrowser('the portal of the local platform', () => {
  let platform: APlatform;
  let browser: Browser;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startedPlatform(), aBrowser()]);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await platform.stop();
  }, 60_000);

  test('goes from a form to a claim that is Ready, pays, shows a lost region, edits and deletes', async () => {
    const config = parse(readFileSync(platform.kubeconfig, 'utf8')) as {
      users: { user: { token: string } }[];
    };
    const { page, faults } = await openPage(browser, platform.portalUrl, {});
    await page.getByLabel('Token').fill(config.users[0]?.user.token ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Claims', exact: true }).waitFor();
    expect(await axeFindings(page)).toEqual([]);

    await page.getByRole('link', { name: 'New claim' }).click();
    await page.getByLabel('Name required', { exact: true }).fill('checkout');
    await page.getByLabel('Namespace required').fill('default');
    await page.getByLabel('Environment suffix').fill('Dev!');
    await page.getByLabel('Registry ID').fill('123456789012');
    await page.getByLabel('Repository').fill('payment-processor');
    await page.getByLabel('Email').fill('oncall@example.org');
    await page.getByText('environmentSuffix takes lower-case letters').waitFor();
    await page.getByText('give either tag or digest, and not both').waitFor();
    await look(page, '1-form-refused');
    await page.getByLabel('Tag', { exact: true }).fill('1.4.2');
    await page.getByLabel('Environment suffix').fill('dev');
    await page.getByText(`${TEMPLATE_COUNT} resources in AWS`).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '2-form');

    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText(`${TEMPLATE_COUNT} of ${TEMPLATE_COUNT} resources ready`).waitFor();
    // And one line for the table's copy, which is no resource of its own.
    expect(await page.locator('.resources > li').count()).toBe(TEMPLATE_COUNT + 1);
    await page.getByRole('button', { name: 'Send a test payment through us-east-1' }).click();
    await page.getByText('Payment processed by us-east-1').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '3-ready');

    const region = (...args: string[]) =>
      outputOf(process.execPath, [
        'dist/payments-dr.js',
        'region',
        ...args,
        '--state',
        platform.stateDir,
      ]);
    expect((await region('down', 'us-east-1')).code).toBe(0);
    await page.getByText('CloudWatch in us-east-1 does not answer').waitFor();
    await page.getByText('Degraded', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Send a test payment through us-east-1' }).click();
    await page.getByText('PDR2010').waitFor();
    await page.getByRole('button', { name: 'Send a test payment through us-west-2' }).click();
    await page.getByText('Payment processed by us-west-2').waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '4-region-lost');
    await lookAtTop(page, '4-region-lost-top');
    expect((await region('up', 'us-east-1')).code).toBe(0);
    await page.getByText('CloudWatch in us-east-1 does not answer').waitFor({ state: 'detached' });

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Timeout (seconds)').fill('60');
    await page.locator('ins', { hasText: '60' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '5-edit');
    await page.getByRole('button', { name: 'Apply these changes' }).click();

    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByText('Payments stop at once').waitFor();
    const confirm = page.getByRole('button', { name: 'Delete for good' });
    expect(await confirm.isDisabled()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '6-delete');
    await page.getByLabel('Type checkout to delete it').fill('checkout');
    await confirm.click();
    await page.getByText('The claim is deleted').waitFor();
    expect(faults).toEqual([]);
  }, 180_000);
});
