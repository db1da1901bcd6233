/**
 * The list of claims as bytes, for all pages together: a line is written out once when it changes, and pages that show the same
 * get the same buffer. Two hundred pages of a thousand claims cost what one costs, and a little for each connection.
 *
 * What a page may see is a set of scopes, since rights on claims are given by form and namespace.
 */
import { FORMS } from '../../model/managed/kind.js';
import type { Clock } from '../../support/clock.js';
import { claimRowOf } from '../claims/claim-row.js';
import { EventStream } from '../http/event-stream.js';
import { claimKeyOf, formatClaimKey, parseClaimKey } from './claim-kinds.js';
import { Gathered } from './gathered.js';
import type { SharedWatch } from './shared-watch.js';

/** `form/namespace`: claims of one scope are seen together or not at all. */
export type Scope = string;

export interface ListPage {
  /** Scopes that it shows; whoever changes them puts another set in their place. */
  readonly scopes: ReadonlySet<Scope>;
  /** Those that it does not show, and knows of. */
  readonly hidden: ReadonlySet<Scope>;
  readonly isBehind: boolean;
  send(frame: Buffer): void;
  /** It is behind: these changed meanwhile. */
  miss(keys: Iterable<string>): void;
  /** There are claims in a scope that it has not asked about. */
  askAgain(): void;
}

export class ListFeed {
  /** The line of each claim as JSON, by scope and key. */
  readonly #rows = new Map<Scope, Map<string, string>>();
  readonly #pages = new Set<ListPage>();
  /** Everything in these scopes as a frame; until the next change. */
  readonly #wholes = new Map<string, Buffer>();
  readonly #stop = new AbortController();

  constructor(
    private readonly watch: Pick<SharedWatch, 'claim' | 'claims' | 'compositeOf' | 'onClaim'>,
    clock: Clock,
  ) {
    const changes = new Gathered<string>(clock, this.#stop.signal, (keys) => {
      this.#tell(keys);
      return Promise.resolve();
    });
    for (const form of FORMS)
      for (const claim of watch.claims(form)) this.#write(formatClaimKey(claimKeyOf(form, claim)));
    watch.onClaim((key) => changes.add(key));
  }

  get scopes(): readonly Scope[] {
    return [...this.#rows.keys()];
  }

  join(page: ListPage): () => void {
    this.#pages.add(page);
    return () => this.#pages.delete(page);
  }

  /** Everything in these scopes: the event `claims`. */
  whole(scopes: ReadonlySet<Scope>): Buffer {
    const signature = signatureOf(scopes);
    const known = this.#wholes.get(signature);
    if (known !== undefined) return known;
    const rows = [...scopes].flatMap((scope) => [...(this.#rows.get(scope)?.values() ?? [])]);
    const frame = EventStream.frameOf('claims', `[${rows.join(',')}]`);
    this.#wholes.set(signature, frame);
    return frame;
  }

  /** What of these claims is in these scopes, as it is now: the event `changed`. Undefined where it is nothing. */
  changed(keys: Iterable<string>, scopes: ReadonlySet<Scope>): Buffer | undefined {
    const rows: string[] = [];
    const gone: string[] = [];
    for (const key of keys) {
      const scope = scopeOf(key);
      if (!scopes.has(scope)) continue;
      const row = this.#rows.get(scope)?.get(key);
      if (row === undefined) gone.push(key);
      else rows.push(row);
    }
    if (rows.length + gone.length === 0) return undefined;
    const json = `{"rows":[${rows.join(',')}],"gone":${JSON.stringify(gone)}}`;
    return EventStream.frameOf('changed', json);
  }

  close(): void {
    this.#stop.abort();
  }

  #tell(keys: ReadonlySet<string>): void {
    for (const key of keys) this.#write(key);
    this.#wholes.clear();
    const touched = new Set([...keys].map(scopeOf));
    const frames = new Map<string, Buffer | undefined>();
    for (const page of this.#pages) {
      const { scopes, hidden } = page;
      if ([...touched].some((scope) => !scopes.has(scope) && !hidden.has(scope))) page.askAgain();
      if (page.isBehind) {
        page.miss(keys);
        continue;
      }
      const signature = signatureOf(scopes);
      if (!frames.has(signature)) frames.set(signature, this.changed(keys, scopes));
      const frame = frames.get(signature);
      if (frame !== undefined) page.send(frame);
    }
  }

  #write(key: string): void {
    const scope = scopeOf(key);
    const claimKey = parseClaimKey(key);
    const claim = this.watch.claim(claimKey);
    const rows = this.#rows.get(scope) ?? new Map<string, string>();
    if (claim === undefined) rows.delete(key);
    else {
      const composite = this.watch.compositeOf(claimKey.form, claim);
      rows.set(key, JSON.stringify(claimRowOf(claimKey.form, claim, composite)));
    }
    if (rows.size === 0) this.#rows.delete(scope);
    else this.#rows.set(scope, rows);
  }
}

function scopeOf(key: string): Scope {
  return key.slice(0, key.lastIndexOf('/'));
}

function signatureOf(scopes: ReadonlySet<Scope>): string {
  return [...scopes].sort().join(' ');
}
