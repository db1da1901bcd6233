/**
 * Filter patterns for JSON messages: `{ ($.level = "error" || $.status >= 500) && $.user IS NULL }`.
 *
 * A message that is not JSON matches none.
 */
import { invalidParameter } from '../operation.js';
import { containingMatchOf, type Matcher } from './matcher.js';

type Condition = (json: unknown) => boolean;

const TOKEN =
  /\s*(&&|\|\||[(){}]|!=|>=|<=|=|>|<|\$(?:\.[\w-]+|\[(?:\d+|\*|"[^"]*")\])*|"(?:[^"\\]|\\.)*"|%(?:[^%\\]|\\.)*%|[^\s(){}=<>!&|]+)/y;

/** Throws InvalidParameterException. */
export function parseJsonPattern(text: string): Matcher {
  const tokens = tokenize(text);
  const condition = new JsonPatternParser(tokens).parse();
  return (message) => {
    try {
      return condition(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw badPattern();
    tokens.push(token);
  }
  return tokens;
}

class JsonPatternParser {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  parse(): Condition {
    this.expect('{');
    const condition = this.disjunction();
    this.expect('}');
    if (this.at < this.tokens.length) throw badPattern();
    return condition;
  }

  private disjunction(): Condition {
    const parts = [this.conjunction()];
    while (this.take('||')) parts.push(this.conjunction());
    return (json) => parts.some((part) => part(json));
  }

  private conjunction(): Condition {
    const parts = [this.comparison()];
    while (this.take('&&')) parts.push(this.comparison());
    return (json) => parts.every((part) => part(json));
  }

  private comparison(): Condition {
    if (this.take('(')) {
      const inner = this.disjunction();
      this.expect(')');
      return inner;
    }
    const select = selectorOf(this.next());
    const operator = this.next();
    if (operator === 'IS') return this.is(select);
    if (operator === 'NOT' && this.take('EXISTS')) return (json) => select(json) === undefined;
    const operand = this.next();
    switch (operator) {
      case '=':
        return equalTo(select, operand);
      case '!=': {
        const equals = equalTo(select, operand);
        return (json) => select(json) !== undefined && !equals(json);
      }
      case '<':
        return comparing(select, operand, (a, b) => a < b);
      case '<=':
        return comparing(select, operand, (a, b) => a <= b);
      case '>':
        return comparing(select, operand, (a, b) => a > b);
      case '>=':
        return comparing(select, operand, (a, b) => a >= b);
      default:
        throw badPattern();
    }
  }

  private is(select: (json: unknown) => unknown): Condition {
    const wanted = { NULL: null, TRUE: true, FALSE: false }[this.next()];
    if (wanted === undefined) throw badPattern();
    return (json) => select(json) === wanted;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw badPattern();
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw badPattern();
    this.at += 1;
    return token;
  }
}

function selectorOf(token: string): (json: unknown) => unknown {
  if (!token.startsWith('$')) throw badPattern();
  const steps = [...token.matchAll(/\.([\w-]+)|\[(?:(\d+)|"([^"]*)")\]/g)].map(
    ([, name, index, quoted]) => name ?? index ?? quoted ?? '',
  );
  return (json) => steps.reduce<unknown>(memberOf, json);
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** A number equals as a number; text may have `*` for anything. */
function equalTo(select: (json: unknown) => unknown, operand: string): Condition {
  if (operand.startsWith('%')) {
    const matches = containingMatchOf(operand.slice(1, -1));
    return (json) => {
      const value = select(json);
      return typeof value === 'string' && matches(value);
    };
  }
  const isQuoted = operand.startsWith('"');
  const text = isQuoted ? operand.slice(1, -1).replace(/\\(.)/g, '$1') : operand;
  const pieces = text.split('*').map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`^${pieces.join('.*')}$`, 's');
  return (json) => {
    const value = select(json);
    if (typeof value === 'number' && !isQuoted) return value === Number(text);
    return typeof value === 'string' && pattern.test(value);
  };
}

function comparing(
  select: (json: unknown) => unknown,
  operand: string,
  holds: (a: number, b: number) => boolean,
): Condition {
  const limit = Number(operand);
  if (Number.isNaN(limit)) throw badPattern();
  return (json) => {
    const value = select(json);
    return typeof value === 'number' && holds(value, limit);
  };
}

function badPattern() {
  return invalidParameter('Invalid filter pattern');
}
