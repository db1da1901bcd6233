/**
 * What an operation of the DynamoDB API is: which permissions a call needs, and what it does.
 *
 * The service asks for the permissions before it performs, so no operation can forget to.
 */
import type { Cloud } from '../cloud.js';
import type { Items } from './items/items.js';
import type { Lifecycle } from './lifecycle.js';
import type { Sharing } from './sharing.js';
import type { TableRecord } from './table-record.js';
import { validationError, type Tables } from './tables.js';

/** The parts that operations work with. */
export interface DynamoDb {
  readonly cloud: Cloud;
  readonly tables: Tables;
  readonly sharing: Sharing;
  readonly lifecycle: Lifecycle;
  readonly items: Items;
  /** How long DeleteTable refuses a table after a replica was made from it, in milliseconds; 24 hours in AWS. */
  readonly sourceTableHoldMs: number;
}

export interface Call<Input extends object = object> {
  readonly region: string;
  readonly accountId: string;
  readonly input: Input;
}

export interface Need {
  /** Without `dynamodb:`; the operation's name unless it says otherwise. */
  readonly action?: string;
  readonly resource: string;
}

export interface Operation<Input extends object = object> {
  needs(call: Call<Input>): readonly Need[];
  perform(db: DynamoDb, call: Call<Input>): Promise<object>;
}

/** The ARN of a table named in a call, whether it exists or not. */
export function arnOf(call: Call, name: string | undefined, index?: string): string {
  const arn = `arn:aws:dynamodb:${call.region}:${call.accountId}:table/${tableNameOf(name)}`;
  return index === undefined ? arn : `${arn}/index/${index}`;
}

/** Wherever AWS takes a table's name it takes its ARN too. */
export function tableNameOf(nameOrArn: string | undefined): string {
  if (typeof nameOrArn !== 'string') {
    throw validationError(
      "The parameter 'TableName' is required but was not present in the request",
    );
  }
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}

/** The permission that calls about one table need. */
export function needsTable(call: Call<{ TableName?: string | undefined }>): readonly Need[] {
  return [{ resource: arnOf(call, call.input.TableName) }];
}

export function tableOf(db: DynamoDb, call: Call<{ TableName?: string | undefined }>): TableRecord {
  return db.tables.get(call.region, tableNameOf(call.input.TableName));
}

/** Refuses what the API has and this service does not do: nothing is accepted and ignored. */
export function refuse(input: object, members: readonly string[]): void {
  for (const member of members) {
    if ((input as Record<string, unknown>)[member] === undefined) continue;
    throw validationError(
      `One or more parameter values were invalid: ${member} is not supported by the local DynamoDB`,
    );
  }
}
