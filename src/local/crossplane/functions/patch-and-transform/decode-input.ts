/**
 * Decodes the function's input from JSON, as the real function decodes it into its structs: a field of another type and a
 * field that nobody knows are refused, in the words of its decoder. Null is the same as absent.
 */
import { type Json, type JsonMap, isMap, sortedKeys } from '../go/value.js';
import type {
  Combine,
  ConnectionDetail,
  ConnectionSecretTarget,
  Input,
  MatchPattern,
  MatchTransform,
  MathTransform,
  Patch,
  PatchSet,
  ReadinessCheck,
  StringTransform,
  Template,
  Transform,
} from './input.js';

type Decode<T> = (value: Json) => T;

/** A field that is left out when absent. */
interface Optional<T> {
  readonly optional: Decode<T>;
}

/** A field that is its type's zero value when absent. */
interface Zeroed<T> {
  readonly zeroed: Decode<T>;
  readonly zero: T;
}

type Shape<T> = {
  readonly [K in keyof T]-?: undefined extends T[K]
    ? Optional<Exclude<T[K], undefined>>
    : Zeroed<T[K]> | Optional<T[K]>;
};

const optional = <T>(decode: Decode<T>): Optional<T> => ({ optional: decode });
const zeroed = <T>(decode: Decode<T>, zero: T): Zeroed<T> => ({ zeroed: decode, zero });

const MAX_INT64 = 2 ** 63;

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const wrong = (value: Json, goType: string): Error =>
  new Error(`json: cannot unmarshal JSON ${kindOf(value)} into Go value of type ${goType}`);

const named =
  (goType: string): Decode<string> =>
  (value) => {
    if (typeof value !== 'string') throw wrong(value, goType);
    return value;
  };
const integer =
  (goType: string): Decode<bigint> =>
  (value) => {
    if (typeof value !== 'number') throw wrong(value, goType);
    if (!Number.isInteger(value) || Math.abs(value) >= MAX_INT64) {
      const why = Number.isInteger(value) ? 'value out of range' : 'invalid syntax';
      const number = String(value);
      throw new Error(
        `${wrong(value, goType).message}: cannot parse "${number}" as signed integer: ${why}`,
      );
    }
    return BigInt(value);
  };
const string = named('string');
const int64 = integer('int64');
const any: Decode<Json> = (value) => value;
const mapOf: Decode<JsonMap> = (value) => {
  if (!isMap(value)) throw wrong(value, 'v1beta1.MapTransform');
  return value;
};
const listOf =
  <T>(goType: string, item: Decode<T>): Decode<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw wrong(value, `[]v1beta1.${goType}`);
    return value.map((entry) => item(entry ?? {}));
  };
function object<T extends object>(goType: string, shape: Shape<T>): Decode<T> {
  const fields = new Map(Object.entries<Optional<unknown> | Zeroed<unknown>>(shape));
  return (value) => {
    if (!isMap(value)) throw wrong(value, `v1beta1.${goType}`);
    const out: Record<string, unknown> = {};
    for (const [name, field] of fields) if ('zeroed' in field) out[name] = field.zero;
    for (const name of sortedKeys(value)) {
      const field = fields.get(name);
      if (field === undefined) {
        const where = `Go value of type v1beta1.${goType}`;
        throw new Error(`json: cannot unmarshal ${where}: unknown name ${JSON.stringify(name)}`);
      }
      const given = value[name] ?? null;
      if (given !== null)
        out[name] = 'zeroed' in field ? field.zeroed(given) : field.optional(given);
    }
    return out as T;
  };
}
const list = <T extends object>(goType: string, shape: Shape<T>): Zeroed<readonly T[]> =>
  zeroed(listOf(goType, object(goType, shape)), []);

const text = zeroed(string, '');
const choice = (goType: string): Zeroed<string> => zeroed(named(`v1beta1.${goType}`), '');

const transform: Shape<Transform> = {
  type: choice('TransformType'),
  math: optional(
    object<MathTransform>('MathTransform', {
      type: choice('MathTransformType'),
      multiply: optional(int64),
      clampMin: optional(int64),
      clampMax: optional(int64),
    }),
  ),
  map: optional(mapOf),
  match: optional(
    object<MatchTransform>('MatchTransform', {
      patterns: list<MatchPattern>('MatchTransformPattern', {
        type: choice('MatchTransformPatternType'),
        literal: optional(string),
        regexp: optional(string),
        result: optional(any),
      }),
      fallbackValue: optional(any),
      fallbackTo: choice('MatchFallbackTo'),
    }),
  ),
  string: optional(
    object<StringTransform>('StringTransform', {
      type: choice('StringTransformType'),
      fmt: optional(string),
      convert: optional(named('v1beta1.StringConversionType')),
      trim: optional(string),
      regexp: optional(
        object<NonNullable<StringTransform['regexp']>>('StringTransformRegexp', {
          match: text,
          group: optional(integer('int')),
          replace: optional(string),
        }),
      ),
      join: optional(
        object<NonNullable<StringTransform['join']>>('StringTransformJoin', { separator: text }),
      ),
      replace: optional(
        object<NonNullable<StringTransform['replace']>>('StringTransformReplace', {
          search: text,
          replace: text,
        }),
      ),
    }),
  ),
  convert: optional(
    object<NonNullable<Transform['convert']>>('ConvertTransform', {
      toType: choice('TransformIOType'),
      format: optional(named('v1beta1.ConvertTransformFormat')),
    }),
  ),
};

/** Only a patch of a template may name a PatchSet. */
const patch: Shape<Omit<Patch, 'patchSetName'>> = {
  type: zeroed(
    (value) => named('v1beta1.PatchType')(value) || 'FromCompositeFieldPath',
    'FromCompositeFieldPath',
  ),
  fromFieldPath: optional(string),
  toFieldPath: optional(string),
  combine: optional(
    object<Combine>('Combine', {
      strategy: choice('CombineStrategy'),
      variables: list<Combine['variables'][number]>('CombineVariable', { fromFieldPath: text }),
      string: optional(object<NonNullable<Combine['string']>>('StringCombine', { fmt: text })),
    }),
  ),
  transforms: list<Transform>('Transform', transform),
  policy: optional(
    object<NonNullable<Patch['policy']>>('PatchPolicy', {
      fromFieldPath: optional(named('v1beta1.FromFieldPathPolicy')),
      toFieldPath: optional(named('v1beta1.ToFieldPathPolicy')),
    }),
  ),
};
const patches = (goType: string): Zeroed<readonly Patch[]> =>
  list<Omit<Patch, 'patchSetName'>>(goType, patch);

const template: Shape<Template> = {
  name: text,
  base: optional(any),
  patches: list<Patch>('ComposedPatch', { ...patch, patchSetName: optional(string) }),
  connectionDetails: list<ConnectionDetail>('ConnectionDetail', {
    name: text,
    type: choice('ConnectionDetailType'),
    fromConnectionSecretKey: optional(string),
    fromFieldPath: optional(string),
    value: optional(string),
  }),
  readinessChecks: list<ReadinessCheck>('ReadinessCheck', {
    type: choice('ReadinessCheckType'),
    fieldPath: optional(string),
    matchString: optional(string),
    matchInteger: optional(int64),
    matchCondition: optional(
      object<NonNullable<ReadinessCheck['matchCondition']>>('MatchConditionReadinessCheck', {
        type: text,
        status: text,
      }),
    ),
  }),
};

/** What every Kubernetes object has says nothing here. */
interface TypedInput extends Input {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Json;
}

const input = object<TypedInput>('Resources', {
  apiVersion: optional(string),
  kind: optional(string),
  metadata: optional(any),
  patchSets: list<PatchSet>('PatchSet', { name: text, patches: patches('PatchSetPatch') }),
  environment: optional(
    object<NonNullable<Input['environment']>>('Environment', {
      patches: patches('EnvironmentPatch'),
    }),
  ),
  resources: list<Template>('ComposedTemplate', template),
  writeConnectionSecretToRef: optional(
    object<ConnectionSecretTarget>('WriteConnectionSecretToRef', {
      name: text,
      namespace: text,
      patches: patches('ConnectionSecretPatch'),
    }),
  ),
});

const WHAT =
  'cannot get Function input: cannot get function input *v1beta1.Resources from *v1.RunFunctionRequest: cannot unmarshal JSON from *structpb.Struct into *v1beta1.Resources';

/** Throws on what the real function's decoder refuses. */
export function decodeInput(value: unknown): Input {
  try {
    return input((value ?? {}) as Json);
  } catch (cause) {
    throw new Error(`${WHAT}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
