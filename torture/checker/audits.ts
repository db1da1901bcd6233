/** The rules on the buckets: every completed payment has its audit object in both, and no acknowledgement is untold. */
import { isSameMoney, moneyOf, type Attempt, type Payment } from '../history/attempt.js';
import type { Seen } from '../history/observation.js';
import type { Case, CaseLook } from './evidence.js';
import { Findings } from './finding.js';

export function judgeAudits(one: Case): Findings {
  const findings = new Findings(one);
  for (const look of [one.healed, one.finished]) {
    for (const [region, seen] of look.regions) judgeRegion(one, look, region, seen, findings);
  }
  return findings;
}

function judgeRegion(
  one: Case,
  { acknowledged }: CaseLook,
  region: string,
  { records, audits }: Seen,
  findings: Findings,
): void {
  const [record] = records;
  const [current] = audits;
  if (current === undefined) {
    if (acknowledged.length > 0 || record?.status === 'COMPLETED') {
      findings.violate('audit-missing', `no audit object in ${region}`);
    }
    return;
  }
  if (record === undefined) {
    findings.violate('audit-alone', `an audit object in ${region}, and no record`);
    return;
  }
  for (const money of new Set(acknowledged.map(({ payment }) => moneyOf(payment)))) {
    const isTold = audits.some(
      ({ payment }) => payment !== undefined && moneyOf(payment) === money,
    );
    if (!isTold) findings.violate('audit-lost', `no version in ${region} tells of ${money}`);
  }
  // While the record is pending, the object is not the last word.
  if (record.status === 'COMPLETED')
    judgeContent(one, region, record.payment, current.payment, findings);
}

function judgeContent(
  one: Case,
  region: string,
  recorded: Payment,
  audited: Payment | undefined,
  findings: Findings,
): void {
  if (audited !== undefined && isSameContent(audited, recorded)) return;
  const sentAs = (payment: Payment | undefined): Attempt[] =>
    one.sent.filter((attempt) => payment !== undefined && isSameContent(attempt.payment, payment));
  findings.excuse(
    one.races(sentAs(recorded), sentAs(audited)),
    'audit object of the other',
    'audit-wrong',
    `in ${region} the record is ${moneyOf(recorded)}, the audit object ${audited === undefined ? 'unreadable' : moneyOf(audited)}`,
  );
}

function isSameContent(one: Payment, other: Payment): boolean {
  return isSameMoney(one, other) && one.occurredAt === other.occurredAt;
}
