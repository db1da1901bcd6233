/** Handlers with a fault of the blueprint put back, or with a mistake that is easily made: the real source with one passage replaced, bundled as the real one is. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Rule } from '../../torture/checker/evidence.js';
import type { DrillName } from '../../torture/workload/drills.js';

export interface BrokenHandler {
  readonly name: string;
  /** In which file of the handler what is replaced by what. */
  readonly changes: readonly (readonly [file: string, from: string, to: string])[];
  /** The drills that it cannot pass. */
  readonly drills: readonly DrillName[];
  /** What the checker has to report then, whatever else it finds. */
  readonly violates: readonly Rule[];
}

const WITHOUT_RETRIES = [
  'clients.ts',
  'const MAX_ATTEMPTS = 3;',
  'const MAX_ATTEMPTS = 1;',
] as const;

export const BROKEN_HANDLERS: readonly BrokenHandler[] = [
  {
    name: 'keys-by-time-of-processing',
    changes: [
      ['payment-store.ts', "const RANGE_KEY: AttributeValue = { N: '0' };", 'let RANGE_KEY: any;'],
      [
        'payment-store.ts',
        'const command = new PutItemCommand({',
        'RANGE_KEY = { N: String(Date.now()) }; const command = new PutItemCommand({',
      ],
    ],
    drills: ['first payments', 'repeated where they were paid'],
    violates: ['doubled'],
  },
  {
    name: 'never-repeats-the-audit',
    changes: [
      [
        'payment-store.ts',
        "Item: toItem({ payment, status: 'PENDING' })",
        "Item: toItem({ payment, status: 'COMPLETED' })",
      ],
    ],
    drills: ['the bucket takes nothing, or the table'],
    violates: ['audit-missing'],
  },
  {
    name: 'counts-in-floats',
    changes: [['money.ts', 'return canonical;', 'return String(Number(canonical));']],
    drills: ['first payments'],
    violates: ['invented'],
  },
  {
    name: 'acknowledges-before-writing',
    changes: [['handler.ts', 'await withinDeadline(', 'void withinDeadline(']],
    drills: ['first payments', 'answered, and the region is lost at once'],
    violates: ['audit-missing'],
  },
  {
    name: 'overwrites-conflicting-payments',
    changes: [
      ['payment-store.ts', "ConditionExpression: 'attribute_not_exists(transaction_id)',", ''],
    ],
    drills: ['first payments', 'contradicted where they were paid'],
    violates: ['two-acknowledged', 'replaced'],
  },
  {
    name: 'audits-before-it-records',
    changes: [
      ['pay.ts', 'await audit.write(reserved.payment, abortSignal);', ''],
      [
        'pay.ts',
        'const reserved = await',
        'await audit.write(payment, abortSignal); const reserved = await',
      ],
    ],
    drills: [
      'first payments',
      'contradicted where they were paid',
      'the bucket takes nothing, or the table',
    ],
    violates: ['audit-wrong', 'audit-alone'],
  },
  {
    name: 'refuses-its-own-retry',
    changes: [
      [
        'pay.ts',
        "if (reserved.status === 'COMPLETED') return;",
        "if (reserved.status === 'COMPLETED') throw new Refusal(409, 'already used');",
      ],
    ],
    drills: ['first payments', 'repeated where they were paid'],
    violates: ['refused-without-conflict', 'refused-after-acknowledged'],
  },
  // Wrong only where nobody waits for the answer: a payer who does asks again.
  {
    name: 'swallows-what-goes-wrong',
    changes: [['handler.ts', 'throw error;', "return { statusCode: 500, headers: {}, body: '' };"]],
    drills: ['left to Lambda, and given up'],
    violates: ['lost', 'audit-missing'],
  },
  {
    name: 'drops-an-event-that-it-has-seen',
    changes: [
      [
        'handler.ts',
        'return async (event, context) => {',
        'const seen = new Set(); return async (event, context) => {',
      ],
      [
        'handler.ts',
        'const payment = parseEvent(event);',
        'const payment = parseEvent(event); if (seen.has(context?.awsRequestId)) return answerProcessed(payment.transactionId); seen.add(context?.awsRequestId);',
      ],
    ],
    drills: ['left to Lambda, and given up'],
    violates: ['lost', 'audit-missing'],
  },
];

/** Wrong in the strong mode only. */
export const BROKEN_IN_STRONG_MODE: readonly BrokenHandler[] = [
  {
    name: 'takes-a-write-conflict-for-success',
    changes: [
      WITHOUT_RETRIES,
      [
        'payment-store.ts',
        'if (error instanceof ConditionalCheckFailedException) return false;',
        "if (error instanceof ConditionalCheckFailedException) return false; if ((error as Error).name === 'ReplicatedWriteConflictException') return true;",
      ],
    ],
    drills: ['first payments', 'contradicted in both regions at once, far apart'],
    violates: ['two-acknowledged'],
  },
];

const SOURCE = resolve('functions/payment-processor');

/** Resolves with the bundles' paths by name. */
export async function buildBrokenHandlers(
  directory: string,
  handlers: readonly BrokenHandler[],
): Promise<Record<string, string>> {
  const built = await Promise.all(
    handlers.map(async (handler) => {
      const outfile = join(directory, handler.name, 'index.mjs');
      await build({
        entryPoints: [join(SOURCE, 'index.ts')],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        mainFields: ['module', 'main'],
        alias: {
          '@aws-sdk/credential-provider-node': join(SOURCE, 'environment-credentials.ts'),
        },
        plugins: [replacing(handler)],
      });
      return [handler.name, outfile] as const;
    }),
  );
  return Object.fromEntries(built);
}

function replacing({ name, changes }: BrokenHandler): Plugin {
  return {
    name,
    setup: (bundler) => {
      bundler.onLoad({ filter: /payment-processor\/[^/]+\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = changes
          .filter(([file]) => file === basename(path))
          .reduce((text, [, from, to]) => {
            // A fault that is not in there any more would be a test of nothing.
            if (!text.includes(from)) throw new Error(`${basename(path)} has no: ${from}`);
            return text.replace(from, () => to);
          }, source);
        return { contents, loader: 'ts' };
      });
    },
  };
}
