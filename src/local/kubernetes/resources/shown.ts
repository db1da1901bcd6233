/** A record as a resource shows it; where that is as it is stored, which is remembered, its JSON is at hand. */
import type { Stored } from '../../../support/kubernetes/objects.js';
import { formatJson } from '../json/json.js';
import type { StoredRecord } from '../storage/record.js';
import type { Resource } from './resource.js';

export function shownObject(resource: Resource, record: StoredRecord): Stored {
  const stored = record.object;
  if (record.isAsIsFor(resource)) return stored;
  const shown = resource.fromStored(stored);
  if (shown === stored) record.markAsIsFor(resource);
  return shown;
}

export function shownJson(resource: Resource, record: StoredRecord): string {
  if (record.isAsIsFor(resource)) return record.json;
  const shown = shownObject(resource, record);
  return record.isAsIsFor(resource) ? record.json : formatJson(shown);
}
