/** The catalogue: what claims can be made of, with the schema that the cluster itself serves for them (OpenAPI v3). */
import { CLAIM_API } from '../../model/claim/api.js';
import { SPEC } from '../../model/claim/spec.js';
import { FORMS, type Form } from '../../model/managed/kind.js';
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient, ResourceType } from '../../support/kubernetes/client.js';
import type { Catalogue, CatalogueEntry, FieldSchema } from '../contract.js';
import { apiPathOf, CLAIM_TYPES } from '../live/claim-kinds.js';
import { inOrderOf } from './field-order.js';

const NAMESPACES: ResourceType = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

/** Fields that Crossplane adds to every claim: its own affairs, which this form leaves alone. */
const MACHINERY = new Set([
  'compositeDeletePolicy',
  'compositionRef',
  'compositionRevisionRef',
  'compositionRevisionSelector',
  'compositionSelector',
  'compositionUpdatePolicy',
  'crossplane',
  'publishConnectionDetailsTo',
  'resourceRef',
  'writeConnectionSecretToRef',
]);

interface OpenApiDocument {
  readonly components?: {
    readonly schemas?: Readonly<
      Record<
        string,
        FieldSchema & {
          readonly 'x-kubernetes-group-version-kind'?: readonly { readonly kind: string }[];
        }
      >
    >;
  };
}

export async function readCatalogue(client: KubernetesClient): Promise<Catalogue> {
  const [entries, namespaces] = await Promise.all([
    Promise.all(FORMS.map((form) => readEntry(client, form))),
    namespacesOf(client),
  ]);
  return { entries: entries.filter((entry) => entry !== undefined), namespaces };
}

/** Undefined where the cluster does not serve it. */
async function readEntry(
  client: KubernetesClient,
  form: Form,
): Promise<CatalogueEntry | undefined> {
  const { apiVersion, kind } = CLAIM_TYPES[form];
  const document = await unlessMissing(
    client.raw<OpenApiDocument>(`openapi/v3/${apiPathOf(form)}`),
  );
  const found = Object.values(document?.components?.schemas ?? {}).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some((served) => served.kind === kind),
  );
  const spec = found?.properties?.spec;
  if (spec === undefined) return undefined;
  const properties = Object.fromEntries(
    Object.entries(spec.properties ?? {}).filter(([name]) => !MACHINERY.has(name)),
  );
  const description = spec.description ?? found?.description ?? CLAIM_API[form].group;
  const schema = inOrderOf(SPEC, { ...spec, properties });
  return { form, apiVersion, kind, description, schema };
}

async function namespacesOf(client: KubernetesClient): Promise<string[]> {
  try {
    const { items } = await client.list(NAMESPACES);
    return items.map(({ metadata }) => metadata.name).sort();
  } catch (error) {
    if (isApiError(error, 'Forbidden')) return []; // the form takes a name as text then
    throw error;
  }
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isApiError(error) && error.code === 404) return undefined;
    throw error;
  }
}
