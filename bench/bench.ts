/**
 * `npm run bench`: how fast and how large the main job is on this machine, as a table.
 *
 * Each figure stands beside its goal and beside another figure of the same run that it can be compared with, since machines
 * differ and drift. Nothing here fails: tests judge behaviour, this measures.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silenceSdkAdvice } from '../src/support/sdk-advice.js';
import { bundleSizeKiB } from './bundle.js';
import { compareControlPlanes } from './control-plane/comparison.js';
import { measureDemonstrations } from './demonstration.js';
import { measureEngine } from './engine.js';
import { measureHandler } from './handler.js';
import { measureRegionLosses } from './region-loss.js';
import { measurePortal } from './portal/portal.js';
import { startService } from './service.js';
import { printTable, type Row } from './table.js';
import { measureThroughput } from './throughput.js';

silenceSdkAdvice();

const RUNS = Number(process.env.BENCH_RUNS ?? 3);

const directory = await mkdtemp(join(tmpdir(), 'payments-dr-bench-'));
try {
  const rows: Row[] = [
    ...(await measureDemonstrations(directory, RUNS)),
    ...(await measureService(join(directory, 'service'))),
    ...(await measureEngine(directory)),
    ...(await compareControlPlanes(join(directory, 'control-planes'))),
    ...(await measurePortal(join(directory, 'portal'))),
    { figure: 'handler bundle', measured: `${await bundleSizeKiB()} KiB` },
  ];
  printTable(rows);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function measureService(stateDir: string): Promise<Row[]> {
  const service = await startService(stateDir);
  try {
    return [
      ...(await measureHandler(service)),
      ...(await measureThroughput(service)),
      ...(await measureRegionLosses(service)),
    ];
  } finally {
    await service.stop();
  }
}
