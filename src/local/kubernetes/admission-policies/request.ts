/** A request as admission policies see it: who does what to which object. */
import type { User } from '../access/user.js';
import type { JsonObject } from '../json/json.js';
import type { Resource } from '../resources/resource.js';

export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly resource: Resource;
  readonly subresource: string;
  /** The kind of the objects where it is not the resource's own: that of a Scale. */
  readonly kind?: GroupVersionKind;
  readonly namespace: string;
  /** Empty for what a deletecollection deletes. */
  readonly name: string;
  /** Undefined on deletions. */
  readonly object: object | undefined;
  /** Undefined on creations. */
  readonly oldObject: object | undefined;
  readonly user: User;
  readonly isDryRun: boolean;
  readonly options: JsonObject;
  /** Says something in a Warning header. */
  readonly warn: (message: string) => void;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export function isNamespaceRequest({ resource }: AdmissionRequest): boolean {
  return resource.group === '' && resource.plural === 'namespaces';
}

/** A namespace is in itself, as far as policies go. */
export function namespaceOf(request: AdmissionRequest): string {
  return isNamespaceRequest(request) ? request.name : request.namespace;
}

export function kindOf({ kind, resource }: AdmissionRequest): GroupVersionKind {
  return kind ?? { group: resource.group, version: resource.version, kind: resource.kind };
}

/** The `request` of expressions: admission/v1 AdmissionRequest, of which empty fields are left out. */
export function describeRequest(request: AdmissionRequest, matched: AdmissionRequest): JsonObject {
  const { name, operation, subresource, user, isDryRun, options } = request;
  const namespace = namespaceOf(request);
  return {
    kind: { ...kindOf(matched) },
    resource: resourceOf(matched.resource),
    ...(subresource === '' ? {} : { subResource: subresource }),
    requestKind: { ...kindOf(request) },
    requestResource: resourceOf(request.resource),
    ...(subresource === '' ? {} : { requestSubResource: subresource }),
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid === undefined ? {} : { uid: user.uid }),
      ...(user.groups.length === 0 ? {} : { groups: [...user.groups] }),
      ...(user.extra === undefined ? {} : { extra: user.extra }),
    },
    dryRun: isDryRun,
    options,
  };
}

function resourceOf({ group, version, plural }: Resource): JsonObject {
  return { group, version, resource: plural };
}
