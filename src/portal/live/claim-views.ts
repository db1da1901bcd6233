/** The pages of claims as bytes: two callers with the same rights get the same buffer, until something of the claim changes. */
import type { ObservedClaim } from '../../claims/observation/observe.js';
import { claimViewOf, type ClaimRights } from '../claims/claim-view.js';
import type { ClaimKey } from '../contract.js';
import { EventStream } from '../http/event-stream.js';
import { formatClaimKey } from './claim-kinds.js';
import type { SharedWatch } from './shared-watch.js';

export class ClaimViews {
  /** By claim, then by rights. */
  readonly #frames = new Map<string, Map<string, Buffer>>();

  constructor(private readonly watch: SharedWatch) {
    watch.onClaim((key) => this.#frames.delete(key));
  }

  /** The claim and all that is known of it; undefined where there is none. */
  observed(key: ClaimKey): ObservedClaim | undefined {
    const { form } = key;
    const claim = this.watch.claim(key);
    if (claim === undefined) return undefined;
    const composite = this.watch.compositeOf(form, claim);
    const resources = this.watch.resourcesOf(form, claim);
    return { form, claim, composite, resources, missing: [], hidden: [] };
  }

  /** The event `claim`. The same buffer again says that nothing has changed. */
  frameOf(key: ClaimKey, rights: ClaimRights): Buffer | undefined {
    const formatted = formatClaimKey(key);
    const frames = this.#frames.get(formatted) ?? new Map<string, Buffer>();
    const signature = JSON.stringify(rights);
    const known = frames.get(signature);
    if (known !== undefined) return known;
    const observed = this.observed(key);
    if (observed === undefined) return undefined;
    const frame = EventStream.frameOf('claim', JSON.stringify(claimViewOf(observed, rights)));
    this.#frames.set(formatted, frames.set(signature, frame));
    return frame;
  }

  /** Nobody looks at it any more. */
  forget(key: ClaimKey): void {
    this.#frames.delete(formatClaimKey(key));
  }
}
