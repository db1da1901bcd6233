/**
 * What each composite resource's last pass has seen and written, so that only news makes another pass.
 *
 * A pass writes to objects that are watched, and each write comes back as a change. The ledger knows those, and changes
 * that alter nothing a pass would look at (managed fields, the composite's own conditions). Promises that a change made
 * by somebody else is always news.
 */
import type { Clock } from '../../../support/clock.js';
import type { ResourceType } from '../../../support/kubernetes/client.js';
import { formatKey, keyOf, type Stored } from '../../../support/kubernetes/objects.js';
import { canonicalJson, isRecord } from '../comparison.js';

/** As many versions of one object as are remembered: more than one pass writes, twice. */
const REMEMBERED = 16;
/** Timers may ring this much early. */
const EARLY_MS = 5;

interface Acquaintance {
  readonly versions: Set<string>;
  essence: string;
}

interface Page {
  readonly known: Map<string, Acquaintance>;
  /** The latest change of each object since the last pass began, by UID. */
  readonly pending: Map<string, Stored>;
  isForced: boolean;
  dueAtMs: number;
  failures: number;
}

export class ChangeLedger {
  readonly #pages = new Map<string, Page>();

  constructor(
    private readonly clock: Clock,
    /** The kind of the composites, whose own conditions are no news. */
    private readonly type: Pick<ResourceType, 'apiVersion' | 'kind'>,
  ) {}

  /** A watch told of this state of the composite, or of one of its resources. */
  notice(key: string, object: Stored): void {
    this.#page(key).pending.set(object.metadata.uid, object);
  }

  /** Asks for a pass whatever is known. */
  force(key: string): void {
    this.#page(key).isForced = true;
  }

  /** Asks for a pass when this much time has passed. */
  expect(key: string, afterMs: number): void {
    this.#page(key).dueAtMs = this.clock.now() + afterMs;
  }

  /** How long it is until the pass that is expected; `undefined` where none is. */
  dueInMs(key: string): number | undefined {
    const { dueAtMs } = this.#page(key);
    return dueAtMs === Infinity ? undefined : Math.max(0, dueAtMs - this.clock.now());
  }

  hasNews(key: string): boolean {
    const page = this.#page(key);
    if (page.isForced || this.clock.now() + EARLY_MS >= page.dueAtMs) return true;
    return [...page.pending.values()].some((object) => {
      const known = page.known.get(object.metadata.uid);
      if (known === undefined) return true;
      if (known.versions.has(object.metadata.resourceVersion)) return false;
      return known.essence !== this.#essence(key, object);
    });
  }

  /** A pass begins: what was pending is what it will look at. */
  begin(key: string): void {
    const page = this.#page(key);
    page.pending.clear();
    page.isForced = false;
    page.dueAtMs = Infinity;
  }

  /** The running pass has read this state, or written it. */
  saw(key: string, object: Stored): void {
    const { known } = this.#page(key);
    const { uid, resourceVersion } = object.metadata;
    const acquaintance = known.get(uid) ?? { versions: new Set(), essence: '' };
    acquaintance.versions.add(resourceVersion);
    acquaintance.essence = this.#essence(key, object);
    for (const eldest of acquaintance.versions) {
      if (acquaintance.versions.size <= REMEMBERED) break;
      acquaintance.versions.delete(eldest);
    }
    known.set(uid, acquaintance);
  }

  succeeded(key: string): void {
    this.#page(key).failures = 0;
  }

  /** How often in a row passes have failed, this time included. */
  failed(key: string): number {
    return (this.#page(key).failures += 1);
  }

  isFailing(key: string): boolean {
    return (this.#pages.get(key)?.failures ?? 0) > 0;
  }

  forget(key: string): void {
    this.#pages.delete(key);
  }

  /** What a pass looks at. The conditions of the composite itself are written by the engine; those of others it looks for. */
  #essence(key: string, object: Stored): string {
    const { managedFields: _, resourceVersion: __, generation: ___, ...metadata } = object.metadata;
    const { apiVersion, kind } = this.type;
    const isComposite =
      object.kind === kind && object.apiVersion === apiVersion && formatKey(keyOf(object)) === key;
    const status = isComposite ? withoutConditions(object.status) : object.status;
    return canonicalJson({ ...object, metadata, status });
  }

  #page(key: string): Page {
    const page = this.#pages.get(key) ?? {
      known: new Map(),
      pending: new Map(),
      isForced: false,
      dueAtMs: Infinity,
      failures: 0,
    };
    this.#pages.set(key, page);
    return page;
  }
}

function withoutConditions(status: unknown): unknown {
  if (!isRecord(status)) return status;
  const { conditions: _, ...rest } = status;
  return rest;
}
