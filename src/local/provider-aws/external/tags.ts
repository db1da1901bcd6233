/** Tags: a map in `forProvider`, a list of pairs in most AWS APIs. */
export type Tags = Readonly<Record<string, string>>;

export interface TagPair {
  readonly Key: string;
  readonly Value: string;
}

export function toTagPairs(tags: Tags | undefined): TagPair[] {
  return Object.entries(tags ?? {})
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}

/** AWS's own tags (`aws:…`) are not ours to see or to remove. */
export function fromTagPairs(
  pairs: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Tags {
  return withoutSystemTags(
    Object.fromEntries((pairs ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  );
}

export function withoutSystemTags(tags: Tags | undefined): Tags {
  return Object.fromEntries(Object.entries(tags ?? {}).filter(([key]) => !key.startsWith('aws:')));
}

/** What to set and what to take away so that `actual` becomes `wanted`. */
export function tagChanges(
  wanted: Tags | undefined,
  actual: Tags | undefined,
): { readonly set: Tags; readonly unset: string[] } {
  const set = Object.entries(wanted ?? {}).filter(([key, value]) => actual?.[key] !== value);
  const unset = Object.keys(actual ?? {}).filter((key) => wanted?.[key] === undefined);
  return { set: Object.fromEntries(set), unset };
}
