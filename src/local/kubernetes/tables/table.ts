/** Tables and metadata only: the two short forms in which a client can ask for objects (meta.k8s.io). */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import type { Resource } from '../resources/resource.js';

/** What a row carries beside its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export function tableOf(
  { columns }: Resource,
  objects: readonly KubernetesObject[],
  metadata: ListMeta,
  options: {
    readonly include: IncludeObject;
    readonly nowMs: number;
    readonly withHeader: boolean;
  },
) {
  const { include, nowMs, withHeader } = options;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withHeader
      ? columns.map(({ name, type, format = '', description, priority }) => ({
          name,
          type,
          format,
          description,
          priority,
        }))
      : [],
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, nowMs)),
      ...(include === 'None' ? {} : { object: include === 'Object' ? object : partialOf(object) }),
    })),
  };
}

export function partialOf({ metadata }: KubernetesObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
