/** What runs for one established definition: the controllers of its composite resources and, once offered, of its claims. */
import type { Stored } from '../../../support/kubernetes/objects.js';
import { ClaimReconciler } from '../claims/reconciler.js';
import { CompositeReconciler, type CompositeSources } from '../composites/reconciler.js';
import type { EngineContext } from '../engine-context.js';
import { CONTROLLER_CLAIMS, CONTROLLER_COMPOSITES } from '../names.js';
import { claimType, compositeType, type Definition } from './definition.js';

export class Offering {
  readonly composites: CompositeReconciler;
  #claims: ClaimReconciler | undefined;
  /** An offering serves one version; a definition that comes to refer to another needs another offering. */
  readonly identity: string;

  constructor(
    private definition: Stored<Definition>,
    private readonly sources: CompositeSources,
  ) {
    this.identity = identityOf(definition);
    const context = told(sources.context, CONTROLLER_COMPOSITES);
    this.composites = new CompositeReconciler(definition, { ...sources, context }).start();
  }

  /** From now on claims are served too; nothing new where they are already. */
  offerClaims(): void {
    const { definition, composites, sources } = this;
    const context = told(sources.context, CONTROLLER_CLAIMS);
    this.#claims ??= new ClaimReconciler(definition, composites.informer, context).start();
  }

  /** Resolves once it watches. */
  async ready(): Promise<void> {
    await Promise.all([this.composites.informer.synced, this.#claims?.informer.synced]);
  }

  update(definition: Stored<Definition>): void {
    this.definition = definition;
    this.composites.update(definition);
    this.#claims?.update(definition);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#claims?.stop(), this.composites.stop()]);
  }
}

export function identityOf(definition: Stored<Definition>): string {
  const { apiVersion, kind } = compositeType(definition);
  return [definition.metadata.uid, apiVersion, kind, claimType(definition)?.kind].join('/');
}

/** The context of one controller: its events bear its name. */
function told(context: EngineContext, controller: string): EngineContext {
  return { ...context, events: context.events.of(controller) };
}
