/** Asks CloudWatch about the regions of the claims that are on pages: once for all pages that show the same claim. */
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../support/clock.js';
import type { ClaimKey, RegionView } from '../contract.js';
import { formatClaimKey } from '../live/claim-kinds.js';
import type { SharedWatch } from '../live/shared-watch.js';
import {
  AWS_TIMEOUT_MS,
  awsTroubleOf,
  sitesOf,
  type AwsAccess,
  type SiteNames,
} from './aws-access.js';

/** How far back the last known replication lag may be. */
const LAG_WINDOW_MS = 15 * 60 * 1000;
const METRIC_PERIOD_SECONDS = 60;

type Follower = (regions: readonly RegionView[]) => void;

interface Poll {
  readonly followers: Set<Follower>;
  readonly stop: AbortController;
  latest: readonly RegionView[] | undefined;
}

export class RegionPolls {
  readonly #polls = new Map<string, Poll>();
  readonly #clients = new Map<string, CloudWatchClient>();

  constructor(
    private readonly aws: AwsAccess,
    private readonly watch: SharedWatch,
    private readonly clock: Clock,
  ) {}

  /** Tells how the regions of the claim are, now and as often as they are asked. Returns how to stop. */
  follow(key: ClaimKey, follower: Follower): () => void {
    const formatted = formatClaimKey(key);
    let poll = this.#polls.get(formatted);
    if (poll === undefined) {
      poll = { followers: new Set(), stop: new AbortController(), latest: undefined };
      this.#polls.set(formatted, poll);
      void this.#keepAsking(key, poll);
    }
    const { followers, stop, latest } = poll;
    followers.add(follower);
    if (latest !== undefined) follower(latest);
    return () => {
      followers.delete(follower);
      if (followers.size > 0) return;
      stop.abort();
      this.#polls.delete(formatted);
    };
  }

  close(): void {
    for (const { stop } of this.#polls.values()) stop.abort();
    this.#polls.clear();
    for (const client of this.#clients.values()) client.destroy();
  }

  async #keepAsking(key: ClaimKey, poll: Poll): Promise<void> {
    const { signal } = poll.stop;
    while (!signal.aborted) {
      const claim = this.watch.claim(key);
      if (claim !== undefined) {
        const regions = await Promise.all(sitesOf(claim).map((site) => this.#ask(site)));
        poll.latest = regions;
        for (const follower of poll.followers) follower(regions);
      }
      await this.clock.sleep(this.aws.pollMs, signal);
    }
  }

  async #ask(names: SiteNames): Promise<RegionView> {
    const { site, region } = names;
    try {
      const [alarms, replicationLagMs] = await Promise.all([
        this.#alarmsOf(names),
        this.#lagOf(names),
      ]);
      return { site, region, trouble: '', alarms, replicationLagMs };
    } catch (error) {
      return { site, region, trouble: awsTroubleOf(error), alarms: [], replicationLagMs: null };
    }
  }

  async #alarmsOf({ region, alarmNames }: SiteNames): Promise<RegionView['alarms']> {
    const { MetricAlarms = [] } = await this.#client(region).send(
      new DescribeAlarmsCommand({ AlarmNames: [...alarmNames] }),
      { abortSignal: AbortSignal.timeout(AWS_TIMEOUT_MS) },
    );
    return MetricAlarms.map(({ AlarmName, StateValue, StateReason }) => ({
      name: AlarmName ?? '',
      state: StateValue ?? 'INSUFFICIENT_DATA',
      reason: StateReason ?? '',
    }));
  }

  /** ReplicationLatency is published where the write was made, for each region that received it (DynamoDB metrics). */
  async #lagOf({ region, otherRegion, tableName }: SiteNames): Promise<number | null> {
    const nowMs = this.clock.now();
    const { MetricDataResults = [] } = await this.#client(region).send(
      new GetMetricDataCommand({
        StartTime: new Date(nowMs - LAG_WINDOW_MS),
        EndTime: new Date(nowMs + METRIC_PERIOD_SECONDS * 1000),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: [
          {
            Id: 'lag',
            MetricStat: {
              Metric: {
                Namespace: 'AWS/DynamoDB',
                MetricName: 'ReplicationLatency',
                Dimensions: [
                  { Name: 'TableName', Value: tableName },
                  { Name: 'ReceivingRegion', Value: otherRegion },
                ],
              },
              Period: METRIC_PERIOD_SECONDS,
              Stat: 'Average',
            },
          },
        ],
      }),
      { abortSignal: AbortSignal.timeout(AWS_TIMEOUT_MS) },
    );
    const latest = MetricDataResults[0]?.Values?.[0];
    return latest === undefined ? null : Math.round(latest);
  }

  #client(region: string): CloudWatchClient {
    const known = this.#clients.get(region);
    if (known !== undefined) return known;
    const client = new CloudWatchClient({ ...this.aws.configOf(region), maxAttempts: 1 });
    this.#clients.set(region, client);
    return client;
  }
}
