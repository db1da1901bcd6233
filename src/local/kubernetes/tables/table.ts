/** Tables and metadata only: the two short forms in which a client can ask for objects (meta.k8s.io). */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { badRequest } from '../http/status-error.js';
import type { Resource } from '../resources/resource.js';

/** What a row carries beside its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Throws 400. */
export function readInclude(query: URLSearchParams): IncludeObject {
  const asked = query.get('includeObject') ?? '';
  if (asked === '') return 'Metadata';
  if (asked === 'None' || asked === 'Metadata' || asked === 'Object') return asked;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(asked)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

interface RowOptions {
  readonly include: IncludeObject;
  readonly nowMs: number;
}

export function tableOf(
  resource: Resource,
  objects: readonly KubernetesObject[],
  metadata: ListMeta,
  options: RowOptions & { readonly withHeader: boolean },
) {
  const { columns } = resource;
  const { continue: token = '', ...rest } = metadata;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { ...rest, ...(token === '' ? {} : { continue: token }) },
    columnDefinitions: options.withHeader
      ? columns.map(({ name, type, format = '', description, priority }) => ({
          name,
          type,
          format,
          description,
          priority,
        }))
      : [],
    rows: objects.map((object) => rowOf(resource, object, options)),
  };
}

export function rowOf(
  { columns }: Resource,
  object: KubernetesObject,
  { include, nowMs }: RowOptions,
) {
  return {
    cells: columns.map(({ cell }) => cell(object, nowMs)),
    object: include === 'None' ? null : include === 'Object' ? object : partialOf(object),
  };
}

export function partialOf({ metadata }: KubernetesObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
