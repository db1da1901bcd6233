/** The ways in which one value of a message fits a filter policy: a value itself, or `{"prefix": …}` and its like. */
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Whether a name must be there, or what its value must be. */
export type Match =
  | { readonly kind: 'exists'; readonly wanted: boolean }
  | { readonly kind: 'value'; readonly fits: (value: unknown) => boolean };

/** Throws for what is wrong with the policy, in the words of SNS. */
export type Refuse = (why: string) => never;

const MAX_NUMBER = 1_000_000_000;

type Comparison = (value: number, bound: number) => boolean;
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

export function readMatch(written: unknown, refuse: Refuse): Match {
  if (written === null || ['string', 'boolean'].includes(typeof written)) return exactly(written);
  if (typeof written === 'number') {
    if (Math.abs(written) < MAX_NUMBER) return exactly(written);
    return refuse('Match value must be a number between -1000000000 and 1000000000');
  }
  if (typeof written !== 'object' || Array.isArray(written)) {
    return refuse('Match value must be String, number, true, false, or null');
  }
  const [entry, ...others] = Object.entries(written) as [string, unknown][];
  if (entry === undefined || others.length > 0) {
    return refuse('Only one key allowed in match expression');
  }
  return readExpression(...entry, refuse);
}

function readExpression(kind: string, operand: unknown, refuse: Refuse): Match {
  switch (kind) {
    case 'exists':
      if (typeof operand === 'boolean') return { kind, wanted: operand };
      return refuse('exists match pattern must be either true or false.');
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
      return { kind: 'value', fits: readText(kind, operand, refuse) };
    case 'anything-but':
      return { kind: 'value', fits: readAnythingBut(operand, refuse) };
    case 'numeric':
      return { kind: 'value', fits: readNumeric(operand, refuse) };
    case 'cidr':
      return { kind: 'value', fits: readNetwork(operand, refuse) };
    default:
      return refuse(`Unrecognized match type ${kind}`);
  }
}

function exactly(wanted: unknown): Match {
  return { kind: 'value', fits: (value) => value === wanted };
}

function readText(kind: string, operand: unknown, refuse: Refuse): (value: unknown) => boolean {
  if (typeof operand !== 'string') return refuse(`${kind} match pattern must be a string`);
  const ofText = (fits: (text: string) => boolean) => (value: unknown) =>
    typeof value === 'string' && fits(value);
  if (kind === 'prefix') return ofText((text) => text.startsWith(operand));
  if (kind === 'suffix') return ofText((text) => text.endsWith(operand));
  return ofText((text) => text.toLowerCase() === operand.toLowerCase());
}

/** One value, a list of values, or a prefix or suffix: whatever is none of them fits. */
function readAnythingBut(operand: unknown, refuse: Refuse): (value: unknown) => boolean {
  const isPlain = (value: unknown) => typeof value === 'string' || typeof value === 'number';
  if (isPlain(operand)) return (value) => value !== operand;
  if (Array.isArray(operand) && operand.length > 0 && operand.every(isPlain)) {
    const excluded: readonly unknown[] = operand;
    return (value) => !excluded.includes(value);
  }
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [[kind, text] = ['', undefined], ...others] = Object.entries(operand);
    if ((kind === 'prefix' || kind === 'suffix') && others.length === 0) {
      const fits = readText(kind, text, refuse);
      return (value) => !fits(value);
    }
    return refuse(`Unsupported anything-but pattern: ${kind}`);
  }
  return refuse('Value of anything-but must be an array or single string/number value.');
}

/** `["=", 1]`, `[">", 1]`, or a range such as `[">=", 1, "<", 5]`. */
function readNumeric(operand: unknown, refuse: Refuse): (value: unknown) => boolean {
  if (!Array.isArray(operand)) return refuse('Value of numeric must be an array.');
  const [operator, bound, second, top, ...more] = operand as unknown[];
  if (typeof operator !== 'string') {
    return refuse(
      `Invalid member in numeric match: ${operand.length === 0 ? ']' : String(operator)}`,
    );
  }
  const compare = COMPARISONS[operator];
  if (compare === undefined) return refuse(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== 'number') return refuse(`Value of ${operator} must be numeric`);
  if (operand.length === 2) return (value) => typeof value === 'number' && compare(value, bound);
  if (!operator.startsWith('>') || more.length > 0) {
    return refuse('Too many elements in numeric expression');
  }
  if (second !== '<' && second !== '<=') {
    return refuse(`Bad numeric range operator: ${String(second)}`);
  }
  if (typeof top !== 'number') return refuse(`Value of ${second} must be numeric`);
  if (bound >= top) return refuse('Bottom must be less than top');
  const compareTop = COMPARISONS[second];
  return (value) =>
    typeof value === 'number' && compare(value, bound) && compareTop?.(value, top) === true;
}

function readNetwork(operand: unknown, refuse: Refuse): (value: unknown) => boolean {
  if (typeof operand !== 'string') return refuse('cidr match pattern must be a string');
  const [address = '', bits = '', ...more] = operand.split('/');
  if (bits === '' || more.length > 0) return refuse("Malformed CIDR, one '/' required");
  const family = isIP(address);
  const isLength = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  if (family === 0 || !isLength) return refuse('Malformed CIDR, mask bits must be an integer');
  const network = new BlockList();
  network.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (value) =>
    typeof value === 'string' &&
    isIP(value) !== 0 &&
    network.check(value, isIPv4(value) ? 'ipv4' : 'ipv6');
}
