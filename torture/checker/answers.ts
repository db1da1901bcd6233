/** The rules on answers alone: which of them can be true together. */
import { isSameMoney, moneyOf, type Attempt } from '../history/attempt.js';
import type { Case } from './evidence.js';
import { Findings } from './finding.js';
import { grouped } from './grouped.js';

export function judgeAnswers(one: Case): Findings {
  const findings = new Findings(one);
  for (const attempt of one.attempts) judgeAnswer(one, attempt, findings);
  const payments = distinctMoney(one.acknowledged);
  for (const [index, [name, attempts]] of payments.entries()) {
    for (const [otherName, others] of payments.slice(index + 1)) {
      const sentOf = (money: string) =>
        one.sent.filter(({ payment }) => moneyOf(payment) === money);
      findings.excuse(
        one.races(sentOf(name), sentOf(otherName)),
        'both acknowledged, the later write won',
        'two-acknowledged',
        `${name} (${numbers(attempts)}) and ${otherName} (${numbers(others)}) are both acknowledged`,
      );
    }
  }
  return findings;
}

function judgeAnswer(one: Case, attempt: Attempt, findings: Findings): void {
  const { outcome, isValid, number, payment } = attempt;
  if (!isValid && outcome === 'acknowledged') {
    findings.violate('accepted-malformed', `attempt ${number} is acknowledged`);
  }
  if (isValid && outcome === 'refused') {
    findings.violate('refused-valid', `attempt ${number}: ${attempt.detail}`);
  }
  if (outcome !== 'conflict') return;
  const rivals = one.sent.filter((other) => !isSameMoney(other.payment, payment));
  if (!rivals.some(({ invokedAtMs }) => invokedAtMs < attempt.completedAtMs)) {
    findings.violate('refused-without-conflict', `attempt ${number}, ${moneyOf(payment)}`);
  }
  const earlier = one.acknowledged.find(
    (other) => isSameMoney(other.payment, payment) && other.completedAtMs < attempt.invokedAtMs,
  );
  const own = one.sent.filter((other) => isSameMoney(other.payment, payment));
  if (earlier !== undefined && !one.races(own, rivals)) {
    findings.violate(
      'refused-after-acknowledged',
      `attempt ${number}, though attempt ${earlier.number} was acknowledged`,
    );
  }
}

function distinctMoney(attempts: readonly Attempt[]): [string, Attempt[]][] {
  return [...grouped(attempts, ({ payment }) => moneyOf(payment))];
}

function numbers(attempts: readonly Attempt[]): string {
  return attempts.map(({ number, region }) => `${number} in ${region}`).join(', ');
}
