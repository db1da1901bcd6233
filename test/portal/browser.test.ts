/**
 * The portal in a real Chromium, the whole way that a person goes. Screenshots are kept in `dist/screenshots`, to be looked at.
 *
 * Skipped where there is no Chromium; CHROMIUM names one elsewhere.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { parse } from 'yaml';
import { isInstalled } from '../builders/a-program.js';
import { outputOf, startedPlatform, type APlatform } from '../builders/a-platform.js';
import { aPortal, type APortal } from './a-portal.js';
import { TEMPLATE_COUNT } from '../builders/templates.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SCREENSHOTS = 'dist/screenshots';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HTML = '<img src=x onerror="document.title=1"><b>bold</b>';

const describeInBrowser = isInstalled(CHROMIUM, '--version') ? describe : describe.skip;

let browser: Browser;

/** A page that is signed in, and what it did that it should not have. */
async function signedIn(url: string, token: string) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce', // a colour that is still on its way has no contrast to judge
  });
  const faults: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(url)) faults.push(`asked ${request.url()}`);
  });
  context.on('weberror', (error) => faults.push(String(error.error())));
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Claims', exact: true }).waitFor();
  return { context, page, faults };
}

async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
}

/** What axe finds wrong, as `rule: where`. */
async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  if (isInstalled(CHROMIUM, '--version')) {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }
}, 60_000);

afterAll(async () => {
  if (isInstalled(CHROMIUM, '--version')) await browser.close();
});

describeInBrowser('the portal of the local platform', () => {
  let platform: APlatform;
  let context: BrowserContext;

  beforeAll(async () => {
    platform = await startedPlatform();
  }, 120_000);

  afterAll(async () => {
    await context.close();
    await platform.stop();
  }, 60_000);

  test('goes from a form to a claim that is Ready, pays, shows a lost region, edits and deletes', async () => {
    const config = parse(readFileSync(platform.kubeconfig, 'utf8')) as {
      users: { user: { token: string } }[];
    };
    const session = await signedIn(platform.portalUrl, config.users[0]?.user.token ?? '');
    const { page, faults } = session;
    context = session.context;
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
    await page.getByRole('button', { name: 'Send a test payment through us-east-1' }).click();
    await page.getByText('PDR2010').waitFor();
    await page.getByRole('button', { name: 'Send a test payment through us-west-2' }).click();
    await page.getByText('Payment processed by us-west-2').waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '4-region-lost');
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

describeInBrowser('the list', () => {
  let world: APortal;

  beforeAll(async () => {
    world = await aPortal();
  }, 60_000);

  afterAll(() => world.stop(), 60_000);

  test('shows HTML as text, statuses it does not know, and each change by itself', async () => {
    const claim = await world.claim('team-payments', 'checkout', 'dev', HTML);
    await world.setReady(
      await world.claim('team-orders', 'orders', 'orders'),
      'Perhaps',
      'who knows',
    );
    const { context, page, faults } = await signedIn(world.portal.url, world.token);
    await page.getByText(HTML).waitFor();
    await page.getByText('who knows').waitFor();
    expect(await page.locator('main img, main b b').count()).toBe(0);
    await world.setReady(claim, 'True');
    await page.getByText(HTML).waitFor({ state: 'detached' });
    expect(await page.title()).toBe('Claims · Payments DR');
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '7-list-narrow');
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  test('can be walked with the keyboard alone', async () => {
    await world.claim('team-payments', 'keyboard', 'keyboard');
    const { context, page } = await signedIn(world.portal.url, world.token);
    const line = page.getByRole('link', { name: /keyboard/ });
    await line.waitFor();
    await line.focus();
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { level: 1, name: 'keyboard' });
    await heading.waitFor();
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('H1');
    await context.close();
  }, 120_000);

  test('says that the session is over when the cluster takes the token no more', async () => {
    const { context, page } = await signedIn(world.portal.url, world.token);
    await context.clearCookies();
    await page.reload();
    await page.getByLabel('Token').waitFor();
    await page.getByLabel('Token').fill('expired');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('PDR2001').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '8-sign-in');
    await context.close();
  }, 120_000);
});
