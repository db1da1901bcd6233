/** Bodies: JSON or YAML as sent, checked against what the URL says they are. */
import {
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Tags,
  type YAMLParseError,
} from 'yaml';
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
/** How much of a body is shown in what is said of it. */
const MAX_SUMMARY_BYTES = 30;
/** Kubernetes reads YAML 1.1, but none of its types that JSON does not have. */
const NOT_JSON_TAGS = new Set([
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:binary',
  'tag:yaml.org,2002:set',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:pairs',
]);

export interface YamlBody {
  readonly value: unknown;
  /** What is said of keys that come twice. */
  readonly duplicates: readonly string[];
}

/** The value alone of what `parseYamlBody` reads. */
export function readYaml(text: string): unknown {
  return parseYamlBody(text).value;
}

/** The first document, a key that comes twice having its last value. Throws an Error that says what is wrong with the text. */
export function parseYamlBody(text: string): YamlBody {
  const customTags = (tags: Tags): Tags =>
    tags.filter(
      (tag) =>
        typeof tag === 'string' ||
        (!NOT_JSON_TAGS.has(tag.tag) && !(tag as { format?: string }).format?.startsWith('TIME')),
    );
  const lines = new LineCounter();
  const [document] = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    customTags,
    intAsBigInt: false,
    uniqueKeys: false,
    lineCounter: lines,
  });
  if (document === undefined || 'empty' in document) return { value: null, duplicates: [] };
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(faultOfYaml(fault));
  // By way of JSON, which gives back the one form all objects have here: plain values, string keys, no __proto__.
  const value: unknown = document.toJS({ maxAliasCount: 1000 });
  return {
    value: parseJson(JSON.stringify(value ?? null)).value,
    duplicates: duplicatesIn(document, lines),
  };
}

function duplicatesIn(document: Document.Parsed, lines: LineCounter): string[] {
  const found: string[] = [];
  visit(document, {
    Map: (_key, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          const { line } = lines.linePos(key.range?.[0] ?? 0);
          found.push(`line ${line}: key ${JSON.stringify(key.value)} already set in map`);
        }
        seen.add(key.value);
      }
    },
  });
  return found;
}

/** What Go's parser says where ours says this; it counts lines from 0, and does not name the first. */
const GO_WORDS: readonly (readonly [RegExp, string, linesOff: number])[] = [
  [/^Nested mappings are not allowed/, 'mapping values are not allowed in this context', -1],
  [/^Tabs are not allowed/, 'found character that cannot start any token', -1],
  [/Flow sequence .* must .* end with a ]/, "did not find expected ',' or ']'", 0],
  [/Flow map .* must .* end with a }/, "did not find expected ',' or '}'", 0],
  [/^Missing closing ["']quote/, 'found unexpected end of stream', 0],
];

/** In the form of Go's parser, which gives no columns. */
function faultOfYaml({ message, linePos }: Pick<YAMLParseError, 'message' | 'linePos'>): string {
  const [what = ''] = message.split(/ at line \d+/);
  const [, words = what, linesOff = 0] = GO_WORDS.find(([ours]) => ours.test(what)) ?? [];
  const line = (linePos?.[0].line ?? 1) + linesOff;
  return `yaml: ${line === 0 ? '' : `line ${line}: `}${words}`;
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
  reportFields(call, options, unknownFields, duplicates, isYaml);
  return object;
}

/** Refuses or warns of fields that the schema does not know or that came twice, as the client asked. */
function reportFields(
  { resource, warn }: Call,
  { fieldValidation }: WriteOptions,
  unknown: readonly string[],
  duplicates: readonly string[],
  isYaml: boolean,
): void {
  const unknownFaults = strictFaults(unknown, []);
  if (unknown.length + duplicates.length === 0 || fieldValidation === 'Ignore') return;
  const inOrder = (repeated: readonly string[]) =>
    isYaml || resource.isCustom ? [...repeated, ...unknownFaults] : [...unknownFaults, ...repeated];
  if (fieldValidation === 'Warn') {
    inOrder(duplicates).forEach(warn);
    return;
  }
  // The YAML parser reports in one error of several lines.
  const repeated =
    isYaml && duplicates.length > 0
      ? [`yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`]
      : duplicates;
  const why = `strict decoding error: ${inOrder(repeated).join(', ')}`;
  throw decodeFailure(resource.kind, resource.version, why);
}

export function strictFaults(unknown: readonly string[], duplicates: readonly string[]): string[] {
  return [
    ...unknown.map((field) => `unknown field "${field}"`),
    ...duplicates.map((field) => `duplicate field "${field}"`),
  ];
}

function parseBody(text: string, isYaml: boolean, { kind }: Resource, options: WriteOptions) {
  try {
    if (isYaml) return parseYamlBody(text);
    const findDuplicates = options.fieldValidation !== 'Ignore' && text.length < MAX_STRICT_LENGTH;
    const { value, duplicates } = parseJson(text, findDuplicates);
    return { value, duplicates: duplicates.map((field) => `duplicate field "${field}"`) };
  } catch (error) {
    const why = isYaml ? '' : "couldn't get version/kind; json parse error: ";
    throw unrecognized(kind, `${why}${messageOf(error)}`, text);
  }
}

/** Looking for duplicates takes a slower parser; a body beyond this is only warned of if it is asked to be strict. */
const MAX_STRICT_LENGTH = 256 * 1024;

function checkType(sent: unknown, text: string, resource: Resource): JsonObject {
  const { kind } = resource;
  const value = sent === null && !resource.isCustom ? {} : sent;
  const refuse = (why: string) => unrecognized(kind, why, text);
  if (!isJsonObject(value))
    throw refuse(`couldn't get version/kind; json parse error: ${notAnObject(value)}`);
  if (typeof (value.kind ?? '') !== 'string') {
    const found = typeof value.kind;
    throw refuse(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go struct field .kind of type string`,
    );
  }
  const sentKind = value.kind ?? '';
  // A body without a kind is taken for that of the URL by built-in kinds.
  if (sentKind === '' && !resource.isCustom) return withCheckedType(value, kind, resource);
  if (typeof sentKind !== 'string' || sentKind === '')
    throw refuse(`Object 'Kind' is missing in '${text}'`);
  return withCheckedType(value, sentKind, resource);
}

/** What Go's decoder says of a value in the place of an object. */
export function notAnObject(value: unknown): string {
  const found = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  return `json: cannot unmarshal ${found} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
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
      `${kind} in version "${version}" cannot be handled as a ${kind}: no kind "${kind}" is registered for version "${shownText(sentVersion)}" in scheme "pkg/runtime/scheme.go:110"`,
    );
  }
  return { ...value, kind, apiVersion: expected };
}

function unrecognized(kind: string, why: string, text: string) {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${summaryOf(text)})`,
  );
}

/** The beginning of a body: as it is where it looks like JSON, its bytes in hexadecimal where not. */
function summaryOf(text: string): string {
  if (text === '') return '<empty>';
  const bytes = Buffer.from(text);
  const shown = bytes
    .subarray(0, MAX_SUMMARY_BYTES)
    .toString(text.startsWith('{') ? 'utf8' : 'hex');
  return bytes.length > MAX_SUMMARY_BYTES ? `${shown} ...` : shown;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
