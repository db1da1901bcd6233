/**
 * Filter policies: which messages of a topic a subscription takes.
 *
 * Read and checked when they are set, by SNS's own limits. Every name of a policy must fit, of its values any one; `$or`
 * asks for any one of several policies.
 */
import { readMatch, type Match, type Refuse } from './match.js';

/** What a policy looks at: the attributes beside a message, or the JSON within. */
export type FilterScope = 'MessageAttributes' | 'MessageBody';

export interface FilterPolicy {
  readonly values: ReadonlyMap<string, readonly Match[]>;
  /** Policies on what is within a name: of message bodies alone. */
  readonly nested: ReadonlyMap<string, FilterPolicy>;
  /** Of each group one policy must accept. */
  readonly alternatives: readonly (readonly FilterPolicy[])[];
}

type Json = Readonly<Record<string, unknown>>;

const MAX_NAMES = 5;
const MAX_COMBINATIONS = 150;
/** Deeper than any policy of that many combinations. */
const MAX_DEPTH = 100;

/** `refuse` throws; it is told what is wrong, in SNS's words. */
export function readFilterPolicy(text: string, scope: FilterScope, refuse: Refuse): FilterPolicy {
  const written = parse(text, refuse);
  if (Object.keys(written).length > MAX_NAMES) {
    refuse(`Filter policy can not have more than ${MAX_NAMES} keys`);
  }
  const reader = new PolicyReader(scope, refuse);
  const policy = reader.read(written, 1);
  if (reader.combinations > MAX_COMBINATIONS) refuse('Filter policy is too complex');
  return policy;
}

/** A policy that was checked when it was set. */
export function storedFilterPolicy(text: string, scope: FilterScope): FilterPolicy {
  return readFilterPolicy(text, scope, (why) => {
    throw new Error(`a stored filter policy is none: ${why}`);
  });
}

class PolicyReader {
  /** The numbers of values of all names multiplied, each as often as it is deep. */
  combinations = 1;

  constructor(
    private readonly scope: FilterScope,
    private readonly refuse: Refuse,
  ) {}

  read(written: Json, depth: number): FilterPolicy {
    if (depth > MAX_DEPTH) this.refuse('Filter policy is too complex');
    const values = new Map<string, Match[]>();
    const nested = new Map<string, FilterPolicy>();
    const alternatives: FilterPolicy[][] = [];
    for (const [name, within] of Object.entries(written)) {
      if (Array.isArray(within)) {
        const list = within as unknown[];
        if (list.length === 0) this.refuse('Empty arrays are not allowed');
        this.combinations *= list.length * depth;
        if (name === '$or') alternatives.push(list.map((one) => this.#alternative(one, depth)));
        else
          values.set(
            name,
            list.map((one) => readMatch(one, this.refuse)),
          );
      } else if (isObject(within)) {
        if (this.scope === 'MessageAttributes') {
          this.refuse(
            'Filter policy scope MessageAttributes does not support nested filter policy',
          );
        }
        nested.set(name, this.read(within, depth + 1));
      } else {
        this.refuse(`"${name}" must be an object or an array`);
      }
    }
    return { values, nested, alternatives };
  }

  #alternative(written: unknown, depth: number): FilterPolicy {
    return isObject(written)
      ? this.read(written, depth + 1)
      : this.refuse('"$or" must be an array of objects');
  }
}

function parse(text: string, refuse: Refuse): Json {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    return refuse('failed to parse JSON.');
  }
  return refuse('Filter policy must be a JSON object');
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
