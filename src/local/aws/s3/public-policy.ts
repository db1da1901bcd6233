/** Whether a bucket policy grants access to the public, in S3's sense: to everybody, under no condition that narrows it to somebody. */

/** Conditions on these keys, with fixed values, make a grant to everybody one to somebody. */
const NARROWING = [
  'aws:PrincipalArn',
  'aws:PrincipalAccount',
  'aws:PrincipalOrgID',
  'aws:SourceArn',
  'aws:SourceAccount',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:SourceIp',
  'aws:userid',
].map((key) => key.toLowerCase());

interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function isPublicPolicy(policy: string): boolean {
  const { Statement: statements = [] } = JSON.parse(policy) as {
    Statement?: Statement | Statement[];
  };
  return [statements].flat().some(isPublic);
}

function isPublic({ Effect, Principal, Condition = {} }: Statement): boolean {
  if (Effect !== 'Allow' || Principal === undefined) return false;
  const names = typeof Principal === 'string' ? [Principal] : Object.values(Principal).flat();
  if (!names.includes('*')) return false;
  return !Object.values(Condition)
    .flatMap((keys) => Object.keys(keys))
    .some((key) => NARROWING.includes(key.toLowerCase()));
}
