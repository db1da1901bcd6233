/**
 * The alarms of every region, their history, and the actions they still have to take.
 *
 * A change of state is stored together with the actions that follow from it: an action is taken at least once, whenever
 * the process dies.
 */
import type { CloudState, DurableMap } from '../../cloud.js';
import { AwsError } from '../../service.js';
import {
  actionsFor,
  isComposite,
  typeOf,
  type Alarm,
  type AlarmState,
  type CompositeAlarm,
} from './alarm.js';
import { parseAlarmRule } from './alarm-rule.js';

export const HISTORY_TYPES = ['ConfigurationUpdate', 'StateUpdate', 'Action'] as const;
export type HistoryType = (typeof HISTORY_TYPES)[number];

export interface HistoryItem {
  readonly region: string;
  readonly alarmName: string;
  /** @default 'MetricAlarm' */
  readonly alarmType?: 'CompositeAlarm' | 'MetricAlarm';
  readonly type: HistoryType;
  readonly summary: string;
  /** JSON. */
  readonly data: string;
  readonly atMs: number;
}

/** An action that follows from a change of state. */
export interface PendingAction {
  readonly id: string;
  readonly actionArn: string;
  /** The alarm as it was when its state changed. */
  readonly alarm: Alarm;
  readonly before: AlarmState;
}

/** Of each alarm. AWS keeps 30 days, whatever their number. */
const HISTORY_LENGTH = 200;

export class AlarmStore {
  private readonly historyOf = new Map<string, string[]>();
  private lastNumber = 0;

  private constructor(
    private readonly alarms: DurableMap<Alarm>,
    private readonly history: DurableMap<HistoryItem>,
    private readonly pending: DurableMap<PendingAction>,
  ) {
    for (const [key, { region, alarmName }] of [...history].sort(([a], [b]) => (a < b ? -1 : 1))) {
      this.remember(keyOf(region, alarmName), key);
      this.lastNumber = Math.max(this.lastNumber, Number(key));
    }
    for (const key of pending.keys()) this.lastNumber = Math.max(this.lastNumber, Number(key));
  }

  static async open(state: CloudState): Promise<AlarmStore> {
    return new AlarmStore(
      await state.map('cloudwatch.alarms'),
      await state.map('cloudwatch.history'),
      await state.map('cloudwatch.actions'),
    );
  }

  find(region: string, name: string): Alarm | undefined {
    return this.alarms.get(keyOf(region, name));
  }

  /** Throws `AwsError` ResourceNotFound. */
  get(region: string, name: string): Alarm {
    const alarm = this.find(region, name);
    if (alarm !== undefined) return alarm;
    throw new AwsError('ResourceNotFound', `Unknown alarm: ${name}`, 404);
  }

  /** Of one region, or of all; by name. */
  list(region?: string): Alarm[] {
    return [...this.alarms.values()]
      .filter((alarm) => region === undefined || alarm.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** The composite alarms whose rule looks at an alarm. */
  parentsOf({ region, name }: Alarm): CompositeAlarm[] {
    return this.list(region)
      .filter(isComposite)
      .filter(({ rule }) => parseAlarmRule(rule).children.includes(name));
  }

  save(alarm: Alarm): Promise<void> {
    return this.alarms.set(keyOf(alarm.region, alarm.name), alarm);
  }

  delete(region: string, name: string): Promise<void> {
    return this.alarms.delete(keyOf(region, name));
  }

  /** Puts an alarm into a state. Answers the actions that follow, which are stored with it. */
  async changeState(alarm: Alarm, state: AlarmState): Promise<readonly PendingAction[]> {
    const changed: Alarm = { ...alarm, state };
    const isTransition = state.value !== alarm.state.value;
    const actions =
      isTransition && alarm.actionsEnabled
        ? actionsFor(alarm, state.value).map((actionArn): PendingAction => {
            return { id: this.nextKey(), actionArn, alarm: changed, before: alarm.state };
          })
        : [];
    const stored = [
      this.save(changed),
      ...actions.map((action) => this.pending.set(action.id, action)),
    ];
    if (isTransition) stored.push(this.recordTransition(alarm, state));
    await Promise.all(stored);
    return actions;
  }

  actionsLeft(): PendingAction[] {
    return [...this.pending.values()];
  }

  async actionTaken(
    { id, actionArn, alarm }: PendingAction,
    failure: string | undefined,
  ): Promise<void> {
    const summary =
      failure === undefined
        ? `Successfully executed action ${actionArn}`
        : `Failed to execute action ${actionArn}. Received error: "${failure}"`;
    await Promise.all([
      this.pending.delete(id),
      this.record({
        region: alarm.region,
        alarmName: alarm.name,
        alarmType: typeOf(alarm),
        type: 'Action',
        summary,
        data: JSON.stringify({
          actionState: failure === undefined ? 'Succeeded' : 'Failed',
          stateUpdateTimestamp: alarm.state.updatedAtMs,
          notificationResource: actionArn,
          ...(failure !== undefined && { error: failure }),
        }),
        atMs: alarm.state.updatedAtMs,
      }),
    ]);
  }

  async record(item: HistoryItem): Promise<void> {
    const key = this.nextKey();
    const dropped = this.remember(keyOf(item.region, item.alarmName), key);
    await Promise.all([
      this.history.set(key, item),
      ...dropped.map((old) => this.history.delete(old)),
    ]);
  }

  /** Newest first. */
  listHistory(region: string): HistoryItem[] {
    return [...this.history]
      .filter(([, item]) => item.region === region)
      .sort(([a], [b]) => (a < b ? 1 : -1))
      .map(([, item]) => item);
  }

  private recordTransition(alarm: Alarm, state: AlarmState): Promise<void> {
    const describe = ({ value, reason, reasonData }: AlarmState) => ({
      stateValue: value,
      stateReason: reason,
      ...(reasonData !== undefined && { stateReasonData: JSON.parse(reasonData) as unknown }),
    });
    return this.record({
      region: alarm.region,
      alarmName: alarm.name,
      alarmType: typeOf(alarm),
      type: 'StateUpdate',
      summary: `Alarm updated from ${alarm.state.value} to ${state.value}`,
      data: JSON.stringify({
        version: '1.0',
        oldState: describe(alarm.state),
        newState: describe(state),
      }),
      atMs: state.updatedAtMs,
    });
  }

  /** The keys that are too many now. */
  private remember(alarmKey: string, key: string): string[] {
    const keys = this.historyOf.get(alarmKey) ?? [];
    this.historyOf.set(alarmKey, keys);
    keys.push(key);
    return keys.splice(0, Math.max(0, keys.length - HISTORY_LENGTH));
  }

  private nextKey(): string {
    this.lastNumber += 1;
    return String(this.lastNumber).padStart(12, '0');
  }
}

function keyOf(region: string, name: string): string {
  return `${region}/${name}`;
}
