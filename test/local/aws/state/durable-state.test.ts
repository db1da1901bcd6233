import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DurableState } from '../../../../src/local/aws/state/durable-state.js';

describe('the durable state', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'pdr-state-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  test('has on disk what was acknowledged, though nobody closed it', async () => {
    const state = await DurableState.open(join(root, 'running'));
    const map = await state.map<{ n: number }>('things');
    await Promise.all([map.set('a', { n: 1 }), map.set('b', { n: 2 }), map.set('a', { n: 3 })]);
    await map.delete('b');
    // A copy of the files as they are now is what a kill would leave.
    await cp(join(root, 'running'), join(root, 'killed'), { recursive: true });
    const recovered = await DurableState.open(join(root, 'killed'));
    expect([...(await recovered.map('things'))]).toEqual([['a', { n: 3 }]]);
    await Promise.all([state.close(), recovered.close()]);
  });

  test('shows a change to readers before it is on disk', async () => {
    const state = await DurableState.open(root);
    const map = await state.map<number>('n');
    const written = map.set('k', 1);
    expect(map.get('k')).toBe(1);
    await written;
    await state.close();
  });

  test('keeps what a value was when it was set, whatever the caller does with it after', async () => {
    const state = await DurableState.open(root);
    const value = { n: 1 };
    const written = (await state.map<{ n: number }>('m')).set('k', value);
    value.n = 2;
    await written;
    await state.close();
    const reopened = await DurableState.open(root);
    expect((await reopened.map('m')).get('k')).toEqual({ n: 1 });
    await reopened.close();
  });

  test('gives the same map for the same name, and keeps maps whose names begin alike apart', async () => {
    const state = await DurableState.open(root);
    const map = await state.map<number>('a');
    await map.set('k', 1);
    expect(await state.map('a')).toBe(map);
    await state.close();
    const reopened = await DurableState.open(root);
    expect((await reopened.map('ab')).size).toBe(0);
    expect((await reopened.map('a')).size).toBe(1);
    await reopened.close();
  });

  test('is refused to a second process with PDR1003', async () => {
    const state = await DurableState.open(root);
    await expect(DurableState.open(root)).rejects.toMatchObject({ code: 'PDR1003', subject: root });
    await state.close();
  });

  test('is refused with PDR1004 where a file stands in its place', async () => {
    const path = join(root, 'file');
    await writeFile(path, '');
    await expect(DurableState.open(path)).rejects.toMatchObject({ code: 'PDR1004' });
  });
});
