/** The functions of the account, by region and name. */
import type { Cloud, DurableMap } from '../cloud.js';
import { AwsError } from '../service.js';
import type { FunctionRecord } from './function-record.js';

const FUNCTION_NAME = /^[a-zA-Z0-9-_]{1,64}$/;

export class FunctionStore {
  private constructor(
    private readonly cloud: Cloud,
    private readonly records: DurableMap<FunctionRecord>,
  ) {}

  static async open(cloud: Cloud): Promise<FunctionStore> {
    return new FunctionStore(cloud, await cloud.state.map<FunctionRecord>('lambda/functions'));
  }

  arnOf(region: string, name: string): string {
    return `arn:aws:lambda:${region}:${this.cloud.accountId}:function:${name}`;
  }

  /** Throws ResourceNotFoundException (404). */
  find(region: string, name: string): FunctionRecord {
    const record = this.records.get(keyOf(region, name));
    if (record === undefined) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Function not found: ${this.arnOf(region, name)}`,
        404,
        { Type: 'User' },
      );
    }
    return record;
  }

  has(region: string, name: string): boolean {
    return this.records.has(keyOf(region, name));
  }

  all(): Iterable<FunctionRecord> {
    return this.records.values();
  }

  ofRegion(region: string): FunctionRecord[] {
    return [...this.records.values()]
      .filter((record) => record.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  put(record: FunctionRecord): Promise<void> {
    return this.records.set(keyOf(record.region, record.name), record);
  }

  remove(record: FunctionRecord): Promise<void> {
    return this.records.delete(keyOf(record.region, record.name));
  }

  /**
   * The function's name in what a caller may write: a name, `account:function:name` or an ARN, with or without `:$LATEST`.
   * Throws for another account or region, and for versions and aliases, which do not exist here.
   */
  nameIn(written: string, region: string, qualifier: string | null): string {
    const parts = written.split(':');
    const at = parts.indexOf('function');
    const isArn = parts[0] === 'arn';
    const name = at < 0 ? (parts[0] ?? '') : (parts[at + 1] ?? '');
    const version = qualifier ?? (at < 0 ? parts[1] : parts[at + 2]);
    if (!FUNCTION_NAME.test(name)) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value '${written}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${FUNCTION_NAME.source}`,
      );
    }
    if (isArn && (parts[3] !== region || parts[4] !== this.cloud.accountId)) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${written}`, 404);
    }
    if (version !== undefined && version !== '$LATEST') {
      throw new AwsError(
        'ResourceNotFoundException',
        `Function not found: ${this.arnOf(region, name)}:${version}`,
        404,
      );
    }
    return name;
  }
}

function keyOf(region: string, name: string): string {
  return `${region}/${name}`;
}
