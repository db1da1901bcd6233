/**
 * What a claim would be made of: the cluster's own Composition, filled in for a claim that does not exist yet.
 *
 * The function that fills it in is given by whoever starts the portal, since it stands in another part
 * (docs/decisions/0007). Patches that read `status` are left out: they decide when a resource is made, not whether.
 */
import { CLAIM_API } from '../../model/claim/api.js';
import type { Form } from '../../model/managed/kind.js';
import type { KubernetesClient, ResourceType } from '../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Preview } from '../contract.js';
import { CLAIM_TYPES } from '../live/claim-kinds.js';

/** Fills in the templates of one step of a Composition's pipeline, as function-patch-and-transform does. Rejects where it cannot. */
export type FillIn = (
  input: Readonly<Record<string, unknown>>,
  composite: KubernetesObject,
) => Promise<readonly KubernetesObject[]>;

export type Composed = Pick<Preview, 'resources' | 'unrendered'>;

const COMPOSITIONS: ResourceType = {
  apiVersion: 'apiextensions.crossplane.io/v1',
  kind: 'Composition',
  plural: 'compositions',
  namespaced: false,
};
const TEMPLATES_KIND = 'Resources';

interface CompositionSpec {
  readonly compositeTypeRef?: { readonly apiVersion?: string; readonly kind?: string };
  readonly pipeline?: readonly { readonly input?: TemplatesInput }[];
}

interface TemplatePatch {
  readonly fromFieldPath?: string;
  readonly combine?: { readonly variables?: readonly { readonly fromFieldPath?: string }[] };
}

interface TemplatesInput extends Readonly<Record<string, unknown>> {
  readonly kind?: string;
  readonly resources?: readonly { readonly patches?: readonly TemplatePatch[] }[];
}

export class Composing {
  /** @param client the portal's own: Compositions are the platform's, and no secret */
  constructor(
    private readonly client: KubernetesClient,
    private readonly fillIn: FillIn,
  ) {}

  async resourcesOf(form: Form, claim: KubernetesObject): Promise<Composed> {
    try {
      const inputs = await this.#templates(form);
      if (inputs.length === 0)
        return unrendered('the cluster has no Composition of templates for it');
      const composite = compositeOf(form, claim);
      const composed = await Promise.all(
        inputs.map((input) => this.fillIn(withoutStatus(input), composite)),
      );
      return { resources: composed.flat().map(shownOf), unrendered: '' };
    } catch (error) {
      return unrendered(error instanceof Error ? error.message : String(error));
    }
  }

  async #templates(form: Form): Promise<TemplatesInput[]> {
    const { items } = await this.client.list(COMPOSITIONS);
    const { kind } = CLAIM_API[form].composite;
    const { apiVersion } = CLAIM_TYPES[form];
    const spec = items
      .map((item) => item.spec as CompositionSpec)
      .find(
        ({ compositeTypeRef }) =>
          compositeTypeRef?.kind === kind && compositeTypeRef.apiVersion === apiVersion,
      );
    return (spec?.pipeline ?? []).flatMap(({ input }) =>
      input?.kind === TEMPLATES_KIND ? [input] : [],
    );
  }
}

function compositeOf(
  form: Form,
  { apiVersion, metadata, spec }: KubernetesObject,
): KubernetesObject {
  return { apiVersion, kind: CLAIM_API[form].composite.kind, metadata, spec };
}

function withoutStatus(input: TemplatesInput): TemplatesInput {
  return {
    ...input,
    resources: (input.resources ?? []).map((template) => ({
      ...template,
      patches: (template.patches ?? []).filter((patch) => !readsStatus(patch)),
    })),
  };
}

function readsStatus({ fromFieldPath, combine }: TemplatePatch): boolean {
  const paths = [fromFieldPath, ...(combine?.variables ?? []).map((one) => one.fromFieldPath)];
  return paths.some((path) => path?.startsWith('status.') === true);
}

function shownOf({ kind, metadata, spec }: KubernetesObject): Composed['resources'][number] {
  const forProvider = (spec as { forProvider?: { region?: string } } | undefined)?.forProvider;
  return { kind, name: metadata.name ?? '', region: forProvider?.region ?? 'global' };
}

function unrendered(because: string): Composed {
  return { resources: [], unrendered: because };
}
