/** Policy documents of IAM and the ARNs in them, as patterns over the composite. */
import { NAMES } from '../model/names.js';
import { SITES, type Site } from '../model/regions.js';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | { readonly Service: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

export function policyDocument(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Who may take a role on: one service of AWS. */
export function trustIn(service: string): string {
  return policyDocument({
    Sid: 'Trust',
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
  });
}

export const ACCOUNT = '{status.accountId}';

export function regionOf(site: Site): string {
  return `{spec.regions.${site}}`;
}

/** The ARN of a thing of this account in the region of a site. */
export function arnAt(site: Site, service: string, resource: string): string {
  return `arn:aws:${service}:${regionOf(site)}:${ACCOUNT}:${resource}`;
}

export function bucketArn(site: Site): string {
  return `arn:aws:s3:::${NAMES.bucket[site]}`;
}

export function topicArn(site: Site): string {
  return arnAt(site, 'sns', NAMES.topic[site]);
}

export function atBothSites<T>(of: (site: Site) => T): T[] {
  return SITES.map(of);
}

/** The rights to a site's key, usable only through a service of that site's region; of no use to whoever holds the role else. */
export function keyRights(
  site: Site,
  sid: string,
  service: 's3' | 'dynamodb',
  ...actions: readonly string[]
): Statement {
  return {
    Sid: `${sid}${site === 'primary' ? 'Primary' : 'Secondary'}`,
    Effect: 'Allow',
    Action: actions,
    Resource: `{spec.encryption.kmsKeyArns.${site}}`,
    Condition: {
      StringEquals: { 'kms:ViaService': `${service}.${regionOf(site)}.amazonaws.com` },
    },
  };
}
