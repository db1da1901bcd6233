/** ConfigMap and Secret: data that is only kept. */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import type { FieldError } from '../http/status-error.js';
import { isEqual, parseJson } from '../json/json.js';
import { faultOfConfigKey } from '../resources/names.js';
import { AGE_COLUMN, NAME_COLUMN } from '../tables/columns.js';
import { builtIn, column, fieldOf, flag, mapOf, pointer, text } from './built-in.js';

/** The most that one object may hold (core/v1 MaxSecretSize). */
const MAX_BYTES = 1024 * 1024;
const IMMUTABLE = 'field is immutable when `immutable` is set';

type Data = Record<string, string>;

export const configMaps = builtIn({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  description: 'ConfigMap holds configuration data for pods to consume.',
  properties: {
    data: mapOf(
      'Text by key. Keys are alphanumeric with -, _ and .; each is in data or in binaryData, not both.',
      { type: 'string' },
    ),
    binaryData: mapOf('Bytes by key, base64-encoded.', { type: 'string', format: 'byte' }),
    immutable: pointer(flag('Whether the data can no longer be changed, only the object deleted.')),
  },
  columns: [
    NAME_COLUMN,
    column(
      'Data',
      (map) => keysOf(map, 'data').length + keysOf(map, 'binaryData').length,
      'integer',
    ),
    AGE_COLUMN,
  ],
  validate: (map, live) => [
    ...dataFaults(map, ['data', 'binaryData']),
    ...sizeFaults(map, ['data', 'binaryData'], ''),
    ...immutableFaults(map, live, ['data', 'binaryData']),
  ],
});

export const secrets = builtIn({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  description: 'Secret holds secret data: passwords, tokens, keys.',
  properties: {
    data: mapOf('Bytes by key, base64-encoded.', { type: 'string', format: 'byte' }),
    stringData: mapOf('Text by key, written into data (over what is there) and never read back.', {
      type: 'string',
    }),
    immutable: pointer(flag('Whether the data can no longer be changed, only the object deleted.')),
    type: text('What the secret is for; Opaque when nothing is said. Cannot be changed.'),
  },
  columns: [
    NAME_COLUMN,
    column('Type', (secret) => fieldOf<string>(secret, 'type') ?? ''),
    column('Data', (secret) => keysOf(secret, 'data').length, 'integer'),
    AGE_COLUMN,
  ],
  selectableFields: ['type'],
  normalize: (secret) => withDefaultType(withStringData(secret)),
  validate: (secret, live) => [
    ...dataFaults(secret, ['data']),
    ...sizeFaults(secret, ['data'], 'data'),
    ...typeFaults(secret, live),
    ...requiredKeyFaults(secret),
    ...contentFaults(secret),
    ...immutableFaults(secret, live, ['data']),
  ],
});

/** The keys that a secret of a well-known type must have. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
};

/** What else a secret of a well-known type must be. */
function contentFaults(secret: KubernetesObject): FieldError[] {
  const data = fieldOf<Data>(secret, 'data') ?? {};
  switch (fieldOf<string>(secret, 'type')) {
    case 'kubernetes.io/basic-auth':
      if ('username' in data || 'password' in data) return [];
      return ['username', 'password'].map((key) => ({ type: 'Required', field: `data[${key}]` }));
    case 'kubernetes.io/service-account-token': {
      const account = 'kubernetes.io/service-account.name';
      if ((secret.metadata.annotations?.[account] ?? '') !== '') return [];
      return [{ type: 'Required', field: `metadata.annotations[${account}]` }];
    }
    case 'kubernetes.io/dockercfg':
      return jsonFaults(data, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson':
      return jsonFaults(data, '.dockerconfigjson');
    default:
      return [];
  }
}

function jsonFaults(data: Data, key: string): FieldError[] {
  if (data[key] === undefined) return [];
  try {
    parseJson(Buffer.from(data[key], 'base64').toString());
    return [];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const value = '<secret contents redacted>';
    return [{ type: 'Invalid', field: `data[${key}]`, value, detail }];
  }
}

function withStringData(secret: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = secret as KubernetesObject & { stringData?: Data; data?: Data };
  if (stringData === undefined) return rest;
  const data: Data = { ...rest.data };
  for (const [key, value] of Object.entries(stringData))
    data[key] = Buffer.from(value).toString('base64');
  return { ...rest, data } as KubernetesObject;
}

function withDefaultType(secret: KubernetesObject): KubernetesObject {
  return fieldOf(secret, 'type') === undefined
    ? ({ ...secret, type: 'Opaque' } as KubernetesObject)
    : secret;
}

function keysOf(object: KubernetesObject, field: string): string[] {
  return Object.keys(fieldOf<Data>(object, field) ?? {});
}

function dataFaults(object: KubernetesObject, fields: readonly string[]): FieldError[] {
  const keyFaults = fields.flatMap((field) =>
    keysOf(object, field).flatMap((key): FieldError[] => {
      const detail = faultOfConfigKey(key);
      return detail === undefined
        ? []
        : [{ type: 'Invalid', field: `${field}[${key}]`, value: key, detail }];
    }),
  );
  const [first = '', second = ''] = fields;
  const doubled = keysOf(object, first).filter((key) => keysOf(object, second).includes(key));
  const detail = `duplicate of key present in ${second}`;
  return [
    ...keyFaults,
    ...doubled.map((key): FieldError => ({
      type: 'Invalid',
      field: `${first}[${key}]`,
      value: key,
      detail,
    })),
  ];
}

function sizeFaults(
  object: KubernetesObject,
  fields: readonly string[],
  field: string,
): FieldError[] {
  const bytes = fields
    .flatMap((name) =>
      Object.values(fieldOf<Data>(object, name) ?? {}).map((value) =>
        name === 'data' && field === '' ? Buffer.byteLength(value) : (value.length * 3) / 4,
      ),
    )
    .reduce((sum, size) => sum + size, 0);
  if (bytes <= MAX_BYTES) return [];
  // A path of nothing is written so.
  const at = field === '' ? '[]' : field;
  return [{ type: 'TooLong', field: at, detail: `may not be more than ${MAX_BYTES} bytes` }];
}

function immutableFaults(
  object: KubernetesObject,
  live: Stored | undefined,
  fields: readonly string[],
): FieldError[] {
  if (live === undefined || fieldOf<boolean>(live, 'immutable') !== true) return [];
  const errors: FieldError[] = [];
  if (fieldOf<boolean>(object, 'immutable') !== true) {
    errors.push({ type: 'Forbidden', field: 'immutable', detail: IMMUTABLE });
  }
  for (const field of fields) {
    if (!isEqual(fieldOf(object, field) ?? {}, fieldOf(live, field) ?? {})) {
      errors.push({ type: 'Forbidden', field, detail: IMMUTABLE });
    }
  }
  return errors;
}

function typeFaults(secret: KubernetesObject, live: Stored | undefined): FieldError[] {
  const type = fieldOf<string>(secret, 'type');
  if (live === undefined || fieldOf(live, 'type') === type) return [];
  return [{ type: 'Invalid', field: 'type', value: type, detail: 'field is immutable' }];
}

function requiredKeyFaults(secret: KubernetesObject): FieldError[] {
  const present = keysOf(secret, 'data');
  return (REQUIRED_KEYS[fieldOf<string>(secret, 'type') ?? ''] ?? [])
    .filter((key) => !present.includes(key))
    .map((key) => ({ type: 'Required', field: `data[${key}]` }));
}
