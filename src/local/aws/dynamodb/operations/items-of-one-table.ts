/** GetItem, PutItem, UpdateItem, DeleteItem, Query and Scan: one table each, done by `items/items.ts`. */
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { ReadName, WriteName } from '../items/items.js';
import { arnOf, needsTable, tableNameOf, type Operation } from '../operation.js';

type OneTable = Pick<QueryCommandInput, 'TableName'>;
type OneIndex = Pick<QueryCommandInput, 'TableName' | 'IndexName'>;

const read = (name: ReadName): Operation<OneIndex> => ({
  needs: (call) => [{ resource: arnOf(call, call.input.TableName, call.input.IndexName) }],
  perform: (db, { region, input }) =>
    db.items.read(region, name, { ...input, TableName: tableNameOf(input.TableName) }),
});

const write = (name: WriteName): Operation<OneTable> => ({
  needs: needsTable,
  perform: (db, { region, input }) =>
    db.items.write(region, name, { ...input, TableName: tableNameOf(input.TableName) }),
});

export const getItem = read('GetItem');
export const query = read('Query');
export const scan = read('Scan');
export const putItem = write('PutItem');
export const updateItem = write('UpdateItem');
export const deleteItem = write('DeleteItem');
