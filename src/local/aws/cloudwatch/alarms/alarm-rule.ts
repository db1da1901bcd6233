/**
 * The rule of a composite alarm: `ALARM("a") AND (NOT OK(b) OR INSUFFICIENT_DATA(c))`.
 *
 * Alarms are named by name or ARN, in quotes where the name needs them. `AT_LEAST` is refused.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
import { validationError } from '../errors.js';
import { STATES, type StateValue } from './alarm.js';

export interface AlarmRule {
  /** The names of the alarms it looks at. */
  readonly children: readonly string[];
  /** Whether the composite alarm is in ALARM; `stateOf` says the state of a child, `undefined` where there is none. */
  holds(stateOf: (name: string) => StateValue | undefined): boolean;
}

type Condition = AlarmRule['holds'];

const MAX_LENGTH = 10_240;
const MAX_CHILDREN = 100;
const TOKEN = /\s*([()]|"(?:[^"\\]|\\.)*"|[^\s()"]+)/y;
const ALARM_ARN = /^arn:aws:cloudwatch:[a-z0-9-]+:\d{12}:alarm:(.+)$/;

/** Throws `AwsError` ValidationError. */
export function parseAlarmRule(text: string): AlarmRule {
  if (text.length > MAX_LENGTH) {
    throw validationError(`AlarmRule must have at most ${MAX_LENGTH} characters.`);
  }
  const parser = new RuleParser(tokenize(text.trim()));
  const holds = parser.parse();
  const children = [...new Set(parser.children)];
  if (children.length <= MAX_CHILDREN) return { children, holds };
  throw validationError(`An AlarmRule can look at no more than ${MAX_CHILDREN} alarms.`);
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw badRule('a quotation is not closed');
    tokens.push(token);
  }
  return tokens;
}

class RuleParser {
  readonly children: string[] = [];
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  parse(): Condition {
    const condition = this.disjunction();
    if (this.at < this.tokens.length) throw badRule(`unexpected ${String(this.tokens[this.at])}`);
    return condition;
  }

  private disjunction(): Condition {
    const parts = [this.conjunction()];
    while (this.take('OR')) parts.push(this.conjunction());
    return (stateOf) => parts.some((part) => part(stateOf));
  }

  private conjunction(): Condition {
    const parts = [this.term()];
    while (this.take('AND')) parts.push(this.term());
    return (stateOf) => parts.every((part) => part(stateOf));
  }

  private term(): Condition {
    if (this.take('NOT')) {
      const inner = this.term();
      return (stateOf) => !inner(stateOf);
    }
    if (this.take('(')) {
      const inner = this.disjunction();
      this.expect(')');
      return inner;
    }
    if (this.take('TRUE')) return () => true;
    if (this.take('FALSE')) return () => false;
    const word = this.next();
    const state = STATES.find((known) => known === word);
    if (state === undefined) throw badRule(`${word} is not ALARM, OK or INSUFFICIENT_DATA`);
    this.expect('(');
    const child = nameOf(this.next());
    this.expect(')');
    this.children.push(child);
    return (stateOf) => stateOf(child) === state;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw badRule(`${token} is missing`);
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw badRule('it ends too early');
    this.at += 1;
    return token;
  }
}

function nameOf(token: string): string {
  const name = token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token;
  return ALARM_ARN.exec(name)?.[1] ?? name;
}

function badRule(why: string) {
  return validationError(`AlarmRule is not valid: ${why}.`);
}
