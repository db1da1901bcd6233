/**
 * From `kubectl apply` to `kubectl apply --server-side`: the annotation in which the first keeps what it applied last, as
 * the second reads it and carries it on.
 *
 * Only for the manager `kubectl`, as the real server does it (apimachinery, managedfields: lastAppliedManager and
 * lastAppliedUpdater): fields that still are as kubectl applied them are no conflict, and the annotation, where there is
 * one, follows what is applied.
 */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { formatJson, isJsonObject, parseJson, sortedKeys, type JsonObject } from '../json/json.js';
import { difference, EMPTY, union, type FieldSet } from './field-set.js';
import type { Writer } from './managers.js';
import { compare, fieldsOf } from './typed-value.js';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

export function isKubectl({ manager }: Writer): boolean {
  return manager === 'kubectl';
}

/** The fields of the object that are as the client applied them last. */
export function fieldsLastApplied(
  live: KubernetesObject | undefined,
  { apiVersion, schema }: Writer,
): FieldSet {
  const config = parsed(live?.metadata.annotations?.[ANNOTATION]);
  if (config?.apiVersion !== apiVersion) return EMPTY;
  const { added, modified, removed } = compare(config, live, schema);
  return difference(fieldsOf(config, schema), union(union(added, modified), removed));
}

/** The applied object with the annotation, where it has one, saying `config`, which is what was applied. */
export function withLastApplied(applied: KubernetesObject, config: JsonObject): KubernetesObject {
  const { annotations = {} } = applied.metadata;
  if ((annotations[ANNOTATION] ?? '') === '') return applied;
  const lastApplied = `${goJson(withoutAnnotation(config))}\n`;
  return {
    ...applied,
    metadata: { ...applied.metadata, annotations: { ...annotations, [ANNOTATION]: lastApplied } },
  };
}

function parsed(text: string | undefined): JsonObject | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const { value } = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function withoutAnnotation(config: JsonObject): JsonObject {
  const { metadata } = config;
  if (!isJsonObject(metadata) || !isJsonObject(metadata.annotations)) return config;
  const { [ANNOTATION]: _annotation, ...rest } = metadata.annotations;
  const { annotations: _annotations, ...others } = metadata;
  const kept = Object.keys(rest).length === 0 ? {} : { annotations: rest };
  return { ...config, metadata: { ...others, ...kept } };
}

/** As Go's encoder writes a map: keys sorted, and nothing in it that HTML would read. */
function goJson(value: unknown): string {
  return formatJson(sortedKeys(value)).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
