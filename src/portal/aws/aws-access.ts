/** AWS as the portal may reach it: with an account of its own, which can read metrics, invoke functions, both or neither. */
import type { Site } from '../../model/regions.js';
import { SITES } from '../../model/regions.js';
import { awsNames, type AwsNames } from '../../model/names.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';

export interface AwsClientConfig {
  readonly region: string;
  readonly endpoint?: string;
  /** @default the SDK's own chain: environment, web identity, container, instance */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface AwsAccess {
  /** Read access to CloudWatch. */
  readonly metrics: boolean;
  /** May invoke the functions of claims. */
  readonly payments: boolean;
  /** How often CloudWatch is asked about a claim that is on a page. */
  readonly pollMs: number;
  readonly configOf: (region: string) => AwsClientConfig;
}

const ALARMS = [
  'functionErrorsAlarm',
  'undeliveredFailuresAlarm',
  'tableThrottlesAlarm',
  'tableReplicationLatencyAlarm',
  'auditReplicationLatencyAlarm',
  'auditReplicationFailuresAlarm',
] as const satisfies readonly (keyof AwsNames)[];

/** A region that is lost must not hold up a page. */
export const AWS_TIMEOUT_MS = 5000;

export interface SiteNames {
  readonly site: Site;
  readonly region: string;
  /** Where what is written here is copied to. */
  readonly otherRegion: string;
  readonly functionName: string;
  readonly tableName: string;
  readonly alarmNames: readonly string[];
}

/** What the claim has at each of its sites, by the names of `src/model`; nothing where it does not say where they are. */
export function sitesOf({ spec }: KubernetesObject): SiteNames[] {
  const { environmentSuffix, regions } = (spec ?? {}) as {
    readonly environmentSuffix?: string;
    readonly regions?: Partial<Record<Site, string>>;
  };
  const { primary, secondary } = regions ?? {};
  if (environmentSuffix === undefined || primary === undefined || secondary === undefined)
    return [];
  const names = awsNames({ environmentSuffix });
  return SITES.map((site) => ({
    site,
    region: site === 'primary' ? primary : secondary,
    otherRegion: site === 'primary' ? secondary : primary,
    functionName: names.function[site],
    tableName: names.table,
    alarmNames: ALARMS.map((alarm) => names[alarm][site]),
  }));
}

/** What went wrong, in one line: AWS's own words, or that nothing answers. */
export function awsTroubleOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT')
    return 'does not answer';
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return 'does not answer in time';
  return error.message === '' ? error.name : error.message;
}
