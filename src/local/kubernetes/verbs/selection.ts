/** Selection: which objects a list, a watch or a deletecollection is about. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { badRequest } from '../http/status-error.js';
import { parseFieldSelector } from '../selectors/field-selector.js';
import { parseLabelSelector } from '../selectors/label-selector.js';
import type { Call } from './call.js';

export interface Selection {
  readonly matches: (object: KubernetesObject) => boolean;
  /** Whether nothing is left out. */
  readonly isEverything: boolean;
}

/** Throws 400 for a selector that cannot be parsed or names a field that cannot be selected by. */
export function readSelection({ query, resource, name }: Call): Selection {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  const byLabels = labels === '' ? undefined : parseLabelSelector(labels);
  const selectable = ['metadata.name', 'metadata.namespace', ...resource.selectableFields];
  const byFields =
    fields === ''
      ? undefined
      : parseFieldSelector(
          fields,
          (field) => selectable.includes(field),
          (field) =>
            badRequest(
              resource.isCustom || resource.selectableFields.length > 0
                ? `field label not supported: ${field}`
                : `"${field}" is not a known field selector: only ${selectable.map((one) => `"${one}"`).join(', ')}`,
            ),
        );
  return {
    isEverything: byLabels === undefined && byFields === undefined && name === '',
    matches: (object) =>
      (name === '' || object.metadata.name === name) &&
      (byLabels?.(object.metadata.labels ?? {}) ?? true) &&
      (byFields?.matches(object) ?? true),
  };
}
