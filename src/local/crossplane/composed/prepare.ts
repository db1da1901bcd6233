/** Prepares what a pipeline wants to be applied: finds the kinds, gives names, and refuses what cannot be, before anything is written. */
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { KubernetesClient, ResourceType } from '../../../support/kubernetes/client.js';
import { parseApiVersion, type Stored } from '../../../support/kubernetes/objects.js';
import type { Composite } from '../composites/composite.js';
import type { EngineContext } from '../engine-context.js';
import type { Resource } from '../functions/protocol.js';
import { isRecord } from '../comparison.js';
import type { Observed } from './observe.js';
import { render, type Rendered } from './render.js';

/** One template's resource on its way to the API server. */
export interface Application {
  readonly template: string;
  /** Or why nothing of it can be sent; that is told once it is referred to. */
  readonly type: ResourceType | Error;
  readonly rendered: Rendered;
  readonly existing: Stored | undefined;
}

export async function prepare(
  desired: Readonly<Record<string, Resource>>,
  observed: ReadonlyMap<string, Observed>,
  composite: Stored<Composite>,
  context: EngineContext,
): Promise<Application[]> {
  return Promise.all(
    Object.entries(desired).map(async ([template, { resource }]) => {
      const existing = observed.get(template)?.object;
      const rendered = render(template, resource, composite, existing);
      refuseBadName(template, rendered);
      const asked = placeOf(resource, existing);
      const type = await typeOf(rendered, context.client);
      const isChecked = composite.metadata.namespace !== undefined && asked.namespace === '';
      if (isChecked) refuseBadScope(template, rendered, type, asked);
      warnOfNamespace(template, asked.namespace, composite, context);
      if (type instanceof Error) return { template, type, rendered, existing };
      if (type.namespaced && (rendered.metadata.namespace ?? '') === '') {
        return { template, type: nowhere(type, rendered), rendered, existing };
      }
      return { template, type, rendered: inScope(rendered, type), existing };
    }),
  );
}

/** A label of a DNS name (RFC 1123). */
const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const MAX_SUBDOMAIN_LENGTH = 253;
const WITH_COLONS: ReadonlySet<string> = new Set([
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
]);

function refuseBadName(template: string, { apiVersion, kind, metadata }: Rendered): void {
  const { group } = parseApiVersion(apiVersion);
  const mayHaveColons = group === 'rbac.authorization.k8s.io' && WITH_COLONS.has(kind);
  const name = mayHaveColons ? metadata.name.replaceAll(':', '') : metadata.name;
  if (name.length <= MAX_SUBDOMAIN_LENGTH && SUBDOMAIN.test(name)) return;
  throw new Error(
    `cannot apply composed resource "${template}" because it has an invalid name "${metadata.name}". Must be a valid RFC 1123 subdomain name.`,
  );
}

/** Where the pipeline wants a resource, before names are given; empty where it does not say. */
interface Place {
  readonly name: string;
  readonly namespace: string;
}

function placeOf({ metadata }: Resource['resource'], existing: Stored | undefined): Place {
  const said = existing?.metadata ?? (isRecord(metadata) ? metadata : {});
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { name: textOf(said.name), namespace: textOf(said.namespace) };
}

/** The kind's addresses, or that there is no such kind. */
async function typeOf(
  { apiVersion, kind }: Rendered,
  client: KubernetesClient,
): Promise<ResourceType | Error> {
  try {
    return await client.resourceType(apiVersion, kind);
  } catch (error) {
    if (isApiError(error, 'NoKindMatch')) return error;
    throw error;
  }
}

/** A namespaced composite composes beside itself, so of each resource it is asked whether it can be there. */
function refuseBadScope(
  template: string,
  { kind }: Rendered,
  type: ResourceType | Error,
  { name }: Place,
): void {
  const what = `composed resource "${template}"`;
  const which = `(a ${kind} named ${name})`;
  if (type instanceof Error) {
    const why = `failed to get restmapping: ${type.message}`;
    throw new Error(`cannot check if ${what} is namespaced ${which}: ${why}`, { cause: type });
  }
  if (!type.namespaced) {
    throw new Error(
      `cannot apply cluster scoped ${what} ${which} for a namespaced composite resource.`,
    );
  }
}

/** What the API server says where a namespaced object is sent to no namespace. */
function nowhere({ apiVersion, plural }: ResourceType, { metadata }: Rendered): Error {
  const { group } = parseApiVersion(apiVersion);
  const kind = group === '' ? plural : `${plural}.${group}`;
  return new Error(
    `the server could not find the requested resource (patch ${kind} ${metadata.name})`,
  );
}

function warnOfNamespace(
  template: string,
  asked: string,
  composite: Stored,
  { events }: EngineContext,
): void {
  const { namespace } = composite.metadata;
  if (namespace === undefined || asked === '' || asked === namespace) return;
  const words = `cannot create composed resource "${template}" in namespace "${asked}", using XR namespace "${namespace}" instead`;
  events.warning(composite, 'NamespaceOverridden', words);
}

function inScope(rendered: Rendered, type: ResourceType): Rendered {
  if (type.namespaced) return rendered;
  const { namespace: _, ...metadata } = rendered.metadata;
  return { ...rendered, metadata };
}
