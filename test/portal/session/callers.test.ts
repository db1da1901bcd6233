import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Callers } from '../../../src/portal/session/callers.js';
import { SessionCookie } from '../../../src/portal/session/session-cookie.js';
import { systemClock } from '../../../src/support/clock.js';

test('a caller has so much running at once and no more, while others are served', async () => {
  const cluster = { name: 'x', server: 'https://127.0.0.1:9', skipTLSVerify: false };
  const callers = new Callers(cluster, new SessionCookie(randomBytes(32), systemClock), 1000);
  const [one, other] = [callers.withToken('one'), callers.withToken('other')];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const running = Array.from({ length: 32 }, () => callers.limited(one, () => held));
  await expect(callers.limited(one, () => held)).rejects.toMatchObject({ code: 'PDR2008' });
  await expect(callers.limited(other, () => Promise.resolve('served'))).resolves.toBe('served');
  release();
  await Promise.all(running);
  await expect(callers.limited(one, () => Promise.resolve('again'))).resolves.toBe('again');
  callers.close();
});
