/** The heap of a process that serves one part and nothing else. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Two halves of 4 MiB. With less, what a write leaves behind outlives it too often, and gets cost a third more. */
const YOUNG_BYTES = 8 * 1024 * 1024;
/** Far less than the young generation takes to fill and double. */
const CHECK_MS = 250;

/**
 * Has V8 collect before much is dead, for a process whose memory is to follow what it stores.
 *
 * By default it lets the young generation grow to 48 MiB, and the old one to twice what lives in it. That pays where
 * much is computed; here most of the time goes to encryption and to the disk. The bound of the young generation can be
 * given on the command line of node only, so its growth is held from here.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
  // What is stored is written over again and again: pages become full of holes, and V8 by itself leaves them so.
  setFlagsFromString('--compact-on-every-full-gc');
  setInterval(holdYoungGeneration, CHECK_MS).unref();
}

function holdYoungGeneration(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  const isLarge = (young?.space_size ?? 0) >= YOUNG_BYTES;
  setFlagsFromString(`--semi-space-growth-factor=${isLarge ? 1 : 2}`);
}
