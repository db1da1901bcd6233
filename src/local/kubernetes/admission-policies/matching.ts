/** Matching: whether a request is one that a policy or a binding is about, and as which version of its kind. */
import { isJsonObject } from '../json/json.js';
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { namespaces } from '../built-in/core.js';
import type { Registry } from '../resources/registry.js';
import type { Resource } from '../resources/resource.js';
import type { Store } from '../storage/store.js';
import { selects, selectsAll, type SelectorObject } from '../selectors/object-selector.js';
import type { MatchResources, ResourceRule } from './policy.js';
import { isNamespaceRequest, namespaceOf, type AdmissionRequest } from './request.js';

export class Matching {
  constructor(
    private readonly store: Store,
    private readonly registry: Registry,
  ) {}

  /** The request, in the version of its kind that the rules name; undefined when it is none of theirs. */
  match(match: MatchResources, request: AdmissionRequest): AdmissionRequest | undefined {
    const { resourceRules = [], excludeResourceRules = [], matchPolicy } = match;
    if (!this.#isInNamespace(match.namespaceSelector, request)) return undefined;
    if (!isSelected(match.objectSelector, request)) return undefined;
    const versions = this.#versionsOf(request.resource, matchPolicy);
    if (firstMatch(excludeResourceRules, request, versions) !== undefined) return undefined;
    if (resourceRules.length === 0) return request;
    const resource = firstMatch(resourceRules, request, versions);
    if (resource === undefined) return undefined;
    return resource === request.resource ? request : converted(request, resource);
  }

  /** What is cluster-scoped, other than namespaces, is in reach of every namespace selector. */
  #isInNamespace(selector: SelectorObject | undefined, request: AdmissionRequest): boolean {
    if (selectsAll(selector)) return true;
    const namespace = namespaceOf(request);
    if (namespace === '') return true;
    if (isNamespaceRequest(request) && request.object !== undefined)
      return selects(selector, labelsOf(request.object));
    const record = this.store.latest({
      resource: namespaces.storage,
      namespace: '',
      name: namespace,
    });
    return record !== undefined && selects(selector, record.object.metadata.labels ?? {});
  }

  /** The resource itself first, then the other versions of its kind where the match policy takes those too. */
  #versionsOf(resource: Resource, matchPolicy: string | undefined): Resource[] {
    if (matchPolicy === 'Exact') return [resource];
    const others = this.registry
      .all()
      .filter((one) => one !== resource && one.storage === resource.storage);
    return [resource, ...others];
  }
}

function isSelected(
  selector: SelectorObject | undefined,
  { object, oldObject }: AdmissionRequest,
): boolean {
  if (selectsAll(selector)) return true;
  return [object, oldObject].some((one) => one !== undefined && selects(selector, labelsOf(one)));
}

function labelsOf(object: object): Readonly<Record<string, string>> {
  return (object as Partial<KubernetesObject>).metadata?.labels ?? {};
}

function firstMatch(
  rules: readonly ResourceRule[],
  request: AdmissionRequest,
  versions: readonly Resource[],
): Resource | undefined {
  return versions.find((resource) => rules.some((rule) => covers(rule, request, resource)));
}

function covers(rule: ResourceRule, request: AdmissionRequest, resource: Resource): boolean {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [] } = rule;
  const has = (list: readonly string[], value: string) =>
    list.includes('*') || list.includes(value);
  const names = rule.resourceNames ?? [];
  return (
    has(operations, request.operation) &&
    has(apiGroups, resource.group) &&
    has(apiVersions, resource.version) &&
    resources.some((one) => namesResource(one, resource.plural, request.subresource)) &&
    isInScope(rule.scope, request) &&
    (names.length === 0 || names.includes(request.name))
  );
}

function namesResource(pattern: string, plural: string, subresource: string): boolean {
  const [resource = '', sub = ''] = pattern.split('/');
  return (resource === '*' || resource === plural) && (sub === '*' || sub === subresource);
}

function isInScope(scope: string | undefined, { resource }: AdmissionRequest): boolean {
  if (scope === 'Namespaced') return resource.isNamespaced;
  return scope !== 'Cluster' || !resource.isNamespaced;
}

/** A Scale is the same in all versions of what it scales. */
function converted(request: AdmissionRequest, resource: Resource): AdmissionRequest {
  if (request.kind !== undefined) return { ...request, resource };
  const convert = (object: object | undefined) =>
    isJsonObject(object)
      ? resource.fromStored(
          request.resource.toStored(object as unknown as KubernetesObject) as Stored,
        )
      : undefined;
  return {
    ...request,
    resource,
    object: convert(request.object),
    oldObject: convert(request.oldObject),
  };
}
