/** How many payments a region takes when several clients pay at once, and how long each of them waits. */
import type { BenchRegion, BenchService } from './service.js';
import { quantile, type Row } from './table.js';

/** As many as the local Lambda runs of one function at once, less some. */
const CLIENTS = 6;
const PAYMENTS = 300;

export async function measureThroughput({ primary, secondary }: BenchService): Promise<Row[]> {
  const rows: Row[] = [];
  for (const region of [primary, secondary]) {
    const alone = await payAll(region, 1, PAYMENTS / CLIENTS);
    const { perSecond, waitsMs } = await payAll(region, CLIENTS, PAYMENTS);
    const [p50, p99] = [0.5, 0.99].map((share) => quantile(waitsMs, share).toFixed(1));
    rows.push({
      figure: `payments through ${region.name}, ${CLIENTS} clients`,
      measured: `${perSecond.toFixed(0)}/s; p50 ${p50 ?? ''} ms, p99 ${p99 ?? ''} ms`,
      ratio: `${(perSecond / alone.perSecond).toFixed(1)} × one client`,
    });
  }
  return rows;
}

async function payAll(region: BenchRegion, clients: number, payments: number) {
  const prefix = `bench-throughput-${region.name}-${clients}`;
  // As many sandboxes as clients, before the clock runs.
  const atOnce = Array.from({ length: clients }, (_, client) => client);
  await Promise.all(atOnce.map((client) => region.pay(`${prefix}-warm-${client}`)));
  const waitsMs: number[] = [];
  let next = 0;
  const beganMs = performance.now();
  await Promise.all(
    atOnce.map(async () => {
      while (next < payments) {
        const id = `${prefix}-${next++}`;
        const sentMs = performance.now();
        await region.pay(id);
        waitsMs.push(performance.now() - sentMs);
      }
    }),
  );
  return { perSecond: (payments / (performance.now() - beganMs)) * 1000, waitsMs };
}
