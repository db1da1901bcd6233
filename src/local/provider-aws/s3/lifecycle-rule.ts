/** One rule of an S3 lifecycle, in the shape of `forProvider` (where single parts are lists of one) and in that of S3. */
import type {
  ExpirationStatus,
  LifecycleRule,
  LifecycleRuleFilter,
  TransitionStorageClass,
} from '@aws-sdk/client-s3';
import { fromTagPairs, toTagPairs, type Tags } from '../external/tags.js';

/** A single part: the provider's schema has it as a list of at most one. */
type Single<T> = readonly T[];

interface FilterParts {
  readonly prefix?: string | undefined;
  readonly objectSizeGreaterThan?: number | undefined;
  readonly objectSizeLessThan?: number | undefined;
}

interface FilterParameters extends FilterParts {
  readonly tag?: Single<{ readonly key: string; readonly value: string }> | undefined;
  readonly and?: Single<FilterParts & { readonly tags?: Tags }> | undefined;
}

export interface LifecycleRuleParameters {
  readonly id?: string | undefined;
  readonly status: string;
  readonly prefix?: string | undefined;
  readonly filter?: Single<FilterParameters> | undefined;
  readonly expiration?:
    | Single<{
        readonly date?: string | undefined;
        readonly days?: number | undefined;
        readonly expiredObjectDeleteMarker?: boolean | undefined;
      }>
    | undefined;
  readonly noncurrentVersionExpiration?: Single<Noncurrent> | undefined;
  readonly noncurrentVersionTransition?:
    readonly (Noncurrent & { readonly storageClass: string })[] | undefined;
  readonly transition?:
    | readonly {
        readonly date?: string | undefined;
        readonly days?: number | undefined;
        readonly storageClass: string;
      }[]
    | undefined;
  readonly abortIncompleteMultipartUpload?:
    Single<{ readonly daysAfterInitiation: number }> | undefined;
}

interface Noncurrent {
  readonly noncurrentDays?: number | undefined;
  readonly newerNoncurrentVersions?: number | undefined;
}

export function toLifecycleRule(wanted: LifecycleRuleParameters): LifecycleRule {
  const [filter] = wanted.filter ?? [];
  const [expiration] = wanted.expiration ?? [];
  const [noncurrent] = wanted.noncurrentVersionExpiration ?? [];
  const [abort] = wanted.abortIncompleteMultipartUpload ?? [];
  return {
    ...(wanted.id !== undefined && { ID: wanted.id }),
    Status: wanted.status as ExpirationStatus,
    // S3 wants one of the two in every rule; an empty filter is the whole bucket.
    ...(filter === undefined && wanted.prefix !== undefined
      ? // eslint-disable-next-line @typescript-eslint/no-deprecated -- rules of the older form have nothing else
        { Prefix: wanted.prefix }
      : { Filter: toFilter(filter ?? {}) }),
    ...(expiration && {
      Expiration: {
        ...(expiration.date && { Date: new Date(expiration.date) }),
        ...(expiration.days !== undefined && { Days: expiration.days }),
        ...(expiration.expiredObjectDeleteMarker !== undefined && {
          ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker,
        }),
      },
    }),
    ...(noncurrent && { NoncurrentVersionExpiration: toNoncurrent(noncurrent) }),
    ...(wanted.noncurrentVersionTransition && {
      NoncurrentVersionTransitions: wanted.noncurrentVersionTransition.map((transition) => ({
        ...toNoncurrent(transition),
        StorageClass: transition.storageClass as TransitionStorageClass,
      })),
    }),
    ...(wanted.transition && {
      Transitions: wanted.transition.map(({ date, days, storageClass }) => ({
        ...(date && { Date: new Date(date) }),
        ...(days !== undefined && { Days: days }),
        StorageClass: storageClass as TransitionStorageClass,
      })),
    }),
    ...(abort && {
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort.daysAfterInitiation },
    }),
  };
}

export function fromLifecycleRule(rule: LifecycleRule): LifecycleRuleParameters {
  const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload: abort } = rule;
  return {
    id: rule.ID,
    status: rule.Status ?? '',
    prefix: rule.Filter === undefined ? (rule as { Prefix?: string }).Prefix : undefined,
    filter: rule.Filter && [fromFilter(rule.Filter)],
    expiration: Expiration && [
      {
        date: Expiration.Date?.toISOString().replace('.000Z', 'Z'),
        days: Expiration.Days,
        expiredObjectDeleteMarker: Expiration.ExpiredObjectDeleteMarker,
      },
    ],
    noncurrentVersionExpiration: NoncurrentVersionExpiration && [
      fromNoncurrent(NoncurrentVersionExpiration),
    ],
    noncurrentVersionTransition: rule.NoncurrentVersionTransitions?.map((transition) => ({
      ...fromNoncurrent(transition),
      storageClass: transition.StorageClass ?? '',
    })),
    transition: rule.Transitions?.map(({ Date: date, Days, StorageClass }) => ({
      date: date?.toISOString().replace('.000Z', 'Z'),
      days: Days,
      storageClass: StorageClass ?? '',
    })),
    abortIncompleteMultipartUpload: abort && [
      { daysAfterInitiation: abort.DaysAfterInitiation ?? 0 },
    ],
  };
}

function toFilter({
  prefix,
  objectSizeGreaterThan,
  objectSizeLessThan,
  tag,
  and,
}: FilterParameters): LifecycleRuleFilter {
  const [all] = and ?? [];
  const [one] = tag ?? [];
  if (all !== undefined) {
    return {
      And: { ...toFilterParts(all), ...(all.tags && { Tags: toTagPairs(all.tags) }) },
    };
  }
  if (one !== undefined) return { Tag: { Key: one.key, Value: one.value } };
  const parts = toFilterParts({ prefix, objectSizeGreaterThan, objectSizeLessThan });
  return Object.keys(parts).length === 0 ? { Prefix: '' } : parts;
}

function toFilterParts({ prefix, objectSizeGreaterThan, objectSizeLessThan }: FilterParts) {
  return {
    ...(prefix !== undefined && { Prefix: prefix }),
    ...(objectSizeGreaterThan !== undefined && { ObjectSizeGreaterThan: objectSizeGreaterThan }),
    ...(objectSizeLessThan !== undefined && { ObjectSizeLessThan: objectSizeLessThan }),
  };
}

function fromFilter({ Tag, And, ...parts }: LifecycleRuleFilter): FilterParameters {
  return {
    ...fromFilterParts(parts),
    tag: Tag && [{ key: Tag.Key ?? '', value: Tag.Value ?? '' }],
    and: And && [{ ...fromFilterParts(And), tags: fromTagPairs(And.Tags) }],
  };
}

function fromFilterParts(parts: {
  readonly Prefix?: string | undefined;
  readonly ObjectSizeGreaterThan?: number | undefined;
  readonly ObjectSizeLessThan?: number | undefined;
}): FilterParts {
  return {
    prefix: parts.Prefix,
    objectSizeGreaterThan: parts.ObjectSizeGreaterThan,
    objectSizeLessThan: parts.ObjectSizeLessThan,
  };
}

function toNoncurrent({ noncurrentDays, newerNoncurrentVersions }: Noncurrent) {
  return {
    ...(noncurrentDays !== undefined && { NoncurrentDays: noncurrentDays }),
    ...(newerNoncurrentVersions !== undefined && {
      NewerNoncurrentVersions: newerNoncurrentVersions,
    }),
  };
}

function fromNoncurrent(part: {
  readonly NoncurrentDays?: number | undefined;
  readonly NewerNoncurrentVersions?: number | undefined;
}): Noncurrent {
  return {
    noncurrentDays: part.NoncurrentDays,
    newerNoncurrentVersions: part.NewerNoncurrentVersions,
  };
}
