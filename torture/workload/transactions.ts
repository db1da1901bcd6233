/** What payers do with one transaction id: pay once, repeat themselves, contradict themselves, or write nonsense. */
import type { Payment } from '../history/attempt.js';
import type { Order } from './order.js';
import type { Random } from './random.js';

export interface TransactionOptions {
  readonly random: Random;
  readonly transactionId: string;
  readonly regions: readonly [string, string];
  readonly durationMs: number;
}

type Scenario = (options: TransactionOptions, atMs: number) => Order[];

const WEIGHTS = {
  single: 35,
  duplicates: 25,
  'conflict in one region': 12,
  'conflict across regions': 10,
  'late conflict': 12,
  malformed: 6,
} as const;

/** Sent about together. */
const TOGETHER_MS = 40;
const LATE_MS = [300, 1600] as const;
const GIVES_UP = 0.15;
const ASYNC_SHARE = 0.25;
const TRIES = 5;

export function planTransaction(options: TransactionOptions): Order[] {
  const scenario = SCENARIOS[options.random.weighted(WEIGHTS)];
  return scenario(options, options.random.whole(0, options.durationMs));
}

const SCENARIOS: Readonly<Record<keyof typeof WEIGHTS, Scenario>> = {
  single: (options, atMs) => [orderOf(options, atMs, paymentOf(options.random))],
  duplicates: (options, atMs) => {
    const { random } = options;
    const payment = paymentOf(random);
    return Array.from({ length: random.whole(2, 4) }, () => {
      const delayMs = random.isLucky(0.25)
        ? random.whole(...LATE_MS)
        : random.whole(0, TOGETHER_MS);
      // A retry may tell another time than the first try did.
      const told = random.isLucky(0.2) ? { ...payment, occurredAt: timeOf(random) } : payment;
      return orderOf(options, atMs + delayMs, told);
    });
  },
  'conflict in one region': (options, atMs) => {
    const region = options.random.pick(options.regions);
    return conflicting(options, atMs, TOGETHER_MS).map((order) => ({
      ...order,
      regions: [region],
    }));
  },
  'conflict across regions': (options, atMs) => {
    const [one, other] = options.regions;
    return conflicting(options, atMs, TOGETHER_MS).map((order, index) => ({
      ...order,
      regions: index === 0 ? [one, other] : [other, one],
    }));
  },
  'late conflict': (options, atMs) => {
    const { random } = options;
    const [first, second] = conflicting(options, atMs, 0);
    return [first, { ...second, atMs: atMs + random.whole(...LATE_MS) }];
  },
  malformed: (options, atMs) => {
    const { random } = options;
    const payment = paymentOf(random);
    const amount = random.pick<unknown>([12.5, '1e3', '-1', '0', '', null, '12,50', 2 ** 53]);
    const order = orderOf(options, atMs, payment);
    return [{ ...order, event: { ...order.event, amount }, isValid: false }];
  },
};

function conflicting(options: TransactionOptions, atMs: number, withinMs: number): [Order, Order] {
  const { random } = options;
  const payment = paymentOf(random);
  const other = random.isLucky(0.2)
    ? { ...payment, currency: payment.currency === 'USD' ? 'EUR' : 'USD' }
    : { ...payment, amount: amountOf(random) };
  return [
    orderOf(options, atMs, payment),
    orderOf(options, atMs + random.whole(0, withinMs), other),
  ];
}

export function orderOf(
  { random, transactionId, regions }: Omit<TransactionOptions, 'durationMs'>,
  atMs: number,
  payment: Payment,
): Order {
  const [one, other] = regions;
  const { amount, currency, occurredAt } = payment;
  return {
    atMs,
    transactionId,
    payment,
    isValid: true,
    isAsync: random.isLucky(ASYNC_SHARE),
    event: {
      transaction_id: transactionId,
      amount: written(random, amount),
      // An absent currency is USD.
      ...(currency === 'USD' && random.isLucky(0.3) ? {} : { currency }),
      ...(occurredAt === undefined ? {} : { timestamp: occurredAt }),
    },
    regions: random.isLucky(0.6) ? [one, other] : [other, one],
    givesUp: random.isLucky(GIVES_UP),
    pausesMs: Array.from({ length: TRIES - 1 }, (_, round) => random.whole(20, 60 * 2 ** round)),
  };
}

export function paymentOf(random: Random): Payment {
  const payment = { amount: amountOf(random), currency: random.pick(['USD', 'USD', 'EUR', 'JPY']) };
  return random.isLucky(0.3) ? { ...payment, occurredAt: timeOf(random) } : payment;
}

/** Canonical. Some have more digits than a binary float keeps. */
function amountOf(random: Random): string {
  const whole = random.isLucky(0.3)
    ? `${random.whole(1, 9)}00719925474099${random.whole(100, 999)}`
    : String(random.whole(1, 100_000));
  const digits = random.whole(0, 9);
  return random.isLucky(0.5) && digits > 0 ? `${whole}.${random.whole(0, 9)}${digits}` : whole;
}

/** The same amount, as another payer might write it. */
function written(random: Random, amount: string): string | number {
  if (amount.includes('.')) return random.isLucky(0.5) ? `${amount}0` : amount;
  const number = Number(amount);
  return Number.isSafeInteger(number) && random.isLucky(0.3) ? number : amount;
}

function timeOf(random: Random): string {
  return new Date(Date.UTC(2026, 0, 1) + random.whole(0, 10 ** 9) * 1000).toISOString();
}
