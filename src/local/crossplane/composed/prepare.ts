/** Prepares what a pipeline wants to be applied: finds the kinds, gives names, and refuses what cannot be, before anything is written. */
import type { ResourceType } from '../../../support/kubernetes/client.js';
import { parseApiVersion, type Stored } from '../../../support/kubernetes/objects.js';
import type { Composite } from '../composites/composite.js';
import { explained } from '../composites/phase.js';
import type { EngineContext } from '../engine-context.js';
import type { Resource } from '../functions/protocol.js';
import { isRecord } from '../comparison.js';
import type { Observed } from './observe.js';
import { render, type Rendered } from './render.js';

/** One template's resource on its way to the API server. */
export interface Application {
  readonly template: string;
  readonly type: ResourceType;
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
      const isChecked = composite.metadata.namespace !== undefined && asked.namespace === '';
      const type = await explained(
        isChecked
          ? `cannot check if composed resource "${template}" is namespaced (a ${rendered.kind} named ${asked.name}): failed to get restmapping`
          : `cannot apply composed resource "${template}"`,
        context.client.resourceType(rendered.apiVersion, rendered.kind),
      );
      refuseBadScope(template, rendered, type, asked, composite);
      warnOfNamespace(template, asked.namespace, composite, context);
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

function refuseBadScope(
  template: string,
  { kind, metadata }: Rendered,
  type: ResourceType,
  asked: Place,
  composite: Stored,
): void {
  const isNamespaced = composite.metadata.namespace !== undefined;
  if (isNamespaced && asked.namespace === '' && !type.namespaced) {
    throw new Error(
      `cannot apply cluster scoped composed resource "${template}" (a ${kind} named ${asked.name}) for a namespaced composite resource.`,
    );
  }
  if (type.namespaced && (metadata.namespace ?? '') === '') {
    throw new Error(
      `cannot apply composed resource "${template}": an empty namespace may not be set when a resource name is provided`,
    );
  }
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
