import type { TableRecord } from '../table-record.js';

/**
 * What two writers of an item must not hold at once. In eventual mode each replica has writers of its own; in strong mode an
 * item has one writer in all regions.
 */
export function lockKey(table: TableRecord, key: string): string {
  const scope = table.shared.consistency === 'STRONG' ? table.group : table.id;
  return `${scope}/${key}`;
}
