/** What changes in a table when a version of an item is stored: the item or its tombstone, and the entries of its indexes. */
import db from 'dynalite/db/index.js';
import { toSchema, type SharedSettings, type TableRecord } from '../table-record.js';
import {
  indexPrefix,
  isLater,
  itemPrefix,
  tombstonePrefix,
  type Change,
  type Item,
  type ItemStorage,
  type StoredItem,
} from './storage.js';

/** What a version that was written elsewhere changes here: nothing if what is here is as late or later. */
export function arrivalChanges(
  storage: ItemStorage,
  table: TableRecord,
  key: string,
  stored: StoredItem,
): Change[] {
  const before = storage.stored(table.id, key);
  if (before !== undefined && !isLater(stored.version, before.version)) return [];
  const { globalIndexes, localIndexes } = table.shared;
  const indexes = [...globalIndexes, ...localIndexes];
  return [
    ...toChanges(table, key, stored),
    ...indexChanges(table, indexes, before?.item, stored.item),
  ];
}

/** What storing a version of an item changes: a deletion is remembered where other replicas may still send older writes. */
export function toChanges(table: TableRecord, key: string, stored: StoredItem): Change[] {
  const item = itemPrefix(table.id) + key;
  const tombstone = tombstonePrefix(table.id) + key;
  if (stored.item !== undefined) return [{ key: item, value: stored }, { key: tombstone }];
  const isGlobal = table.shared.members.length > 1;
  return [{ key: item }, isGlobal ? { key: tombstone, value: stored } : { key: tombstone }];
}

export function indexChanges(
  table: TableRecord,
  indexes: readonly SharedSettings['globalIndexes' | 'localIndexes'][number][],
  before: Item | undefined,
  after: Item | undefined,
): Change[] {
  const { puts, deletes } = db.getIndexActions(indexes, before, after, toSchema(table));
  return [
    ...deletes.map(({ index, key }) => ({ key: indexPrefix(table.id, index) + key })),
    ...puts.map(({ index, key, item }) => ({
      key: indexPrefix(table.id, index) + key,
      value: item,
    })),
  ];
}
