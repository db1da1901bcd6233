/**
 * A template as function-patch-and-transform takes it: a base and the patches that fill the rest in.
 *
 * What every managed resource needs is said here once: its name, its region, the credentials, the tags, what becomes of its
 * data. `managed-template.ts` adds the typed means to say the rest.
 */
import { Construct } from 'constructs';
import {
  CLAIM_NAME_LABEL,
  CLAIM_NAMESPACE_LABEL,
  CLAIM_TAG,
  EXTERNAL_NAME_ANNOTATION,
  SITE_LABEL,
} from '../../model/labels.js';
import { managedSchema } from '../../model/managed/crd.js';
import { served, type Form, type ManagedKind } from '../../model/managed/kind.js';
import type { Site } from '../../model/regions.js';
import { mapped, matched, type Patch, type Transform } from './patches.js';
import { parsePattern } from './pattern.js';
import type { RenderedTemplate } from './rendered-template.js';
import { ScopeOfForm } from './scope-of-form.js';
import { validateTemplate } from './validation.js';

export interface PatchOptions {
  /** Without the value the resource is not made at all. @default false: the field stays as the template has it */
  readonly required?: boolean;
  readonly transforms?: readonly Transform[];
}

export interface TemplateProps {
  readonly definition: ManagedKind;
  /** The name of the Kubernetes object, and of the resource in AWS where that can be given. */
  readonly named: string;
  /** Whose credentials are used, and in whose region the resource is. Global resources are made with those of the primary. */
  readonly site: Site;
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether the resource holds data, so that the claim's `dataRetention` decides on it. @default false */
  readonly holdsData?: boolean;
  readonly forProvider: unknown;
}

/** Namespace and name of the claim. In the cluster form Crossplane labels the composite with them. */
const CLAIM: Readonly<Record<Form, string>> = {
  cluster: `{metadata.labels[${CLAIM_NAMESPACE_LABEL}]}/{metadata.labels[${CLAIM_NAME_LABEL}]}`,
  namespaced: '{metadata.namespace}/{metadata.name}',
};

export abstract class Template extends Construct {
  /** The name by which Crossplane keeps track of the resource: it never changes. */
  readonly name: string;
  readonly definition: ManagedKind;
  readonly labels: Readonly<Record<string, string>>;
  readonly forProvider: unknown;
  readonly #form: Form;
  readonly #patches: Patch[] = [];

  protected constructor(scope: Construct, name: string, props: TemplateProps) {
    super(scope, name);
    this.name = name;
    this.definition = props.definition;
    this.labels = { [SITE_LABEL]: props.site, ...props.labels };
    this.forProvider = props.forProvider;
    this.#form = ScopeOfForm.formAround(this);
    this.#nameIt(props.named);
    this.#placeIt(props.site);
    if (props.holdsData === true) this.#retainIt();
    this.node.addValidation({
      validate: () =>
        validateTemplate(
          this.render(),
          managedSchema(this.definition, this.#form),
          this.definition.needs,
        ),
    });
  }

  render(): RenderedTemplate {
    const { apiVersion, kind } = served(this.definition, this.#form);
    return {
      name: this.name,
      base: {
        apiVersion,
        kind,
        metadata: { labels: this.labels },
        spec: {
          forProvider: this.forProvider,
          ...(this.#form === 'cluster'
            ? {}
            : { providerConfigRef: { kind: 'ClusterProviderConfig' } }),
        },
      },
      patches: this.#patches,
    };
  }

  protected copyField(
    from: string,
    to: string,
    { required = false, transforms }: PatchOptions = {},
  ): void {
    this.#patches.push({
      type: 'FromCompositeFieldPath',
      fromFieldPath: from,
      toFieldPath: to,
      ...(transforms === undefined ? {} : { transforms }),
      ...(required ? { policy: { fromFieldPath: 'Required' } } : {}),
    });
  }

  protected fillField(to: string, pattern: string, { required = false }: PatchOptions = {}): void {
    const { format, fields } = parsePattern(pattern);
    this.#patches.push({
      type: 'CombineFromComposite',
      combine: {
        variables: fields.map((fromFieldPath) => ({ fromFieldPath })),
        strategy: 'string',
        string: { fmt: format },
      },
      toFieldPath: to,
      ...(required ? { policy: { fromFieldPath: 'Required' } } : {}),
    });
  }

  protected reportField(from: string, to: string, transforms: readonly Transform[]): void {
    this.#patches.push({
      type: 'ToCompositeFieldPath',
      fromFieldPath: from,
      toFieldPath: to,
      ...(transforms.length === 0 ? {} : { transforms }),
    });
  }

  /** Names follow from the claim alone, so that a second claim for the same AWS resource meets the first one's object. */
  #nameIt(pattern: string): void {
    this.fillField('metadata.name', pattern, { required: true });
    if (this.definition.externalName !== 'given') return;
    this.fillField(`metadata.annotations[${EXTERNAL_NAME_ANNOTATION}]`, pattern, {
      required: true,
    });
  }

  #placeIt(site: Site): void {
    this.copyField(`spec.providerConfigs.${site}`, 'spec.providerConfigRef.name', {
      required: true,
    });
    const { region, tags } = this.definition.forProvider.properties;
    if (region !== undefined)
      this.copyField(`spec.regions.${site}`, 'spec.forProvider.region', { required: true });
    if (tags !== undefined) this.#tagIt();
  }

  /** The tags of the claim, and one that leads from a resource in AWS to it. A composite without a claim has none of these. */
  #tagIt(): void {
    this.copyField('spec.tags', 'spec.forProvider.tags');
    this.fillField(`spec.forProvider.tags[${CLAIM_TAG}]`, CLAIM[this.#form]);
  }

  /** The namespaced form has no deletionPolicy: there the right to delete is what is given or kept back. */
  #retainIt(): void {
    if (this.#form === 'cluster') {
      this.copyField('spec.dataRetention', 'spec.deletionPolicy', {
        transforms: [mapped({ Retain: 'Orphan', Delete: 'Delete' })],
      });
    } else {
      this.copyField('spec.dataRetention', 'spec.managementPolicies', {
        transforms: [
          matched({ Retain: ['Observe', 'Create', 'Update', 'LateInitialize'], Delete: ['*'] }),
        ],
      });
    }
  }
}
