/** A real Chromium, and pages of it that are signed in to a portal. CHROMIUM names one that is elsewhere. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { isInstalled } from '../builders/a-program.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SCREENSHOTS = 'dist/screenshots';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Of what a test waits for. */
const PATIENCE_MS = 60_000;

/** Skipped, by name, where there is no Chromium. */
export const describeInBrowser = isInstalled(CHROMIUM, '--version') ? describe : describe.skip;

export function aBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

export interface OpenPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What it did that it should not have. */
  readonly faults: readonly string[];
  /** What the browser logged as an error. */
  readonly errors: readonly string[];
}

/** A page at this path of the portal, of whoever has this token: passed as a proxy passes it. */
export async function openPage(
  browser: Browser,
  url: string,
  { token, path = '/' }: { readonly token?: string; readonly path?: string },
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce', // a colour that is still on its way has no contrast to judge
    ...(token === undefined ? {} : { extraHTTPHeaders: { authorization: `Bearer ${token}` } }),
  });
  const faults: string[] = [];
  const errors: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(url)) faults.push(`asked ${request.url()}`);
  });
  context.on('weberror', (error) => faults.push(String(error.error())));
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
    if (message.type() === 'error') errors.push(message.text());
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url + path);
  return { context, page, faults, errors };
}

/** Kept, to be looked at. */
export async function look(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
}

/** The top of a page, as `docs/portal.png` shows it. */
export async function lookAtTop(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const clip = { x: 0, y: 0, width: 1280, height: 640 };
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, clip });
}

/** What axe finds wrong, as `rule: where`. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}
