/** What may stand in the key of a secondary index: nothing, which keeps the item out of it, or a value that is not empty. */
import type { AwsError } from '../../service.js';
import type { TableRecord } from '../table-record.js';
import { validationError } from '../tables.js';
import type { Item } from './storage.js';

/** Throws ValidationException where a write puts an empty string or binary into one. What was there before may stay. */
export function refuseEmptyIndexKeys(
  { shared }: TableRecord,
  before: Item | undefined,
  after: Item | undefined,
  isUpdate: boolean,
): void {
  for (const { IndexName, KeySchema } of [...shared.globalIndexes, ...shared.localIndexes]) {
    for (const { AttributeName: name = '' } of KeySchema) {
      const type = emptyTypeOf(after?.[name]);
      if (type === undefined) continue;
      if (!isUpdate) throw emptyInItem(type, IndexName, name);
      if (emptyTypeOf(before?.[name]) === undefined) throw emptyInUpdate(type);
    }
  }
}

function emptyTypeOf(value: Item[string] | undefined): 'string' | 'binary' | undefined {
  if (value?.S === '') return 'string';
  return value?.B === '' ? 'binary' : undefined;
}

function emptyInItem(type: string, index: string, name: string): AwsError {
  return validationError(
    `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${type} value. IndexName: ${index}, IndexKey: ${name}`,
  );
}

function emptyInUpdate(type: string): AwsError {
  return validationError(
    `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${type} value.`,
  );
}
