/** How other services write to log groups: in a role, under the rights of that role, making group and stream where absent. */
import type { CloudFoundation, LogSink } from '../cloud.js';
import { groupArn, streamArn, type LogGroup, type LogStream } from './log-group.js';
import type { LogStore } from './log-store.js';

type Entry = Parameters<LogSink['write']>[0];

export class LogWriter implements LogSink {
  constructor(
    private readonly cloud: Pick<CloudFoundation, 'accountId' | 'access' | 'clockOf'>,
    private readonly store: LogStore,
  ) {}

  async write(entry: Entry): Promise<void> {
    const group = this.store.group(entry.region, entry.group) ?? (await this.makeGroup(entry));
    const stream = this.store.stream(group, entry.stream) ?? (await this.makeStream(entry));
    this.authorize('PutLogEvents', entry, entry.stream);
    await this.store.append(stream, entry.events);
  }

  private async makeGroup(entry: Entry): Promise<LogGroup> {
    this.authorize('CreateLogGroup', entry);
    const { region, group: name } = entry;
    const group = { region, name, createdAtMs: this.cloud.clockOf(region).now(), tags: {} };
    await this.store.saveGroup(group);
    return group;
  }

  private async makeStream(entry: Entry): Promise<LogStream> {
    this.authorize('CreateLogStream', entry, entry.stream);
    const { region, group: groupName, stream: name } = entry;
    const createdAtMs = this.cloud.clockOf(region).now();
    const stream = { region, groupName, name, createdAtMs };
    await this.store.saveStream(stream);
    return stream;
  }

  private authorize(action: string, { caller, region, group }: Entry, stream?: string): void {
    const arn = groupArn(region, this.cloud.accountId, group);
    const resource = streamArn(arn, stream);
    this.cloud.access.authorize({ caller, action: `logs:${action}`, resource });
  }
}
