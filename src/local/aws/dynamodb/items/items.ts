/**
 * The items of all regions: reads and writes of single items and of several, under locks, with their metrics.
 *
 * A read sees what is committed in its region. A write checks its condition in its region only, commits atomically, and leaves
 * replication to the debts that the commit stores.
 */
import db from 'dynalite/db/index.js';
import type { Cloud } from '../../cloud.js';
import { AwsError } from '../../service.js';
import { toSchema, type TableRecord } from '../table-record.js';
import type { TableSize } from '../describe-table.js';
import type { StrongConsistency } from '../strong-consistency.js';
import type { Tables } from '../tables.js';
import type { Committer } from './commit.js';
import { act, toAwsError, validate, type ActionName } from './dynalite-actions.js';
import { refuseEmptyIndexKeys } from './index-keys.js';
import type { KeyLocks } from '../../state/key-locks.js';
import { lockKey } from './lock-key.js';
import {
  itemPrefix,
  type Change,
  type Item,
  type ItemStorage,
  type StoredItem,
} from './storage.js';
import { ItemTransaction } from './transaction.js';

export type WriteName = 'PutItem' | 'UpdateItem' | 'DeleteItem';
export type ReadName = 'GetItem' | 'BatchGetItem' | 'Query' | 'Scan';

/** One write of a transaction, validated. */
export interface TransactionStep {
  readonly kind: WriteName | 'ConditionCheck';
  readonly table: TableRecord;
  readonly key: string;
  readonly data: Record<string, unknown>;
  /** What is wrong with the step's key: it cancels the transaction, as a failed condition does. */
  readonly refusal?: AwsError;
}

/** What the steps of a transaction say, each `undefined` where it can be done, and what they took. */
export interface TransactionOutcome {
  readonly refusals: readonly (AwsError | undefined)[];
  readonly capacity: readonly Capacity[];
}

/** Reads and writes of transactions take twice what they take by themselves. */
const TRANSACTION_FACTOR = 2;

/** An action of dynalite on items, and the transaction in which it happens. */
interface Work {
  readonly region: string;
  readonly action: ActionName;
  readonly kind: 'Read' | 'Write';
  readonly data: Record<string, unknown>;
  readonly transaction: ItemTransaction;
}

/** How long a count of a table stands: counting reads every item. */
const COUNT_MS = 5000;

export class Items {
  private readonly sizes = new Map<string, TableSize & { readonly countedAtMs: number }>();

  constructor(
    private readonly cloud: Cloud,
    private readonly tables: Tables,
    private readonly storage: ItemStorage,
    private readonly locks: KeyLocks,
    private readonly committer: Committer,
    private readonly strong: StrongConsistency,
  ) {}

  async read(region: string, name: ReadName, input: object): Promise<Record<string, unknown>> {
    const data = validate(name, input);
    for (const name of stronglyRead(data)) {
      const served = this.tables.serving(region, name);
      if (served.shared.consistency === 'STRONG') await this.strong.catchUp(served);
    }
    const transaction = this.transaction(region);
    return this.measured({ region, action: name, kind: 'Read', data, transaction });
  }

  async write(region: string, name: WriteName, input: object): Promise<Record<string, unknown>> {
    const data = validate(name, input);
    const table = this.tables.serving(region, data.TableName as string);
    const key = keyOf(table, name, data);
    const work = () =>
      this.locks.hold([lockKey(table, key)], async () => {
        const transaction = this.transaction(region);
        try {
          const work = { region, action: name, kind: 'Write', data, transaction } as const;
          const output = await this.measured(work);
          this.checkIndexKeys(name, table, key, transaction);
          await this.committer.commit(transaction);
          return output;
        } catch (error) {
          throw this.withOldItem(error, table, key, input);
        }
      });
    return table.shared.consistency === 'STRONG' ? this.strong.write(table, key, work) : work();
  }

  /** What each step would say, and whether all of them were done: all or none. */
  async transact(
    region: string,
    steps: readonly TransactionStep[],
    alongside: readonly Change[],
  ): Promise<TransactionOutcome> {
    const keys = steps.map(({ table, key }) => lockKey(table, key));
    return this.locks.hold(keys, async () => {
      const transaction = this.transaction(region);
      const refusals: (AwsError | undefined)[] = [];
      const capacity: Capacity[] = [];
      for (const step of steps) {
        const { kind, table, key, data, refusal } = step;
        try {
          if (refusal !== undefined) throw refusal;
          if (kind === 'ConditionCheck') capacity.push(this.check(step));
          else {
            const work = { region, action: kind, kind: 'Write', data, transaction } as const;
            capacity.push((await this.transacted(work)).capacity);
          }
          refusals.push(undefined);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          refusals.push(this.withOldItem(error, table, key, data) as AwsError);
        }
        // Refused at once: AWS takes it for a mistake in the input.
        if (kind !== 'ConditionCheck') this.checkIndexKeys(kind, table, key, transaction);
      }
      if (refusals.every((refusal) => refusal === undefined)) {
        await this.committer.commit(transaction, alongside);
      }
      return { refusals, capacity };
    });
  }

  /** Reads several items as they are at one moment; each answer has what it took. */
  async snapshot(
    region: string,
    gets: readonly { readonly table: TableRecord; readonly data: Record<string, unknown> }[],
  ): Promise<{ readonly item: object | undefined; readonly capacity: Capacity }[]> {
    const keys = gets.map(({ table, data }) => lockKey(table, keyOf(table, 'GetItem', data)));
    return this.locks.hold(keys, () =>
      Promise.all(
        gets.map(async ({ data }) => {
          const transaction = this.transaction(region);
          const { output, capacity } = await this.transacted({
            ...({ region, action: 'GetItem', kind: 'Read', transaction } as const),
            data: { ...data, ConsistentRead: true },
          });
          return { item: output.Item as object | undefined, capacity };
        }),
      ),
    );
  }

  /** What was there when it was last counted; AWS counts every six hours or so. */
  async size(table: TableRecord): Promise<TableSize> {
    const last = this.sizes.get(table.id);
    const nowMs = this.cloud.clock.now();
    if (last !== undefined && nowMs - last.countedAtMs < COUNT_MS) return last;
    const size = { ...(await this.count(table)), countedAtMs: nowMs };
    this.sizes.set(table.id, size);
    return size;
  }

  private async count(table: TableRecord): Promise<TableSize> {
    let items = 0;
    let bytes = 0;
    for await (const [, { item }] of this.storage.entries<StoredItem>(itemPrefix(table.id))) {
      if (item === undefined) continue;
      items += 1;
      bytes += db.itemSize(item);
    }
    return { items, bytes };
  }

  isEmpty(table: TableRecord): Promise<boolean> {
    return this.storage.has(itemPrefix(table.id)).then((has) => !has);
  }

  /** Whether a transaction with this token was done already. Throws where it was another one. */
  wasDone({ region, token, digest }: RequestToken, nowMs: number): boolean {
    const mark = this.storage.get(tokenKey(region, token)) as TokenMark | undefined;
    if (mark === undefined || mark.untilMs < nowMs) return false;
    if (mark.digest === digest) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  }

  /** What is stored with a transaction so that its token is known until then. */
  doneMark({ region, token, digest }: RequestToken, untilMs: number): Change {
    return { key: tokenKey(region, token), value: { digest, untilMs } satisfies TokenMark };
  }

  private transaction(region: string): ItemTransaction {
    return new ItemTransaction(this.storage, (name) => this.tables.serving(region, name));
  }

  /** A write that is none: what it takes is the least a write can take. */
  private check({ table, key, data }: TransactionStep): Capacity {
    const existing = this.storage.stored(table.id, key)?.item;
    const refusal = db.checkConditional(data, existing);
    if (refusal !== null && refusal !== undefined) throw toAwsError(refusal);
    return { TableName: table.name, CapacityUnits: TRANSACTION_FACTOR };
  }

  private checkIndexKeys(
    kind: WriteName,
    table: TableRecord,
    key: string,
    transaction: ItemTransaction,
  ): void {
    const before = this.storage.stored(table.id, key)?.item;
    refuseEmptyIndexKeys(table, before, transaction.written(table, key), kind === 'UpdateItem');
  }

  private async transacted(work: Work) {
    const data = { ...work.data, ReturnConsumedCapacity: 'TOTAL' };
    const { ConsumedCapacity, ...output } = await this.measured(
      { ...work, data },
      TRANSACTION_FACTOR,
    );
    return { output, capacity: ConsumedCapacity as Capacity };
  }

  /** Acts, and publishes the capacity it took; says it to the caller only if asked. */
  private async measured(
    { region, action, kind, data, transaction }: Work,
    factor = 1,
  ): Promise<Record<string, unknown>> {
    const asked =
      data.ReturnConsumedCapacity === 'TOTAL' || data.ReturnConsumedCapacity === 'INDEXES';
    const { ConsumedCapacity, ...output } = await act(
      action,
      transaction,
      asked ? data : { ...data, ReturnConsumedCapacity: 'TOTAL' },
    );
    const taken = [ConsumedCapacity ?? []].flat() as Capacity[];
    for (const { TableName, CapacityUnits } of taken) {
      this.cloud.metrics.record({
        region,
        namespace: 'AWS/DynamoDB',
        name: `Consumed${kind}CapacityUnits`,
        dimensions: { TableName },
        value: CapacityUnits * factor,
        unit: 'Count',
      });
    }
    if (!asked) return output;
    const [only] = taken;
    const isOne = only !== undefined && factor !== 1;
    return {
      ...output,
      ConsumedCapacity: isOne
        ? { ...only, CapacityUnits: only.CapacityUnits * factor }
        : ConsumedCapacity,
    };
  }

  /** A failed condition tells the item that was there, to those who asked for it. */
  private withOldItem(error: unknown, table: TableRecord, key: string, input: object): unknown {
    if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException')
      return error;
    this.cloud.metrics.record({
      region: table.region,
      namespace: 'AWS/DynamoDB',
      name: 'ConditionalCheckFailedRequests',
      dimensions: { TableName: table.name },
      value: 1,
      unit: 'Count',
    });
    const { ReturnValuesOnConditionCheckFailure: wanted } = input as Record<string, unknown>;
    const item = wanted === 'ALL_OLD' ? this.storage.stored(table.id, key)?.item : undefined;
    return item === undefined
      ? error
      : new AwsError(error.code, error.message, error.status, { Item: item });
  }
}

/** A ClientRequestToken and a digest of what it was sent with. */
export interface RequestToken {
  readonly region: string;
  readonly token: string;
  readonly digest: string;
}

interface TokenMark {
  readonly digest: string;
  readonly untilMs: number;
}

const tokenKey = (region: string, token: string) => `token!${region}!${token}`;

export interface Capacity {
  readonly TableName: string;
  readonly CapacityUnits: number;
}

/** The tables of which a read wants what was written last. */
function stronglyRead(data: Record<string, unknown>): string[] {
  if (data.ConsistentRead === true) return [data.TableName as string];
  const requests = Object.entries((data.RequestItems ?? {}) as Record<string, ConsistentRequest>);
  return requests.filter(([, { ConsistentRead }]) => ConsistentRead).map(([name]) => name);
}

interface ConsistentRequest {
  readonly ConsistentRead?: boolean;
}

/** The item's key as it is stored. Throws ValidationException where the request does not name a whole key. */
export function keyOf(
  table: TableRecord,
  name: WriteName | 'GetItem' | 'ConditionCheck',
  data: Record<string, unknown>,
): string {
  const schema = toSchema(table);
  const item = (name === 'PutItem' ? data.Item : data.Key) as Item;
  const invalid = name === 'PutItem' ? db.validateItem(item, schema) : db.validateKey(item, schema);
  if (invalid !== null && invalid !== undefined) throw toAwsError(invalid);
  return db.createKey(item, schema);
}
