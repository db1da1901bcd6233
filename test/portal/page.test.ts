/** The page in a real Chromium, on claims that a test moves: what it shows, and what it says when something goes wrong. Skipped where there is none. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { apiVersionOf, CLAIM_API } from '../../src/model/claim/api.js';
import { systemClock, type Clock } from '../../src/support/clock.js';
import type { KubernetesObject } from '../../src/support/kubernetes/objects.js';
import {
  aBrowser,
  axeFindings,
  describeInBrowser,
  look,
  openPage,
  type OpenPage,
} from './a-browser.js';
import { aPortal, CLAIMS, until, type APortal } from './a-portal.js';

const HTML = '<img src=x onerror="document.title=1"><b>bold</b>';
const CRDS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
} as const;

/** Ten times as fast: rights are asked anew after a second and a half. */
const BEGAN_MS = Date.now();
const HURRY = 10;
const hurried: Clock = {
  now: () => BEGAN_MS + (Date.now() - BEGAN_MS) * HURRY,
  sleep: (ms, signal) => systemClock.sleep(ms / HURRY, signal),
};

let world: APortal;
let browser: Browser;
let opened: OpenPage[] = [];

async function open(path = '/', token = world.token): Promise<Page> {
  const one = await openPage(browser, world.portal.url, { path, token });
  opened.push(one);
  return one.page;
}

const claimPath = (name: string, namespace = 'team-payments') =>
  `/claims/cluster/${namespace}/${name}`;

/** A form that the cluster takes. */
async function fill(page: Page, name: string): Promise<void> {
  await begin(page, name);
  await page.getByLabel('Environment suffix').fill(name);
  await page.getByLabel('Registry ID').fill('123456789012');
  await page.getByLabel('Repository').fill('payment-processor');
  await page.getByLabel('Tag', { exact: true }).fill('1.4.2');
  await page.getByLabel('Email').fill('oncall@example.org');
}

/** As much as the cluster needs to say who may not. */
async function begin(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name required', { exact: true }).fill(name);
  await page.getByLabel('Namespace required').fill('team-payments');
}

const expectShown = (page: Page, text: string) => page.getByText(text).first().waitFor();
const expectGone = (locator: Locator) => locator.waitFor({ state: 'detached' });

describeInBrowser('the page', () => {
  beforeAll(async () => {
    [world, browser] = await Promise.all([
      aPortal({ clock: hurried, apiTimeoutMs: 1500 }),
      aBrowser(),
    ]);
  }, 60_000);

  afterEach(async () => {
    const faults = opened.flatMap((one) => one.faults);
    await Promise.all(opened.map(({ context }) => context.close()));
    opened = [];
    expect(faults).toEqual([]);
  });

  afterAll(async () => {
    await browser.close();
    await world.stop();
  }, 60_000);

  test('opens for somebody who is not signed in without an error', async () => {
    const one = await openPage(browser, world.portal.url, {});
    opened.push(one);
    await one.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(one.errors).toEqual([]);
  }, 120_000);

  test('asks for a claim in the order in which claims are written', async () => {
    const page = await open('/new');
    await page.getByText('Regions', { exact: true }).waitFor();
    const groups = await page.locator('details.group > summary').allTextContents();
    expect(groups.indexOf('Regions')).toBeLessThan(groups.indexOf('Alarms'));
    const fields = await page.locator('label').allTextContents();
    expect(fields.indexOf('Tag')).toBeLessThan(fields.indexOf('Digest'));
  }, 120_000);

  test('shows HTML as text, statuses it does not know, and each change by itself', async () => {
    const claim = await world.claim('team-payments', 'checkout', 'dev', HTML);
    const orders = await world.claim('team-orders', 'orders', 'orders');
    await world.setReady(orders, 'Perhaps', 'who knows');
    const page = await open();
    await expectShown(page, HTML);
    await expectShown(page, 'who knows');
    expect(await page.locator('main img, main b b').count()).toBe(0);
    await world.setReady(claim, 'True');
    await expectGone(page.getByText(HTML));
    expect(await page.title()).toBe('Claims · Payments DR');
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '7-list-narrow');
    await page.goto(world.portal.url + claimPath('orders', 'team-orders'));
    await page.getByText('Unknown', { exact: true }).waitFor();
    await expectShown(page, 'who knows');
    await page.goto(world.portal.url + claimPath(encodeURIComponent(HTML)));
    await page.getByRole('heading', { level: 1, name: HTML }).waitFor();
    await expectShown(page, 'PDR2004');
    expect(await page.locator('main img, main b b').count()).toBe(0);
  }, 120_000);

  test('narrows the list down by state and by words, and says when nothing is left', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'On the way' }).click();
    await page.getByRole('link', { name: /orders/ }).waitFor();
    await expectGone(page.getByRole('link', { name: /checkout/ }));
    await page.getByLabel('Show only claims').fill('no such thing');
    await expectShown(page, 'None of the 2 claims is like that.');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('link', { name: /checkout/ }).waitFor();
  }, 120_000);

  test('can be walked with the keyboard alone', async () => {
    await world.claim('team-payments', 'keyboard', 'keyboard');
    const page = await open();
    const line = page.getByRole('link', { name: /keyboard/ });
    await line.waitFor();
    await line.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'keyboard' }).waitFor();
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('H1');
  }, 120_000);

  test('makes one claim of a thousand clicks, also in the namespaced form', async () => {
    const page = await open('/new');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/claims'))
        sent.push(request.postData() ?? '');
    });
    await page.getByText('Namespaced, of Crossplane 2').click();
    await fill(page, 'clicked');
    await expectShown(page, 'apiVersion: payments.m.example.org/v1alpha1');
    await expectShown(page, 'environmentSuffix: clicked');
    await page.evaluate(`(() => {
      const apply = document.querySelector('.writing button.primary');
      for (let click = 0; click < 1000; click += 1) apply.click();
    })()`);
    await page.getByRole('heading', { level: 1, name: 'clicked' }).waitFor();
    await expectShown(page, 'namespaced form');
    expect(sent).toHaveLength(1);
    const type = { ...CLAIMS, apiVersion: apiVersionOf('namespaced') };
    const { items } = await world.client.list(type, { namespace: 'team-payments' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['clicked']);
  }, 120_000);

  test('takes a tag by the keyboard alone, and marks one that AWS would not take', async () => {
    const page = await open('/new');
    await fill(page, 'tagged');
    await page.getByText('Tags', { exact: true }).click();
    await page.getByLabel('Tags: key 1').focus();
    for (const text of ['owner', HTML]) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await expectShown(page, 'owner: a tag takes letters');
    await page.getByRole('button', { name: 'Apply' }).click();
    const fault = page.locator('[id="spec.tags-fault"]');
    await until(async () => {
      expect(await fault.evaluate('document.activeElement.id')).toBe('spec.tags-fault');
    });
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Tags: value 1').fill('payments');
    await expectShown(page, 'owner: payments');
    await expectGone(fault);
    await page.getByRole('button', { name: 'Start over' }).click();
  }, 120_000);

  test('keeps an edit when somebody else was faster, and makes it of what they left', async () => {
    await world.claim('team-payments', 'contested', 'contested');
    const page = await open(claimPath('contested'));
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Timeout (seconds)').fill('45');
    await page.locator('ins', { hasText: '45' }).waitFor();
    const key = { namespace: 'team-payments', name: 'contested' };
    await world.client.patch(CLAIMS, key, { spec: { handler: { memorySizeMiB: 640 } } });
    await page.getByRole('button', { name: 'Apply these changes' }).click();
    await expectShown(page, 'team-payments/contested: somebody changed it meanwhile');
    await page.getByRole('button', { name: 'Make the changes to it as it is now' }).click();
    await page.locator('ins', { hasText: '45' }).waitFor();
    expect(await page.getByLabel('Memory size (MiB)').inputValue()).toBe('640');
    await page.getByRole('button', { name: 'Apply these changes' }).click();
    await page.getByRole('heading', { level: 1, name: 'contested', exact: true }).waitFor();
    expect(await world.client.read(CLAIMS, key)).toMatchObject({
      spec: { handler: { memorySizeMiB: 640, timeoutSeconds: 45 } },
    });
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByLabel('Type contested to delete it').fill('contested');
    await page.keyboard.press('Enter');
    await expectShown(page, 'The claim is deleted');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  }, 120_000);

  test('says that a claim was deleted underneath, on its page and in its edit', async () => {
    await world.claim('team-payments', 'doomed', 'doomed');
    const page = await open(claimPath('doomed'));
    const edit = await open(`${claimPath('doomed')}/edit`);
    await page.getByRole('button', { name: 'Delete…' }).waitFor();
    await edit.getByLabel('Timeout (seconds)').fill('60');
    await edit.locator('ins', { hasText: '60' }).waitFor();
    await world.client.delete(CLAIMS, { namespace: 'team-payments', name: 'doomed' });
    await expectShown(page, 'The claim is deleted');
    await edit.getByRole('button', { name: 'Apply these changes' }).click();
    await expectShown(edit, 'PDR2004');
  }, 120_000);

  test('says what right is missing, and stops to show what may no longer be seen', async () => {
    const viewer = await world.account('team-orders', 'view');
    const page = await open(claimPath('orders', 'team-orders'), viewer);
    await expectShown(page, 'who knows');
    expect(await page.getByRole('button', { name: 'Delete…' }).count()).toBe(0);
    const form = await open('/new', viewer);
    await begin(form, 'unwelcome');
    await expectShown(form, 'PDR2002');
    const bindings = await world.client.resourceType('rbac.authorization.k8s.io/v1', 'RoleBinding');
    await world.client.delete(bindings, { namespace: 'team-orders', name: 'view' });
    await expectShown(page, 'PDR2002');
    await expectGone(page.getByText('who knows'));
    expect(await page.getByText('does not answer').count()).toBe(0);
    await look(page, '9-rights-gone');
  }, 120_000);

  test('asks to sign in again when the token ends, and loses nothing that was written', async () => {
    const editor = await world.account('team-payments', 'edit');
    const { page } = await openSignedIn(editor);
    await page.getByRole('link', { name: 'New claim' }).click();
    await begin(page, 'unfinished');
    await page.getByLabel('Tag', { exact: true }).fill('1.4.3');
    const accounts = await world.client.resourceType('v1', 'ServiceAccount');
    await world.client.delete(accounts, { namespace: 'team-payments', name: 'edit' });
    await expectShown(page, 'PDR2001');
    expect(await axeFindings(page)).toEqual([]);
    await look(page, '8-sign-in');
    await page.getByLabel('Token').fill(world.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expectShown(page, 'tag: 1.4.3');
  }, 120_000);

  test('keeps what it shows while the API server is away, says so, and goes on when it is back', async () => {
    const claim = await world.claim('team-payments', 'steady', 'steady', 'as it was');
    const page = await open();
    const form = await open('/new');
    await expectShown(page, 'as it was');
    await fill(form, 'patient');
    await expectShown(form, 'environmentSuffix: patient');
    world.gate.shut();
    await expectShown(page, 'The cluster does not answer; what you see is as it was.');
    expect(await page.getByText('as it was', { exact: true }).count()).toBe(1);
    await form.getByRole('button', { name: 'Apply' }).click();
    await expectShown(form, 'PDR1005');
    await look(form, '10-away');
    await world.setReady(claim, 'False', 'as it is now');
    world.gate.open();
    await expectShown(page, 'as it is now');
    await expectGone(page.getByText('The cluster does not answer'));
    await form.getByRole('button', { name: 'Apply' }).click();
    await form.getByRole('heading', { level: 1, name: 'patient' }).waitFor();
  }, 120_000);

  test('does not wait for a slow API server without a word', async () => {
    world.gate.stall();
    const page = await open('/new');
    await expectShown(page, 'no answer within 1.5 s');
    world.gate.open();
    await until(async () => {
      await page.reload();
      await page.getByLabel('Environment suffix').waitFor({ timeout: 3000 });
    });
  }, 120_000);

  // The last ones take the API away.
  test('follows the schema that the cluster has, older than ours as it may be', async () => {
    const name = `${CLAIMS.plural}.${CLAIM_API.cluster.group}`;
    await world.client.patch(
      CRDS,
      { name },
      [
        { op: 'remove', path: `${SPEC_SCHEMA}/consistency` },
        { op: 'remove', path: `${SPEC_SCHEMA}/regions` },
        {
          op: 'remove',
          path: `${SPEC_SCHEMA.replace('/properties/spec/properties', '/properties/spec')}/x-kubernetes-validations`,
        },
      ],
      { type: 'json' },
    );
    await until(async () => {
      const page = await open('/new');
      await page.getByLabel('Environment suffix').waitFor();
      expect(await page.getByLabel('Consistency').count()).toBe(0);
    });
    const { apiVersion, kind } = CLAIMS;
    const metadata = { name: 'older', namespace: 'team-payments' };
    await world.client.create<KubernetesObject>(CLAIMS, {
      ...{ apiVersion, kind, metadata },
      spec: {
        environmentSuffix: 'older',
        handler: { image: { registryId: '123456789012', repository: 'payments', tag: '1' } },
        notifications: { email: 'oncall@example.org' },
      },
    });
    const page = await open(claimPath('older'));
    await expectShown(page, 'environment older');
    await page.getByText('Waiting', { exact: true }).waitFor();
  }, 120_000);

  test('says that the cluster does not serve the API, and how it would', async () => {
    const page = await open();
    const form = await open('/new');
    await form.getByLabel('Environment suffix').waitFor();
    for (const { group } of Object.values(CLAIM_API))
      await world.client.delete(CRDS, { name: `${CLAIMS.plural}.${group}` });
    await expectShown(page, 'This cluster does not serve PaymentsDR');
    await form.reload();
    await expectShown(form, 'kubectl apply -f crds/ -f compositions/');
    await look(form, '11-no-api');
  }, 120_000);
});

const SPEC_SCHEMA = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties';

/** By the cookie of a person who signed in here. */
async function openSignedIn(token: string): Promise<OpenPage> {
  const one = await openPage(browser, world.portal.url, {});
  opened.push(one);
  await one.page.getByLabel('Token').fill(token);
  await one.page.getByRole('button', { name: 'Sign in' }).click();
  await one.page.getByRole('heading', { name: 'Claims', exact: true }).waitFor();
  return one;
}
