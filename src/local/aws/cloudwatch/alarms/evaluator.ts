/**
 * Evaluates every alarm again and again, as CloudWatch does: each minute, or every ten seconds where its period is shorter.
 *
 * A change of state is stored with its actions, then the actions are taken: a notification to a topic, under the topic's
 * policy. Alarms of a region that is down are not evaluated; what it had left to do is done when it is back.
 */
import type { Cloud } from '../../cloud.js';
import type { MetricStore } from '../metrics/metric-store.js';
import { statsOf, periodSecondsOf, type Alarm, type AlarmState, type StateValue } from './alarm.js';
import { seriesOfAlarm, timesOf } from './alarm-data.js';
import type { AlarmStore, PendingAction } from './alarm-store.js';
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
      if (alarm === undefined || !this.cloud.network.isUp(region)) continue;
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
  async evaluate(alarm: Alarm, nowMs: number): Promise<void> {
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

  /** Puts an alarm into a state, by evaluation or by hand (SetAlarmState). Resolves when its actions are stored. */
  async enter(
    alarm: Alarm,
    state: Pick<AlarmState, 'value' | 'reason' | 'reasonData'>,
  ): Promise<void> {
    const nowMs = this.cloud.clock.now();
    const isTransition = state.value !== alarm.state.value;
    const actions = await this.alarms.changeState(alarm, {
      ...state,
      updatedAtMs: nowMs,
      transitionedAtMs: isTransition ? nowMs : alarm.state.transitionedAtMs,
    });
    await this.act(actions);
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
export const UNCHECKED = 'Unchecked: Initial alarm creation';

export function initialState(nowMs: number): AlarmState {
  const value: StateValue = 'INSUFFICIENT_DATA';
  return { value, reason: UNCHECKED, updatedAtMs: nowMs, transitionedAtMs: nowMs };
}

function missingDataOf(alarm: Alarm): VerdictInput['missingData'] {
  const isDynamoDb = statsOf(alarm).some(
    ({ namespace }) => namespace === ALWAYS_IGNORING_NAMESPACE,
  );
  return isDynamoDb ? 'ignore' : (alarm.treatMissingData ?? 'missing');
}
