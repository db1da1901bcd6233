import { beforeEach, describe, expect, test } from '@jest/globals';
import { ListFeed, type ListPage } from '../../../src/portal/live/list-feed.js';
import type { Stored } from '../../../src/support/kubernetes/objects.js';
import { aClock, type ManualClock } from '../../builders/a-clock.js';
import { aClaim } from '../../builders/claim.js';

const CHECKOUT = 'cluster/team-payments/checkout';
const ORDERS = 'cluster/team-orders/orders';

let clock: ManualClock;
let feed: ListFeed;
let claims: Map<string, Stored>;
let composite: Stored | undefined;
let change: (key: string) => void;

/** A page of these scopes, and what it was sent. */
function aPage(...scopes: readonly string[]) {
  const sent: Buffer[] = [];
  const missed: string[] = [];
  const page = {
    scopes: new Set(scopes),
    hidden: new Set<string>(),
    isBehind: false as boolean,
    asked: 0,
    send: (frame: Buffer) => void sent.push(frame),
    miss: (keys: Iterable<string>) => void missed.push(...keys),
    askAgain: () => void (page.asked += 1),
  } satisfies ListPage & { asked: number };
  feed.join(page);
  return { page, sent, missed };
}

function stored(key: string): Stored {
  const [, namespace = '', name = ''] = key.split('/');
  const metadata = { namespace, name, uid: name, resourceVersion: '1' };
  return { ...(aClaim() as unknown as Stored), metadata };
}

async function told(...keys: readonly string[]): Promise<void> {
  keys.forEach(change);
  await clock.advance(100);
}

beforeEach(() => {
  clock = aClock();
  claims = new Map();
  composite = undefined;
  for (const key of [CHECKOUT, ORDERS]) claims.set(key, stored(key));
  feed = new ListFeed(
    {
      claims: () => [],
      claim: ({ form, namespace, name }) => claims.get(`${form}/${namespace}/${name}`),
      compositeOf: () => composite,
      onClaim: (handler) => {
        change = handler;
        return () => undefined;
      },
    },
    clock,
  );
});

describe('the list, to many pages', () => {
  test('is the same buffer for pages that show the same', async () => {
    const [one, other] = [aPage('cluster/team-payments'), aPage('cluster/team-payments')];
    await told(CHECKOUT);
    expect(one.sent).toHaveLength(1);
    expect(other.sent[0]).toBe(one.sent[0]);
    expect(feed.whole(one.page.scopes)).toBe(feed.whole(other.page.scopes));
  });

  test('says nothing of what a page does not show, also when it is gone', async () => {
    const { page, sent } = aPage('cluster/team-payments');
    await told(CHECKOUT, ORDERS);
    claims.delete(ORDERS);
    await told(ORDERS);
    expect(sent).toHaveLength(1);
    expect(String(sent[0])).not.toContain('orders');
    expect(page.asked).toBe(2); // it may have the right to see them, and has not asked
    page.hidden.add('cluster/team-orders');
    await told(ORDERS);
    expect(page.asked).toBe(2);
  });

  test('waits for a page that is behind, and tells it then how things are', async () => {
    const { page, sent, missed } = aPage('cluster/team-payments');
    await told(CHECKOUT);
    page.isBehind = true;
    claims.delete(CHECKOUT);
    await told(CHECKOUT);
    expect(sent).toHaveLength(1);
    expect(missed).toEqual([CHECKOUT]);
    expect(String(feed.changed(missed, page.scopes))).toContain(`"gone":["${CHECKOUT}"]`);
  });

  test('shows a claim as failing whose composite cannot be rendered', async () => {
    const { sent } = aPage('cluster/team-payments');
    const synced = { type: 'Synced', status: 'False', reason: 'ReconcileError', message: 'no' };
    composite = {
      ...stored(CHECKOUT),
      status: { conditions: [{ ...synced, lastTransitionTime: '' }] },
    };
    await told(CHECKOUT);
    expect(String(sent[0])).toContain('"synced":{"status":"False","reason":"ReconcileError"');
  });
});
