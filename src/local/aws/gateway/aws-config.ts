/** The AWS shared config file with which the AWS CLI and the SDKs reach the local AWS: a profile per region, named after it. */
import { HOME_REGION } from './regions.js';

export interface AccessKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export function writeAwsConfig(regionUrls: ReadonlyMap<string, string>, keys: AccessKeys): string {
  const profile = (title: string, region: string, url: string) =>
    [
      `[${title}]`,
      `region = ${region}`,
      `endpoint_url = ${url}`,
      `aws_access_key_id = ${keys.accessKeyId}`,
      `aws_secret_access_key = ${keys.secretAccessKey}`,
      's3 =',
      '  addressing_style = path',
      // Without it, botocore presigns with version 2 of the signature, which this AWS refuses.
      '  signature_version = s3v4',
      '',
    ].join('\n');
  const home = regionUrls.get(HOME_REGION);
  return [
    ...(home === undefined ? [] : [profile('default', HOME_REGION, home)]),
    ...[...regionUrls].map(([region, url]) => profile(`profile ${region}`, region, url)),
  ].join('\n');
}
