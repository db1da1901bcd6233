/** The tables of all regions: found by region and name, changed one step at a time, each step on disk before it shows. */
import type { Cloud, DurableMap } from '../cloud.js';
import { AwsError } from '../service.js';
import type { TableRecord } from './table-record.js';

export class Tables {
  private constructor(private readonly records: DurableMap<TableRecord>) {}

  static async open(cloud: Cloud): Promise<Tables> {
    return new Tables(await cloud.state.map<TableRecord>('dynamodb-tables'));
  }

  find(region: string, name: string): TableRecord | undefined {
    return this.records.get(keyOf(region, name));
  }

  /** Throws ResourceNotFoundException where there is no such table, in whatever state. */
  get(region: string, name: string): TableRecord {
    const table = this.find(region, name);
    if (table === undefined)
      throw resourceNotFound(`Requested resource not found: Table: ${name} not found`);
    return table;
  }

  /** The table whose items can be read and written now. */
  serving(region: string, name: string): TableRecord {
    const table = this.find(region, name);
    if (table === undefined || table.status === 'CREATING' || table.status === 'DELETING') {
      throw resourceNotFound('Requested resource not found');
    }
    return table;
  }

  all(): TableRecord[] {
    return [...this.records.values()];
  }

  inRegion(region: string): TableRecord[] {
    return this.all()
      .filter((table) => table.region === region)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The members of a global table that are there, this one too. */
  replicas(table: TableRecord): TableRecord[] {
    return table.shared.members.flatMap((member) => {
      const replica = this.find(member.region, table.name);
      return replica?.id === member.tableId ? [replica] : [];
    });
  }

  /** Changes the stored table; nothing happens if it is gone, or another of the same name by now. */
  async change(
    table: TableRecord,
    change: (current: TableRecord) => TableRecord,
  ): Promise<TableRecord> {
    const current = this.find(table.region, table.name);
    if (current?.id !== table.id) return table;
    const changed = change(current);
    if (changed !== current) await this.save(changed);
    return changed;
  }

  save(table: TableRecord): Promise<void> {
    return this.records.set(keyOf(table.region, table.name), table);
  }

  remove(table: TableRecord): Promise<void> {
    return this.records.delete(keyOf(table.region, table.name));
  }
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

const DOING = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted' } as const;

/** Throws ResourceInUseException where the table is on its way to another state. */
export function checkIsAtRest({ name, status }: TableRecord): void {
  if (status === 'ACTIVE') return;
  throw new AwsError(
    'ResourceInUseException',
    `Attempt to change a resource which is still in use: Table is being ${DOING[status]}: ${name}`,
  );
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** A table, or a copy of one, that DynamoDB refuses to delete. */
export function protectedTable(): AwsError {
  return validationError(
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  );
}

function keyOf(region: string, name: string): string {
  return `${region}/${name}`;
}
