/** Bodies: JSON or YAML as sent, checked against what the URL says they are. */
import { parse as parseYaml, type Tags } from 'yaml';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { badRequest, invalid, unsupportedMediaType } from '../http/status-error.js';
import { isJsonObject, parseJson, type JsonObject } from '../json/json.js';
import { PROTOBUF, readProtobuf } from '../protobuf/protobuf-body.js';
import { apiVersionOf, kindSubjectOf, type Resource } from '../resources/resource.js';
import { decodeFailure } from '../schema/decode.js';
import { shownText } from '../schema/text.js';
import type { Call } from './call.js';
import type { WriteOptions } from './options.js';

const BODY_TYPES = ['application/json', 'application/yaml', PROTOBUF];
/** Kubernetes reads YAML 1.1, but none of its types that JSON does not have. */
const NOT_JSON_TAGS = new Set([
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:binary',
  'tag:yaml.org,2002:set',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:pairs',
]);

/** Throws an Error that says what is wrong with the text. */
export function readYaml(text: string): unknown {
  const customTags = (tags: Tags): Tags =>
    tags.filter(
      (tag) =>
        typeof tag === 'string' ||
        (!NOT_JSON_TAGS.has(tag.tag) && !(tag as { format?: string }).format?.startsWith('TIME')),
    );
  // By way of JSON, which gives back the one form all objects have here: plain values, string keys, no __proto__.
  const value: unknown = parseYaml(text, {
    version: '1.1',
    merge: true,
    customTags,
    maxAliasCount: 1000,
    intAsBigInt: false,
  });
  return parseJson(JSON.stringify(value ?? null)).value;
}

/** The object of a POST or PUT: typed, pruned and defaulted. Throws 400, 415 or 422. */
export async function readObject(call: Call, options: WriteOptions): Promise<KubernetesObject> {
  const { resource, contentType } = call;
  if (contentType === PROTOBUF && !resource.isCustom) {
    const sent = readProtobuf(await call.readBytes());
    return resource.readBody(withCheckedType(sent, shownText(sent.kind), resource)).object;
  }
  const isYaml = contentType === 'application/yaml';
  if (!isYaml && contentType !== 'application/json' && contentType !== '')
    throw unsupportedMediaType(resource.isCustom ? BODY_TYPES.slice(0, 2) : BODY_TYPES);
  const text = await call.readBody();
  const { value, duplicates } = parseBody(text, isYaml, resource, options);
  const body = checkType(value, text, resource);
  const { object, unknownFields } = resource.readBody(body);
  reportFields(call, options, unknownFields, duplicates);
  return object;
}

/** Refuses or warns of fields that the schema does not know or that came twice, as the client asked. */
export function reportFields(
  { resource, warn }: Call,
  { fieldValidation }: WriteOptions,
  unknown: readonly string[],
  duplicates: readonly string[],
): void {
  const faults = strictFaults(unknown, duplicates);
  if (faults.length === 0 || fieldValidation === 'Ignore') return;
  if (fieldValidation === 'Strict') {
    throw decodeFailure(
      resource.kind,
      resource.version,
      `strict decoding error: ${faults.join(', ')}`,
    );
  }
  for (const fault of faults) warn(fault);
}

export function strictFaults(unknown: readonly string[], duplicates: readonly string[]): string[] {
  return [
    ...unknown.map((field) => `unknown field "${field}"`),
    ...duplicates.map((field) => `duplicate field "${field}"`),
  ];
}

function parseBody(text: string, isYaml: boolean, { kind }: Resource, options: WriteOptions) {
  try {
    if (isYaml) return { value: readYaml(text), duplicates: [] };
    return parseJson(text, options.fieldValidation !== 'Ignore' && text.length < MAX_STRICT_LENGTH);
  } catch (error) {
    throw unrecognized(
      kind,
      `couldn't get version/kind; json parse error: ${messageOf(error)}`,
      text,
    );
  }
}

/** Looking for duplicates takes a slower parser; a body beyond this is only warned of if it is asked to be strict. */
const MAX_STRICT_LENGTH = 256 * 1024;

function checkType(value: unknown, text: string, resource: Resource): JsonObject {
  const { kind } = resource;
  if (!isJsonObject(value)) {
    const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
    throw unrecognized(
      kind,
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
      text,
    );
  }
  // A body without a type is taken for that of the URL by built-in kinds.
  const sentKind =
    value.kind ??
    (resource.isCustom ? undefined : value.apiVersion === undefined ? kind : undefined);
  if (typeof sentKind !== 'string' || sentKind === '')
    throw unrecognized(kind, `Object 'Kind' is missing in '${text}'`, text);
  return withCheckedType(value, sentKind, resource);
}

/** Throws unless the object is of the kind and version of the URL. */
export function withCheckedType(
  value: JsonObject,
  sentKind: string,
  resource: Resource,
): JsonObject {
  const { kind, version } = resource;
  const expected = apiVersionOf(resource);
  const sentVersion = value.apiVersion ?? (resource.isCustom ? '' : expected);
  if (resource.isCustom && sentVersion !== expected) {
    throw badRequest(
      `the API version in the data (${shownText(sentVersion)}) does not match the expected API version (${expected})`,
    );
  }
  if (sentKind !== kind) {
    if (!resource.isCustom) {
      throw badRequest(
        `${sentKind} in version "${version}" cannot be handled as a ${kind}: converting (v1.${sentKind}) to (core.${kind}): unknown conversion`,
      );
    }
    const metadata = value.metadata;
    const name = isJsonObject(metadata) && typeof metadata.name === 'string' ? metadata.name : '';
    throw invalid({ ...kindSubjectOf(resource, name), kind: sentKind }, [
      { type: 'Invalid', field: 'kind', value: sentKind, detail: `must be ${kind}` },
    ]);
  }
  if (sentVersion !== expected) {
    throw badRequest(
      `${kind} in version "${shownText(sentVersion)}" cannot be handled as a ${kind}: no kind "${kind}" is registered for version "${shownText(sentVersion)}" in scheme "pkg/runtime/scheme.go:110"`,
    );
  }
  return { ...value, kind, apiVersion: expected };
}

function unrecognized(kind: string, why: string, text: string) {
  const shown = text === '' ? '<empty>' : text.length > 24 ? `${text.slice(0, 24)} ...` : text;
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${shown})`,
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
