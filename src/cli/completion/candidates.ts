/** What may come next on a command line: read from the commands themselves, and names of claims from the cluster. */
import type { Argument, Command, Option } from 'commander';
import { AWS_REGIONS, SITES } from '../../model/regions.js';

export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** In seconds: nobody waits longer for a completion. */
const PATIENCE = 1;

const REGION_ARGUMENTS: readonly string[] = ['region', 'other', 'from', 'to'];

interface Line {
  readonly command: Command;
  /** Arguments given before the current word. */
  readonly given: readonly string[];
  /** Values of options given before it, by their long names. */
  readonly values: ReadonlyMap<string, string>;
  /** The option whose value the current word is. */
  readonly pending: Option | undefined;
}

/** `words` are those after the program's own name; the last is the one being typed, perhaps empty. */
export async function candidates(
  program: Command,
  words: readonly string[],
): Promise<readonly Candidate[]> {
  const before = words.slice(0, -1);
  // bash makes words of `--form`, `=` and the value; other shells leave them in one.
  const current = words.at(-1)?.replace(/^=$/, '') ?? '';
  const [, option, typed] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (option !== undefined && typed !== undefined) {
    const values = await candidates(program, [...before, option, typed]);
    return values.map(({ value, about }) => ({ value: `${option}=${value}`, about }));
  }
  const all = await offered(read(program, before), current);
  return all.filter(({ value }) => value.startsWith(current));
}

async function offered(line: Line, current: string): Promise<readonly Candidate[]> {
  const { command, pending, given } = line;
  if (pending !== undefined) return valuesOf(pending, line);
  if (current.startsWith('-')) return optionsOf(command);
  const subcommands = command.createHelp().visibleCommands(command);
  if (subcommands.length > 0 && given.length === 0) {
    return subcommands.map((each) => ({
      value: each.name(),
      about: each.summary() || each.description(),
    }));
  }
  const argument = command.registeredArguments[given.length];
  return argument === undefined ? [] : argumentsFor(argument, line);
}

function read(program: Command, words: readonly string[]): Line {
  let command = program;
  let pending: Option | undefined;
  const given: string[] = [];
  const values = new Map<string, string>();
  for (const word of words) {
    if (word === '=' || (word === 'help' && command.commands.length > 0)) continue;
    if (pending !== undefined) {
      values.set(pending.long ?? '', word);
      pending = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = command.options.find(({ short, long }) => word === short || word === long);
      if (option?.required === true) pending = option;
      continue;
    }
    const subcommand: Command | undefined = command.commands.find((each) => each.name() === word);
    if (subcommand === undefined) given.push(word);
    else command = subcommand;
  }
  return { command, given, values, pending };
}

function optionsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', about: description }));
}

async function valuesOf(option: Option, line: Line): Promise<readonly Candidate[]> {
  if (option.argChoices !== undefined)
    return option.argChoices.map((value) => ({ value, about: '' }));
  if (option.long === '--through') return SITES.map((value) => ({ value, about: '' }));
  if (option.long === '--namespace') return named(line, ({ namespace }) => namespace);
  return [];
}

async function argumentsFor(argument: Argument, line: Line): Promise<readonly Candidate[]> {
  if (argument.argChoices !== undefined)
    return argument.argChoices.map((value) => ({ value, about: '' }));
  if (REGION_ARGUMENTS.includes(argument.name()))
    return AWS_REGIONS.map((value) => ({ value, about: 'AWS region' }));
  if (argument.name() !== 'name') return [];
  const namespace = line.values.get('--namespace');
  return named(line, (claim) =>
    namespace === undefined || claim.namespace === namespace ? claim.name : undefined,
  );
}

interface Named {
  readonly name: string;
  readonly namespace: string;
}

/** Of every claim in the cluster. A shell that completes shows no errors: what cannot be asked is not offered. */
async function named(
  { values }: Line,
  take: (claim: Named) => string | undefined,
): Promise<readonly Candidate[]> {
  try {
    const { listClaims } = await import('./claims-on-cluster.js');
    const claims = await listClaims({
      kubeconfig: values.get('--kubeconfig'),
      context: values.get('--context'),
      state: values.get('--state'),
      requestTimeout: PATIENCE,
    });
    const found = new Map(
      claims.flatMap((claim) => {
        const value = take(claim);
        return value === undefined
          ? []
          : [[value, { value, about: `${claim.namespace}/${claim.name}` }]];
      }),
    );
    return [...found.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
  } catch {
    return [];
  }
}
