/** The kinds that a definition makes: composite resources, and the claims of them where it offers any. */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import {
  CONTROLLER_CLAIMS,
  CONTROLLER_COMPOSITES,
  FINALIZER_DEFINED,
  FINALIZER_OFFERED,
} from '../names.js';
import { claimCrd, compositeCrd, RenderError } from './crds.js';
import { claimType, type Definition } from './definition.js';

/** One of the two kinds that a definition makes, with the words in which it is told of. */
export interface Offer {
  /** The controller that makes the kind, and tells of it. */
  readonly controller: string;
  /** Held by the definition from when its CRD can be made. */
  readonly finalizer: string;
  readonly words: string;
  readonly reason: string;
  readonly endReason: string;
  readonly nameOf: (definition: Definition) => string | undefined;
  /** Throws `RenderError` where the definition cannot be made into a CRD. */
  readonly render: (definition: Stored<Definition>) => KubernetesObject | undefined;
}

export const composites: Offer = {
  controller: CONTROLLER_COMPOSITES,
  finalizer: FINALIZER_DEFINED,
  words: 'composite resource CustomResourceDefinition',
  reason: 'EstablishComposite',
  endReason: 'TerminateComposite',
  nameOf: ({ metadata }) => metadata.name,
  render: compositeCrd,
};
export const claims: Offer = {
  controller: CONTROLLER_CLAIMS,
  finalizer: FINALIZER_OFFERED,
  words: 'composite resource claim CustomResourceDefinition',
  reason: 'OfferClaim',
  endReason: 'RedactClaim',
  nameOf: ({ spec }) =>
    spec.claimNames === undefined ? undefined : `${spec.claimNames.plural}.${spec.group}`,
  render: claimCrd,
};

/** Those that this definition makes. */
export const offersOf = (definition: Definition): readonly Offer[] =>
  claimType(definition) === undefined ? [composites] : [composites, claims];

/** A definition without a schema, or with the same names twice, cannot be made into a CRD. */
export function canRender(offer: Offer, definition: Stored<Definition>): boolean {
  try {
    return offer.render(definition) !== undefined;
  } catch (error) {
    if (error instanceof RenderError) return false;
    throw error;
  }
}
