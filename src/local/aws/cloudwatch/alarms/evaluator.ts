/**
 * Evaluates every alarm again and again, as CloudWatch does: each minute, or every ten seconds where its period is shorter.
 *
 * A change of state is stored with its actions, then the actions are taken: a notification to a topic, under the topic's
 * policy. Alarms of a region that is down are not evaluated; what it had left to do is done when it is back.
 * Composite alarms follow each change of state that their rule looks at.
 */
import type { Cloud } from '../../cloud.js';
import type { MetricStore } from '../metrics/metric-store.js';
import {
  isComposite,
  periodSecondsOf,
  statsOf,
  type Alarm,
  type AlarmState,
  type CompositeAlarm,
  type MetricAlarm,
  type StateValue,
} from './alarm.js';
import { parseAlarmRule } from './alarm-rule.js';
import { seriesOfAlarm, timesOf } from './alarm-data.js';
import type { AlarmStore, PendingAction } from './alarm-store.js';
import { longTime } from './long-time.js';
import { notificationOf } from './notification.js';
import { explain } from './reason.js';
import { ALWAYS_IGNORING_NAMESPACE, EXTRA_PERIODS, judge, type VerdictInput } from './verdict.js';

const SERVICE = 'cloudwatch.amazonaws.com';
const TICK_MS = 10_000;
const MINUTE_MS = 60_000;
/** After a period has ended, the time its last values have to arrive. */
const SETTLE_MS = 1000;

export class Evaluator {
  private readonly stopping = new AbortController();
  private readonly acting = new Set<string>();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly cloud: Cloud,
    private readonly alarms: AlarmStore,
    private readonly metrics: MetricStore,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { clock, log } = this.cloud;
    const { signal } = this.stopping;
    await this.askAllComposites();
    while (!signal.aborted) {
      try {
        await this.evaluateDue(clock.now());
        await this.act(this.alarms.actionsLeft());
      } catch (error) {
        log.error('alarms not evaluated', { error });
      }
      const nowMs = clock.now();
      const sinceTickMs = (nowMs - SETTLE_MS) % TICK_MS;
      await clock.sleep(TICK_MS - sinceTickMs, signal);
    }
  }

  /** The alarms whose time it is. Those with periods of a minute and more have theirs once a minute. */
  private async evaluateDue(nowMs: number): Promise<void> {
    const isNewMinute = (nowMs - SETTLE_MS) % MINUTE_MS < TICK_MS;
    for (const { region, name } of this.alarms.list()) {
      // Found anew: it may have changed while another's actions were taken.
      const alarm = this.alarms.find(region, name);
      if (alarm === undefined || isComposite(alarm)) continue;
      if (!this.cloud.network.isUp(region)) continue;
      const isShort = periodSecondsOf(alarm) < 60;
      if (!isShort && !isNewMinute && alarm.state.reason !== UNCHECKED) continue;
      try {
        await this.evaluate(alarm, nowMs);
      } catch (error) {
        this.cloud.log.error('alarm not evaluated', { alarm: alarm.arn, error });
      }
    }
  }

  /** Looks at the periods that have ended. */
  async evaluate(alarm: MetricAlarm, nowMs: number): Promise<void> {
    const periodSeconds = periodSecondsOf(alarm);
    const stepMs = Math.min(periodSeconds * 1000, MINUTE_MS);
    const endMs = Math.floor((nowMs - SETTLE_MS) / stepMs) * stepMs;
    const periods = alarm.evaluationPeriods + EXTRA_PERIODS;
    const range = { startMs: endMs - periods * periodSeconds * 1000, endMs };
    const series = seriesOfAlarm(alarm, alarm.region, this.metrics, range, periodSeconds);
    const times = timesOf(range, periodSeconds);
    const input: VerdictInput = {
      values: times.map((time) => series.get(time)),
      evaluationPeriods: alarm.evaluationPeriods,
      datapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods,
      threshold: alarm.threshold,
      comparison: alarm.comparison,
      missingData: missingDataOf(alarm),
    };
    const verdict = judge(input);
    if (verdict.state === undefined || verdict.state === alarm.state.value) return;
    const datapoints = verdict.evaluated.map((place) => {
      return { atMs: times[place] ?? endMs, value: input.values[place] ?? Number.NaN };
    });
    await this.enter(alarm, {
      value: verdict.state,
      reason: explain(verdict.state, alarm.state.value, verdict, datapoints, input),
      reasonData: JSON.stringify({
        version: '1.0',
        queryDate: new Date(nowMs).toISOString(),
        startDate: new Date(range.startMs).toISOString(),
        ...(alarm.watches.kind === 'metric' && { statistic: alarm.watches.stat.statistic }),
        period: periodSeconds,
        recentDatapoints: datapoints.map(({ value }) => value).reverse(),
        threshold: alarm.threshold,
        evaluatedDatapoints: datapoints.map(({ atMs, value }) => {
          return { timestamp: new Date(atMs).toISOString(), value };
        }),
      }),
    });
  }

  /**
   * Puts an alarm into a state, by evaluation or by hand (SetAlarmState), and asks the composite alarms that look at it.
   * `because` are the ARNs of the alarms whose changes led to this one.
   */
  async enter(
    alarm: Alarm,
    state: Pick<AlarmState, 'value' | 'reason' | 'reasonData'>,
    because: readonly string[] = [],
  ): Promise<void> {
    const nowMs = this.cloud.clock.now();
    const isTransition = state.value !== alarm.state.value;
    const actions = await this.alarms.changeState(alarm, {
      ...state,
      updatedAtMs: nowMs,
      transitionedAtMs: isTransition ? nowMs : alarm.state.transitionedAtMs,
    });
    await this.act(actions);
    if (isTransition) {
      const entered = this.alarms.find(alarm.region, alarm.name) ?? alarm;
      await this.tellParents(entered, [...because, alarm.arn]);
    }
  }

  /** Asks a composite alarm's rule; `because` words the reason of a new state. */
  async evaluateComposite(
    alarm: CompositeAlarm,
    reasonOf: (value: StateValue) => string,
    because: readonly string[] = [],
  ): Promise<void> {
    const rule = parseAlarmRule(alarm.rule);
    const find = (name: string) => this.alarms.find(alarm.region, name);
    const value: StateValue = rule.holds((name) => find(name)?.state.value) ? 'ALARM' : 'OK';
    if (value === alarm.state.value) return;
    const children = rule.children.map(find).filter((child) => child !== undefined);
    const triggering = value === 'ALARM' ? children.filter(isInAlarm) : children;
    const state = {
      value,
      reason: reasonOf(value),
      reasonData: JSON.stringify({
        triggeringAlarms: triggering.map(({ arn, state }) => ({
          arn,
          state: { value: state.value, timestamp: isoTime(state.transitionedAtMs) },
        })),
      }),
    };
    await this.enter(alarm, state, because);
  }

  /** In a cycle of composite alarms a change stops where it began. */
  private async tellParents(child: Alarm, because: readonly string[]): Promise<void> {
    for (const { region, name } of this.alarms.parentsOf(child)) {
      const parent = this.alarms.find(region, name);
      if (parent === undefined || !isComposite(parent) || because.includes(parent.arn)) continue;
      await this.evaluateComposite(parent, () => transitionOf(child), because);
    }
  }

  /** What a kill left undone: a child changed, and its parent was not asked any more. */
  private async askAllComposites(): Promise<void> {
    for (const alarm of this.alarms.list().filter(isComposite)) {
      const [latest] = parseAlarmRule(alarm.rule)
        .children.flatMap((name) => this.alarms.find(alarm.region, name) ?? [])
        .sort((a, b) => b.state.transitionedAtMs - a.state.transitionedAtMs);
      await this.evaluateComposite(alarm, () => transitionOf(latest ?? alarm));
    }
  }

  /** Takes actions that are not being taken already. Those of a region that is down stay for later. */
  private async act(actions: readonly PendingAction[]): Promise<void> {
    for (const action of actions) {
      if (this.acting.has(action.id) || !this.cloud.network.isUp(action.alarm.region)) continue;
      this.acting.add(action.id);
      try {
        await this.alarms.actionTaken(action, await this.notify(action));
      } finally {
        this.acting.delete(action.id);
      }
    }
  }

  /** Why the topic did not take it, or undefined where it did. */
  private async notify({ actionArn, alarm, before }: PendingAction): Promise<string | undefined> {
    const { subject, message } = notificationOf(alarm, before, this.cloud.accountId);
    try {
      await this.cloud.notifications.publish({
        service: SERVICE,
        sourceArn: alarm.arn,
        topicArn: actionArn,
        subject,
        message,
      });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** The reason of an alarm that was never evaluated. */
const UNCHECKED = 'Unchecked: Initial alarm creation';

export function initialState(nowMs: number): AlarmState {
  const value: StateValue = 'INSUFFICIENT_DATA';
  return { value, reason: UNCHECKED, updatedAtMs: nowMs, transitionedAtMs: nowMs };
}

function isInAlarm({ state }: Alarm): boolean {
  return state.value === 'ALARM';
}

function transitionOf({ arn, state }: Alarm): string {
  return `${arn} transitioned to ${state.value} at ${longTime(state.transitionedAtMs)}`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

function missingDataOf(alarm: MetricAlarm): VerdictInput['missingData'] {
  const isDynamoDb = statsOf(alarm).some(
    ({ namespace }) => namespace === ALWAYS_IGNORING_NAMESPACE,
  );
  return isDynamoDb ? 'ignore' : (alarm.treatMissingData ?? 'missing');
}
