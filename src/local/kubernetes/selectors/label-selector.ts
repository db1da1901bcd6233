/** Label selectors: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. Read in one pass, so their length is all that they cost. */
import { badRequest, bodyOfFieldError, type FieldError } from '../http/status-error.js';
import { faultOfLabelValue, faultOfQualifiedName } from '../resources/names.js';

type Labels = Readonly<Record<string, string>>;
export type LabelSelector = (labels: Labels) => boolean;

const TOKEN = /\s*(==|!=|=|!|>|<|\(|\)|,|[^\s=!<>(),]+)/gy;
const SPECIAL = new Set(['==', '!=', '=', '!', '>', '<', '(', ')', ',', '']);
const OPERATORS = 'in, notin, =, ==, !=, gt, lt';

/** Throws 400 BadRequest, in the words of the real server. */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements = new SelectorParser(text).parse();
  return (labels) => requirements.every((holds) => holds(labels));
}

class SelectorParser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = [...text.matchAll(TOKEN)].map(([, token = '']) => token);
  }

  parse(): LabelSelector[] {
    const requirements: LabelSelector[] = [];
    while (this.#next !== '') {
      if (SPECIAL.has(this.#next) && this.#next !== '!')
        throw unexpected(this.#next, `!, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const end = this.#take();
      if (end === '') break;
      if (end !== ',') throw unexpected(end, `',' or 'end of string'`);
      if (SPECIAL.has(this.#next) && this.#next !== '!')
        throw unexpected(this.#next, `identifier after ','`);
    }
    return requirements;
  }

  /** The token to come; empty at the end. */
  get #next(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #take(): string {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #requirement(): LabelSelector {
    const isAbsence = this.#next === '!';
    if (isAbsence) this.#at += 1;
    const key = this.#identifier();
    refuse(undefined, key, faultOfQualifiedName(key));
    if (isAbsence) return (labels) => !Object.hasOwn(labels, key);
    if (this.#next === '' || this.#next === ',') return (labels) => Object.hasOwn(labels, key);
    const operator = this.#take();
    switch (operator) {
      case '=':
      case '==':
        return among(key, [this.#value()]);
      case 'in':
        return among(key, this.#values());
      case '!=':
        return not(among(key, [this.#value()]));
      case 'notin':
        return not(among(key, this.#values()));
      case '>':
      case '<':
        return beyond(key, operator, this.#value());
      default:
        throw unparsable(`found '${operator}', expected: ${OPERATORS}`);
    }
  }

  #identifier(): string {
    const token = this.#take();
    if (SPECIAL.has(token)) throw unparsable(`found '${token}', expected: identifier`);
    return token;
  }

  #value(): string {
    return this.#next === '' || this.#next === ',' ? '' : this.#identifier();
  }

  #values(): string[] {
    const open = this.#take();
    if (open !== '(') throw unparsable(`found '${open}' expected: '('`);
    const values: string[] = [];
    for (;;) {
      // Between two commas, and between a comma and a bracket, is an empty value.
      values.push(this.#next === ',' || this.#next === ')' ? '' : this.#identifier());
      const token = this.#take();
      if (token === ')') return values;
      if (token !== ',') throw unparsable(`found '${token}', expected: ',' or ')'`);
    }
  }
}

function among(key: string, values: readonly string[]): LabelSelector {
  values.forEach((value, index) => {
    refuse(`values[${index}][${key}]`, value, faultOfLabelValue(value));
  });
  return (labels) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? '');
}

function not(selector: LabelSelector): LabelSelector {
  return (labels) => !selector(labels);
}

function beyond(key: string, operator: '>' | '<', bound: string): LabelSelector {
  const isInteger = (text: string) => /^[-+]?\d{1,19}$/.test(text);
  const detail = "for 'Gt', 'Lt' operators, the value must be an integer";
  refuse('values[0]', bound, isInteger(bound) ? undefined : detail);
  return (labels) => {
    const value = labels[key];
    if (value === undefined || !isInteger(value)) return false;
    return operator === '>' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
  };
}

function refuse(field: string | undefined, value: string, detail: string | undefined): void {
  if (detail === undefined) return;
  const fault: FieldError = { type: 'Invalid', field, value, detail };
  throw unparsable(`${field ?? '<nil>'}: ${bodyOfFieldError(fault)}`);
}

function unexpected(found: string, expected: string) {
  return badRequest(`found '${found}', expected: ${expected}`);
}

function unparsable(why: string) {
  return badRequest(`unable to parse requirement: ${why}`);
}
