/** What runs for one established definition: the controllers of its composite resources and of its claims. */
import type { Stored } from '../../../support/kubernetes/objects.js';
import { ClaimReconciler } from '../claims/reconciler.js';
import { CompositeReconciler, type CompositeSources } from '../composites/reconciler.js';
import { claimType, compositeType, type Definition } from './definition.js';

export class Offering {
  readonly composites: CompositeReconciler;
  readonly claims: ClaimReconciler | undefined;
  /** An offering serves one version; a definition that comes to refer to another needs another offering. */
  readonly identity: string;

  constructor(definition: Stored<Definition>, sources: CompositeSources) {
    this.identity = identityOf(definition);
    this.composites = new CompositeReconciler(definition, sources).start();
    this.claims =
      claimType(definition) === undefined
        ? undefined
        : new ClaimReconciler(definition, this.composites.informer, sources.context).start();
  }

  /** Resolves once it watches. */
  async ready(): Promise<void> {
    await Promise.all([this.composites.informer.synced, this.claims?.informer.synced]);
  }

  update(definition: Stored<Definition>): void {
    this.composites.update(definition);
    this.claims?.update(definition);
  }

  async stop(): Promise<void> {
    await Promise.all([this.claims?.stop(), this.composites.stop()]);
  }
}

export function identityOf(definition: Stored<Definition>): string {
  const { apiVersion, kind } = compositeType(definition);
  return [definition.metadata.uid, apiVersion, kind, claimType(definition)?.kind].join('/');
}
