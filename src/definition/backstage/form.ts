/**
 * The form of the Backstage template: JSON Schema made of the claim's own.
 *
 * JSON Schema has no rules over several fields. Where one field decides on another the form shows the other only then
 * (`dependencies`); what is left, such as two regions that must differ, the claim's own rules refuse in the pull request.
 */
import { SPEC } from '../../model/claim/spec.js';
import { isMap, isObject } from '../../model/paths.js';
import type { Schema } from '../../model/schema.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface FormPage extends JsonSchema {
  readonly title: string;
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const { environmentSuffix, regions, handler, notifications, consistency, encryption } =
  SPEC.properties;
const { dataRetention, auditRetention, tags, bucketPrefix, alarms } = SPEC.properties;
const { image, ...restOfHandler } = handler.properties;

const NAME = '^[a-z0-9]+(-[a-z0-9]+)*$';

const name = (description: string) => ({
  type: 'string',
  description: `${description} Lower-case letters and digits, words joined by single hyphens.`,
  pattern: NAME,
  maxLength: 20,
});

/** `providerConfigs` and the repository of the image are not asked: the base has them for all teams. */
const PAGES: readonly FormPage[] = [
  {
    title: 'Whose it is',
    required: ['team', 'environment', 'owner'],
    properties: {
      team: name('The team; its namespace is team-<team>.'),
      environment: name('The environment, such as dev or prod: one directory, and one claim.'),
      owner: {
        type: 'string',
        description: 'Who owns the component in the catalogue.',
        'ui:field': 'OwnerPicker',
        'ui:options': { catalogFilter: { kind: ['Group', 'User'] } },
      },
    },
  },
  {
    title: 'The service',
    required: ['environmentSuffix', 'handler', 'notifications'],
    properties: {
      environmentSuffix: asJsonSchema(environmentSuffix),
      regions: asJsonSchema({ ...regions, properties: twoRegions() }),
      consistency: asJsonSchema(consistency),
      handler: {
        type: 'object',
        description: handler.description,
        required: ['image'],
        properties: { image: imageField(), ...asProperties(restOfHandler) },
      },
      notifications: asJsonSchema(notifications),
    },
    dependencies: onlyWhere('consistency', {
      eventual: {},
      strong: { witness: asJsonSchema(regions.properties.witness) },
    }),
  },
  {
    title: 'Its data',
    properties: {
      dataRetention: asJsonSchema(dataRetention),
      auditRetention: asJsonSchema(auditRetention),
      encryption: {
        type: 'object',
        description: encryption.description,
        properties: { mode: asJsonSchema(encryption.properties.mode) },
        dependencies: onlyWhere('mode', {
          'SSE-S3': {},
          'SSE-KMS': { kmsKeyArns: asJsonSchema(encryption.properties.kmsKeyArns) },
        }),
      },
      bucketPrefix: asJsonSchema(bucketPrefix),
      tags: asJsonSchema(tags),
    },
  },
  { title: 'When people are told', properties: { alarms: asJsonSchema(alarms) } },
  {
    title: 'Where the claim is written',
    required: ['repoUrl'],
    properties: {
      repoUrl: {
        type: 'string',
        description: 'The repository that has examples/gitops.',
        'ui:field': 'RepoUrlPicker',
        'ui:options': { allowedHosts: ['github.com'] },
      },
    },
  },
];

/** Each page with its fields in the order in which they are shown. */
export function formPages(): readonly FormPage[] {
  return PAGES.map((page) => ({ ...page, 'ui:order': [...Object.keys(page.properties), '*'] }));
}

/** The witness is asked only where consistency needs it. */
function twoRegions() {
  const { primary, secondary } = regions.properties;
  return { primary, secondary };
}

/** A tag or a digest; the base says from which repository. */
function imageField(): JsonSchema {
  const { tag, digest } = image.properties;
  return {
    type: 'object',
    description: image.description,
    properties: {
      identifiedBy: {
        type: 'string',
        description: 'How the image is named.',
        enum: ['tag', 'digest'],
        default: 'tag',
      },
    },
    dependencies: onlyWhere('identifiedBy', {
      tag: { tag: asJsonSchema(tag) },
      digest: { digest: asJsonSchema(digest) },
    }),
  };
}

/** Which fields there are, all of them required, for each value of another. */
function onlyWhere(
  field: string,
  cases: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>,
): JsonSchema {
  const oneOf = Object.entries(cases).map(([value, properties]) => ({
    properties: { [field]: { enum: [value] }, ...properties },
    ...(Object.keys(properties).length === 0 ? {} : { required: Object.keys(properties) }),
  }));
  return { [field]: { oneOf } };
}

function asProperties(properties: Readonly<Record<string, Schema>>) {
  return Object.fromEntries(
    Object.entries(properties).map(([field, schema]) => [field, asJsonSchema(schema)]),
  );
}

export function asJsonSchema(schema: Schema): JsonSchema {
  const { 'x-kubernetes-validations': rules = [], ...rest } = schema;
  const patterns = rules.map(({ rule }) => patternIn(rule)).filter((found) => found !== undefined);
  const pattern = patterns.length === 0 ? {} : { pattern: patterns[0] };
  if (isMap(schema))
    return { ...rest, additionalProperties: asJsonSchema(schema.additionalProperties) };
  if (isObject(schema)) return { ...rest, properties: asProperties(schema.properties) };
  return { ...rest, ...pattern };
}

/** The expression of a rule that says no more than what a text looks like (`shaped`). */
function patternIn(rule: string): string | undefined {
  const [, literal] = /^self\.matches\(("(?:[^"\\]|\\.)*")\)$/.exec(rule) ?? [];
  return literal === undefined ? undefined : (JSON.parse(literal) as string);
}
