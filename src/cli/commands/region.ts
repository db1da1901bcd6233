/** `payments-dr region …`: switches faults of the running platform's AWS regions on and off, and shows which are on. */
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { AWS_REGIONS } from '../../model/regions.js';
import { FORMS, outputOption, type OutputForm } from '../output/forms.js';
import { switchFaults, type FaultWish } from '../platform/fault-switch.js';
import { serveOptions } from '../platform/options.js';
import { faultTable } from '../view/fault-table.js';

interface RegionOptions {
  readonly state: string;
  readonly output: OutputForm;
  readonly manner?: string;
  readonly service?: string;
  readonly resource?: string;
  readonly probability?: number;
  readonly ms?: number;
  readonly off?: true;
}

interface Fault {
  readonly usage: string;
  readonly description: string;
  readonly options?: readonly (keyof typeof OPTIONS)[];
  readonly wish?: (values: readonly string[], options: RegionOptions) => FaultWish;
}

const EXAMPLES = `
Faults last until they are ended, or until the platform stops. Each command prints what is on then.

Examples:
  payments-dr region down us-east-1                      clients are refused; its functions stop
  payments-dr region down us-east-1 --manner hang        clients wait until they give up
  payments-dr region up us-east-1                        replication catches up
  payments-dr region partition us-east-1 us-west-2       both work, neither hears of the other
  payments-dr region lag us-east-1 us-west-2 5000        what the west sees is 5 s old
  payments-dr region throttle us-east-1 --resource payments-table-dev
                                                         the table's throttle alarm fires
  payments-dr region lose-responses us-east-1 --service dynamodb --probability 0.1
                                                         a tenth of the writes happen unheard of
  payments-dr region heal                                ends everything`;

const OPTIONS = {
  manner: () =>
    new Option('--manner <how>', 'how callers meet it')
      .choices(['refuse', 'hang', '503'])
      .default('refuse'),
  service: () =>
    new Option('--service <name>', 'only this one, such as dynamodb, lambda, s3 (default: all)'),
  resource: () =>
    new Option('--resource <name>', 'only this table, function or bucket (default: all)'),
  probability: () =>
    new Option('--probability <p>', 'how many of the calls: above 0, up to 1').argParser(number),
  ms: () => new Option('--ms <n>', 'milliseconds').argParser(number).default(20),
  off: () => new Option('--off', 'end it'),
} as const;

const WHERE = ['service', 'probability', 'off'] as const;

const FAULTS: Readonly<Record<string, Fault>> = {
  status: { usage: '', description: 'Show the faults that are on' },
  down: {
    usage: '<region>',
    description: 'Take a region down',
    options: ['manner'],
    wish: ([region], { manner }) => ({ action: 'takeDown', region, manner }),
  },
  up: {
    usage: '<region>',
    description: 'Bring a region back, at the same address',
    wish: ([region]) => ({ action: 'bringUp', region }),
  },
  partition: {
    usage: '<region> <other>',
    description: 'Cut the link between two regions, both ways',
    wish: (regions) => ({ action: 'partition', regions }),
  },
  heal: {
    usage: '[region] [other]',
    description: 'Restore the link between two regions; without regions, end every fault',
    wish: (regions) => (regions.length === 0 ? { action: 'healAll' } : { action: 'heal', regions }),
  },
  pause: {
    usage: '<from> <to>',
    description: 'Stop replication, one way',
    wish: ([from, to]) => ({ action: 'pause', from, to }),
  },
  resume: {
    usage: '<from> <to>',
    description: 'Let replication go on',
    wish: ([from, to]) => ({ action: 'resume', from, to }),
  },
  lag: {
    usage: '<from> <to> <ms>',
    description: 'Delay replication, one way (50 is the usual)',
    wish: ([from, to, ms = '']) => ({ action: 'setLag', from, to, lagMs: Number(ms) }),
  },
  throttle: {
    usage: '<region>',
    description: 'Throttle DynamoDB, Lambda and S3, or one table, function or bucket',
    options: ['resource', ...WHERE],
    wish: (values, options) => mishap('throttle', values, options),
  },
  slow: {
    usage: '<region>',
    description: 'Make calls wait --ms before the service sees them',
    options: ['ms', ...WHERE],
    wish: (values, options) => mishap('slow', values, options),
  },
  'lose-responses': {
    usage: '<region>',
    description: 'Do the work, then close the connection without an answer',
    options: WHERE,
    wish: (values, options) => mishap('loseResponse', values, options),
  },
  crash: {
    usage: '<region>',
    description: "Kill a function's process at a random moment of its first --ms",
    options: ['ms', 'resource', ...WHERE],
    wish: (values, options) => mishap('crash', values, options),
  },
  skew: {
    usage: '<region> <ms>',
    description: "Set a region's clock ahead, or behind (put -- before a negative number)",
    wish: ([region, ms = '']) => ({ action: 'skew', region, skewMs: Number(ms) }),
  },
  seed: {
    usage: '<n>',
    description: 'Start the chances anew: the same seed and order of calls give the same faults',
    wish: ([seed = '']) => ({ action: 'reseed', seed: Number(seed) }),
  },
};

const REGION_ARGUMENTS: readonly string[] = ['region', 'other', 'from', 'to'];

export function addRegionCommand(program: Command): void {
  const region = program
    .command('region')
    .description('Make AWS regions of the running platform fail, and heal them')
    .addHelpText('after', EXAMPLES);
  for (const [name, fault] of Object.entries(FAULTS)) {
    const command = region.command(name).description(fault.description);
    const names = fault.usage.split(' ').filter((part) => part !== '');
    for (const argument of names) command.addArgument(toArgument(argument));
    for (const option of fault.options ?? []) command.addOption(OPTIONS[option]());
    command
      .addOption(serveOptions.state())
      .addOption(outputOption(FORMS))
      .action(async (...given: unknown[]) => {
        const values = given
          .slice(0, names.length)
          .filter((value): value is string => typeof value === 'string');
        await carryOut(name, fault, values, command.opts<RegionOptions>());
      });
  }
}

function toArgument(usage: string): Argument {
  const argument = new Argument(usage);
  if (REGION_ARGUMENTS.includes(argument.name())) return argument.argParser(knownRegion);
  return argument.argParser((text) => String(number(text)));
}

async function carryOut(
  name: string,
  { wish }: Fault,
  values: readonly string[],
  options: RegionOptions,
): Promise<void> {
  const report = await switchFaults(options.state, wish?.(values, options), `region ${name}`);
  const { printResult } = await import('../output/print.js');
  printResult(options.output, report, () => faultTable(report));
}

function mishap(kind: string, [region]: readonly string[], options: RegionOptions): FaultWish {
  const { service, resource, probability, ms: withinMs, off } = options;
  const place = { kind, region, service, resource };
  return off === true
    ? { action: 'withdraw', ...place }
    : { action: 'inject', ...place, probability, withinMs };
}

function knownRegion(name: string): string {
  if ((AWS_REGIONS as readonly string[]).includes(name)) return name;
  const near = AWS_REGIONS.filter((region) => region.startsWith(name.slice(0, 3)));
  throw new InvalidArgumentError(
    `There is no such region${near.length === 0 ? '' : `; there is ${near.join(', ')}`}.`,
  );
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('A number is wanted.');
}
