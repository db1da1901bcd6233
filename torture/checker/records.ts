/** The rules on the table: one record for each id, of the payment that was acknowledged, completed, in both regions. */
import { isSameMoney, moneyOf, type Payment } from '../history/attempt.js';
import type { RecordSeen } from '../history/observation.js';
import type { Case, CaseLook } from './evidence.js';
import { Findings } from './finding.js';

export function judgeRecords(one: Case): Findings {
  const findings = new Findings(one);
  for (const look of [one.healed, one.finished]) {
    for (const [region, { records }] of look.regions) {
      judgeNumber(look, region, records, findings);
      for (const record of records) judgeContent(one, look, region, record, findings);
    }
    judgeAgreement(look, findings);
  }
  judgeStatus(one, findings);
  return findings;
}

function judgeNumber(
  { acknowledged }: CaseLook,
  region: string,
  records: readonly RecordSeen[],
  findings: Findings,
): void {
  if (records.length === 0 && acknowledged.length > 0) {
    findings.violate('lost', `acknowledged, but not in ${region}`);
  }
  if (records.length > 1) {
    const keys = records.map(({ rangeKey }) => rangeKey).join(', ');
    findings.violate('doubled', `${records.length} records in ${region}: timestamp ${keys}`);
  }
}

function judgeContent(
  one: Case,
  look: CaseLook,
  region: string,
  record: RecordSeen,
  findings: Findings,
): void {
  const { payment } = record;
  const own = one.sent.filter((attempt) => isSameMoney(attempt.payment, payment));
  if (!own.some((attempt) => attempt.payment.occurredAt === payment.occurredAt)) {
    findings.violate('invented', `${describe(payment)} in ${region} was never sent`);
    return;
  }
  const others = look.acknowledged.filter((attempt) => !isSameMoney(attempt.payment, payment));
  for (const money of new Set(others.map((attempt) => moneyOf(attempt.payment)))) {
    const rivals = one.sent.filter((attempt) => moneyOf(attempt.payment) === money);
    findings.excuse(
      one.races(own, rivals),
      'acknowledged, replaced by the other',
      'replaced',
      `${money} is acknowledged, ${region} has ${moneyOf(payment)}`,
    );
  }
}

function judgeStatus(one: Case, findings: Findings): void {
  const { healed, finished } = one;
  if (isPending(healed) && healed.acknowledged.length > 0) {
    const unfinished = one.sent.filter(({ outcome }) => outcome !== 'acknowledged');
    findings.excuse(
      one.races(unfinished, healed.acknowledged),
      'pending until sent again',
      'pending',
      'acknowledged, but not COMPLETED',
    );
  }
  if (isPending(finished)) findings.violate('stuck', 'still pending after it was sent again');
}

function isPending({ regions }: CaseLook): boolean {
  return [...regions.values()].some(({ records }) =>
    records.some(({ status }) => status !== 'COMPLETED'),
  );
}

function judgeAgreement({ regions }: CaseLook, findings: Findings): void {
  const told = [...regions.values()].map(({ records }) => JSON.stringify(records));
  if (new Set(told).size > 1) findings.violate('diverged', `records differ: ${told.join(' and ')}`);
}

function describe({ amount, currency, occurredAt }: Payment): string {
  return `${amount} ${currency}${occurredAt === undefined ? '' : ` of ${occurredAt}`}`;
}
