/**
 * Expiry: deletes the items whose time to live has passed, in each region by itself, as ordinary writes that replicate.
 *
 * AWS promises "within a few days"; here a sweep a minute finds them. The deletion is under the condition that the time has not
 * been changed since, so a writer that prolongs an item's life wins.
 */
import type { Cloud } from '../../cloud.js';
import { AwsError } from '../../service.js';
import type { TableRecord } from '../table-record.js';
import type { Tables } from '../tables.js';
import type { Items } from './items.js';
import { itemPrefix, type Item, type ItemStorage, type StoredItem } from './storage.js';

const SWEEP_MS = 60_000;
/** AWS leaves items alone whose time is more than five years past: it is taken for a mistake. */
const TOO_OLD_SECONDS = 5 * 365 * 24 * 3600;

export class Expiry {
  private readonly stopping = new AbortController();
  private sweeping: Promise<void> | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly tables: Tables,
    private readonly storage: ItemStorage,
    private readonly items: Items,
  ) {}

  start(): void {
    this.sweeping = this.sweepRegularly();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.sweeping;
  }

  private async sweepRegularly(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await this.cloud.clock.sleep(SWEEP_MS, signal);
      if (signal.aborted) return;
      for (const table of this.tables.all()) {
        await this.sweep(table).catch((error: unknown) => {
          this.cloud.log.error('expired items will be looked for again', {
            table: table.name,
            error,
          });
        });
      }
    }
  }

  private async sweep(table: TableRecord): Promise<void> {
    const attribute = table.shared.ttlAttribute;
    if (attribute === undefined || table.status === 'DELETING') return;
    if (!this.cloud.network.isUp(table.region)) return;
    const nowSeconds = this.cloud.clock.now() / 1000;
    for await (const [, { item }] of this.storage.entries<StoredItem>(itemPrefix(table.id))) {
      const time = item?.[attribute]?.N as string | undefined;
      if (item === undefined || time === undefined) continue;
      const seconds = Number(time);
      if (seconds > nowSeconds || seconds < nowSeconds - TOO_OLD_SECONDS) continue;
      await this.expire(table, item, attribute, time);
    }
  }

  private async expire(table: TableRecord, item: Item, attribute: string, time: string) {
    try {
      await this.items.write(table.region, 'DeleteItem', {
        TableName: table.name,
        Key: Object.fromEntries(
          table.shared.keys.map(({ AttributeName }) => [AttributeName, item[AttributeName]]),
        ),
        ConditionExpression: '#time = :time',
        ExpressionAttributeNames: { '#time': attribute },
        ExpressionAttributeValues: { ':time': { N: time } },
      });
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') return;
      throw error;
    }
  }
}
