/** What `payments-dr init` does. */
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { parseManifest } from '../../claims/manifests/manifest.js';
import { validateManifests, type Fault } from '../../claims/validation/validate.js';
import { apiVersionOf } from '../../model/claim/api.js';
import type { Form } from '../../model/managed/kind.js';
import { PdrError } from '../../support/errors.js';
import { note, printText } from '../output/print.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { isTerminal } from '../view/colours.js';
import { stringify } from 'yaml';

export interface Answers {
  readonly name?: string;
  readonly namespace?: string;
  readonly environmentSuffix?: string;
  readonly registryId?: string;
  readonly repository?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly email?: string;
  readonly primary?: string;
  readonly secondary?: string;
  readonly dataRetention?: string;
}

export interface InitOptions extends Answers {
  readonly form: Form;
  readonly file?: string;
  readonly force?: boolean;
}

interface Question {
  readonly answer: keyof Answers;
  readonly option: string;
  readonly asks: string;
  readonly field: string;
  /** Taken where the reader presses Enter. Without one an answer is needed. */
  readonly standard?: string;
}

const QUESTIONS: readonly Question[] = [
  { answer: 'name', option: '--name', asks: 'Name of the claim', field: 'metadata.name' },
  { answer: 'namespace', option: '--namespace', asks: 'Namespace', field: 'metadata.namespace' },
  {
    answer: 'environmentSuffix',
    option: '--environment-suffix',
    asks: 'Environment, such as dev; ends every name in AWS',
    field: 'spec.environmentSuffix',
  },
  {
    answer: 'primary',
    option: '--primary',
    asks: 'Primary region',
    field: 'spec.regions',
    standard: 'us-east-1',
  },
  {
    answer: 'secondary',
    option: '--secondary',
    asks: 'Secondary region',
    field: 'spec.regions',
    standard: 'us-west-2',
  },
  {
    answer: 'registryId',
    option: '--registry-id',
    asks: 'AWS account of the ECR registry',
    field: 'spec.handler.image.registryId',
  },
  {
    answer: 'repository',
    option: '--repository',
    asks: 'ECR repository of the image',
    field: 'spec.handler.image.repository',
    standard: 'payment-processor',
  },
  { answer: 'tag', option: '--tag', asks: 'Tag of the image', field: 'spec.handler.image.tag' },
  {
    answer: 'email',
    option: '--email',
    asks: 'E-mail address that hears the alarms',
    field: 'spec.notifications.email',
  },
  {
    answer: 'dataRetention',
    option: '--data-retention',
    asks: 'When the claim is deleted, Retain or Delete its data',
    field: 'spec.dataRetention',
    standard: 'Retain',
  },
];

/** Stands for answers that are still to come while one is checked. */
const VALID: Required<Omit<Answers, 'digest'>> = {
  name: 'checkout',
  namespace: 'team-payments',
  environmentSuffix: 'dev',
  registryId: '123456789012',
  repository: 'payment-processor',
  tag: '1',
  email: 'oncall@example.org',
  primary: 'us-east-1',
  secondary: 'us-west-2',
  dataRetention: 'Retain',
};

/** 128 and the number of SIGINT, as shells have it. */
const LEFT = 130;

/** @returns the exit code */
export async function init(options: InitOptions): Promise<number> {
  const { form, file, force = false } = options;
  const answers = await complete(options).catch(leave);
  if (answers === undefined) return LEFT;
  const text = claimText(form, answers);
  const faults = await faultsIn(text);
  const [fault] = faults;
  if (fault !== undefined) {
    const option =
      QUESTIONS.find(({ field }) => fault.field.startsWith(field))?.option ?? fault.field;
    throw new PdrError('PDR1006', {
      subject: option,
      detail: `${fault.message}${fault.advice === undefined ? '' : `; ${fault.advice}`}`,
    });
  }
  const path = file ?? `${answers.name ?? ''}.yaml`;
  if (path === '-') {
    printText(text);
    return 0;
  }
  await write(path, text, force);
  note(`wrote ${path}; go on with: payments-dr apply -f ${path} --wait`);
  return 0;
}

/** Ctrl-C or Ctrl-D at a question is a wish, and no error. */
function leave(error: unknown): undefined {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  note('\nleft; nothing is written');
}

/** The answers of the options, and those of the person at the terminal. Throws PDR1032 where nobody can be asked. */
async function complete(options: InitOptions): Promise<Answers> {
  const given: Answers = Object.fromEntries(
    [...QUESTIONS.map(({ answer }) => answer), 'digest' as const].flatMap((answer) =>
      options[answer] === undefined ? [] : [[answer, options[answer]]],
    ),
  );
  const open = QUESTIONS.filter(
    ({ answer }) =>
      given[answer] === undefined && !(answer === 'tag' && given.digest !== undefined),
  );
  const needed = open.filter(({ standard }) => standard === undefined);
  if (needed.length === 0) return given;
  if (!isTerminal(process.stdin)) {
    const subject = needed.map(({ option }) => option).join(', ');
    throw new PdrError('PDR1032', { subject, detail: 'there is no terminal to ask on' });
  }
  return ask(given, open, options.form);
}

async function ask(given: Answers, open: readonly Question[], form: Form): Promise<Answers> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  let answers = given;
  try {
    for (const { answer, asks, field, standard } of open) {
      for (;;) {
        const said = (
          await terminal.question(`${asks}${standard === undefined ? '' : ` (${standard})`}: `)
        ).trim();
        const value = said === '' ? standard : said;
        if (value === undefined) continue;
        const next = { ...answers, [answer]: value };
        const faults = (await faultsIn(claimText(form, { ...VALID, ...next }))).filter((fault) =>
          fault.field.startsWith(field),
        );
        if (faults.length === 0) {
          answers = next;
          break;
        }
        for (const { message, advice } of faults)
          note(`  ${message}${advice === undefined ? '' : `; ${advice}`}`);
      }
    }
  } finally {
    terminal.close();
  }
  return answers;
}

/** The fields in the order in which a reader wants them. */
export function claimText(form: Form, answers: Answers): string {
  const {
    name,
    namespace,
    environmentSuffix,
    primary,
    secondary,
    registryId,
    repository,
    tag,
    digest,
    email,
    dataRetention,
  } = answers;
  const claim = {
    apiVersion: apiVersionOf(form),
    kind: 'PaymentsDR',
    metadata: { name, namespace },
    spec: {
      environmentSuffix,
      ...(primary === undefined && secondary === undefined
        ? {}
        : {
            regions: {
              ...(primary === undefined ? {} : { primary }),
              ...(secondary === undefined ? {} : { secondary }),
            },
          }),
      handler: {
        image: {
          registryId,
          repository: repository ?? VALID.repository,
          ...(digest === undefined
            ? { tag }
            : { digest, ...(tag === undefined || tag === VALID.tag ? {} : { tag }) }),
        },
      },
      notifications: { email },
      ...(dataRetention === undefined ? {} : { dataRetention }),
    },
  };
  return stringify(claim, { version: '1.1', lineWidth: 0 });
}

async function faultsIn(text: string): Promise<readonly Fault[]> {
  return (await validateManifests([parseManifest('claim', text)], PACKAGE_DIR)).faults;
}

async function write(path: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new PdrError('PDR1021', { subject: path });
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new PdrError('PDR1029', { subject: path, detail, cause });
  }
}
