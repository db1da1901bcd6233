/**
 * References and selectors: fields of `forProvider` whose value another managed resource has.
 *
 * For a field `x`, `xRef` names the other resource and `xSelector` picks it by labels or by common controller. What was found
 * is written back, value and `xRef` both, so that it is looked up once unless the policy says `Always`.
 */
import { isRecord } from '../external/drift.js';
import { externalNameOf, isBeingDeleted, type Managed } from './managed-resource.js';

export interface Reference {
  /** Path in `forProvider`; lists on the way are passed through. */
  readonly field: string;
  /** The kind referred to, as in `s3/Bucket`. */
  readonly to: string;
  /** What of it is the value. */
  readonly take: 'externalName' | 'arn';
}

interface Policy {
  readonly resolve?: 'Always' | 'IfNotPresent';
  readonly resolution?: 'Required' | 'Optional';
}

interface Ref {
  readonly name: string;
  readonly namespace?: string;
  readonly policy?: Policy;
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchControllerRef?: boolean;
  readonly namespace?: string;
  readonly policy?: Policy;
}

/** Where the other resources are looked up: the caches of their kinds. */
export interface ReferencedKinds {
  /** All of a kind in the same form. Throws for a kind that is not served here. */
  list(to: string): readonly Managed[];
}

/** A reference that cannot be resolved yet; tried again when something of that kind changes. */
export class UnresolvedReference extends Error {
  override readonly name = 'UnresolvedReference';

  constructor(
    readonly to: string,
    message: string,
  ) {
    super(message);
  }
}

/** `parameters` with every reference resolved; the same object when there is nothing to resolve. */
export function resolveReferences(
  parameters: Record<string, unknown>,
  references: readonly Reference[],
  of: Managed,
  kinds: ReferencedKinds,
): Record<string, unknown> {
  return references.reduce((resolved, reference) => {
    const lookup = new Lookup(reference, of, kinds);
    return lookup.resolveAt(resolved, reference.field.split('.'));
  }, parameters);
}

const NO_MATCH = 'cannot resolve reference: no resources matched selector';
const NO_VALUE =
  'cannot resolve reference: referenced field was empty (referenced resource may not yet be ready)';

class Lookup {
  constructor(
    private readonly reference: Reference,
    private readonly of: Managed,
    private readonly kinds: ReferencedKinds,
  ) {}

  resolveAt(parent: Record<string, unknown>, path: readonly string[]): Record<string, unknown> {
    const [field, ...rest] = path;
    if (field === undefined) return parent;
    if (rest.length === 0) return this.#resolveField(parent, field);
    const child = parent[field];
    if (isRecord(child)) {
      const resolved = this.resolveAt(child, rest);
      return resolved === child ? parent : { ...parent, [field]: resolved };
    }
    if (Array.isArray(child)) {
      const items = child.map((item: unknown) =>
        isRecord(item) ? this.resolveAt(item, rest) : item,
      );
      const same = items.every((item, index) => item === child[index]);
      return same ? parent : { ...parent, [field]: items };
    }
    return parent;
  }

  #resolveField(parent: Record<string, unknown>, field: string): Record<string, unknown> {
    const ref = parent[`${field}Ref`] as Ref | undefined;
    const selector = parent[`${field}Selector`] as Selector | undefined;
    const policy = selector?.policy ?? ref?.policy ?? {};
    const always = policy.resolve === 'Always';
    if ((isPresent(parent[field]) && !always) || (ref ?? selector) === undefined) return parent;
    // A selector wrote the reference it found beside itself: only `Always` makes it look again.
    const named = ref !== undefined && !(always && selector !== undefined);
    const found = named ? this.#named(ref, field) : this.#selected(selector ?? {});
    const value = found && this.#valueOf(found);
    if (found === undefined || !isPresent(value)) {
      if (policy.resolution === 'Optional') return parent;
      throw this.#unresolved(field, found === undefined ? NO_MATCH : NO_VALUE);
    }
    return changed(parent, { [field]: value, [`${field}Ref`]: named ? ref : this.#refTo(found) });
  }

  #selected(selector: Selector): Managed | undefined {
    const namespace = selector.namespace ?? this.of.metadata.namespace;
    return this.kinds
      .list(this.reference.to)
      .filter(
        (candidate) =>
          candidate.metadata.namespace === namespace &&
          !isBeingDeleted(candidate) &&
          (selector.matchControllerRef !== true || this.#hasSameController(candidate)) &&
          Object.entries(selector.matchLabels ?? {}).every(
            ([key, value]) => candidate.metadata.labels?.[key] === value,
          ),
      )
      .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))[0];
  }

  #named(ref: Ref, field: string): Managed {
    const { namespace: own } = this.of.metadata;
    const namespace = own === undefined ? undefined : (ref.namespace ?? own);
    const { to } = this.reference;
    const found = this.kinds
      .list(to)
      .find(({ metadata }) => metadata.name === ref.name && metadata.namespace === namespace);
    if (found !== undefined) return found;
    const kind = to.slice(to.indexOf('/') + 1);
    throw this.#unresolved(
      field,
      `cannot get referenced resource: ${kind} "${ref.name}" not found`,
    );
  }

  #hasSameController(candidate: Managed): boolean {
    const controller = controllerUid(this.of);
    return controller !== undefined && controllerUid(candidate) === controller;
  }

  #valueOf(resource: Managed): string {
    if (this.reference.take === 'externalName') return externalNameOf(resource);
    const arn = resource.status?.atProvider?.arn;
    return typeof arn === 'string' ? arn : '';
  }

  #refTo(resource: Managed): Ref {
    const { name, namespace } = resource.metadata;
    return namespace === undefined || namespace === this.of.metadata.namespace
      ? { name }
      : { name, namespace };
  }

  #unresolved(field: string, why: string): UnresolvedReference {
    const path = this.reference.field
      .split('.')
      .slice(0, -1)
      .concat(field)
      .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
      .join('.');
    return new UnresolvedReference(this.reference.to, `mg.Spec.ForProvider.${path}: ${why}`);
  }
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function changed(
  parent: Record<string, unknown>,
  next: Record<string, unknown>,
): Record<string, unknown> {
  const same = Object.entries(next).every(
    ([key, value]) => JSON.stringify(parent[key]) === JSON.stringify(value),
  );
  return same ? parent : { ...parent, ...next };
}

function controllerUid(resource: Managed): string | undefined {
  return resource.metadata.ownerReferences?.find((owner) => owner.controller === true)?.uid;
}
