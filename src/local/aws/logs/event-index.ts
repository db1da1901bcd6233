/** The events of each stream in the order they are read: by timestamp, and of one timestamp in the order they came. */
import type { LogEvent, NewEvent } from './log-group.js';

interface IndexedEvent extends LogEvent {
  readonly batch: string;
}

const TIMESTAMP_DIGITS = 14;
const ID_DIGITS = 56;
/** More than one PutLogEvents may bring. */
const POSITION_DIGITS = 5;

export class EventIndex {
  private readonly streams = new Map<string, IndexedEvent[]>();

  /** `batch` must be greater than every batch before, as text. */
  add(stream: string, batch: string, ingestedAtMs: number, events: readonly NewEvent[]): void {
    const known = this.streams.get(stream) ?? [];
    this.streams.set(stream, known);
    for (const [position, { timestampMs, message }] of events.entries()) {
      const id = idOf(timestampMs, batch, position);
      known.splice(placeOf(known, id), 0, { id, timestampMs, ingestedAtMs, message, batch });
    }
  }

  remove(stream: string, batches: ReadonlySet<string>): void {
    const left = (this.streams.get(stream) ?? []).filter(({ batch }) => !batches.has(batch));
    if (left.length > 0) this.streams.set(stream, left);
    else this.streams.delete(stream);
  }

  since(stream: string, timestampMs: number): readonly LogEvent[] {
    const events = this.streams.get(stream) ?? [];
    return timestampMs === 0 ? events : events.slice(placeOf(events, idOf(timestampMs, '', 0)));
  }
}

/** Where an id belongs; looked for from the end, as events mostly come in order. */
function placeOf(events: readonly LogEvent[], id: string): number {
  let low = 0;
  let high = events.length;
  if ((events.at(-1)?.id ?? '') < id) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.id ?? '') < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function idOf(timestampMs: number, batch: string, position: number): string {
  const within = batch + String(position).padStart(POSITION_DIGITS, '0');
  const time = String(timestampMs).padStart(TIMESTAMP_DIGITS, '0');
  return time + within.padStart(ID_DIGITS - TIMESTAMP_DIGITS, '0');
}
