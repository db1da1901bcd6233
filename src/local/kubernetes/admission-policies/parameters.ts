/** Parameters: the objects that a binding has its policy held against a request with. */
import { shownObject } from '../resources/shown.js';
import { apiVersionOf, type Resource } from '../resources/resource.js';
import type { Registry } from '../resources/registry.js';
import type { Store } from '../storage/store.js';
import { selects } from '../selectors/object-selector.js';
import type { ParamRef, PolicySpec } from './policy.js';

/** Why a policy or a binding cannot be used as it is; its failure policy decides what becomes of the request. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export class Parameters {
  constructor(
    private readonly store: Store,
    private readonly registry: Registry,
  ) {}

  /** The kind that the policy takes parameters of; undefined when it takes none. Throws ConfigurationError. */
  kindOf({ paramKind }: PolicySpec): Resource | undefined {
    if (paramKind === undefined) return undefined;
    const { apiVersion = '', kind = '' } = paramKind;
    const resource = this.registry.findKind(apiVersion, kind);
    if (resource !== undefined) return resource;
    const shown = `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
    throw new ConfigurationError(`failed to find resource referenced by paramKind: '${shown}'`);
  }

  /** One evaluation for each: with null where no parameters are asked for. Throws ConfigurationError. */
  collect(
    resource: Resource | undefined,
    ref: ParamRef | undefined,
    namespace: string,
  ): (object | null)[] {
    if (resource === undefined || ref === undefined) return [null];
    const found = this.#find(resource, ref, scopeOf(resource, ref, namespace));
    if (found.length === 0 && ref.parameterNotFoundAction === 'Deny') {
      throw new ConfigurationError(
        'no params found for policy binding with `Deny` parameterNotFoundAction',
      );
    }
    return found;
  }

  #find(resource: Resource, { name = '', selector }: ParamRef, namespace: string): object[] {
    if (name !== '') {
      const record = this.store.latest({ resource: resource.storage, namespace, name });
      return record === undefined ? [] : [shownObject(resource, record)];
    }
    // A parameter that was just accepted counts, or two requests at once could slip past each other.
    return this.store
      .latestOf(resource.storage, resource.isNamespaced ? namespace : undefined)
      .filter(({ object }) => selects(selector, object.metadata.labels ?? {}))
      .map(({ object }) => ({
        ...resource.fromStored(object),
        apiVersion: apiVersionOf(resource),
      }));
  }
}

function scopeOf({ isNamespaced }: Resource, ref: ParamRef, namespace: string): string {
  const asked = ref.namespace ?? '';
  if (!isNamespaced) {
    if (asked === '') return '';
    throw new ConfigurationError(
      'paramRef.namespace must not be provided for a cluster-scoped `paramKind`',
    );
  }
  if (asked !== '' || namespace !== '') return asked === '' ? namespace : asked;
  throw new ConfigurationError(
    'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
  );
}
