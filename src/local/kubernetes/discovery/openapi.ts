/**
 * OpenAPI: the schemas of everything that is served, as v3 documents per group version and as one v2 document.
 *
 * kubectl explains and checks fields by them. Made when asked for, kept until the registry changes.
 */
import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../json/json.js';
import { encodeOpenApiV2 } from '../protobuf/openapi-v2.js';
import type { Registry } from '../resources/registry.js';
import { apiVersionOf, type Resource } from '../resources/resource.js';
import { OBJECT_META, TYPE_META } from '../schema/object-meta.js';
import type { Schema } from '../schema/schema.js';

const INFO = { title: 'Kubernetes', version: 'v1.34.0' };
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const OBJECT_META_NAME = `${META}.ObjectMeta`;
const LIST_META_NAME = `${META}.ListMeta`;

const METHODS = [
  ['get', 'get'],
  ['put', 'put'],
  ['delete', 'delete'],
  ['patch', 'patch'],
] as const;
const COLLECTION_METHODS = [
  ['get', 'list'],
  ['post', 'post'],
  ['delete', 'deletecollection'],
] as const;

export class OpenApi {
  #revision = -1;
  readonly #documents = new Map<string, string>();
  #protobuf: { readonly swagger: string; readonly bytes: Buffer } | undefined;

  constructor(private readonly registry: Registry) {}

  /** `/openapi/v3`: where the document of each group version is. */
  index() {
    const versions = [...this.registry.groups()].flatMap(([group, names]) =>
      names.map((version) => ({ group, version })),
    );
    const paths = versions.map(({ group, version }) => {
      const path = pathOf(group, version);
      const hash = createHash('sha256')
        .update(this.document(path) ?? '')
        .digest('hex')
        .toUpperCase();
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
    });
    return { paths: Object.fromEntries(paths) as JsonObject };
  }

  /** The v3 document at `api/v1` or `apis/<group>/<version>`, as JSON. */
  document(path: string): string | undefined {
    return this.#kept(path, () => {
      const { group, version } = groupVersionOf(path);
      const resources = this.registry.resourcesOf(apiVersionOf({ group, version }));
      if (resources.length === 0) return undefined;
      const schemas = definitionsOf(resources, '#/components/schemas/', 3);
      return {
        openapi: '3.0.0',
        info: INFO,
        paths: pathsOf(resources, 3),
        components: { schemas },
      };
    });
  }

  /** `/openapi/v2`, as JSON. */
  swagger(): string {
    const made = this.#kept('v2', () => {
      const resources = this.registry.all();
      const definitions = definitionsOf(resources, '#/definitions/', 2);
      return { swagger: '2.0', info: INFO, paths: pathsOf(resources, 2), definitions };
    });
    return made ?? '{}';
  }

  /** `/openapi/v2` as protobuf: the definitions without the paths. */
  swaggerProtobuf(): Buffer {
    const swagger = this.swagger();
    if (this.#protobuf?.swagger !== swagger) {
      const bytes = encodeOpenApiV2(JSON.parse(swagger) as JsonObject);
      this.#protobuf = { swagger, bytes };
    }
    return this.#protobuf.bytes;
  }

  #kept(key: string, make: () => JsonObject | undefined): string | undefined {
    if (this.#revision !== this.registry.revision) {
      this.#documents.clear();
      this.#revision = this.registry.revision;
    }
    const kept = this.#documents.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    if (made === undefined) return undefined;
    const json = JSON.stringify(made);
    this.#documents.set(key, json);
    return json;
  }
}

function pathOf(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function groupVersionOf(path: string): { group: string; version: string } {
  const [, first = '', second] = path.split('/');
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

/** As the real server names them: io.k8s.api.core.v1.ConfigMap, com.example.v1.Widget. */
function definitionName({ group, version, kind, isCustom }: Resource): string {
  if (isCustom) return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
  if (group === 'apiextensions.k8s.io')
    return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}.${kind}`;
  return `io.k8s.api.${group === '' ? 'core' : (group.split('.')[0] ?? group)}.${version}.${kind}`;
}

function definitionsOf(resources: readonly Resource[], base: string, form: 2 | 3): JsonObject {
  const definitions: JsonObject = {
    [OBJECT_META_NAME]: publish(OBJECT_META, form),
    [LIST_META_NAME]: {
      type: 'object',
      description: 'What every list has.',
      properties: Object.fromEntries(
        ['continue', 'resourceVersion', 'selfLink'].map((name) => [name, { type: 'string' }]),
      ),
    },
  };
  const reference = (name: string) =>
    form === 3 ? { allOf: [{ $ref: base + name }] } : { $ref: base + name };
  for (const resource of resources) {
    const { group, version, kind, listKind, schema } = resource;
    const name = definitionName(resource);
    const published = publish(schema, form);
    const properties = isJsonObject(published.properties) ? published.properties : {};
    definitions[name] = {
      ...published,
      properties: {
        ...TYPE_META,
        ...properties,
        metadata: { description: OBJECT_META.description, ...reference(OBJECT_META_NAME) },
      },
      'x-kubernetes-group-version-kind': [{ group, version, kind }],
    };
    definitions[`${name}List`] = {
      type: 'object',
      description: `${listKind} is a list of ${kind}.`,
      required: ['items'],
      properties: {
        ...TYPE_META,
        items: { type: 'array', description: 'The objects.', items: { $ref: base + name } },
        metadata: { description: 'What every list has.', ...reference(LIST_META_NAME) },
      },
      'x-kubernetes-group-version-kind': [{ group, version, kind: listKind }],
    };
  }
  return definitions;
}

/** OpenAPI v2 has no logic and no int-or-string, and kubectl needs neither. */
const NOT_IN_V2 = new Set(['oneOf', 'anyOf', 'not', 'allOf', 'nullable']);

/** How Go keeps the built-in kinds: nothing for clients. */
const GO_ONLY = new Set(['goType', 'isPointer', 'isAlwaysShown']);

function publish(schema: Schema, form: 2 | 3): JsonObject {
  const published: JsonObject = {};
  for (const [key, value] of Object.entries(schema) as [string, unknown][]) {
    if (GO_ONLY.has(key) || (form === 2 && NOT_IN_V2.has(key))) continue;
    if (key === 'properties') {
      const properties = Object.entries(value as Record<string, Schema>);
      published[key] = Object.fromEntries(
        properties.map(([name, property]) => [name, publish(property, form)]),
      );
    } else if (key === 'items' || (key === 'additionalProperties' && isJsonObject(value))) {
      published[key] = publish(value as Schema, form);
    } else if (Array.isArray(value) && ['allOf', 'anyOf', 'oneOf'].includes(key)) {
      published[key] = value.map((part: Schema) => publish(part, form));
    } else if (!(
      form === 2 &&
      key === 'type' &&
      schema['x-kubernetes-preserve-unknown-fields'] === true &&
      schema.properties === undefined
    )) {
      published[key] = value;
    }
  }
  return published;
}

function pathsOf(resources: readonly Resource[], form: 2 | 3): JsonObject {
  return Object.fromEntries(
    resources.flatMap((resource) => {
      const { group, version, plural, isNamespaced } = resource;
      const collection = `/${pathOf(group, version)}${isNamespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
      const one = `${collection}/{name}`;
      const subresources = [
        ...(resource.hasStatus ? [`${one}/status`] : []),
        ...(resource.scale === undefined ? [] : [`${one}/scale`]),
      ];
      const everywhere = isNamespaced ? [`/${pathOf(group, version)}/${plural}`] : [];
      return [
        ...everywhere.map((path) => [path, operationsOf(resource, [['get', 'list']], form)]),
        [collection, operationsOf(resource, COLLECTION_METHODS, form)],
        [one, operationsOf(resource, METHODS, form)],
        ...subresources.map((path) => [
          path,
          operationsOf(
            resource,
            [
              ['get', 'get'],
              ['put', 'put'],
              ['patch', 'patch'],
            ],
            form,
          ),
        ]),
      ] as [string, JsonObject][];
    }),
  );
}

const QUERY_OPTIONS = ['dryRun', 'fieldManager', 'fieldValidation'];

function operationsOf(
  resource: Resource,
  methods: readonly (readonly [string, string])[],
  form: 2 | 3,
): JsonObject {
  const { group, version, kind } = resource;
  const parameters = QUERY_OPTIONS.map((name) =>
    form === 3
      ? { name, in: 'query', schema: { type: 'string' } }
      : { name, in: 'query', type: 'string' },
  );
  return Object.fromEntries(
    methods.map(([method, action]) => [
      method,
      {
        tags: [group],
        ...(['post', 'put', 'patch'].includes(method) ? { parameters } : {}),
        responses: { 200: { description: 'OK' }, 401: { description: 'Unauthorized' } },
        'x-kubernetes-action': action,
        'x-kubernetes-group-version-kind': { group, version, kind },
      },
    ]),
  );
}
