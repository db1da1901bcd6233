/** The scale subresource: replicas and selector as an autoscaling/v1 Scale, wherever the kind keeps them. */
import { shownObject } from '../resources/shown.js';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import {
  badRequest,
  internalError,
  invalid,
  methodNotAllowed,
  noSuchResource,
  notFound,
  unsupportedMediaType,
} from '../http/status-error.js';
import { copyJson, isJsonObject, parseJson, valueAt, type JsonObject } from '../json/json.js';
import { applyJsonPatch } from '../patches/json-patch.js';
import { applyMergePatch } from '../patches/merge-patch.js';
import { kindSubjectOf, subjectOf, type ScalePaths } from '../resources/resource.js';
import { selectorText } from '../selectors/object-selector.js';
import type { StoredRecord } from '../storage/record.js';
import { messageOf, readYaml } from './body.js';
import { keyOf, type Answer, type Call } from './call.js';
import { readWriteOptions } from './options.js';
import { optionsOf, reviewWrite } from './review.js';
import { replace } from './update.js';

const PATCH_TYPES = ['application/json-patch+json', 'application/merge-patch+json'];
const NO_SCALE =
  'no kind is registered for the type v1.Scale in scheme "pkg/runtime/scheme.go:110"';

export async function scale(call: Call, method: string): Promise<Answer> {
  const { plane, resource, name } = call;
  if (resource.scale === undefined) throw noSuchResource();
  const live = plane.store.latest(keyOf(call, name));
  if (live === undefined) throw notFound(subjectOf(resource, name));
  switch (method) {
    case 'GET':
      return {
        kind: 'body',
        code: 200,
        body: scaleOf(shownObject(resource, live), resource.scale),
      };
    case 'PUT':
    case 'PATCH':
      return writeScale(call, live, resource.scale, method);
    default:
      throw methodNotAllowed();
  }
}

async function writeScale(
  call: Call,
  seen: StoredRecord,
  paths: ScalePaths,
  method: string,
): Promise<Answer> {
  const { plane, resource } = call;
  const options = readWriteOptions(call, method === 'PUT' ? 'UpdateOptions' : 'PatchOptions');
  const text = await call.readBody();
  const live = plane.store.latest(seen.key) ?? seen;
  const shown = shownObject(resource, live);
  const wanted =
    method === 'PUT' ? parse(text, call.contentType) : patched(call, scaleOf(shown, paths), text);
  const replicas = replicasOf(call, wanted);
  const sentVersion = valueAt(wanted, ['metadata', 'resourceVersion']);
  const resourceVersion =
    typeof sentVersion === 'string' ? sentVersion : shown.metadata.resourceVersion;
  const scaled = withValueAt(
    shown as unknown as JsonObject,
    stepsOf(paths.specReplicasPath),
    replicas,
  );
  const sent = {
    ...scaled,
    metadata: { ...shown.metadata, resourceVersion },
  } as unknown as KubernetesObject;
  const answer = await replace(
    { ...call, subresource: '' },
    live,
    sent,
    { ...options, subresource: 'scale' },
    options.isDryRun,
    (_call, next, before, isDryRun) => {
      reviewWrite(call, {
        operation: 'UPDATE',
        kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
        object: scaleOf(next, paths),
        oldObject: scaleOf(before, paths),
        isDryRun,
        options: optionsOf(call, 'UpdateOptions'),
      });
    },
  );
  if (answer.kind !== 'record') return answer;
  return {
    kind: 'body',
    code: 200,
    body: scaleOf(shownObject(answer.resource, answer.record), paths),
  };
}

/** Throws where what was sent is no Scale, or not that of this object. */
function replicasOf({ resource, name }: Call, wanted: unknown): number {
  const replicas = valueAt(wanted, ['spec', 'replicas']) ?? 0;
  const isScale = (valueAt(wanted, ['kind']) ?? 'Scale') === 'Scale';
  if (!isScale || typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest(NO_SCALE);
  const sentName = valueAt(wanted, ['metadata', 'name']);
  if (sentName !== name) {
    throw badRequest(
      typeof sentName === 'string' && sentName !== ''
        ? `the name of the object (${sentName}) does not match the name on the URL (${name})`
        : `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (replicas >= 0) return replicas;
  const detail = 'should be a non-negative integer';
  throw invalid(kindSubjectOf(resource, name), [
    { type: 'Invalid', field: resource.scale?.specReplicasPath, value: replicas, detail },
  ]);
}

function scaleOf(object: KubernetesObject, paths: ScalePaths): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = valueAt(object, stepsOf(paths.specReplicasPath));
  if (replicas === undefined)
    throw internalError(
      `the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`,
    );
  const selector = selectorOf(object, paths);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid,
      resourceVersion,
      creationTimestamp,
    },
    spec: { replicas },
    status: {
      replicas: valueAt(object, stepsOf(paths.statusReplicasPath)) ?? 0,
      ...(selector === undefined ? {} : { selector }),
    },
  };
}

function selectorOf(object: KubernetesObject, paths: ScalePaths): string | undefined {
  const at = (path = '') => valueAt(object, stepsOf(path));
  const text = at(paths.labelSelectorPath);
  if (typeof text === 'string') return text;
  const selector = at(paths.selectorObjectPath);
  return isJsonObject(selector) ? selectorText(selector) : undefined;
}

function patched({ contentType, resource }: Call, current: JsonObject, text: string): JsonObject {
  const patch = parse(text, contentType);
  switch (contentType) {
    case 'application/json-patch+json':
      return applyJsonPatch(current, patch);
    case 'application/merge-patch+json':
      return applyMergePatch(current, patch);
    case 'application/strategic-merge-patch+json':
      // Of a Scale, which has no lists, a strategic merge patch is a merge patch.
      if (!resource.isCustom) return applyMergePatch(current, patch);
      throw unsupportedMediaType(PATCH_TYPES);
    default:
      throw unsupportedMediaType(PATCH_TYPES);
  }
}

function parse(text: string, contentType: string): unknown {
  try {
    return contentType === 'application/yaml' ? readYaml(text) : parseJson(text).value;
  } catch (error) {
    throw badRequest(`error decoding patch: ${messageOf(error)}`);
  }
}

function stepsOf(path: string): string[] {
  return path.split('.').slice(1);
}

function withValueAt(
  object: JsonObject,
  [step, ...rest]: readonly string[],
  value: unknown,
): JsonObject {
  if (step === undefined) return object;
  const member = object[step];
  const below =
    rest.length === 0
      ? value
      : withValueAt(isJsonObject(member) ? copyJson(member) : {}, rest, value);
  return { ...object, [step]: below };
}
