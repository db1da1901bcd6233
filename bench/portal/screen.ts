/** One page in a real browser: when it shows something, when it shows everything, and how long a click has to wait meanwhile. */
import { chromium, type Page } from 'playwright-core';

export interface Screen {
  readonly firstPaintMs: number;
  /** From the address to a list that is complete. */
  readonly listedMs: number;
  /** The longest that a click would have had to wait since the last time it was asked. */
  longestTaskMs(): Promise<number>;
  close(): Promise<void>;
}

/** The second visit is measured: the first one is the browser's own start. */
export async function openScreen(
  executablePath: string,
  { url, token, total }: { readonly url: string; readonly token: string; readonly total: number },
): Promise<Screen> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const context = await browser.newContext({
    extraHTTPHeaders: { authorization: `Bearer ${token}` },
  });
  await context.addInitScript(WATCH_TASKS);
  const last = `.claims:not([aria-busy=true]) > li:nth-child(${total})`;
  const visit = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(url);
    await page.locator(last).waitFor({ state: 'attached' });
    return page;
  };
  await (await visit()).close();
  const page = await visit();
  const [firstPaintMs, listedMs] = await page.evaluate<[number, number]>(TIMES);
  return {
    firstPaintMs,
    listedMs,
    longestTaskMs: () => page.evaluate<number>(LONGEST_TASK),
    close: () => browser.close(),
  };
}

/** What a browser reports is tasks of 50 ms and more. */
const WATCH_TASKS = `
  globalThis.tasksMs = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.tasksMs.push(duration);
  }).observe({ type: 'longtask', buffered: true });
`;
const LONGEST_TASK = `Math.max(0, ...globalThis.tasksMs.splice(0))`;
const TIMES = `[
  performance.getEntriesByName('first-contentful-paint')[0].startTime,
  performance.now(),
]`;
